internal import CKernels

/// Functions of one operand, element by element.
///
/// Each returns a new tensor of the same shape in O(n). The derivatives are the rules of
/// Derivatives.swift.
extension Tensor where Element: NumericElement {
  /// The absolute value, `|x|`.
  ///
  /// The least signed integer stays as it is. The gradient is 0 at 0 and at NaN.
  public func abs() -> Tensor { unary(.abs) }

  /// The sign: −1, 0 or 1, and 0 for NaN.
  ///
  /// The gradient is 0.
  public func sign() -> Tensor { unary(.sign) }

  /// The square, `x²`.
  ///
  /// Integers wrap.
  public func square() -> Tensor { unary(.square) }

  /// The rectified linear unit, `max(x, 0)`.
  ///
  /// NaN stays NaN. The gradient is 0 at 0, and passes through at NaN.
  public func relu() -> Tensor { Tensor(applyPointwise(Functions.of(.relu), value)) }

  fileprivate func unary(_ primitive: Primitive) -> Tensor {
    Tensor(applyPointwise(Functions.of(primitive), value))
  }
}

extension Tensor where Element: FloatingElement {
  /// The largest integer that is not greater than `x`.
  ///
  /// The gradient is 0.
  public func floor() -> Tensor { unary(.floor) }
  /// The smallest integer that is not less than `x`.
  ///
  /// The gradient is 0.
  public func ceil() -> Tensor { unary(.ceil) }
  /// `x` rounded toward zero.
  ///
  /// The gradient is 0.
  public func trunc() -> Tensor { unary(.trunc) }
  /// The nearest integer, ties to even.
  ///
  /// −0.5 gives −0. The gradient is 0.
  public func round() -> Tensor { unary(.round) }
  /// The square root, `√x`, correctly rounded.
  ///
  /// NaN below 0. The gradient is infinite at 0.
  public func sqrt() -> Tensor { unary(.sqrt) }
  /// The reciprocal square root, `1 / √x`.
  public func rsqrt() -> Tensor { unary(.rsqrt) }
  /// The reciprocal, `1 / x`.
  public func reciprocal() -> Tensor { unary(.reciprocal) }
  /// The exponential, `eˣ`.
  ///
  /// Infinite beyond the range of the type.
  public func exp() -> Tensor { unary(.exp) }
  /// The exponential with base 2, `2ˣ`.
  ///
  /// Infinite beyond the range of the type.
  public func exp2() -> Tensor { unary(.exp2) }
  /// `exp(x) − 1`, accurate for `x` near 0.
  public func expm1() -> Tensor { unary(.expm1) }
  /// The natural logarithm: −∞ at 0, NaN below.
  ///
  /// The gradient is `1 / x`, also below 0.
  public func log() -> Tensor { unary(.log) }
  /// The logarithm with base 2: −∞ at 0, NaN below.
  public func log2() -> Tensor { unary(.log2) }
  /// The logarithm with base 10: −∞ at 0, NaN below.
  public func log10() -> Tensor { unary(.log10) }
  /// `log(1 + x)`, accurate for `x` near 0.
  public func log1p() -> Tensor { unary(.log1p) }
  /// The sine of an angle in radians; NaN at ±∞.
  public func sin() -> Tensor { unary(.sin) }
  /// The cosine of an angle in radians; NaN at ±∞.
  public func cos() -> Tensor { unary(.cos) }
  /// The tangent of an angle in radians; NaN at ±∞.
  public func tan() -> Tensor { unary(.tan) }
  /// The angle from −π/2 to π/2 whose sine is `x`; NaN where `|x| > 1`.
  public func asin() -> Tensor { unary(.asin) }
  /// The angle from 0 to π whose cosine is `x`; NaN where `|x| > 1`.
  public func acos() -> Tensor { unary(.acos) }
  /// The angle from −π/2 to π/2 whose tangent is `x`.
  public func atan() -> Tensor { unary(.atan) }
  /// The hyperbolic sine, `(eˣ − e⁻ˣ) / 2`.
  public func sinh() -> Tensor { unary(.sinh) }
  /// The hyperbolic cosine, `(eˣ + e⁻ˣ) / 2`.
  public func cosh() -> Tensor { unary(.cosh) }
  /// The hyperbolic tangent, `sinh(x) / cosh(x)`; ±1 at ±∞, NaN stays NaN.
  public func tanh() -> Tensor { unary(.tanh) }
  /// The inverse hyperbolic sine.
  public func asinh() -> Tensor { unary(.asinh) }
  /// The inverse hyperbolic cosine, at least 0; NaN below 1.
  public func acosh() -> Tensor { unary(.acosh) }
  /// The inverse hyperbolic tangent: ±∞ at ±1, NaN beyond.
  public func atanh() -> Tensor { unary(.atanh) }
  /// The error function, `2/√π · ∫₀ˣ exp(−t²) dt`.
  public func erf() -> Tensor { unary(.erf) }
  /// The logistic sigmoid, `1 / (1 + exp(−x))`, without overflow.
  public func sigmoid() -> Tensor { unary(.sigmoid) }

  /// The sigmoid linear unit (swish), `x · sigmoid(x)`.
  public func silu() -> Tensor { Pointwise.silu(self) }
  /// `log(1 + exp(x))`, without overflow: `x` itself above 20.
  public func softplus() -> Tensor { Pointwise.softplus(self) }
  /// `log(sigmoid(x))`, without overflow.
  public func logSigmoid() -> Tensor { Pointwise.logSigmoid(self) }
  /// The Gaussian error linear unit, `x · Φ(x)`, by the error function.
  ///
  /// Φ is the cumulative distribution function of the standard normal distribution.
  public func gelu() -> Tensor { Pointwise.gelu(self) }
  /// The tanh approximation of `gelu()`.
  public func geluTanh() -> Tensor { Pointwise.geluTanh(self) }
  /// The softsign, `x / (1 + |x|)`.
  public func softsign() -> Tensor { Pointwise.softsign(self) }
  /// `x` clamped to −1 … 1.
  public func hardtanh() -> Tensor { Pointwise.hardtanh(self) }

  /// `x` above 0, else `slope · x`.
  ///
  /// The gradient is the slope at 0 and at NaN.
  public func leakyRelu(negativeSlope slope: Element = 0.01) -> Tensor {
    Tensor(applyPointwise(Functions.leakyRelu, value, scalar: slope.computeBits))
  }

  /// The exponential linear unit: `x` above 0, else `alpha · (exp(x) − 1)`.
  public func elu(alpha: Element = 1) -> Tensor {
    Tensor(applyPointwise(Functions.elu, value, scalar: alpha.computeBits))
  }

  /// The angle of the point (`x`, `self`) in radians, from −π to π; shapes broadcast.
  ///
  /// The gradient is 0 at the origin.
  public func atan2(_ x: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.atan2, value, x.value))
  }

  /// `√(self² + other²)` without intermediate overflow; shapes broadcast.
  ///
  /// The gradient is NaN where both are 0.
  public func hypot(_ other: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.hypot, value, other.value))
  }

  /// Whether each element is NaN.
  public func isNaN() -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.isNaN, value, output: .bool))
  }

  /// Whether each element is ∞ or −∞.
  public func isInfinite() -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.isInfinite, value, output: .bool))
  }

  /// Whether each element is neither NaN nor infinite.
  public func isFinite() -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.isFinite, value, output: .bool))
  }
}
