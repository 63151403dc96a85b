/// Running results along an axis.
extension Tensor where E: NumericElement {
  /// The sums of each element and all before it along `axis`; integers give 64-bit ones, which wrap.
  public func cumulativeSum(axis: Int) -> Tensor<E.Accumulated> {
    Tensor<E.Accumulated>(
      value.cast(to: E.Accumulated.dtype).scanned(
        Functions.add, axis: axis, "cumulativeSum"))
  }

  /// The products of each element and all before it along `axis`; integers give 64-bit ones, which wrap.
  public func cumulativeProduct(axis: Int) -> Tensor<E.Accumulated> {
    Tensor<E.Accumulated>(
      value.cast(to: E.Accumulated.dtype).scanned(
        Functions.multiply, axis: axis, "cumulativeProduct"))
  }

  /// The largest of each element and all before it along `axis`; NaN from the first NaN on.
  public func cumulativeMax(axis: Int) -> Tensor {
    Tensor(value.scanned(Functions.maximum, axis: axis, "cumulativeMax"))
  }

  /// The smallest of each element and all before it along `axis`; NaN from the first NaN on.
  public func cumulativeMin(axis: Int) -> Tensor {
    Tensor(value.scanned(Functions.minimum, axis: axis, "cumulativeMin"))
  }
}
