import CKernels
import Glibc

@testable import SlopeCore

/// Floating-point operations with exact results, on pairs of special numbers.
///
/// References are computed in Double and rounded, which for types of half its digits is the same as
/// rounding once.
func exactTable<Element: FloatingElement>(_: Element.Type, subnormals: Bool) -> PairTable<Element> {
  let limits = Element.dtype.limits
  var numbers: [Double] = [
    .nan, .infinity, -.infinity, 0, -0.0, 0.5, -0.5, 1.5, -1.5, 2.5, 3.5, 1, -1, 7, -3, 1000,
    0.1, -1.0 / 3, 16_777_215, limits.greatest, -limits.greatest,
  ]
  if subnormals { numbers += [limits.least, -limits.least, 3 * limits.least] }
  var table = PairTable(numbers.map { Element($0) })
  addExactPairs(&table)
  addExactFunctions(&table)
  addChoices(&table)
  return table
}

/// Elementary functions, which may err by what OpenCL allows its devices, and remainders, which may
/// not.
func elementaryTable<Element: FloatingElement>(_: Element.Type) -> PairTable<Element> {
  let numbers: [Double] = [
    .nan, .infinity, -.infinity, 0, -0.0, 0.5, -0.5, 1, -1, 2, -2, 3, 20, 20.5, -20.5, 1000, -1000,
  ]
  var table = PairTable(numbers.map { Element($0) })
  addElementaryFunctions(&table)
  addRemainders(&table)
  return table
}

extension PairTable where Element: FloatingElement {
  fileprivate mutating func pair(
    _ name: String, units: Double = 0,
    _ tensor: @escaping (Tensor<Element>, Tensor<Element>) -> Tensor<Element>,
    _ formula: @escaping (Expression, Expression) -> Expression,
    _ reference: @escaping (Double, Double) -> Double
  ) {
    add(name, units: units, tensor, formula) { Element(reference($0.doubleValue, $1.doubleValue)) }
  }

  fileprivate mutating func one(
    _ name: String, units: Double = 0, _ tensor: @escaping (Tensor<Element>) -> Tensor<Element>,
    _ formula: @escaping (Expression) -> Expression, _ reference: @escaping (Double) -> Double
  ) {
    pair(
      name, units: units, { x, _ in tensor(x) }, { x, _ in formula(x) }, { x, _ in reference(x) })
  }
}

private func addExactPairs<Element: FloatingElement>(_ table: inout PairTable<Element>) {
  table.pair("add", { $0 + $1 }, { $0 + $1 }, { $0 + $1 })
  table.pair("subtract", { $0 - $1 }, { $0 - $1 }, { $0 - $1 })
  table.pair("multiply", { $0 * $1 }, { $0 * $1 }, { $0 * $1 })
  table.pair("divide", { $0 / $1 }, { $0 / $1 }, { $0 / $1 })
}

private func addExactFunctions<Element: FloatingElement>(_ table: inout PairTable<Element>) {
  table.one("negate", { -$0 }, { -$0 }, { -$0 })
  table.one("abs", { $0.abs() }, { $0.abs() }, { $0.magnitude })
  table.one("square", { $0.square() }, { $0.square() }, { $0 * $0 })
  table.one("sign", { $0.sign() }, { $0.sign() }, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 })
  table.one("floor", { $0.floor() }, { $0.floor() }, { $0.rounded(.down) })
  table.one("ceil", { $0.ceil() }, { $0.ceil() }, { $0.rounded(.up) })
  table.one("trunc", { $0.trunc() }, { $0.trunc() }, { $0.rounded(.towardZero) })
  table.one("round", { $0.round() }, { $0.round() }, { $0.rounded(.toNearestOrEven) })
  table.one("sqrt", { $0.sqrt() }, { $0.sqrt() }, { $0.squareRoot() })
  table.one("reciprocal", { $0.reciprocal() }, { $0.reciprocal() }, { 1 / $0 })
  table.one("isNaN", { $0.isNaN().cast(to: Element.self) }, { $0 .!= $0 }, { $0.isNaN ? 1 : 0 })
  table.one(
    "isFinite", { $0.isFinite().cast(to: Element.self) }, { $0.abs() .< Expression(.infinity) },
    { $0.isFinite ? 1 : 0 })
}

private func addChoices<Element: FloatingElement>(_ table: inout PairTable<Element>) {
  table.pair(
    "maximum", { maximum($0, $1) }, { .maximum($0, $1) },
    { a, b in a.isNaN || b.isNaN ? .nan : a >= b ? a : b })
  table.pair(
    "minimum", { minimum($0, $1) }, { .minimum($0, $1) },
    { a, b in a.isNaN || b.isNaN ? .nan : a <= b ? a : b })
  table.pair("less", { ($0 .< $1).cast(to: Element.self) }, { $0 .< $1 }, { $0 < $1 ? 1 : 0 })
  table.pair("atMost", { ($0 .<= $1).cast(to: Element.self) }, { $0 .<= $1 }, { $0 <= $1 ? 1 : 0 })
  table.pair("equal", { ($0 .== $1).cast(to: Element.self) }, { $0 .== $1 }, { $0 == $1 ? 1 : 0 })
  table.pair("differ", { ($0 .!= $1).cast(to: Element.self) }, { $0 .!= $1 }, { $0 != $1 ? 1 : 0 })
  table.pair(
    "where", { Tensor.where($0 .< $1, $0, $1) }, { .select($0 .< $1, $0, $1) },
    { $0 < $1 ? $0 : $1 })
  table.one("relu", { $0.relu() }, { .select($0 .<= 0, 0, $0) }, { $0 <= 0 ? 0 : $0 })
  table.one(
    "leakyRelu", { $0.leakyRelu(negativeSlope: 0.25) }, { .select($0 .> 0, $0, 0.25 * $0) },
    { $0 > 0 ? $0 : 0.25 * $0 })
  table.one(
    "clamped", { $0.clamped(min: -1, max: 2) }, { .maximum(.minimum($0, 2), -1) },
    { $0.isNaN ? $0 : min(max($0, -1), 2) })
  table.one(
    "crossed bounds", { $0.clamped(min: 2, max: -1) }, { .minimum(.maximum($0, 2), -1) },
    { $0.isNaN ? $0 : -1 })
}

