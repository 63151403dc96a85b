/// Reductions over all elements or over some axes.
///
/// Axes count from the end if negative. Reduced axes disappear from the shape: `[2, 3, 4]` reduced
/// over axis 1 is `[2, 4]`, or `[2, 1, 4]` if `keepingAxes` is true. Each returns a new tensor in
/// one pass, and none waits for the device; read a single result with `item()`. Results do not
/// depend on the number of threads. An empty list of axes means all, as in PyTorch, except for `any`
/// and `all`, which it leaves as they are. Precondition of each: the axes exist, and none is given twice.
/// Complexity of each, unless it says otherwise: O(n).
extension Tensor {
  /// The sum of all elements, of shape `[]`; 0 where there are none.
  ///
  /// Bool and integers give 64-bit integers, which wrap. Sums of floats are blocked or pairwise,
  /// and 16-bit floats are summed in Float. Does not wait for the device; `item()` of the result
  /// does. Complexity: O(n).
  public func sum() -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(value.reduced(.sum))
  }

  /// The sums over several axes; 0 where there are no elements.
  ///
  /// Bool and integers give 64-bit integers, which wrap. The axes are removed, or stay with extent
  /// 1 if `keepingAxes` is true. Complexity: O(n). Precondition: the axes exist, and none is given
  /// twice.
  public func sum(axes: [Int], keepingAxes: Bool = false) -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(
      value.reduced(.sum, axes: axes, keepingAxes: keepingAxes))
  }

  /// The sums along an axis; 0 where there are no elements.
  ///
  /// Bool and integers give 64-bit integers, which wrap. The axis is removed, or stays with extent
  /// 1 if `keepingAxes` is true. Complexity: O(n). Precondition: the axis exists.
  public func sum(axis: Int, keepingAxes: Bool = false) -> Tensor<Element.Accumulated> {
    sum(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The product of all elements, of shape `[]`; 1 where there are none.
  ///
  /// Bool and integers give 64-bit integers, which wrap. Complexity: O(n). The gradient is correct
  /// where factors are 0, but takes O(n²) time and memory.
  public func product() -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(value.reduced(.product))
  }

  /// The products over several axes; 1 where there are no elements.
  ///
  /// Bool and integers give 64-bit integers, which wrap. The axes are removed, or stay with extent
  /// 1 if `keepingAxes` is true. Complexity: O(n); the gradient takes time and memory quadratic in
  /// the number of factors. Precondition: the axes exist, and none is given twice.
  public func product(axes: [Int], keepingAxes: Bool = false) -> Tensor<Element.Accumulated> {
    Tensor<Element.Accumulated>(
      value.reduced(.product, axes: axes, keepingAxes: keepingAxes))
  }

  /// Whether any element over axes (nil: all) differs from 0; false where there are none.
  ///
  /// NaN differs from 0. The axes are removed, or stay with extent 1 if `keepingAxes` is true.
  /// Complexity: O(n). Precondition: the axes exist, and none is given twice.
  public func any(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor<Bool> {
    existence(.maximum, ofNone: false, axes, keepingAxes)
  }

  /// Whether all elements over axes (nil: all) differ from 0; true where there are none.
  ///
  /// NaN differs from 0. The axes are removed, or stay with extent 1 if `keepingAxes` is true.
  /// Complexity: O(n). Precondition: the axes exist, and none is given twice.
  public func all(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor<Bool> {
    existence(.minimum, ofNone: true, axes, keepingAxes)
  }

  private func existence(
    _ kind: ReductionKind, ofNone: Bool, _ axes: [Int]?, _ keepingAxes: Bool
  ) -> Tensor<Bool> {
    // PyTorch's rule for these two: an empty list names no axis.
    if let axes, axes.isEmpty { return cast(to: Bool.self) }
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

/// Extrema, for which false is less than true.
///
/// Precondition of each: the reduced axes have elements.
extension Tensor {
  /// The largest element, of shape `[]`; NaN if any is.
  ///
  /// The gradient is divided evenly among equal elements. The larger of two tensors, element by
  /// element, is `maximum(_:_:)`. Complexity: O(n). Precondition: there are elements.
  public func max() -> Tensor { Tensor(value.reduced(.maximum)) }

  /// The largest elements over several axes; NaN where any is.
  ///
  /// The gradient is divided evenly among equal elements. The axes are removed, or stay with extent
  /// 1 if `keepingAxes` is true. Complexity: O(n). Precondition: the axes exist and have elements,
  /// and none is given twice.
  public func max(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    Tensor(value.reduced(.maximum, axes: axes, keepingAxes: keepingAxes))
  }

  /// The largest elements along an axis; NaN where any is.
  ///
  /// The gradient goes to the first of equal elements. The axis is removed, or stays with extent 1
  /// if `keepingAxes` is true. Complexity: O(n). Precondition: the axis exists and has elements.
  public func max(axis: Int, keepingAxes: Bool = false) -> Tensor {
    Tensor(
      value.reduced(
        .maximum, axes: [axis], keepingAxes: keepingAxes, choosesFirst: true))
  }

  /// The smallest element, of shape `[]`; NaN if any is.
  ///
  /// The gradient is divided evenly among equal elements. The smaller of two tensors, element by
  /// element, is `minimum(_:_:)`. Complexity: O(n). Precondition: there are elements.
  public func min() -> Tensor { Tensor(value.reduced(.minimum)) }

  /// The smallest elements over several axes; NaN where any is.
  ///
  /// The gradient is divided evenly among equal elements. The axes are removed, or stay with extent
  /// 1 if `keepingAxes` is true. Complexity: O(n). Precondition: the axes exist and have elements,
  /// and none is given twice.
  public func min(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    Tensor(value.reduced(.minimum, axes: axes, keepingAxes: keepingAxes))
  }

  /// The smallest elements along an axis; NaN where any is.
  ///
  /// The gradient goes to the first of equal elements. The axis is removed, or stays with extent 1
  /// if `keepingAxes` is true. Complexity: O(n). Precondition: the axis exists and has elements.
  public func min(axis: Int, keepingAxes: Bool = false) -> Tensor {
    Tensor(
      value.reduced(
        .minimum, axes: [axis], keepingAxes: keepingAxes, choosesFirst: true))
  }
}

extension Tensor where Element: NumericElement {
  /// The index of the first NaN, else of the first largest element.
  ///
  /// It counts along `axis`, or in row-major order if it is nil. The axis is removed, or stays with
  /// extent 1 if `keepingAxes` is true. Complexity: O(n). Precondition: the axis exists, and there
  /// are elements to choose from.
  public func argmax(axis: Int? = nil, keepingAxes: Bool = false) -> Tensor<Int> {
    Tensor<Int>(
      value.reduced(
        .argMaximum, axes: axis.map { [$0] }, keepingAxes: keepingAxes))
  }

  /// The index of the first NaN, else of the first smallest element.
  ///
  /// It counts along `axis`, or in row-major order if it is nil. The axis is removed, or stays with
  /// extent 1 if `keepingAxes` is true. Complexity: O(n). Precondition: the axis exists, and there
  /// are elements to choose from.
  public func argmin(axis: Int? = nil, keepingAxes: Bool = false) -> Tensor<Int> {
    Tensor<Int>(
      value.reduced(
        .argMinimum, axes: axis.map { [$0] }, keepingAxes: keepingAxes))
  }
}

extension Tensor where Element: NumericElement {
  /// The index of the last NaN, else of the last largest element.
  ///
  /// It counts along `axis`, or in row-major order if it is nil. The axis is removed, or stays with
  /// extent 1 if `keepingAxes` is true. Complexity: O(n). Precondition: the axis exists, and there
  /// are elements to choose from.
  public func lastArgmax(axis: Int? = nil, keepingAxes: Bool = false) -> Tensor<Int> {
    fromEnd(axis) { $0.argmax(axis: axis, keepingAxes: keepingAxes) }
  }

  /// The index of the last NaN, else of the last smallest element.
  ///
  /// It counts along `axis`, or in row-major order if it is nil. The axis is removed, or stays with
  /// extent 1 if `keepingAxes` is true. Complexity: O(n). Precondition: the axis exists, and there
  /// are elements to choose from.
  public func lastArgmin(axis: Int? = nil, keepingAxes: Bool = false) -> Tensor<Int> {
    fromEnd(axis) { $0.argmin(axis: axis, keepingAxes: keepingAxes) }
  }

  /// Indices that are found from the other end, counted from the beginning again.
  private func fromEnd(
    _ axis: Int?, _ find: (_ reversed: Tensor) -> Tensor<Int>
  ) -> Tensor<Int> {
    let found = find(flipped(axes: axis.map { [$0] } ?? Array(0..<rank)))
    // A tensor without axes has one element along axis 0.
    let chosen = rank == 0 ? nil : axis.flatMap { shape.normalized(axis: $0) }
    let extent = chosen.map { shape[$0] } ?? count
    return extent - 1 - found
  }
}

extension Tensor where Element: FloatingElement {
  /// The mean of all elements, of shape `[]`; NaN where there are none.
  ///
  /// Complexity: O(n).
  public func mean() -> Tensor { Tensor(value.reduced(.mean)) }

  /// The means over several axes; NaN where there are no elements.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axes exist, and none is given twice.
  public func mean(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    Tensor(value.reduced(.mean, axes: axes, keepingAxes: keepingAxes))
  }

  /// The means along an axis; NaN where there are no elements.
  ///
  /// The axis is removed, or stays with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axis exists.
  public func mean(axis: Int, keepingAxes: Bool = false) -> Tensor {
    mean(axes: [axis], keepingAxes: keepingAxes)
  }

  /// The variance over axes (nil: all): `Σ (x − mean)² / (n − correction)`.
  ///
  /// With the default `correction` 1 it is the unbiased estimate; 0 gives the biased one. The
  /// divisor is at least 0, so that the variance of one element is NaN by default. The axes are
  /// removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n), in two passes, and
  /// in Double for Float where the device has it. Precondition: the axes exist, and none is given
  /// twice.
  public func variance(
    axes: [Int]? = nil, correction: Int = 1, keepingAxes: Bool = false
  ) -> Tensor {
    Tensor(
      value.variance(
        axes: axes, correction: correction, keepingAxes: keepingAxes,
        output: Element.dtype))
  }

  /// The standard deviation over axes (nil: all): the square root of the variance.
  ///
  /// NaN for one element by default. It is right where the variance overflows or underflows. The
  /// gradient is 0 where the result is 0. The axes are removed, or stay with extent 1 if
  /// `keepingAxes` is true. Complexity: O(n), in two passes, or three of Double. Precondition: the
  /// axes exist, and none is given twice.
  public func std(
    axes: [Int]? = nil, correction: Int = 1, keepingAxes: Bool = false
  ) -> Tensor {
    Tensor(value.standardDeviation(axes: axes, correction: correction, keepingAxes: keepingAxes))
  }

  /// The softmax along an axis, `exp(x) / Σ exp(x)`, of the same shape.
  ///
  /// The maximum is subtracted before the exponential, so that nothing overflows. A row with NaN or
  /// +∞, or of −∞ alone, gives NaN. Complexity: O(n). Precondition: the axis exists.
  public func softmax(axis: Int = -1) -> Tensor {
    Tensor(value.softmax(axis: axis, logarithm: false))
  }

  /// The logarithm of the softmax along an axis, `x − log(Σ exp(x))`, of the same shape.
  ///
  /// It does not overflow, and stays finite where the softmax rounds to 0. Complexity: O(n).
  /// Precondition: the axis exists.
  public func logSoftmax(axis: Int = -1) -> Tensor {
    Tensor(value.softmax(axis: axis, logarithm: true))
  }
}
