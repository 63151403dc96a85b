internal import CKernels

/// The pointwise functions that implement the tensor's operators and methods.
///
/// In definitions by `select` the form of the comparison decides which side NaN takes and what
/// happens at a tie; docs/numerics.md has the rules.
enum Functions {
  /// A primitive as a function.
  static func of(_ primitive: Primitive) -> PointwiseFunction {
    primitives[Int(primitive.rawValue)]
  }

  private static let primitives: [PointwiseFunction] =
    (0..<UInt8(slope_primitive_count())).map { row in
      PointwiseFunction(unsafeBitCast(row, to: Primitive.self))
    }

  static let copy = of(.copy)
  static let fill = PointwiseFunction("fill", inputs: 0, scalars: 1) { $0[0] }

  static let add = of(.add)
  static let subtract = of(.subtract)
  static let multiply = of(.multiply)
  static let divide = of(.divide)
  static let multiplyNoNaN = of(.multiplyNoNaN)
  static let negate = of(.negate)

  static let addScalar = PointwiseFunction("add", inputs: 1, scalars: 1) { $0[0] + $0[1] }
  static let subtractScalar = PointwiseFunction("subtract", inputs: 1, scalars: 1) {
    $0[0] - $0[1]
  }
  static let subtractFromScalar = PointwiseFunction("subtract", inputs: 1, scalars: 1) {
    $0[1] - $0[0]
  }
  static let multiplyScalar = PointwiseFunction("multiply", inputs: 1, scalars: 1) {
    $0[0] * $0[1]
  }
  static let divideScalar = PointwiseFunction("divide", inputs: 1, scalars: 1) { $0[0] / $0[1] }
  static let divideIntoScalar = PointwiseFunction("divide", inputs: 1, scalars: 1) {
    $0[1] / $0[0]
  }

  static let less = of(.less)
  static let lessOrEqual = of(.lessOrEqual)
  static let equal = of(.equal)
  static let notEqual = of(.notEqual)
  static let lessThanScalar = PointwiseFunction("less", inputs: 1, scalars: 1) { $0[0] .< $0[1] }
  static let lessOrEqualToScalar = PointwiseFunction("lessOrEqual", inputs: 1, scalars: 1) {
    $0[0] .<= $0[1]
  }
  static let greaterThanScalar = PointwiseFunction("greater", inputs: 1, scalars: 1) {
    $0[0] .> $0[1]
  }
  static let greaterOrEqualToScalar = PointwiseFunction("greaterOrEqual", inputs: 1, scalars: 1) {
    $0[0] .>= $0[1]
  }
  static let equalToScalar = PointwiseFunction("equal", inputs: 1, scalars: 1) { $0[0] .== $0[1] }
  static let notEqualToScalar = PointwiseFunction("notEqual", inputs: 1, scalars: 1) {
    $0[0] .!= $0[1]
  }

  static let select = of(.select)
  static let maximum = of(.maximum)
  static let minimum = of(.minimum)
  /// The larger of the operands that are not NaN.
  static let fmax = PointwiseFunction("fmax", inputs: 2) { operands in
    let (a, b) = (operands[0], operands[1])
    return Expression.select(b .!= b, a, Expression.select(a .!= a, b, .maximum(a, b)))
  }
  /// The smaller of the operands that are not NaN.
  static let fmin = PointwiseFunction("fmin", inputs: 2) { operands in
    let (a, b) = (operands[0], operands[1])
    return Expression.select(b .!= b, a, Expression.select(a .!= a, b, .minimum(a, b)))
  }
  /// The larger of the maximum so far and the next element, where NaN is largest; the next if
  /// equal.
  static let laterMaximum = PointwiseFunction("maximum", inputs: 2) { operands in
    let (before, next) = (operands[0], operands[1])
    return Expression.select(
      next .!= next, next, Expression.select(next .>= before, next, before))
  }
  /// The smaller of the minimum so far and the next element, where NaN is smallest; the next if
  /// equal.
  static let laterMinimum = PointwiseFunction("minimum", inputs: 2) { operands in
    let (before, next) = (operands[0], operands[1])
    return Expression.select(
      next .!= next, next, Expression.select(next .<= before, next, before))
  }
  static let power = of(.power)
  static let powerScalar = PointwiseFunction("power", inputs: 1, scalars: 1) { $0[0].pow($0[1]) }
  /// Limits x to the range between two bounds, which are scalars.
  ///
  /// NaN stays NaN, low > high gives high, and a NaN bound gives NaN; only numbers strictly between
  /// the bounds (or next to a NaN bound) pass on the gradient.
  static let clamp = PointwiseFunction("clamp", inputs: 1, scalars: 2) { operands in
    let (x, low, high) = (operands[0], operands[1], operands[2])
    let outside = Expression.select(x .>= high, high, Expression.select(high .< low, high, low))
    let unordered = Expression.select(
      x .!= x, Expression(.nan),
      Expression.select(low .!= low, x + low, Expression.select(high .!= high, x + high, outside)))
    return Expression.select(
      Expression.apply(.logicalAnd, low .< x, x .< high), x, unordered)
  }

