/// Norms and other reductions that are made of formulas.
extension Tensor where E: FloatingElement {
  /// `log(Σ exp(x))` over axes (nil: all), without overflow.
  public func logSumExp(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let top = detached().max(axes: axes ?? Array(0..<rank), keepingDimensions: true)
    if top.isFailed { return top }
    // Where the largest is infinite, the difference of two infinities would be NaN.
    let shift = Pointwise.finiteOrZero(top)
    let sums = Pointwise.shiftedExponential(self, shift).sum(
      axes: axes ?? Array(0..<rank), keepingDimensions: true)
    let result = Pointwise.logarithmPlus(sums, shift)
    guard !keepingDimensions, let plan = ReducedAxes(.sum, shape, axes: axes) else { return result }
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
      return Pointwise.rootOfNorm(
        square().sum(axes: all, keepingDimensions: keepingDimensions))
    default:
      guard p.isFinite else { return fail("norm", "p is \(p)") }
      return abs().pow(E(p)).sum(axes: all, keepingDimensions: keepingDimensions).pow(E(1 / p))
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
    if beta == 0 { return scaled }
    return (beta == 1 ? self : self * E(beta)) + scaled
  }

  /// The sum of the elements that are not NaN, over axes (nil: all).
  public func nanSum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    Pointwise.zeroForNaN(self).sum(
      axes: axes ?? Array(0..<rank), keepingDimensions: keepingDimensions)
  }

  /// The mean of the elements that are not NaN, over axes (nil: all); NaN where there is none.
  public func nanMean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let count = isNaN().logicalNot().sum(
      axes: axes ?? Array(0..<rank), keepingDimensions: keepingDimensions)
    return nanSum(axes: axes, keepingDimensions: keepingDimensions) / count.cast(to: E.self)
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

extension Pointwise {
  fileprivate static let finiteOrZero = Pointwise("logSumExp") { x in
    .select(x.abs() .< Expression(.infinity), x, 0)
  }
  fileprivate static let shiftedExponential = Pointwise("logSumExp") { x, shift in
    (x - shift).exp()
  }
  fileprivate static let logarithmPlus = Pointwise("logSumExp") { sum, shift in sum.log() + shift }
  /// Without the infinite slope at 0.
  fileprivate static let rootOfNorm = Pointwise("norm") { x in
    .select(x .== 0, 0, Expression.select(x .== 0, 1, x).sqrt())
  }
  fileprivate static let zeroForNaN = Pointwise("nanSum") { x in .select(x .!= x, 0, x) }
  fileprivate static let leastForNaN = Pointwise("nanMax") { x in
    .select(x .!= x, Expression(-.infinity), x)
  }
  fileprivate static let greatestForNaN = Pointwise("nanMin") { x in
    .select(x .!= x, Expression(.infinity), x)
  }
}
