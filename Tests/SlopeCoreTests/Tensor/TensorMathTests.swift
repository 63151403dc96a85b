import Glibc
import Testing

@testable import SlopeCore

private struct Case: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let method: @Sendable (Tensor<Double>) -> Tensor<Double>
  let expected: @Sendable (Double) -> Double
  let points: [Double]

  init(
    _ name: String, _ method: @escaping @Sendable (Tensor<Double>) -> Tensor<Double>,
    _ expected: @escaping @Sendable (Double) -> Double,
    _ points: [Double] = [-2.7, -1, -0.3, 0.4, 1, 3.3]
  ) {
    (testDescription, self.method, self.expected, self.points) = (name, method, expected, points)
  }
}

private let positive = [0.01, 0.4, 1, 3.3, 700]
private let bounded = [-0.9, -0.3, 0.001, 0.6, 0.99]

private let cases = [
  Case("abs", { $0.abs() }, { Swift.abs($0) }), Case("square", { $0.square() }, { $0 * $0 }),
  Case("relu", { $0.relu() }, { max($0, 0) }), Case("floor", { $0.floor() }, { $0.rounded(.down) }),
  Case("ceil", { $0.ceil() }, { $0.rounded(.up) }),
  Case("trunc", { $0.trunc() }, { $0.rounded(.towardZero) }),
  Case("sign", { $0.sign() }, { $0 < 0 ? -1 : 1 }),
  Case("sqrt", { $0.sqrt() }, { $0.squareRoot() }, positive),
  Case("rsqrt", { $0.rsqrt() }, { 1 / $0.squareRoot() }, positive),
  Case("reciprocal", { $0.reciprocal() }, { 1 / $0 }), Case("exp", { $0.exp() }, { Glibc.exp($0) }),
  Case("exp2", { $0.exp2() }, { Glibc.exp2($0) }),
  Case("expm1", { $0.expm1() }, { Glibc.expm1($0) }, [-1e-9, 1e-9, 2]),
  Case("log", { $0.log() }, { Glibc.log($0) }, positive),
  Case("log2", { $0.log2() }, { Glibc.log2($0) }, positive),
  Case("log10", { $0.log10() }, { Glibc.log10($0) }, positive),
  Case("log1p", { $0.log1p() }, { Glibc.log1p($0) }, [-1e-9, 1e-9, 2]),
  Case("sin", { $0.sin() }, { Glibc.sin($0) }), Case("cos", { $0.cos() }, { Glibc.cos($0) }),
  Case("tan", { $0.tan() }, { Glibc.tan($0) }),
  Case("asin", { $0.asin() }, { Glibc.asin($0) }, bounded),
  Case("acos", { $0.acos() }, { Glibc.acos($0) }, bounded),
  Case("atan", { $0.atan() }, { Glibc.atan($0) }), Case("sinh", { $0.sinh() }, { Glibc.sinh($0) }),
  Case("cosh", { $0.cosh() }, { Glibc.cosh($0) }), Case("tanh", { $0.tanh() }, { Glibc.tanh($0) }),
  Case("asinh", { $0.asinh() }, { Glibc.asinh($0) }),
  Case("acosh", { $0.acosh() }, { Glibc.acosh($0) }, [1, 1.5, 40]),
  Case("atanh", { $0.atanh() }, { Glibc.atanh($0) }, bounded),
  Case("erf", { $0.erf() }, { Glibc.erf($0) }),
  Case("erfc", { $0.erfc() }, { Glibc.erfc($0) }, [-2.7, 0.4, 3.3, 26]),
  Case("sigmoid", { $0.sigmoid() }, { 1 / (1 + Glibc.exp(-$0)) }),
  Case("silu", { $0.silu() }, { $0 / (1 + Glibc.exp(-$0)) }),
  Case("softplus", { $0.softplus() }, { Glibc.log1p(Glibc.exp($0)) }, [-3, 0, 2, 19.5]),
  Case("logSigmoid", { $0.logSigmoid() }, { -Glibc.log1p(Glibc.exp(-$0)) }),
  // Far below 0 the argument's rounding is more than four units of the result.
  Case(
    "gelu", { $0.gelu() }, { 0.5 * $0 * Glibc.erfc(-$0 / 2.0.squareRoot()) },
    [-1, -0.3, 0.4, 1, 3.3]),
  Case(
    "geluTanh", { $0.geluTanh() },
    // ½(1 + tanh(z)) without its cancellation.
    { $0 / (1 + Glibc.exp(-(8 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }),
  Case("softsign", { $0.softsign() }, { $0 / (1 + Swift.abs($0)) }),
  Case("hardtanh", { $0.hardtanh() }, { min(max($0, -1), 1) }, [-2, -1, -0.5, 0.5, 1, 2]),
  Case("leakyRelu", { $0.leakyRelu() }, { $0 > 0 ? $0 : 0.01 * $0 }),
  Case("leakyRelu(0.5)", { $0.leakyRelu(negativeSlope: 0.5) }, { $0 > 0 ? $0 : 0.5 * $0 }),
  Case("elu", { $0.elu() }, { $0 > 0 ? $0 : Glibc.expm1($0) }),
  Case("elu(2)", { $0.elu(alpha: 2) }, { $0 > 0 ? $0 : 2 * Glibc.expm1($0) }),
  Case("atan2", { $0.atan2(Tensor(-0.5)) }, { Glibc.atan2($0, -0.5) }),
  Case("hypot", { $0.hypot(Tensor(2)) }, { Glibc.hypot($0, 2) }),
]

@Suite struct TensorMathTests {
  @Test(arguments: cases)
  private func agreesWithTheFormula(_ item: Case) {
    let found = item.method(Tensor(item.points)).scalars
    for (point, value) in zip(item.points, found) {
      let expected = item.expected(point)
      #expect(Swift.abs(value - expected) <= 4 * expected.ulp, "at \(point): \(value), \(expected)")
    }
    let single = item.method(Tensor(item.points))
    #expect(single.shape == [item.points.count])
  }

  @Test(arguments: cases.map(\.testDescription).filter { $0 != "sign" })
  func nanStaysNaN(name: String) throws {
    let item = try #require(cases.first { $0.testDescription == name })
    #expect(show(item.method(Tensor([.nan]))) == "[1] nan")
  }

  @Test func edges() {
    func one(_ x: Double, _ method: (Tensor<Double>) -> Tensor<Double>) -> String {
      show(method(Tensor(x)))
    }
    #expect(one(.nan) { $0.sign() } == "[] 0" && one(0) { $0.sign() } == "[] 0")
    #expect(
      one(2.5) { $0.round() } == "[] 2" && one(3.5) { $0.round() } == "[] 4"
        && one(-0.5) { $0.round() } == "[] -0")
    #expect(
      one(-1) { $0.sqrt() } == "[] nan" && one(0) { $0.log() } == "[] -inf"
        && one(-1) { $0.log() } == "[] nan")
    #expect(one(1000) { $0.exp() } == "[] inf" && one(-1000) { $0.exp() } == "[] 0")
    #expect(one(1000) { $0.sigmoid() } == "[] 1" && one(-1000) { $0.sigmoid() } == "[] 0")
    #expect(one(1000) { $0.softplus() } == "[] 1000" && one(20.5) { $0.softplus() } == "[] 20.5")
    #expect(one(20) { $0.softplus() } != "[] 20" && one(-1000) { $0.softplus() } == "[] 0")
    #expect(
      one(1000) { $0.logSigmoid() } == "[] -0" && one(-1000) { $0.logSigmoid() } == "[] -1000")
    #expect(one(.infinity) { $0.tanh() } == "[] 1" && one(1) { $0.atanh() } == "[] inf")
    #expect(one(1e200) { $0.hypot(Tensor(1e200)) } == "[] \(Glibc.hypot(1e200, 1e200))")
    #expect(one(0) { $0.relu() } == "[] 0" && show(Tensor([-3, 4]).relu()) == "[2] 0 4")
    #expect(
      show(Tensor([-3, 0, 4]).sign()) == "[3] -1 0 1"
        && show(Tensor<UInt8>([0, 9]).sign()) == "[2] 0 1")
  }

  @Test func kindsOfNumbers() {
    let x = Tensor<Float>([1, .nan, .infinity, -.infinity])
    #expect(x.isNaN().scalars == [false, true, false, false])
    #expect(x.isInfinite().scalars == [false, false, true, true])
    #expect(x.isFinite().scalars == [true, false, false, false])
    #expect(Tensor<Float16>([.infinity, 65504]).isFinite().scalars == [false, true])
  }
}