  /// `clamp` with a lower bound only, which is a scalar.
  static let clampFromBelow = PointwiseFunction("clamp", inputs: 1, scalars: 1) { operands in
    let (x, low) = (operands[0], operands[1])
    let outside = Expression.select(low .!= low, x + low, low)
    return Expression.select(
      low .< x, x, Expression.select(x .!= x, Expression(.nan), outside))
  }
  /// `clamp` with an upper bound only, which is a scalar.
  static let clampFromAbove = PointwiseFunction("clamp", inputs: 1, scalars: 1) { operands in
    let (x, high) = (operands[0], operands[1])
    let outside = Expression.select(high .!= high, x + high, high)
    return Expression.select(
      x .< high, x, Expression.select(x .!= x, Expression(.nan), outside))
  }

  static let floorDivide = of(.floorDivide)
  static let truncDivide = of(.truncDivide)
  static let remainder = of(.remainder)
  static let fmod = of(.fmod)
  static let atan2 = of(.atan2)
  static let hypot = of(.hypot)

  static let logicalAnd = of(.logicalAnd)
  static let logicalOr = of(.logicalOr)
  static let logicalXor = PointwiseFunction("logicalXor", inputs: 2) {
    Expression.apply(.logicalNot, $0[0]) .!= Expression.apply(.logicalNot, $0[1])
  }
  static let logicalNot = of(.logicalNot)
  static let bitwiseAnd = of(.bitwiseAnd)
  static let bitwiseOr = of(.bitwiseOr)
  static let bitwiseXor = of(.bitwiseXor)
  static let bitwiseNot = of(.bitwiseNot)
  static let shiftLeft = of(.shiftLeft)
  static let shiftRight = of(.shiftRight)

  static let isNaN = of(.isNaN)
  static let isInfinite = PointwiseFunction("isInfinite", inputs: 1) {
    $0[0].abs() .== Expression(.infinity)
  }
  static let isFinite = PointwiseFunction("isFinite", inputs: 1) {
    $0[0].abs() .< Expression(.infinity)
  }

  /// `(x − y)²`, which a variance sums with the mean as y.
  static let squaredDifference = Pointwise.squaredDifference.function
  static let std = squareRoot("std")
  static let norm = squareRoot("norm")
  /// The square root of a sum of squares; its gradient at 0 is 0 instead of infinite.
  private static func squareRoot(_ name: String) -> PointwiseFunction {
    PointwiseFunction(name, inputs: 1) { operands in
      let isZero = operands[0] .== 0
      return Expression.select(isZero, 0, Expression.select(isZero, 1, operands[0]).sqrt())
    }
  }

  static let first = PointwiseFunction("first", inputs: 2) { $0[0] }
  static let softmaxGradient = PointwiseFunction("softmax′", inputs: 3) {
    ($0[0] - $0[2]).timesNoNaN($0[1])
  }
  static let logSoftmaxGradient = PointwiseFunction("logSoftmax′", inputs: 3) {
    $0[0] - $0[2].timesNoNaN($0[1].exp())
  }
}
