/// The reductions along one axis, which counts from the end if negative; each is that of `axes: [axis]`.
extension Tensor {
  /// The products along an axis.
  public func product(axis: Int, keepingAxes: Bool = false) -> Tensor<Element.Accumulated> {
    product(axes: [axis], keepingAxes: keepingAxes)
  }

  /// Whether any element along an axis is not zero.
  public func any(axis: Int, keepingAxes: Bool = false) -> Tensor<Bool> {
    any(axes: [axis], keepingAxes: keepingAxes)
  }

  /// Whether all elements along an axis are not zero.
  public func all(axis: Int, keepingAxes: Bool = false) -> Tensor<Bool> {
    all(axes: [axis], keepingAxes: keepingAxes)
  }

  /// How many elements along an axis are not zero; NaN is not.
  public func countNonzero(axis: Int, keepingAxes: Bool = false) -> Tensor<Int> {
    countNonzero(axes: [axis], keepingAxes: keepingAxes)
  }
}

extension Tensor where Element: FloatingElement {
  /// The variances along an axis.
  public func variance(axis: Int, correction: Int = 1, keepingAxes: Bool = false) -> Tensor {
    variance(axes: [axis], correction: correction, keepingAxes: keepingAxes)
  }

  /// The standard deviations along an axis.
  public func std(axis: Int, correction: Int = 1, keepingAxes: Bool = false) -> Tensor {
    std(axes: [axis], correction: correction, keepingAxes: keepingAxes)
  }

  /// `log(Σ exp(x))` along an axis, without overflow.
  public func logSumExp(axis: Int, keepingAxes: Bool = false) -> Tensor {
    logSumExp(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The p-norms along an axis.
  public func norm(_ p: Double = 2, axis: Int, keepingAxes: Bool = false) -> Tensor {
    norm(p, axes: [axis], keepingAxes: keepingAxes)
  }

  /// The sums of the elements along an axis that are not NaN.
  public func nanSum(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanSum(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The means of the elements along an axis that are not NaN; NaN where there is none.
  public func nanMean(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanMean(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The largest of the elements along an axis that are not NaN; NaN where there is none.
  public func nanMax(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanMax(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The smallest of the elements along an axis that are not NaN; NaN where there is none.
  public func nanMin(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanMin(axes: [axis], keepingAxes: keepingAxes)
  }
}
