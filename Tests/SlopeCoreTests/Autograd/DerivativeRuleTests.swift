import Glibc
import Testing

@testable import SlopeCore

private typealias Function = @Sendable (Tensor<Double>) -> Tensor<Double>

/// The first and second derivative of a function at a point.
private func derivatives(_ function: Function, at point: Double) -> (Double, Double) {
  let x = Parameter(Tensor<Double>(point)).tensor
  let y = function(x)
  guard y.requiresGradient, let first = gradients(of: y, withRespectTo: [x], recorded: true)[0]
  else { return (0, 0) }
  guard first.requiresGradient, let second = gradients(of: first, withRespectTo: [x])[0]
  else { return (first.item(), 0) }
  return (first.item(), second.item())
}

private struct Smooth: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let function: Function
  let slope: @Sendable (Double) -> Double
  var points = [-1.7, -0.4, 0.3, 0.9, 2.2]

  init(
    _ name: String, _ function: @escaping Function, _ slope: @escaping @Sendable (Double) -> Double,
    _ points: [Double]? = nil
  ) {
    (testDescription, self.function, self.slope) = (name, function, slope)
    if let points { self.points = points }
  }
}

private let positive = [0.2, 0.9, 3.5]
private let inside = [-0.8, -0.1, 0.6]

private let smooth = [
  Smooth("exp", { $0.exp() }, { exp($0) }), Smooth("exp2", { $0.exp2() }, { exp2($0) * M_LN2 }),
  Smooth("expm1", { $0.expm1() }, { exp($0) }), Smooth("log", { $0.log() }, { 1 / $0 }, positive),
  Smooth("log2", { $0.log2() }, { 1 / ($0 * M_LN2) }, positive),
  Smooth("log10", { $0.log10() }, { 1 / ($0 * M_LN10) }, positive),
  Smooth("log1p", { $0.log1p() }, { 1 / (1 + $0) }, positive),
  Smooth("sin", { $0.sin() }, { cos($0) }),
  Smooth("cos", { $0.cos() }, { -sin($0) }),
  Smooth("tan", { $0.tan() }, { 1 / (cos($0) * cos($0)) }),
  Smooth("asin", { $0.asin() }, { 1 / sqrt(1 - $0 * $0) }, inside),
  Smooth("acos", { $0.acos() }, { -1 / sqrt(1 - $0 * $0) }, inside),
  Smooth("atan", { $0.atan() }, { 1 / (1 + $0 * $0) }), Smooth("sinh", { $0.sinh() }, { cosh($0) }),
  Smooth("cosh", { $0.cosh() }, { sinh($0) }),
  Smooth("tanh", { $0.tanh() }, { 1 - tanh($0) * tanh($0) }),
  Smooth("asinh", { $0.asinh() }, { 1 / sqrt($0 * $0 + 1) }),
  Smooth("acosh", { $0.acosh() }, { 1 / sqrt($0 * $0 - 1) }, [1.5, 4]),
  Smooth("atanh", { $0.atanh() }, { 1 / (1 - $0 * $0) }, inside),
  Smooth("erf", { $0.erf() }, { M_2_SQRTPI * exp(-$0 * $0) }),
  Smooth("erfc", { $0.erfc() }, { -M_2_SQRTPI * exp(-$0 * $0) }),
  Smooth("sigmoid", { $0.sigmoid() }, { 1 / ((1 + exp($0)) * (1 + exp(-$0))) }),
  Smooth("sqrt", { $0.sqrt() }, { 0.5 / sqrt($0) }, positive),
  Smooth("rsqrt", { $0.rsqrt() }, { -0.5 / ($0 * sqrt($0)) }, positive),
  Smooth("reciprocal", { $0.reciprocal() }, { -1 / ($0 * $0) }),
  Smooth("square", { $0.square() }, { 2 * $0 }), Smooth("abs", { $0.abs() }, { $0 < 0 ? -1 : 1 }),
  Smooth("negate", { -$0 }, { _ in -1 }),
  Smooth("divide", { 3 / $0 }, { -3 / ($0 * $0) }), Smooth("divide by", { $0 / 4 }, { _ in 0.25 }),
  Smooth("subtract from", { 3 - $0 }, { _ in -1 }),
  Smooth("quotient", { $0.square() / ($0 + 5) }, { ($0 * $0 + 10 * $0) / (($0 + 5) * ($0 + 5)) }),
  Smooth("power", { $0.pow(2.5) }, { 2.5 * pow($0, 1.5) }, positive),
  Smooth("powers", { Tensor(3).pow($0) }, { pow(3, $0) * log(3) }),
  Smooth("self power", { $0.pow($0) }, { pow($0, $0) * (log($0) + 1) }, positive),
  Smooth("atan2", { $0.atan2(Tensor(-2)) }, { -2 / (4 + $0 * $0) }),
  Smooth("of atan2", { Tensor(-2.0).atan2($0) }, { 2 / (4 + $0 * $0) }),
  Smooth("hypot", { $0.hypot(Tensor(2)) }, { $0 / hypot($0, 2) }),
  Smooth("of hypot", { Tensor(2.0).hypot($0) }, { $0 / hypot($0, 2) }),
  Smooth("remainder", { $0.remainder(Tensor(0.7)) }, { _ in 1 }),
  Smooth("fmod", { $0.fmod(Tensor(0.7)) }, { _ in 1 }),
  Smooth("of remainder", { Tensor(-5.0).remainder($0) }, { -(-5 / $0).rounded(.down) }),
  Smooth("of fmod", { Tensor(-5.0).fmod($0) }, { -(-5 / $0).rounded(.towardZero) }),
  Smooth("maximum", { maximum($0, Tensor(0.5)) }, { $0 > 0.5 ? 1 : 0 }),
  Smooth("minimum", { minimum(Tensor(0.5), $0) }, { $0 < 0.5 ? 1 : 0 }),
  Smooth("of maximum", { maximum(Tensor(0.5), $0) }, { $0 > 0.5 ? 1 : 0 }),
  Smooth("of minimum", { minimum($0, Tensor(0.5)) }, { $0 < 0.5 ? 1 : 0 }),
  Smooth("clamped", { $0.clamped(min: -1, max: 1) }, { Swift.abs($0) < 1 ? 1 : 0 }),
  Smooth("elu", { $0.elu(alpha: 2) }, { $0 > 0 ? 1 : 2 * exp($0) }),
  Smooth("leakyRelu", { $0.leakyRelu(negativeSlope: 0.1) }, { $0 > 0 ? 1 : 0.1 }),
  Smooth("floorDivide", { $0.floorDivided(by: Tensor(0.7)) + $0 }, { _ in 1 }),
  Smooth("truncDivide", { $0.truncDivided(by: Tensor(0.7)) + $0 }, { _ in 1 }),
  Smooth("where", { .where($0 .> 0, $0 * 2, $0 * 3) }, { $0 > 0 ? 2 : 3 }),
]

