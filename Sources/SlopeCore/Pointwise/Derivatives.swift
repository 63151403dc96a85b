internal import CKernels

/// The derivative of each primitive: what its arguments *receive* when its result `y` receives `g`.
///
/// A rule multiplies g by a partial derivative only where the function has one everywhere that
/// matters; `select` gives `g` to one side and zero to the other, and never multiplies. Ties and
/// NaN follow the rules in docs/numerics.md.
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
    case .divide: return [g / b, -(g * (y / b))]
    case .power: return powerAdjoints(x, b, y, g)
    case .atan2: return quotientAdjoints(x, b, g)
    case .hypot: return [g * (x / y), g * (b / y)]
    case .maximum: return extremumAdjoints(x, b, isFirst: b .< x, isSecond: x .< b, g)
    case .minimum: return extremumAdjoints(x, b, isFirst: x .< b, isSecond: b .< x, g)
    case .fmod: return [g, -(g * .apply(.truncDivide, x, b))]
    case .remainder: return [g, -(g * .apply(.floorDivide, x, b))]
    case .select: return [nil, .select(x, g, 0), .select(x, 0, g)]

    // Smooth functions of one argument: g times the derivative, in terms of y where that is
    // shorter.
    case .sqrt: return [g * (0.5 / y)]
    case .rsqrt: return [g * (-0.5 * (y * y.square()))]
    case .reciprocal: return [g * -(y.square())]
    case .square: return [g * (2 * x)]
    case .exp: return [g * y]
    case .exp2: return [g * (y * Self.ln2)]
    case .expm1: return [g * (y + 1)]
    case .log: return [g * x.reciprocal()]
    case .log2: return [g * (x * Self.ln2).reciprocal()]
    case .log10: return [g * (x * Self.ln10).reciprocal()]
    case .log1p: return [g * (x + 1).reciprocal()]
    case .sin: return [g * x.cos()]
    case .cos: return [g * -(x.sin())]
    case .tan: return [g * (1 + y.square())]
    case .asin: return [g * (1 - x.square()).rsqrt()]
    case .acos: return [g * -((1 - x.square()).rsqrt())]
    case .atan: return [g * (x.square() + 1).reciprocal()]
    case .sinh: return [g * x.cosh()]
    case .cosh: return [g * x.sinh()]
    case .tanh: return [g * (1 - y.square())]
    case .asinh: return [g * (x.square() + 1).rsqrt()]
    case .acosh: return [g * (x.square() - 1).rsqrt()]
    case .atanh: return [g * (1 - x.square()).reciprocal()]
    case .erf: return [g * (Self.twoOverRootPi * (-(x.square())).exp())]
    case .sigmoid: return [g * (y * (1 - y))]

    // Functions with corners or steps, and linear ones.
    case .relu: return [.select(x .<= 0, 0, g)]
    case .copy: return [g]
    case .negate: return [-g]
    // 0 at 0 and at NaN.
    case .abs: return [.select(0 .< x, g, .select(x .< 0, -g, 0))]
    case .floor, .ceil, .trunc, .round, .sign: return [0]
    case .floorDivide, .truncDivide: return [0, 0]
    case .isNaN, .logicalNot, .bitwiseNot: return [nil]
    case .less, .lessOrEqual, .equal, .notEqual, .logicalAnd, .logicalOr, .bitwiseAnd, .bitwiseOr,
      .bitwiseXor, .shiftLeft, .shiftRight:
      return [nil, nil]
    }
  }

  private static let ln2 = Expression(0.693147180559945309417)
  private static let ln10 = Expression(2.30258509299404568402)
  private static let twoOverRootPi = Expression(1.12837916709551257390)

  /// y = xᵖ: x receives g·p·xᵖ⁻¹, but 0 if p = 0; p receives g·y·log x, but 0 if x = 0 and p ≥ 0.
  private func powerAdjoints(_ x: Expression, _ p: Expression, _ y: Expression, _ g: Expression)
    -> [Expression?]
  {
    // The side that is not chosen must have no infinite derivative either: 0 · ∞ is NaN.
    let isConstant = p .== 0
    let lowered = x.pow(.select(isConstant, 1, p) - 1)
    let isFlat = Expression.apply(.logicalAnd, x .== 0, 0 .<= p)
    return [
      .select(isConstant, 0, g * (p * lowered)),
      .select(isFlat, 0, g * (y * .select(isFlat, 1, x).log())),
    ]
  }

  /// atan2(a, b): a receives g·b / (a² + b²), b receives −g·a / (a² + b²); both 0 at the origin.
  private func quotientAdjoints(_ a: Expression, _ b: Expression, _ g: Expression) -> [Expression?]
  {
    let norm = a.square() + b.square()
    let scale = Expression.select(norm .== 0, 0, g / norm)
    return [scale * b, -(scale * a)]
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
