internal import CKernels

/// Functions of the sign, the exponent and the last bit of a number.
extension Functions {
  static let copysign = of(.copysign)
  static let copysignScalar = PointwiseFunction("copysign", inputs: 1, scalars: 1) {
    $0[0].copysign($0[1])
  }
  static let ldexp = of(.ldexp)
  /// x · 2^e for exponents that need not be integers.
  static let scaledByPower = PointwiseFunction("ldexp", inputs: 2) { $0[0] * $0[1].exp2() }
  static let mantissa = of(.mantissa)
  static let exponent = of(.exponent)
  /// Whether the sign is negative, also of −0 and NaN.
  static let signbit = PointwiseFunction("signbit", inputs: 1) {
    Expression(1).copysign($0[0]) .< 0
  }

  static let nextafter = of(.nextafter)
  /// `nextafter` for 16-bit elements, computed in `Float`.
  ///
  /// The scalars are the bits of the type's significand, the exponent of its least normal numbers
  /// in the form of `mantissa · 2^exponent`, and its greatest number. x ± d rounds to the neighbour
  /// if d is between ½ and 1½ of the distance to it, which for 1¼ · 2^(exponent − bits − 1) holds on
  /// both sides, also at powers of 2 and among the subnormals.
  static let nextafterNarrow = PointwiseFunction("nextafter", inputs: 2, scalars: 3) { operands in
    let (x, target) = (operands[0], operands[1])
    let (bits, least, greatest) = (operands[2], operands[3], operands[4])
    let exponent = Expression.select(
      x .== 0, least, .maximum(.apply(.exponent, x), least))
    let distance = Expression.apply(.ldexp, 1.25, exponent - bits - 1)
    let moved = Expression.select(x .< target, x + distance, x - distance)
    let finite = Expression.select(x.isInfinite, greatest.copysign(x), moved)
    let equal = Expression.select(x .== 0, Expression(0).copysign(target), x)
    return Expression.select(
      x .== target, equal, .select(.or(x .!= x, target .!= target), x + target, finite))
  }

  /// The scalars replace NaN, ∞ and −∞.
  static let nanToNum = PointwiseFunction("nanToNum", inputs: 1, scalars: 3) { operands in
    let x = operands[0]
    return Expression.select(
      x .!= x, operands[1],
      .select(
        x .== Expression(.infinity), operands[2],
        .select(x .== Expression(-.infinity), operands[3], x)))
  }
  static let isPositiveInfinity = PointwiseFunction("isPositiveInfinity", inputs: 1) {
    $0[0] .== Expression(.infinity)
  }
  static let isNegativeInfinity = PointwiseFunction("isNegativeInfinity", inputs: 1) {
    $0[0] .== Expression(-.infinity)
  }

  static let fraction = PointwiseFunction("frac", inputs: 1) { $0[0] - $0[0].trunc() }
  /// Rounded to multiples of 1 / scale, which is a scalar.
  static let roundToFraction = PointwiseFunction("round", inputs: 1, scalars: 1) {
    ($0[0] * $0[1]).round() / $0[1]
  }
  /// Rounded to multiples of a scalar.
  static let roundToMultiple = PointwiseFunction("round", inputs: 1, scalars: 1) {
    ($0[0] / $0[1]).round() * $0[1]
  }
}
