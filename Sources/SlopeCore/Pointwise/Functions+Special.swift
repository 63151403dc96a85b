internal import CKernels

/// Special functions that are composed of others.
///
/// The side of a `select` that is not taken gets an operand at which its derivatives are finite,
/// since they are multiplied by 0.
extension Functions {
  static let erfc = of(.erfc)
  static let erfinv = of(.erfinv)
  static let lgamma = of(.lgamma)
  static let digamma = of(.digamma)
  /// The derivative of `digamma` of an order from 1 on, which is a scalar.
  static let polygamma = PointwiseFunction("polygamma", inputs: 1, scalars: 1) {
    Expression.apply(.polygamma, $0[1], $0[0])
  }

  /// `log(eᵃ + eᵇ)` as the larger plus log1p(e⁻ᵈ), where d ≥ 0 is their distance.
  static let logAddExp = PointwiseFunction("logAddExp", inputs: 2) { operands in
    let (larger, distance) = logSum(operands[0], operands[1])
    return larger + (-distance).exp().log1p()
  }
  /// `log₂(2ᵃ + 2ᵇ)`.
  static let logAddExp2 = PointwiseFunction("logAddExp2", inputs: 2) { operands in
    let (larger, distance) = logSum(operands[0], operands[1])
    return larger + (-distance).exp2().log1p() * 1.44269504088896340736
  }

  /// The larger of both and their distance, which is 0 for equal infinities.
  ///
  /// By one comparison, so that both are smooth where a and b meet: of the derivatives of a
  /// maximum and of an absolute value there, the second would be wrong.
  private static func logSum(_ a: Expression, _ b: Expression) -> (Expression, Expression) {
    let isFirst = b .<= a
    let larger = Expression.select(isFirst, a, b)
    let distance = Expression.select(isFirst, a - b, b - a)
    return (larger, .select(.and(a .== b, a.isInfinite), 0, distance))
  }

  /// `x · log(y)`, 0 where x is 0 and y is not NaN.
  static let xlogy = PointwiseFunction("xlogy", inputs: 2) { operands in
    let (x, y) = (operands[0], operands[1])
    let isFlat = Expression.and(x .== 0, .or(y .<= 0, y .== Expression(.infinity)))
    return x * Expression.select(isFlat, 1, y).log()
  }
  /// `x · log(1 + y)`, 0 where x is 0 and y is not NaN.
  static let xlog1py = PointwiseFunction("xlog1py", inputs: 2) { operands in
    let (x, y) = (operands[0], operands[1])
    let isFlat = Expression.and(x .== 0, .or(y .<= -1, y .== Expression(.infinity)))
    return x * Expression.select(isFlat, 0, y).log1p()
  }

  static let logit = PointwiseFunction("logit", inputs: 1) { logOdds($0[0]) }
  /// `logit` of x limited to ε … 1 − ε; ε is a scalar, and the bounds pass the gradient on.
  static let limitedLogit = PointwiseFunction("logit", inputs: 1, scalars: 1) { operands in
    let (x, low, high) = (operands[0], operands[1], 1 - operands[1])
    return logOdds(.select(x .< low, low, .select(high .< x, high, x)))
  }

  /// `log(x / (1 − x))`; near ½, where both logarithms are nearly equal, `2 artanh(2x − 1)`.
  private static func logOdds(_ x: Expression) -> Expression {
    let isNear = Expression.and(0.25 .< x, x .< 0.75)
    let near = Expression.select(isNear, x, 0.5)
    let far = Expression.select(isNear, 0.25, x)
    return .select(isNear, 2 * (2 * near - 1).atanh(), far.log() - (-far).log1p())
  }

  /// `sin(πx) / (πx)`, 1 at 0.
  ///
  /// The sine has the argument π(x − 2n), whose factor is exact, so that the result is accurate for
  /// large x. Below |x| = 0.16 it is a series, since the two parts of the derivative cancel there.
  static let sinc = PointwiseFunction("sinc", inputs: 1) { operands in
    let (x, pi) = (operands[0], Expression(Double.pi))
    let isNear = x.abs() .< 0.16
    let square = (pi * Expression.select(isNear, x, 0)).square()
    // (−1)ᵏ / (2k + 1)!
    let coefficients: [Double] = (0...8).reversed().map { k in
      (1...(2 * k + 1)).reduce(k % 2 == 0 ? 1 : -1) { $0 / Double($1) }
    }
    let series = coefficients.dropFirst().reduce(Expression(coefficients[0])) {
      $0 * square + Expression($1)
    }
    let far = Expression.select(isNear, 1, x)
    let turned = far - 2 * (far * 0.5).round()
    return Expression.select(isNear, series, (pi * turned).sin() / (pi * far))
  }
}
