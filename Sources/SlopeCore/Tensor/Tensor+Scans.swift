/// Running results along an axis, of the same shape, the same on every device.
///
/// Precondition of each: the axis exists.
extension Tensor {
  /// The sum of each element and all before it along `axis`, of the same shape.
  ///
  /// Each sum of floats is rounded once: they are added in Double, Doubles in twice their precision,
  /// so that errors do not grow with the extent. A sum never falls where no negative number is
  /// added. Bool and integers give 64-bit integers, which wrap. x receives the sums of the gradient
  /// from the other end. Complexity: O(n). Precondition: the axis exists.
  ///
  /// - Parameters:
  ///   - axis: counts from the end if negative.
  ///   - exclusive: whether an element itself is left out, so that the first sum is 0.
  ///   - reversed: whether the sums begin at the end of the axis.
  /// - Returns: the sums, in the element type's type of sums.
  public func cumulativeSum(
    axis: Int, exclusive: Bool = false, reversed: Bool = false
  ) -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(
      value.cast(to: Element.Accumulated.dtype).cumulativeSum(
        axis: axis, isExclusive: exclusive, isReversed: reversed))
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

extension Tensor where Element: FloatingElement {
  /// `log(Σ exp(x))` of each element and all before it along `axis`, without overflow.
  ///
  /// Of −∞ alone it is −∞, from the first +∞ on +∞, from the first NaN on NaN. Complexity:
  /// O(n · log(extent)). Precondition: the axis exists.
  public func cumulativeLogSumExp(axis: Int) -> Tensor {
    Tensor(value.scanned(Functions.logSumExpOfTwo, axis: axis, "cumulativeLogSumExp"))
  }
}

extension Functions {
  /// `log(exp(a) + exp(b))`.
  ///
  /// The larger comes first by `select`, whose derivatives are exact to any order where both are
  /// equal. The difference of two equal infinities would be NaN.
  fileprivate static let logSumExpOfTwo = PointwiseFunction("logSumExp", inputs: 2) { operands in
    let isLarger = operands[0] .< operands[1]
    let high = Expression.select(isLarger, operands[1], operands[0])
    let low = Expression.select(isLarger, operands[0], operands[1])
    let isSameInfinity = Expression.apply(
      .logicalAnd, low .== high, high.abs() .== Expression(.infinity))
    let difference = Expression.select(isSameInfinity, 0, low - high)
    return high + difference.exp().log1p()
  }
}
