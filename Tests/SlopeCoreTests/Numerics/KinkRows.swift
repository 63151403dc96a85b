import Slope
import Testing

@testable import SlopeCore

extension NumericsTests {
  /// Derivatives at points where a function has none, or an infinite one.
  @Suite struct KinkRows {
    @Test(arguments: kinkRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let kinkRows: [NumericsRow] = [
  NumericsRow(floats: "the branch taken at a kink, and beyond the first order") {
    type, _ in branchCases(type)
  },
  NumericsRow(floats: "clamps and bounds") { type, _ in boundCases(type) },
  NumericsRow(floats: "powers at 0") { type, _ in powerCases(type) },
  NumericsRow(floats: "ties of two") { type, _ in tieCases(type) },
  NumericsRow(floats: "slopes that are infinite or nothing") { type, _ in edgeCases(type)
  },
]

private struct Slopes<Element: FloatingElement> {
  private(set) var cases: [NumericsCase] = []

  /// The first derivative at a point, and the second if given.
  mutating func at(
    _ point: Double, _ what: String, _ expected: Double, _ second: Double? = nil,
    _ function: (Tensor<Element>) -> Tensor<Element>
  ) {
    let x = Parameter(Tensor<Element>(Element(point))).tensor
    let y = function(x)
    let first =
      y.requiresGradient ? gradients(of: y, withRespectTo: [x], recorded: true)[0] : nil
    cases.append(
      NumericsCase("\(what) at \(point)", number(first), number(Tensor<Element>(Element(expected))))
    )
    guard let second else { return }
    let next =
      first?.requiresGradient == true
      ? first.flatMap { gradients(of: $0, withRespectTo: [x])[0] } : nil
    cases.append(
      NumericsCase("\(what)″ at \(point)", number(next), number(Tensor<Element>(Element(second)))))
  }

  /// A missing gradient is 0, and −0 is 0.
  private func number(_ tensor: Tensor<Element>?) -> String {
    guard let number = tensor?.item().doubleValue else { return "0.0" }
    return number.isNaN ? "nan" : number == 0 ? "0.0" : "\(number)"
  }
}

private func branchCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  var slopes = Slopes<Element>()
  slopes.at(0, "relu", 0, 0) { $0.relu() }
  slopes.at(.nan, "relu", 1, 0) { $0.relu() }
  slopes.at(3, "relu²", 6, 2) { $0.relu().square() }
  slopes.at(0, "abs", 0, 0) { $0.abs() }
  slopes.at(.nan, "abs", 0, 0) { $0.abs() }
  slopes.at(-3, "|x|·x", 6, -2) { $0.abs() * $0 }
  slopes.at(0, "leakyRelu", 0.25, 0) { $0.leakyRelu(negativeSlope: 0.25) }
  slopes.at(.nan, "leakyRelu", 0.25, 0) { $0.leakyRelu(negativeSlope: 0.25) }
  slopes.at(0, "elu", 1) { $0.elu() }
  slopes.at(30, "softplus", 1, 0) { $0.softplus() }
  slopes.at(3, "sign", 0, 0) { $0.sign() }
  slopes.at(0, "sign", 0) { $0.sign() }
  slopes.at(1.5, "floor", 0) { $0.floor() }
  slopes.at(1.5, "ceil", 0) { $0.ceil() }
  slopes.at(1.5, "trunc", 0) { $0.trunc() }
  slopes.at(1.5, "round", 0) { $0.round() }
  slopes.at(2, "x³", 12, 12) { $0.pow(3) }
  return slopes.cases
}

private func boundCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let nan = Element(Double.nan)
  var slopes = Slopes<Element>()
  slopes.at(-1, "clamped", 0, 0) { $0.clamped(min: -1, max: 1) }
  slopes.at(1, "clamped", 0, 0) { $0.clamped(min: -1, max: 1) }
  slopes.at(0.5, "clamped", 1, 0) { $0.clamped(min: -1, max: 1) }
  slopes.at(2, "clamped", 0) { $0.clamped(min: -1, max: 1) }
  slopes.at(.nan, "clamped", 0) { $0.clamped(min: -1, max: 1) }
  slopes.at(0, "crossed bounds", 0) { $0.clamped(min: 1, max: -1) }
  slopes.at(0.5, "low NaN bound", 1) { $0.clamped(min: nan, max: 1) }
  slopes.at(0.5, "high NaN bound", 1) { $0.clamped(min: -1, max: nan) }
  slopes.at(1, "hardtanh", 0) { $0.hardtanh() }
  slopes.at(-1, "hardtanh", 0) { $0.hardtanh() }
  return slopes.cases
}

private func powerCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  var slopes = Slopes<Element>()
  slopes.at(0, "x⁰", 0, 0) { $0.pow(0) }
  slopes.at(.nan, "x⁰", 0, 0) { $0.pow(0) }
  slopes.at(5, "x to a tensor of 0", 0) { $0.pow(Tensor(0)) }
  slopes.at(0, "x¹", 1, 0) { $0.pow(1) }
  slopes.at(0, "x²", 0, 2) { $0.pow(2) }
  slopes.at(0, "√x", .infinity) { $0.pow(0.5) }
  slopes.at(0, "1/x", -.infinity) { $0.pow(-1) }
  slopes.at(2, "0ᵖ", 0, 0) { Tensor(0).pow($0) }
  slopes.at(0, "0ᵖ", 0) { Tensor(0).pow($0) }
  slopes.at(-1, "0ᵖ", -.infinity) { Tensor(0).pow($0) }
  slopes.at(3, "1ᵖ", 0, 0) { Tensor(1).pow($0) }
  return slopes.cases
}

private func tieCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let nan = Element(Double.nan)
  var slopes = Slopes<Element>()
  slopes.at(1, "maximum", 0.5, 0) { maximum($0, Tensor(1)) }
  slopes.at(1, "minimum", 0.5, 0) { minimum(Tensor(1), $0) }
  slopes.at(1, "both", 1) { maximum($0, $0) }
  slopes.at(2, "maximum", 1) { maximum($0, Tensor(1)) }
  slopes.at(0, "maximum", 0) { maximum($0, Tensor(1)) }
  slopes.at(.nan, "maximum", 1) { maximum($0, Tensor(1)) }
  slopes.at(1, "maximum beside NaN", 1) { maximum($0, Tensor(nan)) }
  slopes.at(1, "minimum beside NaN", 1) { minimum(Tensor(nan), $0) }
  return slopes.cases
}

private func edgeCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  var slopes = Slopes<Element>()
  slopes.at(0, "sqrt", .infinity) { $0.sqrt() }
  slopes.at(-2, "log", -0.5, -0.25) { $0.log() }
  slopes.at(0, "log", .infinity) { $0.log() }
  slopes.at(0, "hypot", 0) { $0.hypot(Tensor(0)) }
  slopes.at(0, "of hypot", 0) { Tensor(0).hypot($0) }
  slopes.at(0, "atan2", 0) { $0.atan2(Tensor(0)) }
  slopes.at(0, "of atan2", 0) { Tensor(0).atan2($0) }
  slopes.at(7, "floorDivide", 0) { $0.floorDivided(by: Tensor(2)) }
  slopes.at(7, "remainder", 1) { $0.remainder(Tensor(2)) }
  slopes.at(-2, "of remainder", 4) { Tensor(7).remainder($0) }
  slopes.at(-2, "of fmod", 3) { Tensor(7).fmod($0) }
  slopes.at(1, "1000 through sigmoid", 0) { ($0 * 1000).sigmoid() }
  return slopes.cases
}