private let kinks: [(String, Function, Double, Double)] = [
  ("relu at 0", { $0.relu() }, 0, 0), ("relu at NaN", { $0.relu() }, .nan, 1),
  ("abs at 0", { $0.abs() }, 0, 0),
  ("abs at NaN", { $0.abs() }, .nan, 0),
  ("leakyRelu at 0", { $0.leakyRelu(negativeSlope: 0.25) }, 0, 0.25),
  ("leakyRelu at NaN", { $0.leakyRelu(negativeSlope: 0.25) }, .nan, 0.25),
  ("sqrt at 0", { $0.sqrt() }, 0, .infinity),
  ("log below 0", { $0.log() }, -2, -0.5), ("sign", { $0.sign() }, 3, 0),
  ("floor", { $0.floor() }, 1.5, 0), ("ceil", { $0.ceil() }, 1.5, 0),
  ("trunc", { $0.trunc() }, 1.5, 0), ("round", { $0.round() }, 1.5, 0),
  ("low bound", { $0.clamped(min: -1, max: 1) }, -1, 0),
  ("high bound", { $0.clamped(min: -1, max: 1) }, 1, 0),
  ("between", { $0.clamped(min: -1, max: 1) }, 0.5, 1),
  ("clamp at NaN", { $0.clamped(min: -1, max: 1) }, .nan, 0),
  ("bound from below", { $0.clamped(min: -1) }, -1, 0),
  ("below it", { $0.clamped(min: -1) }, -2, 0),
  ("above it", { $0.clamped(min: -1) }, .infinity, 1),
  ("NaN from below", { $0.clamped(min: -1) }, .nan, 0),
  ("NaN bound from below", { $0.clamped(min: .nan) }, 0.5, 1),
  ("bound from above", { $0.clamped(max: 1) }, 1, 0), ("over it", { $0.clamped(max: 1) }, 2, 0),
  ("under it", { $0.clamped(max: 1) }, -.infinity, 1),
  ("NaN from above", { $0.clamped(max: 1) }, .nan, 0),
  ("NaN bound from above", { $0.clamped(max: .nan) }, 0.5, 1),
  ("elu at NaN", { $0.elu() }, .nan, 1), ("elu at 0", { $0.elu(alpha: 0.5) }, 0, 0.5),
  ("rsqrt at −0", { $0.rsqrt() }, -0.0, .infinity), ("rsqrt at 0", { $0.rsqrt() }, 0, -.infinity),
  ("crossed bounds", { $0.clamped(min: 1, max: -1) }, 0, 0),
  ("low NaN bound", { $0.clamped(min: .nan, max: 1) }, 0.5, 1),
  ("high NaN bound", { $0.clamped(min: -1, max: .nan) }, 0.5, 1),
  ("hardtanh bounds", { $0.hardtanh() }, 1, 0), ("hardtanh low bound", { $0.hardtanh() }, -1, 0),
  ("exponent 0", { $0.pow(Tensor(0)) }, 0, 0), ("exponent 0 at NaN", { $0.pow(0) }, .nan, 0),
  ("base 0", { Tensor(0).pow($0) }, 2, 0), ("0⁰", { Tensor(0).pow($0) }, 0, 0),
  ("base 0, exponent −1", { Tensor(0).pow($0) }, -1, -.infinity),
  ("0⁻¹", { $0.pow(-1) }, 0, -.infinity), ("0²", { $0.pow(2) }, 0, 0), ("0¹", { $0.pow(1) }, 0, 1),
  ("hypot", { $0.hypot(Tensor(0)) }, 0, 0), ("atan2", { $0.atan2(Tensor(0)) }, 0, 0),
  ("of atan2", { Tensor(0.0).atan2($0) }, 0, 0),
  ("fmax tie", { fmax($0, Tensor(1)) }, 1, 0.5), ("fmin tie", { fmin(Tensor(1), $0) }, 1, 0.5),
  ("fmax of NaN", { fmax($0, Tensor(1)) }, .nan, 0),
  ("fmax beside NaN", { fmax($0, Tensor(.nan)) }, 1, 1),
  ("fmin of NaN", { fmin(Tensor(1), $0) }, .nan, 0),
  ("fmin beside NaN", { fmin(Tensor(.nan), $0) }, 1, 1),
  ("tie", { maximum($0, Tensor(1)) }, 1, 0.5),
  ("tie on the right", { minimum(Tensor(1), $0) }, 1, 0.5), ("both", { maximum($0, $0) }, 1, 1),
  ("maximum of NaN", { maximum($0, Tensor(1)) }, .nan, 1),
  ("maximum beside NaN", { maximum($0, Tensor(.nan)) }, 1, 1),
  ("minimum beside NaN", { minimum(Tensor(.nan), $0) }, 1, 1),
  ("softplus at 30", { $0.softplus() }, 30, 1),
  ("NaN that is not selected", { .where($0 .> 0, $0.sqrt(), Tensor(0)) }, -1, 0),
  ("unselected NaN", { .where($0 .> 0, $0 * 2, Tensor(.nan)) }, 1, 2),
  ("unselected side", { .where($0 .> 0, Tensor(.nan), $0 * 3) }, -1, 3),
]

