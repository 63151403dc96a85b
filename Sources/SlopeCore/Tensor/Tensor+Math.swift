internal import CKernels

/// Functions of one operand, element by element; gradients by the rules of `Derivatives.swift`.
extension Tensor where Element: NumericElement {
  /// `|x|`; the smallest integer stays what it is. The gradient is 0 at 0.
  public func abs() -> Tensor { unary(.abs) }

  /// −1, 0 or 1; 0 for NaN.
  public func sign() -> Tensor { unary(.sign) }

  /// `x²`. Integers wrap.
  public func square() -> Tensor { unary(.square) }

  /// `max(x, 0)`; NaN stays NaN. The gradient is 0 at 0.
  public func relu() -> Tensor { Tensor(applyPointwise(Functions.of(.relu), value)) }

  fileprivate func unary(_ primitive: Primitive) -> Tensor {
    Tensor(applyPointwise(Functions.of(primitive), value))
  }
}

extension Tensor where Element: FloatingElement {
  /// The largest whole number not above `x`. The gradient is 0.
  public func floor() -> Tensor { unary(.floor) }
  /// The smallest whole number not below `x`. The gradient is 0.
  public func ceil() -> Tensor { unary(.ceil) }
  /// The whole part, toward zero. The gradient is 0.
  public func trunc() -> Tensor { unary(.trunc) }
  /// The nearest whole number, halves to even.
  public func round() -> Tensor { unary(.round) }
  /// `√x`, exactly rounded; NaN below 0. The gradient is infinite at 0.
  public func sqrt() -> Tensor { unary(.sqrt) }
  /// `1 / √x`.
  public func rsqrt() -> Tensor { unary(.rsqrt) }
  /// `1 / x`.
  public func reciprocal() -> Tensor { unary(.reciprocal) }
  /// `eˣ`; infinite above the range.
  public func exp() -> Tensor { unary(.exp) }
  /// `2ˣ`; infinite above the range.
  public func exp2() -> Tensor { unary(.exp2) }
  /// `exp(x) − 1`, accurate for small numbers.
  public func expm1() -> Tensor { unary(.expm1) }
  /// The natural logarithm: −∞ at 0, NaN below. The gradient is `1/x` also there.
  public func log() -> Tensor { unary(.log) }
  /// The logarithm to base 2: −∞ at 0, NaN below.
  public func log2() -> Tensor { unary(.log2) }
  /// The logarithm to base 10: −∞ at 0, NaN below.
  public func log10() -> Tensor { unary(.log10) }
  /// `log(1 + x)`, accurate for small numbers.
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
  /// The inverse of `sinh`.
  public func asinh() -> Tensor { unary(.asinh) }
  /// The inverse of `cosh`, not negative; NaN below 1.
  public func acosh() -> Tensor { unary(.acosh) }
  /// The inverse of `tanh`: ±∞ at ±1, NaN beyond.
  public func atanh() -> Tensor { unary(.atanh) }
  /// The error function.
  public func erf() -> Tensor { unary(.erf) }
  /// `1 / (1 + exp(−x))`.
  public func sigmoid() -> Tensor { unary(.sigmoid) }

  /// `x · sigmoid(x)`.
  public func silu() -> Tensor { Pointwise.silu(self) }
  /// `log(1 + exp(x))`; the identity above 20.
  public func softplus() -> Tensor { Pointwise.softplus(self) }
  /// `log(sigmoid(x))`.
  public func logSigmoid() -> Tensor { Pointwise.logSigmoid(self) }
  /// `x · Φ(x)`.
  public func gelu() -> Tensor { Pointwise.gelu(self) }
  /// GELU by the tanh formula.
  public func geluTanh() -> Tensor { Pointwise.geluTanh(self) }
  /// `x / (1 + |x|)`.
  public func softsign() -> Tensor { Pointwise.softsign(self) }
  /// `x` between −1 and 1, else the bound.
  public func hardtanh() -> Tensor { Pointwise.hardtanh(self) }

  /// `x` above 0, else `slope · x`.
  public func leakyRelu(negativeSlope slope: Element = 0.01) -> Tensor {
    Tensor(applyPointwise(Functions.leakyRelu, value, scalar: slope.computeBits))
  }

  /// `x` above 0, else `α · (exp(x) − 1)`.
  public func elu(alpha: Element = 1) -> Tensor {
    Tensor(applyPointwise(Functions.elu, value, scalar: alpha.computeBits))
  }

  /// The angle of the point (`x`, `self`) in radians, from −π to π.
  public func atan2(_ x: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.atan2, value, x.value))
  }

  /// `√(self² + other²)` without overflow on the way.
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
