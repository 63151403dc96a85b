/// Running results along an axis.
extension Tensor {
  /// The sums of each element and all before it along `axis`; Bool and integers give 64-bit integers,
  /// which wrap.
  public func cumulativeSum(axis: Int) -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(
      value.cast(to: Element.Accumulated.dtype).scanned(
        Functions.add, axis: axis, "cumulativeSum"))
  }

  /// The products of each element and all before it along `axis`; Bool and integers give 64-bit integers,
  /// which wrap.
  public func cumulativeProduct(axis: Int) -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(
      value.cast(to: Element.Accumulated.dtype).scanned(
        Functions.multiply, axis: axis, "cumulativeProduct"))
  }
}

extension Tensor where Element: NumericElement {
  /// The largest of each element and all before it along `axis`; NaN from the first NaN on. The
  /// gradient goes to the last of equals.
  public func cumulativeMax(axis: Int) -> Tensor {
    Tensor(value.scanned(Functions.laterMaximum, axis: axis, "cumulativeMax"))
  }

  /// The smallest of each element and all before it along `axis`; NaN from the first NaN on. The
  /// gradient goes to the last of equals.
  public func cumulativeMin(axis: Int) -> Tensor {
    Tensor(value.scanned(Functions.laterMinimum, axis: axis, "cumulativeMin"))
  }
}
