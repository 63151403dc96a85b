/// Elements sorted along an axis.
///
/// The sort is stable; −0 equals 0, and NaN is greater than every number. It is a radix sort on the
/// CPU, in O(n · byteCount), and a bitonic network on an OpenCL device, in O(n · log²(extent)).
/// Precondition of each: the axis exists.
extension Tensor {
  /// The indices along `axis` that sort the elements, of the same shape.
  ///
  /// Stable; −0 equals 0, and NaN is greater than every number. Does not wait for the device.
  /// Complexity: O(n · byteCount) on the CPU, O(n · log²(extent)) on an OpenCL device.
  /// Precondition: the axis exists.
  public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor<Int> {
    Tensor<Int>(value.argsorted(axis: axis, descending: descending))
  }

  /// The elements along `axis` in ascending order, or in descending order if `descending` is true.
  ///
  /// Stable; −0 equals 0, and NaN is greater than every number. Returns a copy. The gradient goes
  /// to the positions from which the elements came. Complexity: O(n · byteCount) on the CPU, O(n ·
  /// log²(extent)) on an OpenCL device. Precondition: the axis exists.
  public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
    Tensor(value.sorted(axis: axis, descending: descending, "sort").values)
  }

  /// The `count` largest (or smallest) elements along `axis`, the most extreme first, and their
  /// indices.
  ///
  /// Sorts all elements; NaN is the largest. Returns copies, with extent `count` along the axis.
  /// Complexity: O(n · byteCount) on the CPU, O(n · log²(extent)) on an OpenCL device.
  /// Precondition: the axis exists, and `count` is at least 0 and at most its extent.
  public func topK(
    _ count: Int, axis: Int = -1, largest: Bool = true
  ) -> (values: Tensor, indices: Tensor<Int>) {
    let found = value.sorted(axis: axis, descending: largest, keeping: count, "topK")
    return (Tensor(found.values), Tensor<Int>(found.positions))
  }
}
