internal import CKernels

/// The derivative of each primitive: what its arguments *receive* when its result `y` receives `g`.
///
/// A g of exactly 0 gives 0 whatever the partial derivative is, NaN included, since it says that the
/// result was not taken: `where(x > 0, √x, 3x)` has the derivative 3 at 0. So g is multiplied by
/// `timesNoNaN`, and so are the factors of a derivative, whose own derivatives receive 0 then; only the
/// operands of a product keep the rules of floating point.
/// Each partial derivative is right wherever it is a number of the type: none squares what may be
/// large, and none is a difference of what may be equal. Ties and NaN follow docs/numerics.md.
extension Primitive {
  /// What each argument receives; nil for one that has no gradient.
  ///
  /// `arguments` are as many as the primitive's arity; `y` is its result, in which some derivatives
  /// are shorter.
  func adjoints(_ arguments: [Expression], result y: Expression, receiving g: Expression)
    -> [Expression?]
  {
    let x = arguments[0]
    let b = arguments.count > 1 ? arguments[1] : x
    // No `default`: a primitive without a rule must not compile.
    switch self {
    // Two and three arguments.
    case .add: return [g, g]
    case .subtract: return [g, -g]
    case .multiply: return [g * b, g * x]
    case .divide: return [g.dividedNoNaN(by: b), -(g.timesNoNaN(y / b))]
    case .multiplyNoNaN: return [g.timesNoNaN(b), g.timesNoNaN(x)]
    case .divideNoNaN: return [g.dividedNoNaN(by: b), -(g.timesNoNaN(y.dividedNoNaN(by: b)))]
    case .power: return powerAdjoints(x, b, y, g)
    case .atan2: return angleAdjoints(x, b, g)
    case .hypot: return lengthAdjoints(x, b, g)
    case .maximum: return extremumAdjoints(x, b, isFirst: b .< x, isSecond: x .< b, g)
    case .minimum: return extremumAdjoints(x, b, isFirst: x .< b, isSecond: b .< x, g)
    case .fmod: return [g, -(g.timesNoNaN(.apply(.truncDivide, x, b)))]
    case .remainder: return [g, -(g.timesNoNaN(.apply(.floorDivide, x, b)))]
    // PyTorch's rule: 0 at 0, and NaN at infinity.
    case .copysign:
      return [.select(x .== 0, 0, g.timesNoNaN(y / .select(x .== 0, 1, x))), 0]
    case .nextafter: return [.select(x .== b, 0, g), 0]
    // The exponents are integers.
    case .ldexp: return [.apply(.ldexp, g, b), nil]
    case .polygamma: return [nil, g.timesNoNaN(.apply(.polygamma, x + 1, b))]
    case .select: return [nil, .select(x, g, 0), .select(x, 0, g)]

    // Smooth functions of one argument: g times the derivative, in terms of y where that is
    // shorter.
    case .sqrt: return [g.timesNoNaN(0.5 / y)]
    case .rsqrt: return [(-0.5 * g).timesNoNaN(y).timesNoNaN(y).timesNoNaN(y)]
    case .reciprocal: return [-(g.timesNoNaN(y).timesNoNaN(y))]
    case .square: return [2 * g.timesNoNaN(x)]
    case .exp: return [g.timesNoNaN(y)]
    case .exp2: return [g.timesNoNaN(y * Self.ln2)]
    case .expm1: return [g.timesNoNaN(x.exp())]
    case .log: return [g.dividedNoNaN(by: x)]
    case .log2: return [g.dividedNoNaN(by: x) / Self.ln2]
    case .log10: return [g.dividedNoNaN(by: x) / Self.ln10]
    case .log1p: return [g.dividedNoNaN(by: x + 1)]
    case .sin: return [g.timesNoNaN(x.cos())]
    case .cos: return [-(g.timesNoNaN(x.sin()))]
    case .tan: return [g.timesNoNaN(1 + y.square())]
    case .asin: return [g.timesNoNaN((1 - x).timesNoNaN(1 + x).rsqrt())]
    case .acos: return [-(g.timesNoNaN((1 - x).timesNoNaN(1 + x).rsqrt()))]
    case .atan: return arctangentAdjoints(x, g)
    case .sinh: return [g.timesNoNaN(x.cosh())]
    case .cosh: return [g.timesNoNaN(x.sinh())]
    case .tanh: return [4 * g.timesNoNaN(.apply(.sigmoidSlope, 2 * x))]
    case .asinh: return [g.dividedNoNaN(by: .apply(.hypot, x, 1))]
    case .acosh: return [g.timesNoNaN((x - 1).rsqrt().timesNoNaN((x + 1).rsqrt()))]
    case .atanh: return [g.dividedNoNaN(by: (1 - x).timesNoNaN(1 + x))]
    case .erf: return [g.timesNoNaN(Self.twoOverRootPi * (-(x.square())).exp())]
    case .erfc: return [-(g.timesNoNaN(Self.twoOverRootPi * (-(x.square())).exp()))]
    case .erfinv: return [g.timesNoNaN(Self.halfRootPi * y.square().exp())]
    case .lgamma: return [g.timesNoNaN(x.digamma())]
    case .digamma: return [g.timesNoNaN(.apply(.polygamma, 1, x))]
    case .sigmoid: return [g.timesNoNaN(.apply(.sigmoidSlope, x))]
    case .sigmoidSlope: return [-(g.timesNoNaN(y).timesNoNaN((0.5 * x).tanh()))]

    // Functions with corners or steps, and linear ones.
    case .relu: return [.select(x .<= 0, 0, g)]
    case .copy: return [g]
    case .negate: return [-g]
    case .mantissa: return [.apply(.ldexp, g, -.apply(.exponent, x))]
    // 0 at 0 and at NaN.
    case .abs: return [.select(0 .< x, g, .select(x .< 0, -g, 0))]
    case .floor, .ceil, .trunc, .round, .sign: return [0]
    case .floorDivide, .truncDivide: return [0, 0]
    case .isNaN, .exponent, .logicalNot, .bitwiseNot: return [nil]
    case .less, .lessOrEqual, .equal, .notEqual, .logicalAnd, .logicalOr, .bitwiseAnd, .bitwiseOr,
      .bitwiseXor, .shiftLeft, .shiftRight, .gcd:
      return [nil, nil]
    }
  }