@Suite struct DerivativeRuleTests {
  @Test(arguments: smooth)
  private func smoothFunctions(_ item: Smooth) {
    for point in item.points {
      let found = derivatives(item.function, at: point).0
      let expected = item.slope(point)
      #expect(
        abs(found - expected) <= 1e-14 * max(1, abs(expected)), "at \(point): \(found), \(expected)"
      )
    }
  }

  @Test(arguments: kinks.map(\.0))
  func kinksAndNaN(name: String) throws {
    let (_, function, point, expected) = try #require(kinks.first { $0.0 == name })
    let found = derivatives(function, at: point).0
    #expect(found == expected || (found.isNaN && expected.isNaN), "\(found), \(expected)")
  }

  @Test func beyondTheFirstOrderKinksFollowTheBranch() {
    #expect(derivatives({ $0.relu() }, at: 0).1 == 0 && derivatives({ $0.abs() }, at: 0).1 == 0)
    #expect(
      derivatives({ $0.relu().square() }, at: 3).1 == 2
        && derivatives({ $0.abs() * $0 }, at: -3).1 == -2)
    #expect(
      derivatives({ $0 * $0 * $0 }, at: 2) == (12, 12)
        && derivatives({ $0.pow(3) }, at: 2) == (12, 12))
  }

  @Test func extremaShareTies() {
    func gradient(_ elements: [Double], _ make: (Tensor<Double>) -> Tensor<Double>) -> String {
      let p = Parameter(Tensor(elements))
      let y = make(p.tensor)
      y.backward(seed: .ones(y.shape))
      return show(p.grad)
    }
    #expect(
      gradient([3, 7, 7, 1]) { $0.max() } == "[4] 0 0.5 0.5 0"
        && gradient([3, 1, 1, 1, 1]) { $0.min() } == "[5] 0 0.25 0.25 0.25 0.25")
    #expect(
      gradient([3, .nan, 7, .nan]) { $0.max() } == "[4] 0 1 0 0"
        && gradient([3, .nan, 7, .nan]) { $0.min() } == "[4] 0 1 0 0")
    #expect(gradient([1, 2, 2, 0]) { $0.reshaped(to: [2, 2]).max(axis: 1) } == "[4] 0 1 1 0")
    #expect(
      gradient([1, 2, 1, 0]) { $0.reshaped(to: [2, 2]).max(axes: [0], keepingAxes: true) }
        == "[4] 0.5 1 0.5 0")
    #expect(
      gradient([.nan, 2, 1, .nan]) { $0.reshaped(to: [2, 2]).min(axes: [0]) } == "[4] 1 0 0 1")
    #expect(
      gradient([.nan, .nan, 1, .nan, 5, .nan]) { $0.reshaped(to: [3, 2]).max(axes: [0]) }
        == "[6] 1 1 0 0 0 0")
    // Along one axis the first of equal elements receives the whole gradient, as in PyTorch.
    #expect(gradient([1, 2, 2, 0]) { $0.max(axis: 0) } == "[4] 0 1 0 0")
    #expect(gradient([1, 2, 1, 0]) { $0.reshaped(to: [2, 2]).max(axis: 0) } == "[4] 1 1 0 0")
    #expect(
      gradient([2, 1, 1, 1]) { $0.reshaped(to: [2, 2]).min(axis: -1, keepingAxes: true) }
        == "[4] 0 1 1 0")
    #expect(
      gradient([.nan, 2, 2, .nan]) { $0.reshaped(to: [2, 2]).min(axis: 0) } == "[4] 1 0 0 1")
  }

  @Test func productsWithZerosReceiveTheOthers() {
    func gradient(_ elements: [Double], _ make: (Tensor<Double>) -> Tensor<Double>) -> String {
      let p = Parameter(Tensor(elements))
      let y = make(p.tensor)
      y.backward(seed: .ones(y.shape))
      return show(p.grad)
    }
    #expect(
      gradient([2, 0, 3]) { $0.product() } == "[3] 0 6 0"
        && gradient([0, 0, 3]) { $0.product() } == "[3] 0 0 0")
    #expect(
      gradient([2, 0, 3, 4]) { $0.reshaped(to: [2, 2]).product(axes: [0]) } == "[4] 3 4 2 0")
    #expect(gradient([5]) { $0.product() } == "[1] 1" && gradient([]) { $0.product() } == "[0] ")
  }

  @Test func bothOperandsOfAPower() {
    let x = Parameter(Tensor<Double>([2, 0, 0, 0]))
    let p = Parameter(Tensor<Double>([3, 2, 0, -1]))
    x.tensor.pow(p.tensor).sum().backward()
    #expect(
      show(x.grad) == "[4] 12 0 0 -inf" && show(p.grad).hasPrefix("[4] 5.5451774444795")
        && show(p.grad).hasSuffix(" 0 0 -inf"))
  }

  @Test func spreadAndMeans() {
    let x = Parameter(Tensor<Double>([1, 2, 6]))
    x.tensor.variance().backward()
    #expect(show(x.grad) == "[3] -2 -1 3")
    x.grad = nil
    x.tensor.mean().backward(seed: Tensor(6))
    #expect(show(x.grad) == "[3] 2 2 2")
    x.grad = nil
    x.tensor.reshaped(to: [1, 3]).mean(axis: 1).sum().backward(seed: Tensor(3))
    #expect(show(x.grad) == "[3] 1 1 1")
  }
}
