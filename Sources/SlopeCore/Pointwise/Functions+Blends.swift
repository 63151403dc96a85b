internal import CKernels

/// Functions of several operands: weighted sums, bounds, divisors.
extension Functions {
  /// x + s·a·b; s is a scalar.
  static let addProduct = PointwiseFunction("addingElementProduct", inputs: 3, scalars: 1) {
    $0[0] + $0[3] * $0[1] * $0[2]
  }
  /// x + s·a/b; s is a scalar.
  static let addQuotient = PointwiseFunction("addingElementQuotient", inputs: 3, scalars: 1) {
    $0[0] + $0[3] * $0[1] / $0[2]
  }

  static let interpolate = PointwiseFunction("interpolated", inputs: 3) {
    interpolation($0[0], $0[1], $0[2])
  }
  static let interpolateScalar = PointwiseFunction("interpolated", inputs: 2, scalars: 1) {
    interpolation($0[0], $0[1], $0[2])
  }

  /// a + w(b − a), but b − (b − a)(1 − w) from w = ½ on, so that w = 1 gives b exactly.
  private static func interpolation(_ a: Expression, _ b: Expression, _ w: Expression) -> Expression
  {
    let isLow = w.abs() .< 0.5
    return .select(isLow, a, b) + (b - a) * Expression.select(isLow, w, w - 1)
  }

  /// 0 below 0 and for NaN, 1 above, and the second operand at 0.
  static let heaviside = PointwiseFunction("heaviside", inputs: 2) {
    Expression.select($0[0] .== 0, $0[1], 0 .< $0[0])
  }

  /// Limits x to bounds that are tensors.
  ///
  /// As `clamp` with scalars, but at a bound it and x receive half of the gradient each; below the
  /// lower bound it receives all, above the upper or where that is the lesser one, the upper. NaN is
  /// passed on: x receives the gradient unless it is outside the bound that is a number.
  static let clampToTensors = PointwiseFunction("clamp", inputs: 3) { operands in
    let (x, low, high) = (operands[0], operands[1], operands[2])
    let (isLow, isHigh, isCrossed) = (x .< low, high .< x, high .< low)
    let equal = Expression.select(isLow, low, .select(isHigh, high, x))
    let bounded = Expression.select(low .== high, equal, .minimum(.maximum(x, low), high))
    let nan = Expression(.nan)
    let unordered = Expression.select(.or(isLow, isHigh), nan, x + nan)
    let valid = Expression.select(
      isCrossed, high, .select(.or(low .!= low, high .!= high), unordered, bounded))
    return Expression.select(x .!= x, .select(isCrossed, x + high, x), valid)
  }
  static let clampFromBelowToTensor = PointwiseFunction("clamp", inputs: 2) {
    Expression.maximum($0[0], $0[1])
  }
  static let clampFromAboveToTensor = PointwiseFunction("clamp", inputs: 2) {
    Expression.minimum($0[0], $0[1])
  }

  static let gcd = of(.gcd)
  /// |a / gcd · b|, and 0 if both are 0, since a quotient by 0 is 0.
  static let lcm = PointwiseFunction("lcm", inputs: 2) {
    ($0[0] / Expression.apply(.gcd, $0[0], $0[1]) * $0[1]).abs()
  }

  /// Whether |x − y| ≤ a + |r·y|, or x = y; r and a are scalars.
  static let isClose = PointwiseFunction("isClose", inputs: 2, scalars: 2) {
    closeness($0[0], $0[1], $0[2], $0[3])
  }
  static let isCloseOrBothNaN = PointwiseFunction("isClose", inputs: 2, scalars: 2) {
    Expression.or(.and($0[0] .!= $0[0], $0[1] .!= $0[1]), closeness($0[0], $0[1], $0[2], $0[3]))
  }

  private static func closeness(
    _ x: Expression, _ y: Expression, _ relative: Expression, _ absolute: Expression
  ) -> Expression {
    let distance = (x - y).abs()
    let isNear = Expression.and(
      distance .<= absolute + (relative * y).abs(), distance .< Expression(.infinity))
    return .or(x .== y, isNear)
  }

  /// Whether a distance is at most a + |r·y|; r and a are scalars.
  static let isWithin = PointwiseFunction("isClose", inputs: 2, scalars: 2) { operands in
    let (distance, y, relative, absolute) = (operands[0], operands[1], operands[2], operands[3])
    return Expression.and(0 .<= distance, distance .<= absolute + (relative * y).abs())
  }
  /// The distance of integers, negative where it wraps.
  static let distance = PointwiseFunction("isClose", inputs: 2) {
    Expression.maximum($0[0], $0[1]) - .minimum($0[0], $0[1])
  }
}
