import Glibc
import SlopeCore

/// The primitives, written a second time and independently of the kernels' table.
enum ReferencePrimitives {
  /// Applies a primitive to numbers of a compute type and rounds to it once.
  static func apply(_ name: String, _ operands: [Cell], _ compute: DType) -> Cell {
    let reals = operands.compactMap { if case .real(let value) = $0 { value } else { nil } }
    if compute.isFloating {
      return .real(real(name, reals, compute).rounded(to: compute))
    }
    let integers = operands.compactMap {
      if case .integer(let value) = $0 { value } else { nil }
    }
    if compute == .uint64 {
      let result = unsigned(name, integers.map { UInt64(bitPattern: $0) })
      return .integer(Int64(bitPattern: result))
    }
    return Cell.integer(signed(name, integers, compute)).wrapped(to: compute)
  }

  private static func truth(_ value: Bool) -> Double { value ? 1 : 0 }

  private static func real(_ name: String, _ x: [Double], _ compute: DType) -> Double {
    let a = x[0]
    let b = x.count > 1 ? x[1] : 0
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
    case "rsqrt": return 1 / a.squareRoot()
    case "reciprocal": return 1 / a
    case "square": return a * a
    case "relu": return a.isNaN ? a : a > 0 ? a : 0
    case "exp": return Glibc.exp(a)
    case "exp2": return Glibc.exp2(a)
    case "expm1": return Glibc.expm1(a)
    case "log": return Glibc.log(a)
    case "log2": return Glibc.log2(a)
    case "log10": return Glibc.log10(a)
    case "log1p": return Glibc.log1p(a)
    case "sin": return Glibc.sin(a)
    case "cos": return Glibc.cos(a)
    case "tan": return Glibc.tan(a)
    case "asin": return Glibc.asin(a)
    case "acos": return Glibc.acos(a)
    case "atan": return Glibc.atan(a)
    case "sinh": return Glibc.sinh(a)
    case "cosh": return Glibc.cosh(a)
    case "tanh": return Glibc.tanh(a)
    case "asinh": return Glibc.asinh(a)
    case "acosh": return Glibc.acosh(a)
    case "atanh": return Glibc.atanh(a)
    case "erf": return Glibc.erf(a)
    case "erfc": return Glibc.erfc(a)
    case "erfinv": return Double(SpecialFunctions.erfinv(.init(a)))
    case "lgamma": return Double(SpecialFunctions.lgamma(.init(a)))
    case "digamma": return Double(SpecialFunctions.digamma(.init(a)))
    case "polygamma": return Double(SpecialFunctions.polygamma(.init(a), .init(b)))
    case "mantissa": return a == 0 || !a.isFinite ? a : a.significand / 2 * (a < 0 ? -1 : 1)
    case "exponent": return a == 0 || !a.isFinite ? 0 : Double(a.exponent + 1)
    case "ldexp": return b.isNaN ? b : Glibc.ldexp(a, Int32(max(-5000, min(b, 5000))))
    case "copysign": return Double(signOf: b, magnitudeOf: a)
    case "nextafter": return neighbour(a, toward: b, compute)
    case "sigmoid": return a >= 0 ? 1 / (1 + Glibc.exp(-a)) : Glibc.exp(a) / (1 + Glibc.exp(a))
    case "sigmoidSlope":
      let small = Glibc.exp(-a.magnitude)
      return small / (1 + small) / (1 + small)
    case "isNaN": return truth(a.isNaN)
    case "logicalNot": return truth(a == 0)
    case "multiplyNoNaN":
      return a == 0 && !b.isFinite || !a.isFinite && b == 0 ? 0 : a * b
    case "divideNoNaN":
      return a == 0 && (b == 0 || b.isNaN) || !a.isFinite && b.isInfinite ? 0 : a / b
    case "add": return a + b
    case "subtract": return a - b
    case "multiply": return a * b
    case "divide": return a / b
    case "floorDivide": return floorQuotient(a, b, compute)
    case "truncDivide": return (a / b).rounded(.towardZero)
    case "remainder":
      let residue = Glibc.fmod(a, b)
      return residue != 0 && (residue < 0) != (b < 0) ? residue + b : residue
    case "fmod": return Glibc.fmod(a, b)
    case "power": return Glibc.pow(a, b)
    case "atan2": return Glibc.atan2(a, b)
    case "hypot": return Glibc.hypot(a, b)
    case "maximum": return a.isNaN ? a : b.isNaN ? b : a >= b ? a : b
    case "minimum": return a.isNaN ? a : b.isNaN ? b : a <= b ? a : b
    case "less": return truth(a < b)
    case "lessOrEqual": return truth(a <= b)
    case "equal": return truth(a == b)
    case "notEqual": return truth(a != b)
    case "logicalAnd": return truth(a != 0 && b != 0)
    case "logicalOr": return truth(a != 0 || b != 0)
    case "select": return a != 0 ? b : x[2]
    default: preconditionFailure("the reference lacks '\(name)' for floating point")
    }
  }

  /// The next number of the type.
  private static func neighbour(_ a: Double, toward b: Double, _ compute: DType) -> Double {
    if a.isNaN || b.isNaN { return .nan }
    if a == b { return b }
    if compute == .float64 { return a < b ? a.nextUp : a.nextDown }
    return Double(a < b ? Float(a).nextUp : Float(a).nextDown)
  }

  /// The quotient toward minus infinity, from the exact remainder; for a type that does not
  /// represent every integer it is rounded step by step, as in PyTorch.
  private static func floorQuotient(_ a: Double, _ b: Double, _ compute: DType) -> Double {
    guard b != 0, a.isFinite, b.isFinite else {
      // An infinite divisor leaves −1 or 0, by the sign of the quotient.
      guard b.isInfinite, a.isFinite else { return a.isInfinite && b != 0 ? .nan : a / b }
      return a == 0 ? a / b : (a < 0) != (b < 0) ? -1 : a / b
    }
    let residue = Glibc.fmod(a, b)
    var quotient = ((a - residue).rounded(to: compute) / b).rounded(to: compute)
    if residue != 0, (residue < 0) != (b < 0) { quotient = (quotient - 1).rounded(to: compute) }
    quotient = quotient.rounded(.toNearestOrEven)
    return quotient == 0 ? Double(signOf: a / b, magnitudeOf: 0) : quotient
  }

  private static func signed(_ name: String, _ x: [Int64], _ compute: DType) -> Int64 {
    let a = x[0]
    let b = x.count > 1 ? x[1] : 0
    let bits = Int64(compute.byteCount * 8)
    func truth(_ value: Bool) -> Int64 { value ? 1 : 0 }
    switch name {
    case "copy", "floor", "ceil", "trunc", "round": return a
    case "negate": return 0 &- a
    case "abs": return a < 0 ? 0 &- a : a
    case "sign": return a.signum()
    case "square": return a &* a
    case "relu": return Swift.max(a, 0)
    case "isNaN": return 0
    case "logicalNot": return truth(a == 0)
    case "bitwiseNot": return ~a
    case "add": return a &+ b
    case "subtract": return a &- b
    case "multiply": return a &* b
    case "divide", "truncDivide": return b == 0 ? 0 : a.dividedReportingOverflow(by: b).partialValue
    case "fmod": return b == 0 || b == -1 ? 0 : a % b
    case "remainder":
      let residue = b == 0 || b == -1 ? 0 : a % b
      return residue != 0 && (residue < 0) != (b < 0) ? residue + b : residue
    case "floorDivide":
      guard b != 0 else { return 0 }
      let (quotient, overflow) = a.quotientAndRemainderIfPossible(by: b)
      return overflow != 0 && (overflow < 0) != (b < 0) ? quotient &- 1 : quotient
    case "power": return power(a, b)
    case "gcd": return Int64(bitPattern: divisor(a.magnitude, b.magnitude))
    case "maximum": return Swift.max(a, b)
    case "minimum": return Swift.min(a, b)
    case "less": return truth(a < b)
    case "lessOrEqual": return truth(a <= b)
    case "equal": return truth(a == b)
    case "notEqual": return truth(a != b)
    case "logicalAnd": return truth(a != 0 && b != 0)
    case "logicalOr": return truth(a != 0 || b != 0)
    case "bitwiseAnd": return a & b
    case "bitwiseOr": return a | b
    case "bitwiseXor": return a ^ b
    case "shiftLeft": return b < 0 || b >= bits ? 0 : a << b
    case "shiftRight": return b < 0 || b >= bits ? (a < 0 ? -1 : 0) : a >> b
    case "select": return a != 0 ? b : x[2]
    default: preconditionFailure("the reference lacks '\(name)' for integers")
    }
  }

  /// `uint64` where its order or quotient differs from that of the same bits as a signed integer.
  private static func unsigned(_ name: String, _ x: [UInt64]) -> UInt64 {
    let a = x[0]
    let b = x.count > 1 ? x[1] : 0
    switch name {
    case "abs", "relu": return a
    case "sign": return a == 0 ? 0 : 1
    case "divide", "truncDivide", "floorDivide": return b == 0 ? 0 : a / b
    case "fmod", "remainder": return b == 0 ? 0 : a % b
    case "maximum": return Swift.max(a, b)
    case "minimum": return Swift.min(a, b)
    case "less": return a < b ? 1 : 0
    case "lessOrEqual": return a <= b ? 1 : 0
    case "shiftLeft": return b >= 64 ? 0 : a << b
    case "shiftRight": return b >= 64 ? 0 : a >> b
    case "power": return wrappingPower(a, b)
    case "gcd": return divisor(a, b)
    default:
      return UInt64(bitPattern: signed(name, x.map { Int64(bitPattern: $0) }, .int64))
    }
  }

  /// The greatest common divisor, by Euclid's algorithm.
  private static func divisor(_ a: UInt64, _ b: UInt64) -> UInt64 { b == 0 ? a : divisor(b, a % b) }

  /// The wrapping power; a negative exponent truncates the fraction.
  private static func power(_ base: Int64, _ exponent: Int64) -> Int64 {
    if exponent < 0 {
      return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0
    }
    return Int64(
      bitPattern: wrappingPower(UInt64(bitPattern: base), UInt64(bitPattern: exponent)))
  }

  /// By halving the exponent: x^(2n) = (x²)^n.
  private static func wrappingPower(_ base: UInt64, _ exponent: UInt64) -> UInt64 {
    if exponent == 0 { return 1 }
    let half = wrappingPower(base &* base, exponent / 2)
    return exponent % 2 == 0 ? half : half &* base
  }
}

extension Int64 {
  /// The quotient and the remainder, wrapping if the quotient does not fit.
  ///
  /// Precondition: the divisor is not 0.
  fileprivate func quotientAndRemainderIfPossible(by divisor: Int64) -> (Int64, Int64) {
    let (quotient, overflow) = dividedReportingOverflow(by: divisor)
    return overflow ? (0 &- self, 0) : (quotient, self % divisor)
  }
}
