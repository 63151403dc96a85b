/// The activation functions, as formulas.
///
/// Ties and NaN follow docs/numerics.md: relu′(0) = 0, relu′(NaN) = 1, leakyRelu′(0) is the slope.
extension Pointwise {
  // Products in which one factor vanishes faster than the other grows are `timesNoNaN`: at −∞ the
  // sigmoid is 0, and so is −∞ · 0, in values as in derivatives.

  /// The rectified linear unit, `max(x, 0)`; NaN stays NaN.
  public static let relu = Pointwise("relu") { x in x.relu() }

  /// The sigmoid linear unit (swish), `x · sigmoid(x)`.
  public static let silu = Pointwise("silu") { x in x.timesNoNaN(x.sigmoid()) }

  /// `log(1 + exp(x))`, without overflow: `x` itself above 20.
  public static let softplus = Pointwise("softplus") { x in
    .select(x .> 20, x, x.exp().log1p())
  }

  /// `log(sigmoid(x))` without overflow: `x − log1p(exp(x))` below 0, else `−log1p(exp(−x))`.
  public static let logSigmoid = Pointwise("logSigmoid") { x in x.logSigmoid() }

  /// The Gaussian error linear unit, `x · Φ(x)`, by the complementary error function, which keeps
  /// the digits of a small Φ: `gelu(−10)` is −7.6e-23.
  public static let gelu = Pointwise("gelu") { x in
    (0.5 * x).timesNoNaN((x * -0.707106781186547524401).erfc())
  }

  /// The tanh approximation of `gelu`: `x · ½(1 + tanh(z))`, computed as `x · sigmoid(2z)`, without
  /// the cancellation in 1 + tanh(z).
  public static let geluTanh = Pointwise("geluTanh") { x in
    let cube = x.timesNoNaN(x.square())
    return x.timesNoNaN((1.59576912160573071176 * (x + 0.044715 * cube)).sigmoid())
  }

  /// The softsign, `x / (1 + |x|)`.
  ///
  /// Beyond ±1 it is computed as ±(1 − 1 / (1 + |x|)), whose derivative is no difference of numbers
  /// that are nearly equal.
  public static let softsign = Pointwise("softsign") { x in
    .select(
      x.abs() .<= 1, x / (1 + x.abs()),
      .select(x .< 0, (1 - x).reciprocal() - 1, 1 - (1 + x).reciprocal()))
  }

  /// `x` clamped to −1 … 1.
  public static let hardtanh = Pointwise("hardtanh") { x in
    .select(x .<= -1, -1, .select(x .>= 1, 1, x))
  }
}

extension Functions {
  /// `x` above 0, else `slope · x`; the slope is a scalar.
  static let leakyRelu = PointwiseFunction("leakyRelu", inputs: 1, scalars: 1) {
    Expression.select($0[0] .> 0, $0[0], $0[0] * $0[1])
  }

  /// `x` above 0, else `α · (exp(x) − 1)`; α is a scalar.
  static let elu = PointwiseFunction("elu", inputs: 1, scalars: 1) {
    Expression.select($0[0] .<= 0, $0[1] * $0[0].expm1(), $0[0])
  }
}

extension Pointwise {
  /// `(x − y)²`.
  package static let squaredDifference = Pointwise("squaredDifference") { x, y in
    (x - y).square()
  }
}

extension Expression {
  /// `log(sigmoid(self))` without overflow: `x − log1p(exp(x))` below 0, else `−log1p(exp(−x))`.
  package func logSigmoid() -> Expression {
    let rest = Expression.select(self .< 0, self, -self).exp().log1p()
    return .select(self .< 0, self - rest, -rest)
  }
}
