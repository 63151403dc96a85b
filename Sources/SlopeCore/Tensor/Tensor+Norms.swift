/// Norms and other reductions composed of formulas.
///
/// Axes count from the end if negative, and nil means all of them. Reduced axes disappear, or stay
/// with extent 1 if `keepingAxes` is true. Precondition of each: the axes exist, and none is given
/// twice. Complexity of each: O(n).
extension Tensor where Element: FloatingElement {
  /// `log(Σ exp(x))` over axes (nil: all), without overflow; −∞ where there are no elements.
  ///
  /// The maximum is subtracted before the exponential. The axes are removed, or stay with extent 1
  /// if `keepingAxes` is true. Complexity: O(n). Precondition: the axes exist, and none is given
  /// twice.
  public func logSumExp(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    guard !isFailed, let plan = ReducedAxes(.sum, shape, axes: axes) else { return .failed }
    // Of no elements it is the logarithm of 0.
    let top =
      plan.reducedCount == 0
      ? Tensor(Value.full([], Element.dtype, bits: 0, on: value.backend))
      : detached().max(axes: axes ?? Array(0..<rank), keepingAxes: true)
    // Where the maximum is infinite, the difference of two infinities would be NaN.
    let shift = Pointwise.finiteOrZero(top)
    let sums = applyPointwise(
      Functions.shiftedExponential, [value, shift.value], programType: Element.dtype,
      output: Element.dtype.computeType
    ).reduced(.sum, axes: axes, keepingAxes: true)
    let result = Tensor(
      applyPointwise(
        Functions.logarithmPlus, [sums, shift.value], programType: Element.dtype,
        output: Element.dtype))
    if keepingAxes { return result }
    return result.reshaped(to: plan.resultShape(keepingAxes: false))
  }

  /// The p-norm `(Σ |x|ᵖ)^(1/p)` over axes (nil: all).
  ///
  /// `p` is 2 by default; `.infinity` gives the largest magnitude, `-.infinity` the smallest, 0 the
  /// number of elements that differ from 0. The gradient of the 2-norm is 0 where the norm is 0.
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: `p` is not NaN, the axes exist, and none is given twice; the two infinite norms
  /// need elements.
  public func norm(
    _ p: Double = 2, axes: [Int]? = nil, keepingAxes: Bool = false
  ) -> Tensor {
    let all = axes ?? Array(0..<rank)
    switch p {
    case .infinity: return abs().max(axes: all, keepingAxes: keepingAxes)
    case -.infinity: return abs().min(axes: all, keepingAxes: keepingAxes)
    case 0:
      return countNonzero(axes: axes, keepingAxes: keepingAxes).cast(to: Element.self)
    case 1: return abs().sum(axes: all, keepingAxes: keepingAxes)
    case 2:
      let inputs: [1 of Value] = [value]
      let sum = reduced(
        .sum, Functions.of(.square), inputs.span, programType: Element.dtype, nest: shape,
        axes: axes,
        keepingAxes: keepingAxes, output: Element.dtype.computeType, record: true)
      return Tensor(applyPointwise(Functions.norm, sum, output: Element.dtype))
    default:
      guard p.isFinite else { return fail("norm", "p is \(p)") }
      // Powers and their sum may exceed the range of 16-bit floats.
      let wide = Element.dtype.computeType
      let powers = applyPointwise(
        Functions.powerScalar, abs().value, scalar: wide.computeBits(of: p), output: wide)
      let sum = powers.reduced(.sum, axes: axes, keepingAxes: keepingAxes)
      return Tensor(
        applyPointwise(
          Functions.powerScalar, sum, scalar: wide.computeBits(of: 1 / p), output: Element.dtype))
    }
  }

  /// `beta · self + alpha · (left · right)`, where `left · right` is the matrix product.
  ///
  /// The product has the shape of `matmul(left, right)`, to which this tensor is broadcast. With
  /// `beta` 0 this tensor is ignored, even its NaN. Precondition: the operands of the product fit,
  /// and this tensor broadcasts to its shape.
  public func addingProduct(
    _ left: Tensor, _ right: Tensor, beta: Double = 1, alpha: Double = 1
  ) -> Tensor {
    if isFailed { return self }
    let product = matmul(left, right)
    let scaled = alpha == 1 ? product : product * Element(alpha)
    guard broadcastShape(shape, scaled.shape) == scaled.shape || scaled.isFailed else {
      return fail("addmm", "\(shape) does not broadcast to \(scaled.shape)")
    }
    if beta == 0 {
      return requiresGradient ? Tensor.where(.zeros([], on: device), self, scaled) : scaled
    }
    return (beta == 1 ? self : self * Element(beta)) + scaled
  }

  /// The sum over axes (nil: all) of the elements that are not NaN; 0 where there are none.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axes exist, and none is given twice.
  public func nanSum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    Pointwise.zeroForNaN(self).sum(
      axes: axes ?? Array(0..<rank), keepingAxes: keepingAxes)
  }

  /// The mean over axes (nil: all) of the elements that are not NaN; NaN where there are none.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axes exist, and none is given twice.
  public func nanMean(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let axes = axes ?? Array(0..<rank)
    let count = isNaN().logicalNot().sum(axes: axes, keepingAxes: keepingAxes)
    // Sum and count may exceed the range of 16-bit floats.
    let wide = Element.dtype.computeType
    let sum = Pointwise.zeroForNaN(self).value.reduced(
      .sum, axes: axes, keepingAxes: keepingAxes, output: wide)
    return Tensor(
      applyPointwise(Functions.divide, sum, count.value.cast(to: wide), output: Element.dtype))
  }

  /// The largest over axes (nil: all) of the elements that are not NaN; NaN where there are none.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axes exist and have elements, and none is given twice.
  public func nanMax(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let axes = axes ?? Array(0..<rank)
    let found = Pointwise.leastForNaN(self).max(axes: axes, keepingAxes: keepingAxes)
    return found.nanWhereAll(isNaN().all(axes: axes, keepingAxes: keepingAxes))
  }

  /// The smallest over axes (nil: all) of the elements that are not NaN; NaN where there are none.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axes exist and have elements, and none is given twice.
  public func nanMin(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let axes = axes ?? Array(0..<rank)
    let found = Pointwise.greatestForNaN(self).min(
      axes: axes, keepingAxes: keepingAxes)
    return found.nanWhereAll(isNaN().all(axes: axes, keepingAxes: keepingAxes))
  }

  private func nanWhereAll(_ isNone: Tensor<Bool>) -> Tensor {
    maskedFill(isNone, with: Element(Double.nan))
  }
}

extension Functions {
  fileprivate static let shiftedExponential = PointwiseFunction("logSumExp", inputs: 2) {
    ($0[0] - $0[1]).exp()
  }
  fileprivate static let logarithmPlus = PointwiseFunction("logSumExp", inputs: 2) {
    $0[0].log() + $0[1]
  }
}

extension Pointwise {
  fileprivate static let finiteOrZero = Pointwise("logSumExp") { x in
    .select(x.abs() .< Expression(.infinity), x, 0)
  }
  fileprivate static let zeroForNaN = Pointwise("nanSum") { x in .select(x .!= x, 0, x) }
  fileprivate static let leastForNaN = Pointwise("nanMax") { x in
    .select(x .!= x, Expression(-.infinity), x)
  }
  fileprivate static let greatestForNaN = Pointwise("nanMin") { x in
    .select(x .!= x, Expression(.infinity), x)
  }
}