  private static let ln2 = Expression(0.693147180559945309417)
  private static let ln10 = Expression(2.30258509299404568402)
  private static let twoOverRootPi = Expression(1.12837916709551257390)
  private static let halfRootPi = Expression(0.88622692545275801365)

  /// y = xᵖ: x receives g·p·xᵖ⁻¹, but 0 if p = 0; p receives g·y·log x, but 0 if x = 0 and p ≥ 0.
  private func powerAdjoints(_ x: Expression, _ p: Expression, _ y: Expression, _ g: Expression)
    -> [Expression?]
  {
    // The side that is not chosen must have no infinite derivative either: 0 · ∞ is NaN.
    let isConstant = p .== 0
    let lowered = x.pow(.select(isConstant, 1, p) - 1)
    let isFlat = Expression.apply(.logicalAnd, x .== 0, 0 .<= p)
    return [
      .select(isConstant, 0, g.timesNoNaN(p.timesNoNaN(lowered))),
      .select(isFlat, 0, g.timesNoNaN(y.timesNoNaN(.select(isFlat, 1, x).log()))),
    ]
  }

  /// atan: x receives g / (1 + x²); beyond 1 from t = 1/x, as g·t² / (1 + t²).
  private func arctangentAdjoints(_ x: Expression, _ g: Expression) -> [Expression?] {
    let isFar = 1 .< x.abs()
    let t = Expression.select(isFar, x.reciprocal(), x)
    let share = g.timesNoNaN((1 + t.square()).reciprocal())
    return [.select(isFar, share.timesNoNaN(t).timesNoNaN(t), share)]
  }

  /// atan2(a, b): a receives g·b / (a² + b²), b receives −g·a / (a² + b²); both 0 at the origin.
  ///
  /// From t, the smaller of a and b by the larger one, m: 1 / (m·(1 + t²)), and t times as much.
  private func angleAdjoints(_ a: Expression, _ b: Expression, _ g: Expression) -> [Expression?] {
    let isSteep = b.abs() .< a.abs()
    let m = Expression.select(isSteep, a, b)
    let t = Expression.select(isSteep, b, a).dividedNoNaN(by: m)
    let isOrigin = m .== 0
    let share = Expression.select(
      isOrigin, 0,
      g.timesNoNaN((1 + t.square()).reciprocal()).dividedNoNaN(by: .select(isOrigin, 1, m)))
    let rest = share.timesNoNaN(t)
    return [.select(isSteep, rest, share), -(.select(isSteep, share, rest))]
  }

  /// hypot(a, b) = r: a receives g·a / r, b receives g·b / r; both 0 at the origin.
  ///
  /// From t, the smaller of a and b by the larger one, m: sign(m) / √(1 + t²), and t times as much.
  private func lengthAdjoints(_ a: Expression, _ b: Expression, _ g: Expression) -> [Expression?] {
    let isSteep = b.abs() .< a.abs()
    let m = Expression.select(isSteep, a, b)
    let isOrigin = m .== 0
    let t = Expression.select(
      isOrigin, 0, .select(isSteep, b, a) / .select(isOrigin, 1, m))
    let cosine = Expression(1).copysign(m) * (1 + t.square()).rsqrt()
    let share = g.timesNoNaN(.select(isOrigin, 0, cosine))
    let rest = share.timesNoNaN(t)
    return [.select(isSteep, share, rest), .select(isSteep, rest, share)]
  }

  /// The larger or smaller of two: the chosen one receives g, each receives g / 2 at a tie.
  ///
  /// Both receive g if one is NaN.
  private func extremumAdjoints(
    _ a: Expression, _ b: Expression, isFirst: Expression, isSecond: Expression, _ g: Expression
  ) -> [Expression?] {
    let (isTie, half) = (a .== b, g * 0.5)
    return [
      .select(isTie, half, .select(isSecond, 0, g)), .select(isTie, half, .select(isFirst, 0, g)),
    ]
  }
}
