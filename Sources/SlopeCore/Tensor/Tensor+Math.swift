internal import CKernels

/// Functions of one operand, element by element; gradients by the rules of `Derivatives.swift`.
extension Tensor where E: NumericElement {
  /// `|x|`; the smallest integer stays what it is. The gradient is 0 at 0.
  public func abs() -> Tensor { unary(.abs) }

  /// −1, 0 or 1; 0 for NaN.
  public func sign() -> Tensor { unary(.sign) }

  /// `x²`. Integers wrap.
  public func square() -> Tensor { unary(.square) }

  /// `max(x, 0)`; NaN stays NaN. The gradient is 0 at 0.
  public func relu() -> Tensor { Tensor(pointwise(Pointwise.relu.function, value)) }

  fileprivate func unary(_ primitive: Primitive) -> Tensor {
    Tensor(pointwise(UnaryFunctions.table[Int(primitive.rawValue)], value))
  }
}

extension Tensor where E: FloatingElement {
  public func floor() -> Tensor { unary(.floor) }
  public func ceil() -> Tensor { unary(.ceil) }
  public func trunc() -> Tensor { unary(.trunc) }
  /// The nearest whole number, halves to even.
  public func round() -> Tensor { unary(.round) }
  public func sqrt() -> Tensor { unary(.sqrt) }
  /// `1 / √x`.
  public func rsqrt() -> Tensor { unary(.rsqrt) }
  /// `1 / x`.
  public func reciprocal() -> Tensor { unary(.reciprocal) }
  public func exp() -> Tensor { unary(.exp) }
  public func exp2() -> Tensor { unary(.exp2) }
  /// `exp(x) − 1`, accurate for small numbers.
  public func expm1() -> Tensor { unary(.expm1) }
  public func log() -> Tensor { unary(.log) }
  public func log2() -> Tensor { unary(.log2) }
  public func log10() -> Tensor { unary(.log10) }
  /// `log(1 + x)`, accurate for small numbers.
  public func log1p() -> Tensor { unary(.log1p) }
  public func sin() -> Tensor { unary(.sin) }
  public func cos() -> Tensor { unary(.cos) }
  public func tan() -> Tensor { unary(.tan) }
  public func asin() -> Tensor { unary(.asin) }
  public func acos() -> Tensor { unary(.acos) }
  public func atan() -> Tensor { unary(.atan) }
  public func sinh() -> Tensor { unary(.sinh) }
  public func cosh() -> Tensor { unary(.cosh) }
  public func tanh() -> Tensor { unary(.tanh) }
  public func asinh() -> Tensor { unary(.asinh) }
  public func acosh() -> Tensor { unary(.acosh) }
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
  public func leakyRelu(slope: E = 0.01) -> Tensor {
    Tensor(pointwise(Functions.leakyRelu, value, scalar: slope.computeBits))
  }

  /// `x` above 0, else `α · (exp(x) − 1)`.
  public func elu(alpha: E = 1) -> Tensor {
    Tensor(pointwise(Functions.elu, value, scalar: alpha.computeBits))
  }

  /// The angle of the point (`x`, `self`) in radians, from −π to π.
  public func atan2(_ x: Tensor) -> Tensor {
    Tensor(pointwise(Functions.atan2, value, x.value))
  }

  /// `√(self² + other²)` without overflow on the way.
  public func hypot(_ other: Tensor) -> Tensor {
    Tensor(pointwise(Functions.hypot, value, other.value))
  }

  public func isNaN() -> Tensor<Bool> {
    Tensor<Bool>(pointwise(Functions.isNaN, value, output: .bool))
  }
  public func isInfinite() -> Tensor<Bool> {
    Tensor<Bool>(pointwise(Functions.isInfinite, value, output: .bool))
  }
  public func isFinite() -> Tensor<Bool> {
    Tensor<Bool>(pointwise(Functions.isFinite, value, output: .bool))
  }
}

/// One pointwise function for each primitive.
private enum UnaryFunctions {
  static let table: [PointwiseFunction] = (0..<UInt8(slope_primitive_count())).map { raw in
    PointwiseFunction(unsafeBitCast(raw, to: Primitive.self))
  }
}
