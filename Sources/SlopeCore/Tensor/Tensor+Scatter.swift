/// Elements written or reduced at indices along an axis, as PyTorch's `scatter` family does.
///
/// Each is a new tensor; nothing changes in place. The result is the same on every run and device:
/// where several elements go to one place, they count in row-major order.
extension Tensor {
  /// The tensor with the elements of `source` at `indices[…]` along `axis`, as PyTorch's `scatter`.
  ///
  /// Where an index occurs twice the last in row-major order counts, on every device. Where
  /// `source` is larger than `indices`, only its first positions along each axis are used. The
  /// gradient of an element that was replaced is 0, also if it is one of `source`. Returns a copy.
  /// Complexity: O(n). Precondition: as for `takingAlong(_:axis:)`, and `source` has at least the
  /// extents of `indices`.
  public func scattered(_ source: Tensor, at indices: Tensor<Int>, axis: Int) -> Tensor {
    Tensor(value.scattering(source.value, at: indices.value, axis: axis, "scatter"))
  }

  /// The tensor with `element` at `indices[…]` along `axis`.
  ///
  /// Returns a copy. Complexity: O(n). Precondition: as for `takingAlong(_:axis:)`.
  public func scattered(_ element: Element, at indices: Tensor<Int>, axis: Int) -> Tensor {
    if isFailed || indices.isFailed { return .failed }
    let source = Value.full([], Element.dtype, bits: element.computeBits, on: value.backend)
    return Tensor(
      value.scattering(
        source.expanded(to: indices.shape), at: indices.value, axis: axis, "scatter"))
  }

  /// The tensor with the elements of `source` reduced into it at `indices[…]` along `axis`.
  ///
  /// An element to whose place others belong becomes the reduction of it and them, or of them alone
  /// if `includingSelf` is false; all others stay. 16-bit floats are computed in Float and rounded
  /// once, and the mean of integers is rounded down. The gradient of a maximum or minimum is
  /// divided evenly among all that are equal to it, of a product it is the product of the other
  /// factors, also where some are 0. Returns a copy. Complexity: O(n), but O(n · log n) for
  /// products and that of sorting for extrema. Precondition: as for `scattered(_:at:axis:)`; Bool
  /// has no mean.
  public func scatterReduced(
    _ source: Tensor, at indices: Tensor<Int>, axis: Int, by reduction: ScatterReduction,
    includingSelf: Bool = true
  ) -> Tensor {
    Tensor(
      value.scatterReduced(
        source.value, at: indices.value, axis: axis, by: reduction, includingSelf: includingSelf,
        "scatterReduce"))
  }

  /// The tensor with the elements where `mask` is true replaced by those of `source`, in row-major
  /// order.
  ///
  /// The mask and this tensor broadcast. Elements of `source` that are left over are not used.
  /// Waits for the device: the host reads the mask. Returns a copy. Complexity: O(n). Precondition:
  /// the shapes broadcast, and `source` has an element for each true one.
  public func maskedScatter(_ mask: Tensor<Bool>, with source: Tensor) -> Tensor {
    if isFailed || mask.isFailed || source.isFailed { return .failed }
    guard let common = broadcastShape(mask.shape, shape) else {
      return fail("maskedScatter", "a mask of shape \(mask.shape) for \(shape)")
    }
    guard value.inspectDevices([mask.value, source.value], "maskedScatter") else { return .failed }
    let positions = mask.expanded(to: common).value.truePositions
    if positions.isFailed { return .failed }
    guard positions.count <= source.count else {
      return fail(
        "maskedScatter", "\(source.count) elements for \(positions.count) that are true")
    }
    let list = source.value.flat
    let used = list.sliced(Slice(list.shape, axis: 0, from: 0, count: positions.count))
    return Tensor(
      value.expanded(to: common).flat
        .replacing(positions, axis: 0, with: used, "maskedScatter").reshaped(to: common))
  }
}

/// Slices along an axis written or reduced at a list of indices: PyTorch's `index_copy`,
/// `index_fill`, `index_add` and `index_reduce`.
///
/// For axis 0, `[rows, …]` takes a source of `[indices.count, …]`.
extension Tensor {
  /// The tensor with the slices of `source` at the given indices along `axis`.
  ///
  /// Of equal indices the last counts, on every device; a slice that is replaced has the gradient
  /// 0. Returns a copy. Complexity: O(n). Precondition: `indices` has rank 1 or 0 and is in range,
  /// and `source` has this shape, but the count of indices along the axis.
  public func indexCopied(_ source: Tensor, at indices: Tensor<Int>, axis: Int) -> Tensor {
    Tensor(value.indexCopied(source.value, at: indices.value, axis: axis))
  }

  /// The tensor with all elements of the slices at the given indices along `axis` replaced by one.
  ///
  /// Negative indices count from the end. Returns a copy. Complexity: O(n). Precondition: `indices`
  /// has rank 1 or 0 and is in range.
  public func indexFilled(_ element: Element, at indices: Tensor<Int>, axis: Int) -> Tensor {
    if isFailed { return self }
    let source = Value.full([], Element.dtype, bits: element.computeBits, on: value.backend)
    return Tensor(value.indexFilled(source, at: indices.value, axis: axis))
  }

  /// The tensor with all elements of the slices at the given indices along `axis` replaced by that
  /// of `element`, which has no axes.
  ///
  /// Its gradient is the sum over the slices. Negative indices count from the end. Returns a copy.
  /// Complexity: O(n). Precondition: `element` has rank 0, and `indices` has rank 1 or 0 and is in
  /// range.
  public func indexFilled(_ element: Tensor, at indices: Tensor<Int>, axis: Int) -> Tensor {
    Tensor(value.indexFilled(element.value, at: indices.value, axis: axis))
  }

  /// The tensor with the slices of `source` added at the given indices along `axis`, in their
  /// order.
  ///
  /// For Bool "or". 16-bit floats are added in Float and rounded once. Returns a copy. Complexity:
  /// O(n). Precondition: as for `indexCopied(_:at:axis:)`.
  public func indexAdded(_ source: Tensor, at indices: Tensor<Int>, axis: Int) -> Tensor {
    Tensor(value.indexAdded(source.value, at: indices.value, axis: axis))
  }

  /// The tensor with the slices of `source` reduced into it at the given indices along `axis`.
  ///
  /// As `scatterReduced(_:at:axis:by:includingSelf:)`. Returns a copy. Complexity: that of
  /// `scatterReduced`. Precondition: as for `indexCopied(_:at:axis:)`; Bool has no mean.
  public func indexReduced(
    _ source: Tensor, at indices: Tensor<Int>, axis: Int, by reduction: ScatterReduction,
    includingSelf: Bool = true
  ) -> Tensor {
    Tensor(
      value.indexReduced(
        source.value, at: indices.value, axis: axis, by: reduction, includingSelf: includingSelf))
  }
}

extension Tensor where Element: NumericElement {
  /// The tensor with the slices of `source`, times `scale`, added at indices along `axis`.
  ///
  /// `scale` is PyTorch's `alpha`. Returns a copy. Complexity: O(n). Precondition: as for
  /// `indexCopied(_:at:axis:)`.
  public func indexAdded(
    _ source: Tensor, at indices: Tensor<Int>, axis: Int, scaledBy scale: Element
  ) -> Tensor {
    indexAdded(source * scale, at: indices, axis: axis)
  }
}