private func addElementaryFunctions<Element: FloatingElement>(_ table: inout PairTable<Element>) {
  table.pair("pow", units: 16, { $0.pow($1) }, { $0.pow($1) }, { Glibc.pow($0, $1) })
  table.pair(
    "atan2", units: 6, { $0.atan2($1) }, { .apply(.atan2, $0, $1) }, { Glibc.atan2($0, $1) })
  table.pair(
    "hypot", units: 4, { $0.hypot($1) }, { .apply(.hypot, $0, $1) }, { Glibc.hypot($0, $1) })
  table.one("rsqrt", units: 2, { $0.rsqrt() }, { $0.rsqrt() }, { 1 / $0.squareRoot() })
  table.one("exp", units: 3, { $0.exp() }, { $0.exp() }, { Glibc.exp($0) })
  table.one("exp2", units: 3, { $0.exp2() }, { $0.exp2() }, { Glibc.exp2($0) })
  table.one("expm1", units: 3, { $0.expm1() }, { $0.expm1() }, { Glibc.expm1($0) })
  table.one("log", units: 3, { $0.log() }, { $0.log() }, { Glibc.log($0) })
  table.one("log2", units: 3, { $0.log2() }, { $0.log2() }, { Glibc.log2($0) })
  table.one("log10", units: 3, { $0.log10() }, { $0.log10() }, { Glibc.log10($0) })
  table.one("log1p", units: 2, { $0.log1p() }, { $0.log1p() }, { Glibc.log1p($0) })
  table.one("tanh", units: 5, { $0.tanh() }, { $0.tanh() }, { Glibc.tanh($0) })
  table.one("erf", units: 16, { $0.erf() }, { $0.erf() }, { Glibc.erf($0) })
  table.one("erfc", units: 16, { $0.erfc() }, { $0.erfc() }, { Glibc.erfc($0) })
  table.one("sin", units: 4, { $0.sin() }, { $0.sin() }, { Glibc.sin($0) })
  table.one("cos", units: 4, { $0.cos() }, { $0.cos() }, { Glibc.cos($0) })
  table.one("tan", units: 5, { $0.tan() }, { $0.tan() }, { Glibc.tan($0) })
  table.one("sinh", units: 4, { $0.sinh() }, { $0.sinh() }, { Glibc.sinh($0) })
  table.one("cosh", units: 4, { $0.cosh() }, { $0.cosh() }, { Glibc.cosh($0) })
  table.one("asinh", units: 4, { $0.asinh() }, { $0.asinh() }, { Glibc.asinh($0) })
  table.one("asin", units: 4, { $0.asin() }, { $0.asin() }, { Glibc.asin($0) })
  table.one("acos", units: 4, { $0.acos() }, { $0.acos() }, { Glibc.acos($0) })
  table.one("atan", units: 5, { $0.atan() }, { $0.atan() }, { Glibc.atan($0) })
  table.one("acosh", units: 4, { $0.acosh() }, { $0.acosh() }, { Glibc.acosh($0) })
  table.one("atanh", units: 5, { $0.atanh() }, { $0.atanh() }, { Glibc.atanh($0) })
  table.one(
    "sigmoid", units: 8, { $0.sigmoid() }, { $0.sigmoid() }, { 1 / (1 + Glibc.exp(-$0)) })
  table.one(
    "softplus", units: 8, { $0.softplus() },
    { .select($0 .> 20, $0, $0.exp().log1p()) }, { $0 > 20 ? $0 : Glibc.log1p(Glibc.exp($0)) })
}

private func addRemainders<Element: FloatingElement>(_ table: inout PairTable<Element>) {
  table.pair("fmod", { $0.fmod($1) }, { .apply(.fmod, $0, $1) }, { Glibc.fmod($0, $1) })
  table.pair(
    "remainder", { $0.remainder($1) }, { .apply(.remainder, $0, $1) }, { remainder($0, $1) })
  table.pair(
    "truncDivide", { $0.truncDivided(by: $1) }, { .apply(.truncDivide, $0, $1) },
    { ($0 / $1).rounded(.towardZero) })
  table.pair(
    "floorDivide", { $0.floorDivided(by: $1) }, { .apply(.floorDivide, $0, $1) },
    { flooredQuotient($0, $1) })
}

/// The remainder with the sign of the divisor.
private func remainder(_ a: Double, _ b: Double) -> Double {
  let rest = Glibc.fmod(a, b)
  return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest
}

/// The floored quotient: NaN for infinity, and 0 or −1 for a number divided by infinity.
private func flooredQuotient(_ a: Double, _ b: Double) -> Double {
  if b == 0 || a.isNaN || b.isNaN { return a / b }
  if a.isInfinite { return .nan }
  return (a / b).isZero && a != 0 && (a < 0) != (b < 0) ? -1 : (a / b).rounded(.down)
}
