/// The activation functions, as formulas.
///
/// Ties and NaN follow docs/numerics.md: relu′(0) = 0, relu′(NaN) = 1, leakyRelu′(0) is the slope.
extension Pointwise {
  // The side of a `select` that is not taken must stay finite: its derivative is multiplied by 0,
  // and 0 · ∞ is NaN. So its operand is 0 there.

  /// The rectified linear unit, `max(x, 0)`; NaN stays NaN.
  public static let relu = Pointwise("relu") { x in x.relu() }

  /// The sigmoid linear unit (swish), `x · sigmoid(x)`.
  public static let silu = Pointwise("silu") { x in x * x.sigmoid() }

  /// `log(1 + exp(x))`, without overflow: `x` itself above 20.
  public static let softplus = Pointwise("softplus") { x in
    .select(x .> 20, x, Expression.select(x .> 20, 0, x).exp().log1p())
  }

  /// `log(sigmoid(x))` without overflow: `x − log1p(exp(x))` below 0, else `−log1p(exp(−x))`.
  public static let logSigmoid = Pointwise("logSigmoid") { x in x.logSigmoid() }

  /// The Gaussian error linear unit, `x · Φ(x)`, by the error function.
  public static let gelu = Pointwise("gelu") { x in
    0.5 * x * (1 + (x * 0.707106781186547524401).erf())
  }

  /// The tanh approximation of `gelu`: `x · ½(1 + tanh(z))`, computed as `x · sigmoid(2z)`, without
  /// the cancellation in 1 + tanh(z).
  public static let geluTanh = Pointwise("geluTanh") { x in
    x * (1.59576912160573071176 * (x + 0.044715 * (x * x * x))).sigmoid()
  }

  /// The softsign, `x / (1 + |x|)`.
  public static let softsign = Pointwise("softsign") { x in x / (1 + x.abs()) }

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
    Expression.select($0[0] .<= 0, $0[1] * Expression.select($0[0] .<= 0, $0[0], 0).expm1(), $0[0])
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
    let (negative, positive) = (
      Expression.select(self .< 0, self, 0), Expression.select(self .< 0, 0, self)
    )
    return .select(self .< 0, self - negative.exp().log1p(), -((-positive).exp().log1p()))
  }
}
