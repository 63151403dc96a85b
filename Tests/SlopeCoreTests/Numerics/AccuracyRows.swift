import CKernels
import Glibc
import Testing

@testable import SlopeCore

extension NumericsTests {
  /// Elementary functions of Float over its whole range.
  ///
  /// Double is tested in KernelAccuracyTests, on fewer numbers, with a wider type as the reference.
  @Suite struct AccuracyRows {
    @Test(arguments: accuracyRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let accuracyRows: [NumericsRow] = [
  NumericsRow("elementary functions of one number", inEachForm: true) { device in
    accuracyCases(elementary, on: device)
  },
  NumericsRow("exact operations", inEachForm: true) { device in
    accuracyCases(exact, on: device)
  },
  // OpenCL kernels compute these one by one, others in vectors.
  NumericsRow("circular functions", inEachForm: true) { device in
    accuracyCases(circular, on: device)
  },
  NumericsRow("elementary functions of two numbers", inEachForm: true) { device in
    accuracyCases(ofTwo, on: device)
  },
]

/// A function of Float: as a formula, as a function of Double, and the error that OpenCL 1.2
/// allows, in units in the last place (section 7.4 of its specification).
private struct Elementary: Sendable {
  let name: String
  let allowed: Double
  let formula: @Sendable (Expression, Expression) -> Expression
  let reference: @Sendable (Double, Double) -> Double

  init(
    _ name: String, _ allowed: Double, _ formula: @escaping @Sendable (Expression) -> Expression,
    _ reference: @escaping @Sendable (Double) -> Double
  ) {
    self.init(pair: name, allowed, { x, _ in formula(x) }, { x, _ in reference(x) })
  }

  init(
    pair name: String, _ allowed: Double,
    _ formula: @escaping @Sendable (Expression, Expression) -> Expression,
    _ reference: @escaping @Sendable (Double, Double) -> Double
  ) {
    (self.name, self.allowed, self.formula, self.reference) = (name, allowed, formula, reference)
  }
}

private let elementary: [Elementary] = [
  Elementary("exp", 3, { $0.exp() }, { Glibc.exp($0) }),
  Elementary("exp2", 3, { $0.exp2() }, { Glibc.exp2($0) }),
  Elementary("expm1", 3, { $0.expm1() }, { Glibc.expm1($0) }),
  Elementary("log", 3, { $0.log() }, { Glibc.log($0) }),
  Elementary("log2", 3, { $0.log2() }, { Glibc.log2($0) }),
  Elementary("log10", 3, { $0.log10() }, { Glibc.log10($0) }),
  Elementary("log1p", 2, { $0.log1p() }, { Glibc.log1p($0) }),
  Elementary("asin", 4, { $0.asin() }, { Glibc.asin($0) }),
  Elementary("acos", 4, { $0.acos() }, { Glibc.acos($0) }),
  Elementary("atan", 5, { $0.atan() }, { Glibc.atan($0) }),
  Elementary("sinh", 4, { $0.sinh() }, { Glibc.sinh($0) }),
  Elementary("cosh", 4, { $0.cosh() }, { Glibc.cosh($0) }),
  Elementary("tanh", 5, { $0.tanh() }, { Glibc.tanh($0) }),
  Elementary("asinh", 4, { $0.asinh() }, { Glibc.asinh($0) }),
  Elementary("acosh", 4, { $0.acosh() }, { Glibc.acosh($0) }),
  Elementary("atanh", 5, { $0.atanh() }, { Glibc.atanh($0) }),
  Elementary("erf", 16, { $0.erf() }, { Glibc.erf($0) }),
  Elementary("rsqrt", 2, { $0.rsqrt() }, { 1 / $0.squareRoot() }),
  // The errors of an exponential, a sum and a quotient.
  Elementary("sigmoid", 6, { $0.sigmoid() }, { 1 / (1 + Glibc.exp(-$0)) }),
]

private let circular: [Elementary] = [
  Elementary("sin", 4, { $0.sin() }, { Glibc.sin($0) }),
  Elementary("cos", 4, { $0.cos() }, { Glibc.cos($0) }),
  Elementary("tan", 5, { $0.tan() }, { Glibc.tan($0) }),
]

/// Results that are the nearest number, or exact.
///
/// Double has more than twice the digits of Float, so that its rounded results are those of one
/// rounding.
private let exact: [Elementary] = [
  Elementary(pair: "add", 0, { $0 + $1 }, { $0 + $1 }),
  Elementary(pair: "subtract", 0, { $0 - $1 }, { $0 - $1 }),
  Elementary(pair: "multiply", 0, { $0 * $1 }, { $0 * $1 }),
  Elementary(pair: "divide", 0, { $0 / $1 }, { $0 / $1 }),
  Elementary(pair: "fmod", 0, { .apply(.fmod, $0, $1) }, { Glibc.fmod($0, $1) }),
  Elementary("sqrt", 0, { $0.sqrt() }, { $0.squareRoot() }),
  Elementary("square", 0, { $0.square() }, { $0 * $0 }),
  Elementary("reciprocal", 0, { $0.reciprocal() }, { 1 / $0 }),
]

private let ofTwo: [Elementary] = [
  Elementary(pair: "pow", 16, { $0.pow($1) }, { Glibc.pow($0, $1) }),
  Elementary(pair: "atan2", 6, { .apply(.atan2, $0, $1) }, { Glibc.atan2($0, $1) }),
  Elementary(pair: "hypot", 4, { .apply(.hypot, $0, $1) }, { Glibc.hypot($0, $1) }),
]

/// A million numbers for each function.
private func accuracyCases(_ list: [Elementary], on device: NumericsDevice) -> [NumericsCase] {
  let count = 1 << 20
  let (left, right) = operands(count, subnormals: device.keepsSubnormals)
  let (x, y) = (Tensor(left), Tensor(right))
  return list.map { function in
    let found = Pointwise(function.name, function.formula)(x, y)
    // Exact results are exact everywhere.
    let allowed = device.isCPU ? min(function.allowed, 2) : function.allowed
    var (worst, place) = (0.0, 0)
    found.withScalars { numbers in
      for index in 0..<count {
        let exact = function.reference(Double(left[index]), Double(right[index]))
        let error =
          allowed == 0
          ? (NumericsCase.isSame(numbers[index], Float(exact), within: 0) ? 0 : .infinity)
          : distance(Double(numbers[index]), exact)
        if error > worst { (worst, place) = (error, index) }
      }
    }
    let isNear = worst <= allowed
    return NumericsCase(
      function.name, isNear ? "" : "\(worst) ulp at \(left[place]), \(right[place])", "",
      count: count)
  }
}

/// Numbers of all signs and exponents, uniform in their bits; half of the second operands are
/// small.
private func operands(_ count: Int, subnormals: Bool) -> ([Float], [Float]) {
  func number(_ bits: UInt32) -> Float {
    let number = Float(bitPattern: bits)
    return number.isSubnormal && !subnormals ? 0 : number
  }
  let special: [Float] = [
    0, -0.0, 1, -1, .infinity, -.infinity, .nan, 0.5, 2, 88.72, 88.73, -87.4, -103.9, -104.1, 20,
    0.625, 1 - 0x1p-24, 1 + 0x1p-23, 3.1415927, 1.5707964, 16_777_216, 1e30,
  ]
  let step = UInt32((UInt64(1) << 32) / UInt64(count))
  // All pairs of special numbers first.
  let pairs = UInt32(special.count * special.count)
  let left = (0..<UInt32(count)).map { index in
    index < pairs ? special[Int(index) / special.count] : number(index * step + index % step)
  }
  let right = (0..<UInt32(count)).map { index in
    if index < pairs { return special[Int(index) % special.count] }
    let bits = index &* 2_654_435_761
    return index & 1 == 0 ? number(bits) : Float(Int32(bitPattern: bits)) * 0x1p-28
  }
  return (left, right)
}

/// The error in units in the last place of Float, where infinity follows the greatest number.
private func distance(_ found: Double, _ exact: Double) -> Double {
  if exact.isNaN || found.isNaN { return exact.isNaN && found.isNaN ? 0 : .infinity }
  if found == exact { return found.sign == exact.sign || found != 0 ? 0 : .infinity }
  // Far beyond the greatest number only infinity is right.
  if exact.magnitude > 0x1.00001p128, found.isFinite { return .infinity }
  let unit = DType.float32.unit(of: exact == 0 ? 0x1p-149 : exact)
  let greatest = 0x1p128
  let (a, b) = (min(max(found, -greatest), greatest), min(max(exact, -greatest), greatest))
  return abs(a - b) / min(unit, 0x1p104)
}
