import Glibc

/// Norms and standard deviations whose squares need not be representable.
///
/// Squares of Floats and BFloat16s are added in Double (`spreadType`). Where there is nothing wider
/// (Double itself, a device without Double, powers other than 2), magnitudes far from 1 are divided
/// by the largest of their row first. The result is the same function of x whatever the divisor is,
/// so the divisor has no gradient, and the derivatives of the rest are exact to any order.
extension Value {
  /// `(Σ |x|ᵖ)^(1/p)` over axes (nil: all of them), for a finite p other than 0; 0 of zeros.
  ///
  /// Recorded as the pointwise functions and the sum that it is made of; x receives
  /// `g · sign(x) · (|x| / y)^(p − 1)`, and 0 where y is 0.
  func norm(_ p: Double, axes: [Int]?, keepingAxes: Bool) -> Value {
    guard !isFailed, let plan = ReducedAxes(.sum, shape, axes: axes, for: "norm") else {
      return .failed(dtype)
    }
    let wide = p == 2 ? spreadType : dtype.computeType
    if p == 2, holdsSquares {
      let sum = rows(.sum, Functions.of(.square), [self], wide, axes, keepingAxes: keepingAxes)
      return applyPointwise(Functions.norm, sum).cast(to: dtype)
    }
    // Largest magnitudes of positive powers, smallest ones of negative: all terms are at most 1.
    // The derivatives have powers that are lower by one and by two.
    let divisor = self.divisor(
      Functions.of(.abs), [self], wide, plan, p > 0 ? .maximum : .minimum,
      power: p == 2 ? p : p.magnitude + 2, axes)
    let result: Value
    if p == 2 {
      let sum = rows(.sum, Functions.squareOfQuotient, [self, divisor], wide, axes)
      result = applyPointwise(
        Functions.scaledRoot, [sum, divisor], programType: wide, output: dtype)
    } else {
      let powers = applied(Functions.powerOfQuotient, to: self, divisor, p, wide, output: wide)
      let sum = powers.reduced(.sum, axes: axes, keepingAxes: true)
      result = applied(
        p > 0 ? Functions.scaledPower : Functions.scaledInversePower, to: sum, divisor, 1 / p, wide,
        output: dtype)
    }
    return keepingAxes ? result : result.reshaped(to: plan.resultShape(keepingAxes: false))
  }

  /// The square root of the variance over axes (nil: all of them); its gradient is 0 where it is 0.
  ///
  /// `√(Σ (x − mean)² / (n − correction))`, recorded as the functions and sums that it is made of.
  func standardDeviation(axes: [Int]?, correction: Int, keepingAxes: Bool) -> Value {
    guard !isFailed, let plan = ReducedAxes(.sum, shape, axes: axes, for: "std") else {
      return .failed(dtype)
    }
    let wide = spreadType
    if holdsSquares {
      // The variance itself may exceed the range of the element type.
      let variance = self.variance(
        axes: axes, correction: correction, keepingAxes: keepingAxes, output: wide)
      return applyPointwise(Functions.std, variance, output: dtype)
    }
    let center = reduced(.mean, axes: axes, keepingAxes: true, output: wide)
    let divisor = self.divisor(
      Functions.magnitudeOfDifference, [self, center], wide, plan, .maximum, power: 2, axes)
    let sum = rows(.sum, Functions.squareOfScaledDifference, [self, center, divisor], wide, axes)
    let mean = applyPointwise(
      Functions.divideScalar, sum,
      scalar: wide.computeBits(of: plan.degreesOfFreedom(correction: correction)))
    let result = applyPointwise(
      Functions.scaledRoot, [mean, divisor], programType: wide, output: dtype)
    return keepingAxes ? result : result.reshaped(to: plan.resultShape(keepingAxes: false))
  }

  /// These elements, divided by the largest magnitude over the axes where that is far from 1.
  ///
  /// For results that a common factor does not change: the divisor has no gradient.
  func scaledTowardsOne(axes: [Int], _ operation: String) -> Value {
    guard !isFailed, let plan = ReducedAxes(.sum, shape, axes: axes, for: operation) else {
      return .failed(dtype)
    }
    let divisor = self.divisor(
      Functions.of(.abs), [self], dtype, plan, .maximum, power: 2, axes)
    return applyPointwise(Functions.divide, self, divisor)
  }

  /// Whether `spreadType` holds the square of each element.
  private var holdsSquares: Bool {
    spreadType == .float64 ? dtype != .float64 : dtype == .float16
  }

