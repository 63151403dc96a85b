/// Searches in sorted sequences, and membership.
///
/// None waits for the device, and none has a gradient.
extension Tensor where Element: NumericElement {
  /// The positions at which `values` go into this sorted sequence: the shape of `values`.
  ///
  /// Before equal elements, or after them if `right` is true. The sequence is one for all values,
  /// of shape `[n]`, or one for each row of them, `[…, n]` for `[…, m]`. It is in ascending order,
  /// or becomes so by `sorter`, the positions that `argsort(axis:descending:)` gives. The position
  /// of NaN is n.
  ///
  /// ```swift
  /// let edges = Tensor<Float>([1, 3, 5])
  /// print(edges.searchSorted(Tensor([3, 9])))                // tensor([1, 3])
  /// print(edges.searchSorted(Tensor([3, 9]), right: true))   // tensor([2, 3])
  /// ```
  ///
  /// Complexity: O(m · log n). Precondition: the shapes are as above, and `sorter` has that of the
  /// sequence.
  public func searchSorted(
    _ values: Tensor, right: Bool = false, sorter: Tensor<Int>? = nil
  ) -> Tensor<Int> {
    guard let sorter else {
      return Tensor<Int>(value.searched(for: values.value, right ? .right : .left, "searchSorted"))
    }
    guard isFailed || sorter.isFailed || sorter.shape == shape else {
      return Tensor<Int>.failure(
        "searchSorted", "a sorter of shape \(sorter.shape) for sequences of \(shape)")
    }
    return Tensor(value.detached.takingAlong(sorter.value, axis: -1))
      .searchSorted(values, right: right)
  }

  /// For each element the number of the bucket between sorted boundaries that it is in: this shape.
  ///
  /// Bucket i is from boundary i − 1, not included, to boundary i, included, or the other way round
  /// if `right` is true: PyTorch's `bucketize`. Complexity: O(n · log(count of boundaries)).
  /// Precondition: `boundaries` has rank 1.
  public func bucketized(by boundaries: Tensor, right: Bool = false) -> Tensor<Int> {
    guard boundaries.isFailed || boundaries.rank == 1 else {
      return Tensor<Int>.failure(
        "bucketize", "boundaries of shape \(boundaries.shape) are not one-dimensional")
    }
    return Tensor<Int>(
      boundaries.value.searched(for: value, right ? .right : .left, "bucketize"))
  }

  /// Whether each element is one of `elements`, or is not if `inverted` is true.
  ///
  /// NaN is never one. (PyTorch's `isin` has an argument `assume_unique`, which only saves time
  /// there.) Complexity: that of sorting `elements`, and O(n · log(count of elements)).
  public func isIn(_ elements: Tensor, inverted: Bool = false) -> Tensor<Bool> {
    if isFailed || elements.isFailed { return .failed }
    guard value.inspectDevices([elements.value], "isIn") else { return .failed }
    if elements.count == 0 {
      return Tensor<Bool>(
        Value.full(shape, .bool, bits: inverted.computeBits, on: value.backend))
    }
    let sorted = elements.detached().flattened().sorted()
    let places = Tensor<Int>(sorted.value.searched(for: value, .firstNotLess, "isIn"))
      .clamped(max: elements.count - 1)
    let nearest = sorted.taking(places)
    return inverted ? detached() .!= nearest : detached() .== nearest
  }
}

extension Tensor {
  /// A failed tensor, after a report.
  static func failure(_ operation: String, _ message: String) -> Tensor {
    Tensor(Value.failure(operation, message, dtype: Element.dtype))
  }
}
