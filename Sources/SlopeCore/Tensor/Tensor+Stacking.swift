/// Parts by number or by index, along axes that are named by their directions.
///
/// All return views: no elements are copied. Axes count from the end if negative.
extension Tensor {
  /// `count` parts along `axis`, of which the first ones have one element more if they must differ.
  ///
  /// PyTorch's `tensor_split`. Precondition: the axis exists, and `count` is from 1 to 2²⁴.
  public func split(into count: Int, axis: Int = 0) -> [Tensor] {
    guard !isFailed, let axis = value.checkedAxis(axis, "split") else { return [.failed] }
    guard count > 0 else { return [fail("split", "\(count) parts")] }
    guard hasRoom(forParts: count, "split") else { return [.failed] }
    let (size, longer) = shape[axis].quotientAndRemainder(dividingBy: count)
    return split(sizes: (0..<count).map { size + ($0 < longer ? 1 : 0) }, axis: axis)
  }

  /// The parts of `axis` before, between and after the given indices, which are clipped to the extent.
  ///
  /// An index counts from the end if negative. A part between indices that do not ascend is empty, as
  /// in Python: `[0, 1, 2, 3]` at `[3, 1]` is `[0, 1, 2]`, `[]` and `[1, 2, 3]`. Precondition: the axis
  /// exists.
  public func split(at indices: [Int], axis: Int = 0) -> [Tensor] {
    guard !isFailed, let axis = value.checkedAxis(axis, "split"),
      hasRoom(forParts: indices.count, "split")
    else { return [.failed] }
    let extent = shape[axis]
    let places = indices.map { $0 < 0 ? Swift.max($0 + extent, 0) : Swift.min($0, extent) }
    return zip([0] + places, places + [extent]).map { start, end in
      Tensor(
        value.sliced(Slice(shape, axis: axis, from: start, count: Swift.max(end - start, 0))))
    }
  }

  /// `count` equal parts along axis 1, or axis 0 of a vector.
  ///
  /// Precondition: there is such an axis, and `count` divides its extent.
  public func hsplit(into count: Int) -> [Tensor] {
    split(evenlyInto: count, axis: rank == 1 ? 0 : 1, "hsplit")
  }

  /// The parts of axis 1, or of axis 0 of a vector, before, between and after the given indices.
  ///
  /// Indices are as for `split(at:axis:)`. Precondition: there is such an axis.
  public func hsplit(at indices: [Int]) -> [Tensor] {
    let axis = rank == 1 ? 0 : 1
    return has(axis, "hsplit") ? split(at: indices, axis: axis) : [.failed]
  }

  /// `count` equal parts along axis 0.
  ///
  /// Precondition: the rank is at least 2, and `count` divides the extent of the axis.
  public func vsplit(into count: Int) -> [Tensor] {
    has(1, "vsplit") ? split(evenlyInto: count, axis: 0, "vsplit") : [.failed]
  }

  /// The parts of axis 0 before, between and after the given indices.
  ///
  /// Indices are as for `split(at:axis:)`. Precondition: the rank is at least 2.
  public func vsplit(at indices: [Int]) -> [Tensor] {
    has(1, "vsplit") ? split(at: indices, axis: 0) : [.failed]
  }

  /// `count` equal parts along axis 2.
  ///
  /// Precondition: the rank is at least 3, and `count` divides the extent of the axis.
  public func dsplit(into count: Int) -> [Tensor] {
    split(evenlyInto: count, axis: 2, "dsplit")
  }

  /// The parts of axis 2 before, between and after the given indices.
  ///
  /// Indices are as for `split(at:axis:)`. Precondition: the rank is at least 3.
  public func dsplit(at indices: [Int]) -> [Tensor] {
    has(2, "dsplit") ? split(at: indices, axis: 2) : [.failed]
  }

  private func split(evenlyInto count: Int, axis: Int, _ operation: String) -> [Tensor] {
    guard has(axis, operation) else { return [.failed] }
    guard count > 0, shape[axis] % count == 0 else {
      return [fail(operation, "\(count) equal parts along axis \(axis) of \(shape)")]
    }
    return split(into: count, axis: axis)
  }

  /// Whether there is an axis, counted from the front; if not, it is reported.
  private func has(_ axis: Int, _ operation: String) -> Bool {
    if isFailed { return false }
    if axis < rank { return true }
    reportFailure(operation: operation, "shape \(shape) has no axis \(axis)")
    return false
  }
}

/// The tensors side by side: joined along axis 1, or vectors and single elements along axis 0.
///
/// Returns a copy. Complexity: O(n). Precondition: as for `concatenate`.
public func hstack<Element: TensorElement>(_ tensors: [Tensor<Element>]) -> Tensor<Element> {
  let parts = tensors.map { $0.withRank(atLeast: 1) }
  return concatenate(parts, axis: parts.first?.rank == 1 ? 0 : 1)
}

/// The tensors one below the other: joined along axis 0, where a vector is a row.
///
/// Returns a copy. Complexity: O(n). Precondition: as for `concatenate`.
public func vstack<Element: TensorElement>(_ tensors: [Tensor<Element>]) -> Tensor<Element> {
  concatenate(tensors.map { $0.withRank(atLeast: 2) }, axis: 0)
}

/// The tensors one behind the other: joined along axis 2, where a matrix is `[m, n, 1]` and a vector
/// `[1, n, 1]`.
///
/// Returns a copy. Complexity: O(n). Precondition: as for `concatenate`.
public func dstack<Element: TensorElement>(_ tensors: [Tensor<Element>]) -> Tensor<Element> {
  concatenate(tensors.map { $0.withRank(atLeast: 3) }, axis: 2)
}

/// The tensors side by side, joined along axis 1, where a vector is a column.
///
/// Returns a copy. Complexity: O(n). Precondition: as for `concatenate`.
public func columnStack<Element: TensorElement>(_ tensors: [Tensor<Element>]) -> Tensor<Element> {
  concatenate(
    tensors.map { $0.rank < 2 && !$0.isFailed ? $0.reshaped(to: [$0.count, 1]) : $0 }, axis: 1)
}

/// The matrices along the diagonal of one matrix, and zeros elsewhere.
///
/// A vector counts as a row, a single element as `[1, 1]`. Returns a copy. Complexity: O(n) in the
/// size of the result. Precondition: there is at least one tensor, of rank 2 at most, and all are on
/// one device.
public func blockDiagonal<Element: TensorElement>(_ tensors: [Tensor<Element>]) -> Tensor<Element> {
  if let failed = tensors.first(where: \.isFailed) { return failed }
  if let wrong = tensors.first(where: { $0.rank > 2 }) {
    return wrong.fail("block_diag", "a block of shape \(wrong.shape)")
  }
  let blocks = tensors.map { $0.withRank(atLeast: 2) }
  var columns = 0
  for block in blocks {
    guard let sum = Size.sum(columns, block.shape[1]) else {
      return block.fail("block_diag", "the blocks have too many columns")
    }
    columns = sum
  }
  var start = 0
  return concatenate(
    blocks.map { block in
      defer { start += block.shape[1] }
      return Tensor(
        block.value.padded([(0, 0), (start, columns - start - block.shape[1])], bits: 0))
    }, axis: 0)
}
