/// Distinct elements.
///
/// Each waits for the device: the host finds them, since the shape of the result depends on them.
/// NaN equals nothing, so each one is distinct; −0 equals 0. There is no gradient.
extension Tensor {
  /// The distinct elements in ascending order, where each element is among them, and how often each
  /// occurs.
  ///
  /// `values[inverse]` are the elements again: `inverse` has this shape, and `counts` that of
  /// `values`.
  ///
  /// ```swift
  /// let found = Tensor<Int>([3, 1, 3]).unique()
  /// print(found.values.scalars, found.counts.scalars)   // [1, 3] [1, 2]
  /// print(found.inverse.scalars)                        // [1, 0, 1]
  /// ```
  ///
  /// Complexity: that of `sorted(axis:descending:)`. Waits for the device.
  public func unique() -> (values: Tensor, inverse: Tensor<Int>, counts: Tensor<Int>) {
    parts(value.distinct(isSorted: true, "unique"))
  }

  /// The distinct slices along `axis` in the order of their first elements, then the next.
  ///
  /// `inverse` has an index for each slice. A slice with NaN equals none. Complexity: that of
  /// sorting the extent once for each element of a slice. Waits for the device. Precondition: the
  /// axis exists, and slices have elements.
  public func unique(
    axis: Int
  ) -> (values: Tensor, inverse: Tensor<Int>, counts: Tensor<Int>) {
    parts(value.distinct(axis: axis, isSorted: true, "unique"))
  }

  /// The first element of each run of equal neighbours in row-major order, the run that each
  /// element is in, and the lengths of the runs.
  ///
  /// Complexity: O(n). Waits for the device.
  public func uniqueConsecutive() -> (values: Tensor, inverse: Tensor<Int>, counts: Tensor<Int>) {
    parts(value.distinct(isSorted: false, "uniqueConsecutive"))
  }

  /// The first slice of each run of equal neighbours along `axis`.
  ///
  /// Complexity: O(n). Waits for the device. Precondition: the axis exists, and slices have
  /// elements.
  public func uniqueConsecutive(
    axis: Int
  ) -> (values: Tensor, inverse: Tensor<Int>, counts: Tensor<Int>) {
    parts(value.distinct(axis: axis, isSorted: false, "uniqueConsecutive"))
  }

  private func parts(
    _ found: DistinctParts
  ) -> (values: Tensor, inverse: Tensor<Int>, counts: Tensor<Int>) {
    (Tensor(found.values), Tensor<Int>(found.inverse), Tensor<Int>(found.counts))
  }
}
