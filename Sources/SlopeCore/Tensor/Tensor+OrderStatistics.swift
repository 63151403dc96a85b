/// Elements chosen along an axis together with their indices: PyTorch's pairs of values and
/// indices.
///
/// The gradient goes to the chosen elements. The axis is removed, or stays with extent 1 if
/// `keepingAxes` is true.
extension Tensor {
  /// The elements along `axis` in ascending (or descending) order, and the indices from which they
  /// came.
  ///
  /// As `sorted(axis:descending:)` and `argsort(axis:descending:)` together. Returns copies.
  /// Complexity: O(n · byteCount) on the CPU, O(n · log²(extent)) on an OpenCL device.
  /// Precondition: the axis exists.
  public func sortedWithIndices(
    axis: Int = -1, descending: Bool = false
  ) -> (values: Tensor, indices: Tensor<Int>) {
    pair(value.sorted(axis: axis, descending: descending, "sort"))
  }

  /// The largest elements along an axis and their indices: the first of equal ones, or of NaN.
  ///
  /// Complexity: O(n). Precondition: the axis exists and has elements.
  public func maxWithIndices(
    axis: Int, keepingAxes: Bool = false
  ) -> (values: Tensor, indices: Tensor<Int>) {
    pair(value.extrema(.argMaximum, axis: axis, keepingAxis: keepingAxes, "max"))
  }

  /// The smallest elements along an axis and their indices: the first of equal ones, or of NaN.
  ///
  /// Complexity: O(n). Precondition: the axis exists and has elements.
  public func minWithIndices(
    axis: Int, keepingAxes: Bool = false
  ) -> (values: Tensor, indices: Tensor<Int>) {
    pair(value.extrema(.argMinimum, axis: axis, keepingAxis: keepingAxes, "min"))
  }

  /// The most frequent elements along an axis, and the index of the last of each.
  ///
  /// Of several equally frequent ones it is the smallest. NaN equals nothing. Complexity: that of
  /// `sorted(axis:descending:)`. Precondition: the axis exists and has elements.
  public func mode(
    axis: Int = -1, keepingAxes: Bool = false
  ) -> (values: Tensor, indices: Tensor<Int>) {
    pair(value.modes(axis: axis, keepingAxis: keepingAxes))
  }

  /// The largest of each element and all before it along `axis`, and its index; NaN from the first
  /// NaN on.
  ///
  /// The index is that of the last of equal elements, or of the last NaN so far. Complexity: O(n ·
  /// log(extent)). Precondition: the axis exists.
  public func cumulativeMaxWithIndices(axis: Int) -> (values: Tensor, indices: Tensor<Int>) {
    pair(value.runningExtrema(.maximum, axis: axis, "cumulativeMax"))
  }

  /// The smallest of each element and all before it along `axis`, and its index; NaN from the first
  /// NaN on.
  ///
  /// The index is that of the last of equal elements, or of the last NaN so far. Complexity: O(n ·
  /// log(extent)). Precondition: the axis exists.
  public func cumulativeMinWithIndices(axis: Int) -> (values: Tensor, indices: Tensor<Int>) {
    pair(value.runningExtrema(.minimum, axis: axis, "cumulativeMin"))
  }

  fileprivate func pair(
    _ found: (values: Value, positions: Value)
  ) -> (values: Tensor, indices: Tensor<Int>) {
    (Tensor(found.values), Tensor<Int>(found.positions))
  }
}

extension Tensor where Element: NumericElement {
  /// The medians along an axis and their indices; the first NaN, where there is one.
  ///
  /// Of an even count it is the lower of the two in the middle. Of equal elements it is the one
  /// that a stable sort brings to the middle (PyTorch leaves open which). Complexity: that of
  /// `sorted(axis:descending:)`. Precondition: the axis exists and has elements.
  public func medianWithIndices(
    axis: Int, keepingAxes: Bool = false
  ) -> (values: Tensor, indices: Tensor<Int>) {
    pair(value.medians(axis: axis, keepingAxis: keepingAxes))
  }

  /// The `number`-th smallest elements along an axis, counted from 1, and their indices.
  ///
  /// NaN is the largest. Of equal elements it is the one that a stable sort brings to that place
  /// (PyTorch leaves open which). Complexity: that of `sorted(axis:descending:)`. Precondition: the
  /// axis exists, and `number` is from 1 to its extent.
  public func kthValue(
    _ number: Int, axis: Int = -1, keepingAxes: Bool = false
  ) -> (values: Tensor, indices: Tensor<Int>) {
    pair(value.kthValues(number, axis: axis, keepingAxis: keepingAxes))
  }
}
