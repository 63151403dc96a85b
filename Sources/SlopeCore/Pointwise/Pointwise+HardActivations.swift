/// Activations of straight pieces, and units that shrink.
///
/// The corners have the derivatives of PyTorch 2.15. The side of a `select` that is not taken has an
/// operand at which its derivative is finite.
extension Pointwise {
  /// `x` limited to 0 … 6; the derivative is 0 at both, and at NaN.
  public static let relu6 = Pointwise("relu6") { x in
    .select(x .<= 0, 0, .select(x .>= 6, 6, .select(x .!= x, Expression(.nan), x)))
  }

  /// `(x + 3) / 6` limited to 0 … 1; the derivative is 0 at both bounds, and at NaN.
  public static let hardsigmoid = Pointwise("hardsigmoid") { x in
    .select(
      x .<= -3, 0, .select(x .>= 3, 1, .select(x .!= x, Expression(.nan), (x + 3) / 6)))
  }

  /// `x · hardsigmoid(x)`: 0 below −3, `x` from 3 on.
  public static let hardswish = Pointwise("hardswish") { x in
    let inner = Expression.select(.and(-3 .< x, x .< 3), x, 0)
    return .select(x .<= -3, 0 * x, .select(x .< 3, inner * (inner + 3) / 6, x))
  }

  /// `x − tanh(x)`; for small `x` a series, where both are nearly equal.
  public static let tanhshrink = Pointwise("tanhshrink") { x in
    let isNear = x.abs() .< 0.25
    let near = Expression.select(isNear, x, 0)
    let square = near.square()
    // The terms of tanh from x³ on, highest first, negated.
    let coefficients = hyperbolicTangent(count: 12).dropFirst().reversed()
    let series = coefficients.reduce(Expression(0)) { $0 * square - Expression($1) }
    return .select(isNear, near * square * series, x - x.tanh())
  }

  /// The coefficients of x, x³, x⁵, … in the series of tanh(x).
  ///
  /// By tanh′ = 1 − tanh², whose powers of x give one coefficient after the other.
  private static func hyperbolicTangent(count: Int) -> [Double] {
    var found = [1.0]
    for k in 1..<count {
      let square = (0..<k).reduce(0) { $0 + found[$1] * found[k - 1 - $1] }
      found.append(-square / Double(2 * k + 1))
    }
    return found
  }

  /// The scaled exponential linear unit, `λ · x` above 0, else `λ · α · (exp(x) − 1)`.
  public static let selu = Pointwise("selu") { x in x.selu() }

  /// `x · tanh(softplus(x))`.
  public static let mish = Pointwise("mish") { x in x.mish() }

  /// The first operand times the sigmoid of the second.
  static let gated = Pointwise("glu") { x, gate in x * gate.sigmoid() }

  /// `x` above 0, else `slope · x`.
  static let prelu = Pointwise("prelu") { x, slope in
    // The slope's gradient is 0 where x is positive, and 0 · ∞ would be NaN.
    .select(x .> 0, x, slope * Expression.select(x .> 0, 0, x))
  }
}

extension Expression {
  /// `λ · x` above 0, else `λ · α · (exp(x) − 1)`, with the constants of arXiv:1706.02515.
  package func selu() -> Expression {
    let isLow = self .<= 0
    // The side that is not taken must stay finite: its derivative is multiplied by 0.
    let low = 1.6732632423543772848 * Expression.select(isLow, self, 0).expm1()
    return 1.0507009873554804934 * Expression.select(isLow, low, self)
  }

  /// `x · tanh(log(1 + exp(x)))`.
  package func mish() -> Expression {
    // tanh(log(1 + e)) = ((1 + e)² − 1) ÷ ((1 + e)² + 1), which is 1 long before exp overflows.
    let e = Expression.select(self .> 20, 20, self).exp()
    // At −∞ all factors but the first are 0.
    let square = e.timesNoNaN(e + 2)
    return timesNoNaN(square.timesNoNaN((square + 2).reciprocal()))
  }
}

extension Functions {
  /// `x` without λ from its magnitude, 0 within; λ is a scalar.
  static let softshrink = PointwiseFunction("softshrink", inputs: 1, scalars: 1) { operands in
    let (x, lambda) = (operands[0], operands[1])
    return Expression.select(
      x .> lambda, x - lambda, .select(x .< -lambda, x + lambda, .select(x .!= x, x, 0 * x)))
  }

  /// `x`, but 0 where its magnitude is at most λ, a scalar.
  static let hardshrink = PointwiseFunction("hardshrink", inputs: 1, scalars: 1) { operands in
    let (x, lambda) = (operands[0], operands[1])
    return Expression.select(.and(-lambda .<= x, x .<= lambda), 0, x)
  }

  /// The second scalar where `x` is at most the first, else `x`.
  static let threshold = PointwiseFunction("threshold", inputs: 1, scalars: 2) {
    Expression.select($0[0] .<= $0[1], $0[2], $0[0])
  }

  /// `x` above 0, else `α · (exp(x / α) − 1)`; α is a scalar.
  static let celu = PointwiseFunction("celu", inputs: 1, scalars: 1) { operands in
    let (x, alpha) = (operands[0], operands[1])
    let isLow = x .<= 0
    return Expression.select(
      isLow, alpha * (Expression.select(isLow, x, 0) / alpha).expm1(), x)
  }

  /// `log(1 + exp(βx)) / β`, and `x` where βx is above the threshold; both are scalars.
  static let softplus = PointwiseFunction("softplus", inputs: 1, scalars: 2) { operands in
    let (x, beta, threshold) = (operands[0], operands[1], operands[2])
    let z = beta * x
    let isHigh = z .> threshold
    let soft = -((-Expression.select(isHigh, 0, z)).logSigmoid())
    return Expression.select(isHigh, x, soft / beta)
  }
}
