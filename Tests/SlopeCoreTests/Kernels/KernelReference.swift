import CKernels
import Glibc
import TestSupport

#if arch(x86_64)
  /// A format with more digits than Double, to measure its errors.
  typealias WideFloat = Float80
#else
  typealias WideFloat = Double
#endif

/// The primitives, implemented without anything that the kernels use.
enum KernelReference {
  static let primitives: [Primitive] = (0..<UInt8(slope_primitive_count())).compactMap {
    Primitive(rawValue: $0)
  }

  static func name(_ primitive: Primitive) -> String {
    String(cString: slope_primitive_name(primitive))
  }

  static func primitive(_ name: String) -> Primitive {
    primitives.first { KernelReference.name($0) == name } ?? .copy
  }

  /// The result on integers, before wrapping to the type; nil if the primitive has no integer form.
  static func integer(_ name: String, _ a: Int128, _ b: Int128, _ c: Int128, bitCount: Int)
    -> Int128?
  {
    let inWidth = b >= 0 && b < bitCount
    switch name {
    case "copy", "floor", "ceil", "trunc", "round": return a
    case "negate": return -a
    case "abs": return a < 0 ? -a : a
    case "sign": return a.signum()
    case "square": return a &* a
    case "relu": return max(a, 0)
    case "isNaN": return 0
    case "logicalNot": return a == 0 ? 1 : 0
    case "bitwiseNot": return ~a
    case "add": return a + b
    case "subtract": return a - b
    case "multiply": return a &* b
    case "divide", "truncDivide": return b == 0 ? 0 : a / b
    case "fmod": return b == 0 ? 0 : a % b
    case "floorDivide":
      if b == 0 { return 0 }
      return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0)
    case "remainder":
      if b == 0 { return 0 }
      return a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0)
    case "power": return power(a, b)
    case "gcd": return divisor(a.magnitude, b.magnitude)
    case "maximum": return max(a, b)
    case "minimum": return min(a, b)
    case "less": return a < b ? 1 : 0
    case "lessOrEqual": return a <= b ? 1 : 0
    case "equal": return a == b ? 1 : 0
    case "notEqual": return a != b ? 1 : 0
    case "logicalAnd": return a != 0 && b != 0 ? 1 : 0
    case "logicalOr": return a != 0 || b != 0 ? 1 : 0
    case "bitwiseAnd": return a & b
    case "bitwiseOr": return a | b
    case "bitwiseXor": return a ^ b
    case "shiftLeft": return inWidth ? a << b : 0
    case "shiftRight": return inWidth ? a >> b : (a < 0 ? -1 : 0)
    case "select": return a != 0 ? b : c
    default: return nil
    }
  }

  private static func divisor(_ a: UInt128, _ b: UInt128) -> Int128 {
    b == 0 ? Int128(a) : divisor(b, a % b)
  }

  private static func power(_ base: Int128, _ exponent: Int128) -> Int128 {
    if exponent < 0 {
      return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0
    }
    var (result, factor, left) = (UInt64(1), UInt64(truncatingIfNeeded: base), exponent)
    while left > 0 {
      if left % 2 == 1 { result &*= factor }
      factor &*= factor
      left /= 2
    }
    return Int128(result)
  }

  /// The exact result on floats, rounded to `F`; nil if the primitive is not exact or has no float
  /// form.
  static func exact<F: BinaryFloatingPoint>(_ name: String, _ a: F, _ b: F, _ c: F) -> F? {
    switch name {
    case "copy": return a
    case "negate": return -a
    case "abs": return a.magnitude
    case "sign": return a > 0 ? 1 : a < 0 ? -1 : 0
    case "floor": return a.rounded(.down)
    case "ceil": return a.rounded(.up)
    case "trunc": return a.rounded(.towardZero)
    case "round": return a.rounded(.toNearestOrEven)
    case "sqrt": return a.squareRoot()
    case "reciprocal": return 1 / a
    case "square": return a * a
    case "relu": return a.isNaN ? a : a > 0 ? a : 0
    case "isNaN": return a.isNaN ? 1 : 0
    case "logicalNot": return a == 0 ? 1 : 0
    case "add": return a + b
    case "subtract": return a - b
    case "multiply": return a * b
    case "divide": return a / b
    case "multiplyNoNaN":
      if a == 0 { return b.isFinite ? a * b : 0 }
      return b == 0 && !a.isFinite ? 0 : a * b
    case "divideNoNaN":
      if a == 0 { return b == 0 || b.isNaN ? 0 : a / b }
      return b.isInfinite && !a.isFinite ? 0 : a / b
    case "truncDivide": return (a / b).rounded(.towardZero)
    case "fmod": return a.truncatingRemainder(dividingBy: b)
    case "remainder":
      let residue = a.truncatingRemainder(dividingBy: b)
      return residue != 0 && (residue < 0) != (b < 0) ? residue + b : residue
    case "floorDivide": return floorDivide(a, b)
    case "copysign": return F(signOf: b, magnitudeOf: a)
    case "nextafter": return a.isNaN || b.isNaN ? .nan : a == b ? b : a < b ? a.nextUp : a.nextDown
    case "mantissa": return a == 0 || !a.isFinite ? a : F(signOf: a, magnitudeOf: a.significand / 2)
    case "exponent": return a == 0 || !a.isFinite ? 0 : F(Int(a.exponent) + 1)
    case "ldexp":
      if b.isNaN { return .nan }
      let places = Int(max(min(b, 5000), -5000).rounded(.towardZero))
      return scaled(a, places)
    case "maximum": return a.isNaN || b.isNaN ? .nan : a >= b ? a : b
    case "minimum": return a.isNaN || b.isNaN ? .nan : a <= b ? a : b
    case "less": return a < b ? 1 : 0
    case "lessOrEqual": return a <= b ? 1 : 0
    case "equal": return a == b ? 1 : 0
    case "notEqual": return a != b ? 1 : 0
    case "logicalAnd": return a != 0 && b != 0 ? 1 : 0
    case "logicalOr": return a != 0 || b != 0 ? 1 : 0
    case "select": return a != 0 ? b : c
    default: return nil
    }
  }

  /// a · 2^places, rounded once: in a format with a wider range.
  private static func scaled<F: BinaryFloatingPoint>(_ a: F, _ places: Int) -> F {
    if a == 0 || !a.isFinite { return a }
    return F(WideFloat(a) * WideFloat(sign: .plus, exponent: places, significand: 1))
  }

  /// PyTorch's floor_divide.
  private static func floorDivide<F: BinaryFloatingPoint>(_ a: F, _ b: F) -> F {
    if b == 0 { return a / b }
    let residue = a.truncatingRemainder(dividingBy: b)
    var quotient = (a - residue) / b
    if residue != 0, (b < 0) != (residue < 0) { quotient -= 1 }
    if quotient == 0 { return (a / b).sign == .minus ? -.zero : .zero }
    let floored = quotient.rounded(.down)
    return quotient - floored > 0.5 ? floored + 1 : floored
  }

  /// The result of an elementary function, with more digits than are tested.
  static func elementary(_ name: String, _ a: WideFloat, _ b: WideFloat) -> WideFloat? {
    switch name {
    case "rsqrt": return 1 / a.squareRoot()
    case "exp": return exp(a)
    case "exp2": return exp2(a)
    case "expm1": return expm1(a)
    case "log": return log(a)
    case "log2": return log2(a)
    case "log10": return log10(a)
    case "log1p": return log1p(a)
    case "sin": return sin(a)
    case "cos": return cos(a)
    case "tan": return tan(a)
    case "asin": return asin(a)
    case "acos": return acos(a)
    case "atan": return atan(a)
    case "sinh": return sinh(a)
    case "cosh": return cosh(a)
    case "tanh": return tanh(a)
    case "asinh": return asinh(a)
    case "acosh": return acosh(a)
    case "atanh": return atanh(a)
    case "erf": return erf(a)
    case "erfc": return erfc(a)
    case "erfinv": return WideFloat(SpecialFunctions.erfinv(a))
    case "sigmoid": return a >= 0 ? 1 / (1 + exp(-a)) : exp(a) / (1 + exp(a))
    case "sigmoidSlope":
      let small = exp(-a.magnitude)
      return small / (1 + small) / (1 + small)
    case "power": return pow(a, b)
    case "atan2": return atan2(a, b)
    case "hypot": return hypot(a, b)
    default: return nil
    }
  }
}
