/// Reductions: over all elements, or along axes, which count from the end if negative.
extension Tensor {
  /// The sum of all elements; 0 of none. Bool and integers give 64-bit integers, which wrap.
  public func sum() -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(value.reduced(.sum))
  }

  /// The sums along axes.
  public func sum(axes: [Int], keepingAxes: Bool = false) -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(
      value.reduced(.sum, axes: axes, keepingAxes: keepingAxes))
  }

  /// The sums along an axis.
  public func sum(axis: Int, keepingAxes: Bool = false) -> Tensor<Element.Accumulated> {
    sum(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The product of all elements; 1 of none.
  public func product() -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(value.reduced(.product))
  }

  /// The products along axes.
  public func product(axes: [Int], keepingAxes: Bool = false) -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(
      value.reduced(.product, axes: axes, keepingAxes: keepingAxes))
  }

  /// Whether any element is not zero; false of none.
  public func any(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor<Bool> {
    existence(.maximum, ofNone: false, axes, keepingAxes)
  }

  /// Whether all elements are not zero; true of none.
  public func all(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor<Bool> {
    existence(.minimum, ofNone: true, axes, keepingAxes)
  }

  private func existence(
    _ kind: ReductionKind, ofNone: Bool, _ axes: [Int]?, _ keepingAxes: Bool
  ) -> Tensor<Bool> {
    guard !isFailed, let plan = ReducedAxes(kind, shape, axes: axes) else {
      return Tensor<Bool>(Value.failed(.bool))
    }
    if plan.reducedCount == 0 {
      let shape = plan.resultShape(keepingAxes: keepingAxes)
      return Tensor<Bool>(
        Value.full(shape, .bool, bits: ofNone.computeBits, on: value.backend))
    }
    return Tensor<Bool>(
      value.cast(to: .bool).reduced(kind, axes: axes, keepingAxes: keepingAxes))
  }
}

/// Extrema, where false is less than true.
extension Tensor {
  /// The largest element; NaN if any is. Of no elements: a failure. Ties share the gradient.
  public func max() -> Tensor { Tensor(value.reduced(.maximum)) }

  /// The largest elements along axes.
  public func max(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    Tensor(value.reduced(.maximum, axes: axes, keepingAxes: keepingAxes))
  }

  /// The largest elements along an axis.
  public func max(axis: Int, keepingAxes: Bool = false) -> Tensor {
    Tensor(
      value.reduced(
        .maximum, axes: [axis], keepingAxes: keepingAxes, choosesFirst: true))
  }

  /// The smallest element; NaN if any is. Of no elements: a failure. Ties share the gradient.
  public func min() -> Tensor { Tensor(value.reduced(.minimum)) }

  /// The smallest elements along axes.
  public func min(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    Tensor(value.reduced(.minimum, axes: axes, keepingAxes: keepingAxes))
  }

  /// The smallest elements along an axis.
  public func min(axis: Int, keepingAxes: Bool = false) -> Tensor {
    Tensor(
      value.reduced(
        .minimum, axes: [axis], keepingAxes: keepingAxes, choosesFirst: true))
  }
}

extension Tensor where Element: NumericElement {
  /// The index of the first NaN, else of the first largest element: along an axis, or (nil) in
  /// row-major order.
  public func argmax(axis: Int? = nil, keepingAxes: Bool = false) -> Tensor<Int> {
    Tensor<Int>(
      value.reduced(
        .argMaximum, axes: axis.map { [$0] }, keepingAxes: keepingAxes))
  }

  /// The index of the first NaN, else of the first smallest element.
  public func argmin(axis: Int? = nil, keepingAxes: Bool = false) -> Tensor<Int> {
    Tensor<Int>(
      value.reduced(
        .argMinimum, axes: axis.map { [$0] }, keepingAxes: keepingAxes))
  }
}

extension Tensor where Element: FloatingElement {
  /// The mean of all elements; NaN of none.
  public func mean() -> Tensor { Tensor(value.reduced(.mean)) }

  /// The means along axes.
  public func mean(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    Tensor(value.reduced(.mean, axes: axes, keepingAxes: keepingAxes))
  }

  /// The means along an axis.
  public func mean(axis: Int, keepingAxes: Bool = false) -> Tensor {
    mean(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The variance: squared distances from the mean, summed and divided by the number of elements
  /// less `correction`; in two passes.
  public func variance(
    axes: [Int]? = nil, correction: Int = 1, keepingAxes: Bool = false
  ) -> Tensor {
    Tensor(
      value.variance(
        axes: axes, correction: correction, keepingAxes: keepingAxes,
        output: Element.dtype))
  }

  /// The standard deviation: the square root of the variance. Its gradient is 0 where it is 0.
  public func std(
    axes: [Int]? = nil, correction: Int = 1, keepingAxes: Bool = false
  ) -> Tensor {
    // The variance itself may be beyond the range of the elements.
    let variance = value.variance(
      axes: axes, correction: correction, keepingAxes: keepingAxes,
      output: value.spreadType)
    return Tensor(applyPointwise(Functions.std, variance, output: Element.dtype))
  }

  /// `exp(x) / Σ exp(x)` along an axis; the maximum is subtracted first, so nothing overflows.
  public func softmax(axis: Int = -1) -> Tensor {
    Tensor(value.softmax(axis: axis, logarithm: false))
  }

  /// The logarithm of `softmax`, computed as such.
  public func logSoftmax(axis: Int = -1) -> Tensor {
    Tensor(value.softmax(axis: axis, logarithm: true))
  }
}
