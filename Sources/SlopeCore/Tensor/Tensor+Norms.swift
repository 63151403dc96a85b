/// Norms and other reductions that are made of formulas.
extension Tensor where E: FloatingElement {
  /// `log(Σ exp(x))` over axes (nil: all), without overflow.
  public func logSumExp(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    guard !isFailed, let plan = ReducedAxes(.sum, shape, axes: axes) else { return .failed }
    // Of nothing it is the logarithm of 0.
    let top =
      plan.reducedCount == 0
      ? Tensor(Value.full([], E.dtype, bits: 0, on: value.backend))
      : detached().max(axes: axes ?? Array(0..<rank), keepingDimensions: true)
    // Where the largest is infinite, the difference of two infinities would be NaN.
    let shift = Pointwise.finiteOrZero(top)
    let sums = pointwise(
      Functions.shiftedExponential, [value, shift.value], programType: E.dtype,
      output: E.dtype.computeType
    ).reduced(.sum, axes: axes, keepingDimensions: true)
    let result = Tensor(
      pointwise(
        Functions.logarithmPlus, [sums, shift.value], programType: E.dtype, output: E.dtype))
    if keepingDimensions { return result }
    return result.reshaped(to: plan.resultShape(keepingDimensions: false))
  }

  /// The p-norm `(Σ |x|ᵖ)^(1/p)` over axes (nil: all): 2 by default, `.infinity` the largest magnitude,
  /// `-.infinity` the smallest, 0 the number of elements that are not zero.
  public func norm(
    _ p: Double = 2, axes: [Int]? = nil, keepingDimensions: Bool = false
  ) -> Tensor {
    let all = axes ?? Array(0..<rank)
    switch p {
    case .infinity: return abs().max(axes: all, keepingDimensions: keepingDimensions)
    case -.infinity: return abs().min(axes: all, keepingDimensions: keepingDimensions)
    case 0:
      return countNonzero(axes: axes, keepingDimensions: keepingDimensions).cast(to: E.self)
    case 1: return abs().sum(axes: all, keepingDimensions: keepingDimensions)
    case 2:
      let inputs: [1 of Value] = [value]
      let sum = reduced(
        .sum, Functions.square, inputs.span, programType: E.dtype, nest: shape, axes: axes,
        keepingDimensions: keepingDimensions, output: E.dtype.computeType, record: true)
      return Tensor(pointwise(Functions.rootOfNorm, sum, output: E.dtype))
    default:
      guard p.isFinite else { return fail("norm", "p is \(p)") }
      // Powers and their sum may be beyond the range of 16 bits.
      let wide = E.dtype.computeType
      let powers = pointwise(
        Functions.powerScalar, abs().value, scalar: wide.computeBits(of: p), output: wide)
      let sum = powers.reduced(.sum, axes: axes, keepingDimensions: keepingDimensions)
      return Tensor(
        pointwise(
          Functions.powerScalar, sum, scalar: wide.computeBits(of: 1 / p), output: E.dtype))
    }
  }

  /// `beta · self + alpha · (left · right)`; with `beta` 0 this tensor does not count, not even its NaN.
  public func addingProduct(
    _ left: Tensor, _ right: Tensor, beta: Double = 1, alpha: Double = 1
  ) -> Tensor {
    if isFailed { return self }
    let product = matmul(left, right)
    let scaled = alpha == 1 ? product : product * E(alpha)
    guard broadcastShape(shape, scaled.shape) == scaled.shape || scaled.isFailed else {
      return fail("addmm", "\(shape) does not broadcast to \(scaled.shape)")
    }
    if beta == 0 {
      return requiresGradient ? Tensor.where(.zeros([], on: device), self, scaled) : scaled
    }
    return (beta == 1 ? self : self * E(beta)) + scaled
  }

  /// The sum of the elements that are not NaN, over axes (nil: all).
  public func nanSum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    Pointwise.zeroForNaN(self).sum(
      axes: axes ?? Array(0..<rank), keepingDimensions: keepingDimensions)
  }

  /// The mean of the elements that are not NaN, over axes (nil: all); NaN where there is none.
  public func nanMean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let axes = axes ?? Array(0..<rank)
    let count = isNaN().logicalNot().sum(axes: axes, keepingDimensions: keepingDimensions)
    // Both may be beyond the range of 16 bits.
    let wide = E.dtype.computeType
    let sum = Pointwise.zeroForNaN(self).value.reduced(
      .sum, axes: axes, keepingDimensions: keepingDimensions, output: wide)
    return Tensor(
      pointwise(Functions.divide, sum, count.value.cast(to: wide), output: E.dtype))
  }

  /// The largest of the elements that are not NaN; NaN where there is none.
  public func nanMax(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let axes = axes ?? Array(0..<rank)
    let found = Pointwise.leastForNaN(self).max(axes: axes, keepingDimensions: keepingDimensions)
    return found.nanWhereAll(isNaN().all(axes: axes, keepingDimensions: keepingDimensions))
  }

  /// The smallest of the elements that are not NaN; NaN where there is none.
  public func nanMin(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let axes = axes ?? Array(0..<rank)
    let found = Pointwise.greatestForNaN(self).min(
      axes: axes, keepingDimensions: keepingDimensions)
    return found.nanWhereAll(isNaN().all(axes: axes, keepingDimensions: keepingDimensions))
  }

  private func nanWhereAll(_ isNone: Tensor<Bool>) -> Tensor {
    maskedFill(isNone, with: E(Double.nan))
  }
}

extension Functions {
  fileprivate static let shiftedExponential = PointwiseFunction("logSumExp", inputs: 2) {
    ($0[0] - $0[1]).exp()
  }
  fileprivate static let logarithmPlus = PointwiseFunction("logSumExp", inputs: 2) {
    $0[0].log() + $0[1]
  }
  fileprivate static let square = PointwiseFunction(.square)
  /// Without the infinite slope at 0.
  fileprivate static let rootOfNorm = PointwiseFunction("norm", inputs: 1) { operands in
    let isZero = operands[0] .== 0
    return Expression.select(isZero, 0, Expression.select(isZero, 1, operands[0]).sqrt())
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
