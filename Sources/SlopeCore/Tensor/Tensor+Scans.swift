/// Cumulative results along an axis, of the same shape.
///
/// Each takes ⌈log₂(extent)⌉ passes over memory, so that the results are the same on every device
/// and rounding errors grow with the logarithm. Complexity of each: O(n · log(extent)).
/// Precondition of each: the axis exists.
extension Tensor {
  /// The sum of each element and all before it along `axis`, of the same shape.
  ///
  /// Bool and integers give 64-bit integers, which wrap. Complexity: O(n · log(extent)).
  /// Precondition: the axis exists.
  public func cumulativeSum(axis: Int) -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(
      value.cast(to: Element.Accumulated.dtype).scanned(
        Functions.add, axis: axis, "cumulativeSum"))
  }

  /// The product of each element and all before it along `axis`, of the same shape.
  ///
  /// Bool and integers give 64-bit integers, which wrap. Complexity: O(n · log(extent)).
  /// Precondition: the axis exists.
  public func cumulativeProduct(axis: Int) -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(
      value.cast(to: Element.Accumulated.dtype).scanned(
        Functions.multiply, axis: axis, "cumulativeProduct"))
  }
}

extension Tensor where Element: NumericElement {
  /// The largest of each element and all before it along `axis`; NaN from the first NaN on.
  ///
  /// The gradient goes to the last of equal elements. Complexity: O(n · log(extent)). Precondition:
  /// the axis exists.
  public func cumulativeMax(axis: Int) -> Tensor {
    Tensor(value.scanned(Functions.laterMaximum, axis: axis, "cumulativeMax"))
  }

  /// The smallest of each element and all before it along `axis`; NaN from the first NaN on.
  ///
  /// The gradient goes to the last of equal elements. Complexity: O(n · log(extent)). Precondition:
  /// the axis exists.
  public func cumulativeMin(axis: Int) -> Tensor {
    Tensor(value.scanned(Functions.laterMinimum, axis: axis, "cumulativeMin"))
  }
}
