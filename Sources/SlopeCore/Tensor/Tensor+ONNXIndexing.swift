/// Gathering and scattering by rows of indices, as ONNX's operators of these names define it.
///
/// Negative indices count from the end.
extension Tensor {
  /// The slices that the rows of `indices` name: `[b…, i…, k]` gives `[b…, i…, rest…]`.
  ///
  /// Each row has one index for each of k axes after `batchAxes` axes that both tensors have in
  /// common: ONNX's GatherND. Returns a copy. Complexity: O(n) in the size of the result.
  /// Precondition: both have more axes than `batchAxes`, whose extents agree; k is from 1 to the
  /// number of other axes; and every index is in range.
  public func gatherND(_ indices: Tensor<Int>, batchAxes: Int = 0) -> Tensor {
    if isFailed || indices.isFailed { return .failed }
    guard value.inspectDevices([indices.value], "gatherND") else { return .failed }
    let width = indices.rank > 0 ? indices.shape[indices.rank - 1] : 0
    guard batchAxes >= 0, batchAxes < Swift.min(rank, indices.rank),
      Shape(shape.prefix(batchAxes)) == Shape(indices.shape.prefix(batchAxes)),
      width >= 1, width <= rank - batchAxes
    else {
      return fail(
        "gatherND",
        "indices of shape \(indices.shape) for \(shape) with \(batchAxes) axes in common")
    }
    let batch = shape.prefix(batchAxes).reduce(1, *)
    let inner = indices.shape.dropFirst(batchAxes).dropLast()
    let tail = shape.dropFirst(batchAxes + width)
    let result = Array(shape.prefix(batchAxes)) + inner + tail
    guard result.count <= Shape.maximumRank else {
      return fail(
        "gatherND", "indices of shape \(indices.shape) for \(shape) give too many axes")
    }
    let rows = inner.reduce(1, *)
    let source = value.reshaped(to: Shape([batch] + shape.dropFirst(batchAxes)))
    let numbers = Value.range(batch, on: value.backend).reshaped(to: [batch, 1])
    let columns = indices.value.reshaped(to: [batch, rows, width]).columns
    return Tensor(source.taking(at: [numbers] + columns, "gatherND").reshaped(to: Shape(result)))
  }

  /// The tensor with `updates` at the slices that the rows of `indices` name: ONNX's ScatterND.
  ///
  /// `indices` is `[i…, k]`, with one index for each of the first k axes, and `updates` is `[i…,
  /// rest…]`. They replace what is there, the last of equal rows counts, or are combined with it by
  /// `reduction`. Returns a copy. Complexity: O(n); that of
  /// `scatterReduced(_:at:axis:by:includingSelf:)` with a reduction. Precondition: the shapes are
  /// as above, and every index is in range.
  public func scatterND(
    _ updates: Tensor, at indices: Tensor<Int>, by reduction: ScatterReduction? = nil
  ) -> Tensor {
    if isFailed || updates.isFailed || indices.isFailed { return .failed }
    guard value.inspectDevices([updates.value, indices.value], "scatterND") else { return .failed }
    let width = indices.rank > 0 ? indices.shape[indices.rank - 1] : 0
    guard width >= 1, width <= rank,
      Array(updates.shape) == indices.shape.dropLast() + Array(shape.dropFirst(width))
    else {
      return fail(
        "scatterND",
        "indices of shape \(indices.shape) and updates of \(updates.shape) for \(shape)")
    }
    let rows = indices.shape.dropLast().reduce(1, *)
    let columns = indices.value.reshaped(to: [rows, width]).columns
    let list = updates.value.reshaped(to: Shape([rows] + shape.dropFirst(width)))
    guard let reduction else {
      return Tensor(value.putting(list, at: columns, accumulating: false, "scatterND"))
    }
    guard let (places, _) = value.places(at: columns, "scatterND") else { return .failed }
    return Tensor(
      value.joiningFirst(width).rowsReduced(list, at: places, by: reduction, "scatterND")
        .reshaped(to: shape))
  }

  /// The elements at `indices[…]` along `axis`: ONNX's GatherElements.
  ///
  /// As `takingAlong(_:axis:)`, but negative indices count from the end. Returns a copy.
  /// Complexity: O(n) in the size of the result. Precondition: `indices` has this rank and at most
  /// these extents along the other axes, and is in range.
  public func gatherElements(_ indices: Tensor<Int>, axis: Int = 0) -> Tensor {
    guard let counted = fromEnd(indices, axis: axis, "gatherElements") else { return .failed }
    return takingAlong(counted, axis: axis)
  }

  /// The tensor with `updates` at `indices[…]` along `axis`: ONNX's ScatterElements.
  ///
  /// As `scattered(_:at:axis:)`, or with a `reduction`
  /// `scatterReduced(_:at:axis:by:includingSelf:)`, but negative indices count from the end.
  /// Returns a copy. Complexity: as there. Precondition: as there.
  public func scatterElements(
    _ updates: Tensor, at indices: Tensor<Int>, axis: Int = 0, by reduction: ScatterReduction? = nil
  ) -> Tensor {
    guard let counted = fromEnd(indices, axis: axis, "scatterElements") else { return .failed }
    guard let reduction else { return scattered(updates, at: counted, axis: axis) }
    return scatterReduced(updates, at: counted, axis: axis, by: reduction)
  }

  private func fromEnd(_ indices: Tensor<Int>, axis: Int, _ operation: String) -> Tensor<Int>? {
    if isFailed || indices.isFailed { return nil }
    let list = value.asList
    guard let place = list.checkedAxis(axis, operation) else { return nil }
    return Tensor<Int>(indices.value.countedFromEnd(list.shape.extents[place]))
  }

  /// The slices along `axis` (nil: the elements in row-major order) for which `condition` is true:
  /// ONNX's Compress.
  ///
  /// Slices for which there is no condition are left out. Waits for the device. Returns a copy.
  /// Complexity: O(n). Precondition: the axis exists, and `condition` has rank 1 and at most as
  /// many elements as there are slices.
  public func compressed(by condition: Tensor<Bool>, axis: Int? = nil) -> Tensor {
    if isFailed || condition.isFailed { return .failed }
    let source = axis == nil ? value.flat : value.asList
    guard value.inspectDevices([condition.value], "compress"),
      let place = source.checkedAxis(axis ?? 0, "compress")
    else { return .failed }
    guard condition.rank == 1, condition.count <= source.shape.extents[place] else {
      return fail(
        "compress",
        "a condition of shape \(condition.shape) for \(source.shape.extents[place]) slices")
    }
    return Tensor(
      source.taking(condition.value.truePositions, axis: place, operation: "compress"))
  }
}

extension Value {
  /// The columns of the last axis of indices: `[…, k]` gives k times `[…]`.
  fileprivate var columns: [Value] {
    let last = layout.rank - 1
    return (0..<shape.extents[last]).map {
      sliced(Slice(shape, axis: last, from: $0, count: 1)).reshaped(to: Shape(shape.dropLast()))
    }
  }
}