  /// The reduction of a function of several inputs, which keeps its axes unless told otherwise.
  private func rows(
    _ kind: ReductionKind, _ function: PointwiseFunction, _ inputs: [Value], _ wide: DType,
    _ axes: [Int]?, keepingAxes: Bool = true
  ) -> Value {
    SlopeCore.reduced(
      kind, function, inputs.span, programType: wide, nest: shape, axes: axes,
      keepingAxes: keepingAxes, output: wide, record: true)
  }

  /// What each row is divided by, with its axes kept: the extremum of a function, or 1.
  ///
  /// 1 where the power of the extremum and the sum of such powers are far from overflow and
  /// underflow, so that the results on ordinary numbers are those without a divisor; and where the
  /// extremum is 0, infinite or NaN. Not recorded.
  private func divisor(
    _ function: PointwiseFunction, _ inputs: [Value], _ wide: DType, _ plan: ReducedAxes,
    _ kind: ReductionKind, power: Double, _ axes: [Int]?
  ) -> Value {
    if plan.reducedCount == 0 { return .full([], wide, bits: wide.computeBits(of: 1), on: backend) }
    let extremum = rows(kind, function, inputs.map(\.detached), wide, axes)
    let exponent = wide == .float64 ? 900.0 : 90.0
    let bound = exp2(exponent / max(power.magnitude, 1))
    let scalars: [2 of UInt64] = [wide.computeBits(of: 1 / bound), wide.computeBits(of: bound)]
    return applyPointwise(Functions.divisor, extremum, scalars: scalars.span, record: false)
  }

  /// A function of two inputs and a scalar, which broadcast.
  private func applied(
    _ function: PointwiseFunction, to value: Value, _ divisor: Value, _ scalar: Double,
    _ wide: DType, output: DType
  ) -> Value {
    let inputs: [2 of Value] = [value, divisor]
    let scalars: [1 of UInt64] = [wide.computeBits(of: scalar)]
    return applyPointwise(
      function, inputs.span, scalars: scalars.span, programType: wide, shape: value.shape,
      output: output, on: backend, record: true)
  }
}

extension Functions {
  /// An extremum of magnitudes if it is outside two bounds, but neither 0 nor infinite; else 1.
  fileprivate static let divisor = PointwiseFunction("norm", inputs: 1, scalars: 2) { operands in
    let (x, low, high) = (operands[0], operands[1], operands[2])
    let isFar = Expression.apply(
      .logicalOr, Expression.apply(.logicalAnd, 0 .< x, x .< low),
      Expression.apply(.logicalAnd, high .< x, x .< Expression(.infinity)))
    return Expression.select(isFar, x, 1)
  }

  fileprivate static let squareOfQuotient = PointwiseFunction("square", inputs: 2) {
    ($0[0] / $0[1]).square()
  }
  fileprivate static let powerOfQuotient = PointwiseFunction("power", inputs: 2, scalars: 1) {
    ($0[0].abs() / $0[1]).pow($0[2])
  }
  fileprivate static let magnitudeOfDifference = PointwiseFunction("std", inputs: 2) {
    ($0[0] - $0[1]).abs()
  }
  fileprivate static let squareOfScaledDifference = PointwiseFunction("std", inputs: 3) {
    (($0[0] - $0[1]) / $0[2]).square()
  }

  /// The root of a sum times the divisor; 0, with a gradient of 0, where the sum is 0.
  fileprivate static let scaledRoot = PointwiseFunction("norm", inputs: 2) { operands in
    let isZero = operands[0] .== 0
    let root = Expression.select(isZero, 1, operands[0]).sqrt()
    return Expression.select(isZero, 0, root * operands[1])
  }
  /// A power of a sum times the divisor; 0, with a gradient of 0, where the sum is 0.
  fileprivate static let scaledPower = scaledPower(ofNothing: 0)
  /// The same where the exponent is negative: infinite where the sum is 0.
  fileprivate static let scaledInversePower = scaledPower(ofNothing: Expression(.infinity))

  private static func scaledPower(ofNothing result: Expression) -> PointwiseFunction {
    PointwiseFunction("norm", inputs: 2, scalars: 1) { operands in
      let isZero = operands[0] .== 0
      let power = Expression.select(isZero, 1, operands[0]).pow(operands[2])
      return Expression.select(isZero, result, power * operands[1])
    }
  }
}
