/// The reductions along one axis, which counts from the end if negative.
///
/// Each is the reduction over `axes: [axis]`, with the same rules and cost.
extension Tensor {
  /// The products along an axis.
  public func product(axis: Int, keepingAxes: Bool = false) -> Tensor<Element.Accumulated> {
    product(axes: [axis], keepingAxes: keepingAxes)
  }

  /// Whether any element along an axis differs from 0.
  public func any(axis: Int, keepingAxes: Bool = false) -> Tensor<Bool> {
    any(axes: [axis], keepingAxes: keepingAxes)
  }

  /// Whether all elements along an axis differ from 0.
  public func all(axis: Int, keepingAxes: Bool = false) -> Tensor<Bool> {
    all(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The number of elements along an axis that differ from 0; NaN does.
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

  /// The sums along an axis of the elements that are not NaN.
  public func nanSum(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanSum(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The means along an axis of the elements that are not NaN; NaN where there is none.
  public func nanMean(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanMean(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The largest along an axis of the elements that are not NaN; NaN where there is none.
  public func nanMax(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanMax(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The smallest along an axis of the elements that are not NaN; NaN where there is none.
  public func nanMin(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanMin(axes: [axis], keepingAxes: keepingAxes)
  }
}
