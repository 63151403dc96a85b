/// The reductions along one axis, which counts from the end if negative.
///
/// Each is the reduction over `axes: [axis]`, with the same rules and cost.
extension Tensor {
  /// The products along an axis; 1 where there are no elements.
  ///
  /// Bool and integers give 64-bit integers, which wrap. The gradient takes time and memory
  /// quadratic in the extent. The axis is removed, or stays with extent 1 if `keepingAxes` is true.
  /// Complexity: O(n). Precondition: the axis exists.
  public func product(axis: Int, keepingAxes: Bool = false) -> Tensor<Element.Accumulated> {
    product(axes: [axis], keepingAxes: keepingAxes)
  }

  /// Whether any element along an axis differs from 0; false where there are none.
  ///
  /// The axis is removed, or stays with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axis exists.
  public func any(axis: Int, keepingAxes: Bool = false) -> Tensor<Bool> {
    any(axes: [axis], keepingAxes: keepingAxes)
  }

  /// Whether all elements along an axis differ from 0; true where there are none.
  ///
  /// The axis is removed, or stays with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axis exists.
  public func all(axis: Int, keepingAxes: Bool = false) -> Tensor<Bool> {
    all(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The number of elements along an axis that differ from 0; NaN does.
  ///
  /// The axis is removed, or stays with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axis exists.
  public func countNonzero(axis: Int, keepingAxes: Bool = false) -> Tensor<Int> {
    countNonzero(axes: [axis], keepingAxes: keepingAxes)
  }
}

extension Tensor where Element: FloatingElement {
  /// The variances along an axis: `Σ (x − mean)² / (n − correction)`.
  ///
  /// NaN for one element by default. The axis is removed, or stays with extent 1 if `keepingAxes`
  /// is true. Complexity: O(n). Precondition: the axis exists.
  public func variance(axis: Int, correction: Int = 1, keepingAxes: Bool = false) -> Tensor {
    variance(axes: [axis], correction: correction, keepingAxes: keepingAxes)
  }

  /// The standard deviations along an axis: the square roots of the variances.
  ///
  /// NaN for one element by default. The gradient is 0 where the result is 0. The axis is removed,
  /// or stays with extent 1 if `keepingAxes` is true. Complexity: O(n). Precondition: the axis
  /// exists.
  public func std(axis: Int, correction: Int = 1, keepingAxes: Bool = false) -> Tensor {
    std(axes: [axis], correction: correction, keepingAxes: keepingAxes)
  }

  /// `log(Σ exp(x))` along an axis, without overflow; −∞ where there are no elements.
  ///
  /// The axis is removed, or stays with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axis exists.
  public func logSumExp(axis: Int, keepingAxes: Bool = false) -> Tensor {
    logSumExp(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The p-norms `(Σ |x|ᵖ)^(1/p)` along an axis.
  ///
  /// `p` is as in `norm(_:axes:keepingAxes:)`. The axis is removed, or stays with extent 1 if
  /// `keepingAxes` is true. Complexity: O(n). Precondition: the axis exists.
  public func norm(_ p: Double = 2, axis: Int, keepingAxes: Bool = false) -> Tensor {
    norm(p, axes: [axis], keepingAxes: keepingAxes)
  }

  /// The sums along an axis of the elements that are not NaN; 0 where there are none.
  ///
  /// The axis is removed, or stays with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axis exists.
  public func nanSum(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanSum(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The means along an axis of the elements that are not NaN; NaN where there are none.
  ///
  /// The axis is removed, or stays with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axis exists.
  public func nanMean(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanMean(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The largest along an axis of the elements that are not NaN; NaN where there are none.
  ///
  /// The axis is removed, or stays with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axis exists and has elements.
  public func nanMax(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanMax(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The smallest along an axis of the elements that are not NaN; NaN where there are none.
  ///
  /// The axis is removed, or stays with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axis exists and has elements.
  public func nanMin(axis: Int, keepingAxes: Bool = false) -> Tensor {
    nanMin(axes: [axis], keepingAxes: keepingAxes)
  }
}
