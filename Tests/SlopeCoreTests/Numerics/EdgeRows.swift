import Slope
import SlopeNN
import Testing

@testable import SlopeCore

extension NumericsTests {
  /// Values and derivatives where formulas give NaN, 0 or nonsense although the true value is known.
  @Suite struct EdgeRows {
    @Test(arguments: edgeRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let edgeRows: [NumericsRow] = [
  NumericsRow(floats: "activations at ±∞ and far out", inEachForm: true) { type, _ in
    activationCases(type)
  },
  NumericsRow(floats: "derivatives that square") { type, _ in squareCases(type) },
  NumericsRow(floats: "derivatives that cancel") { type, _ in cancelCases(type) },
  NumericsRow(floats: "lengths and angles") { type, _ in angleCases(type) },
  NumericsRow(floats: "the side that is not taken") { type, _ in sideCases(type) },
  NumericsRow(floats: "losses of infinite and of large scores", inEachForm: true) { type, _ in
    lossCases(type)
  },
  NumericsRow(floats: "rows of −∞", inEachForm: true) { type, _ in rowCases(type) },
  NumericsRow(floats: "rows that are all ignored", inEachForm: true) { type, _ in
    ignoredCases(type)
  },
]

/// A function at a point: value, first and second derivative, as true numbers.
private struct Edges<Element: FloatingElement> {
  private(set) var cases: [NumericsCase] = []

  /// The relative error that is allowed: some units in the last place.
  private var tolerance: Double {
    switch Element.dtype {
    case .float64: 2e-14
    case .float32: 2e-6
    case .float16: 2e-3
    default: 1.6e-2
    }
  }

  mutating func at(
    _ point: Double, _ what: String, _ value: Double, _ first: Double? = nil,
    _ second: Double? = nil, of function: (Tensor<Element>) -> Tensor<Element>
  ) {
    // A type that does not hold the point is left out.
    let x = Element(point)
    guard x.doubleValue.isInfinite == point.isInfinite, (x.doubleValue == 0) == (point == 0) else {
      return
    }
    let leaf = Parameter(Tensor<Element>(x)).tensor
    let y = function(leaf)
    compare("\(what) at \(point)", y, value)
    guard let first else { return }
    let slope =
      y.requiresGradient ? gradients(of: y, withRespectTo: [leaf], recorded: true)[0] : nil
    compare("\(what)′ at \(point)", slope, first)
    guard let second else { return }
    let curvature =
      slope?.requiresGradient == true
      ? slope.flatMap { gradients(of: $0, withRespectTo: [leaf])[0] } : nil
    compare("\(what)″ at \(point)", curvature, second)
  }

  /// A gradient that is missing counts as 0.
  mutating func compare(_ what: String, _ found: Tensor<Element>?, _ expected: Double) {
    let number = found?.item().doubleValue ?? 0
    let wanted = Element(expected).doubleValue
    let isNear =
      number == wanted || (number.isNaN && wanted.isNaN)
      || (number.isFinite && wanted.isFinite
        && abs(number - wanted) <= tolerance * abs(expected) + 2 * leastMagnitude)
    cases.append(NumericsCase(what, isNear ? "\(wanted)" : "\(number)", "\(wanted)"))
  }

  private var leastMagnitude: Double {
    switch Element.dtype {
    case .float64: Double.leastNonzeroMagnitude
    case .float32: Double(Float.leastNonzeroMagnitude)
    case .float16: 0x1p-24
    default: 0x1p-133
    }
  }
}

private func activationCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let inf = Double.infinity
  var edges = Edges<Element>()
  for (name, unit) in [
    ("silu", { $0.silu() }), ("gelu", { $0.gelu() }), ("geluTanh", { $0.geluTanh() }),
    ("mish", { Mish<Element>()($0) }),
  ] as [(String, (Tensor<Element>) -> Tensor<Element>)] {
    edges.at(-inf, name, 0, 0, 0, of: unit)
    edges.at(inf, name, inf, 1, 0, of: unit)
    edges.at(-1e20, name, 0, 0, 0, of: unit)
    edges.at(1e20, name, 1e20, 1, 0, of: unit)
    edges.at(-5e4, name, 0, 0, 0, of: unit)
    edges.at(3e4, name, 3e4, 1, 0, of: unit)
    edges.at(.nan, name, .nan, .nan, of: unit)
  }
  edges.at(inf, "softsign", 1, 0, 0) { $0.softsign() }
  edges.at(-inf, "softsign", -1, 0, 0) { $0.softsign() }
  edges.at(999, "softsign", 0.999, 1e-6, -2e-9) { $0.softsign() }
  edges.at(-999, "softsign", -0.999, 1e-6, 2e-9) { $0.softsign() }
  edges.at(0.25, "softsign", 0.2, 0.64, -1.024) { $0.softsign() }
  edges.at(-1, "softsign", -0.5, 0.25, 0.25) { $0.softsign() }
  edges.at(.nan, "softsign", .nan, .nan) { $0.softsign() }
  edges.at(-inf, "elu", -1, 0, 0) { $0.elu() }
  edges.at(inf, "elu", inf, 1, 0) { $0.elu() }
  edges.at(-8, "elu", -0.99966453737209748816, 3.3546262790251183882e-4, 3.3546262790251183882e-4) {
    $0.elu()
  }
  edges.at(-inf, "softplus", 0, 0, 0) { $0.softplus() }
  edges.at(inf, "softplus", inf, 1, 0) { $0.softplus() }
  edges.at(-inf, "logSigmoid", -inf, 1, 0) { $0.logSigmoid() }
  edges.at(inf, "logSigmoid", 0, 0, 0) { $0.logSigmoid() }
  edges.at(-inf, "hardtanh", -1, 0) { $0.hardtanh() }
  return edges.cases
}

private func squareCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  var edges = Edges<Element>()
  edges.at(1e20, "asinh", 46.744849040440862, 1e-20, -1e-40) { $0.asinh() }
  edges.at(1e-20, "asinh", 1e-20, 1, -1e-20) { $0.asinh() }
  edges.at(1e20, "acosh", 46.744849040440862, 1e-20, -1e-40) { $0.acosh() }
  edges.at(1e19, "atan", 1.5707963267948966, 1e-38, -2e-57) { $0.atan() }
  edges.at(-1e15, "atan", -1.5707963267948956, 1e-30, 2e-45) { $0.atan() }
  edges.at(1e10, "1e20 · atan", 1.57079632669489662e20, 1, -2e-10) { $0.atan() * Element(1e20) }
  edges.at(1e-20, "atan", 1e-20, 1, -2e-20) { $0.atan() }
  edges.at(1e25, "1e30 / x", 1e5, -1e-20, 2e-45) { Element(1e30) / $0 }
  edges.at(1e25, "1e30 · reciprocal", 1e5, -1e-20, 2e-45) { $0.reciprocal() * Element(1e30) }
  edges.at(1e-25, "1e-30 · reciprocal", 1e-5, -1e20, 2e45) {
    $0.reciprocal() * Element(1e-30)
  }
  edges.at(1e26, "1e30 · rsqrt", 1e17, -5e-10, 7.5e-36) { $0.rsqrt() * Element(1e30) }
  edges.at(1e38, "1e-20 · x²", 1e56, 2e18, 2e-20) { $0.square() * Element(1e-20) }
  edges.at(1e30, "log", 69.07755278982137, 1e-30, -1e-60) { $0.log() }
  edges.at(1e-30, "log", -69.07755278982137, 1e30, -1e60) { $0.log() }
  edges.at(3e38, "log10", 38.477121254719662, 1.4476482730108394e-39) { $0.log10() }
  edges.at(1e30, "log1p", 69.07755278982137, 1e-30, -1e-60) { $0.log1p() }
  return edges.cases
}

private func cancelCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  var edges = Edges<Element>()
  // 4·e⁻²ˣ / (1 + e⁻²ˣ)², of which 1 − tanh² keeps nothing.
  edges.at(10, "tanh", 0.99999999587769276362, 8.244614455767397e-9, -1.6489228843561124e-8) {
    $0.tanh()
  }
  edges.at(-10, "tanh", -0.99999999587769276362, 8.244614455767397e-9, 1.6489228843561124e-8) {
    $0.tanh()
  }
  edges.at(1e-30, "tanh", 1e-30, 1, -2e-30) { $0.tanh() }
  edges.at(.infinity, "tanh", 1, 0, 0) { $0.tanh() }
  edges.at(-10, "gelu", -7.619853024160593e-23, -7.618400096464813e-22) { $0.gelu() }
  edges.at(20, "sigmoid", 0.99999999793884638, 2.0611536139418493e-9, -2.0611536054451409e-9) {
    $0.sigmoid()
  }
  edges.at(-20, "sigmoid", 2.0611536181902036e-9, 2.0611536139418493e-9, 2.0611536054451409e-9) {
    $0.sigmoid()
  }
  edges.at(-.infinity, "sigmoid", 0, 0, 0) { $0.sigmoid() }
  edges.at(0, "sigmoid", 0.5, 0.25, 0) { $0.sigmoid() }
  edges.at(-12, "expm1", -0.99999385578764666, 6.1442123533282098e-6, 6.1442123533282098e-6) {
    $0.expm1()
  }
  // 2⁻⁷ below 1: (1 − x²) rounds, (1 − x)·(1 + x) does not.
  edges.at(0.9921875, "asin", 1.4457148032019138, 8.015670925889914, 510.99116302457423) {
    $0.asin()
  }
  edges.at(0.9921875, "atanh", 2.770631772579213, 64.25098039215686) { $0.atanh() }
  edges.at(1.0078125, "acosh", 0.12491876251108062, 7.984420627863108) { $0.acosh() }
  return edges.cases
}

private func angleCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  var edges = Edges<Element>()
  func tensor(_ number: Double) -> Tensor<Element> { Tensor(Element(number)) }
  for size in [1e-30, 1e25, 1e-4, 1, 256] {
    edges.at(size, "atan2", 0.78539816339744831, 0.5 / size, -0.5 / size / size) {
      $0.atan2(tensor(size))
    }
    edges.at(size, "of atan2", 0.78539816339744831, -0.5 / size, 0.5 / size / size) {
      tensor(size).atan2($0)
    }
    edges.at(3 * size, "hypot", 5 * size, 0.6, 0.128 / size) { $0.hypot(tensor(4 * size)) }
    edges.at(-4 * size, "hypot", 5 * size, -0.8, 0.072 / size) { tensor(3 * size).hypot($0) }
  }
  edges.at(0, "hypot", 0, 0, 0) { $0.hypot(tensor(0)) }
  edges.at(0, "of hypot", 0, 0, 0) { tensor(0).hypot($0) }
  edges.at(.infinity, "hypot", .infinity, 1, 0) { $0.hypot(tensor(1)) }
  edges.at(2, "hypot beside ∞", .infinity, 0, 0) { $0.hypot(tensor(-.infinity)) }
  edges.at(.infinity, "atan2", 1.5707963267948966, 0, 0) { $0.atan2(tensor(1)) }
  edges.at(1, "atan2 beside ∞", 0, 0, 0) { $0.atan2(tensor(.infinity)) }
  edges.at(.infinity, "atan2 of ∞", 0.78539816339744831, 0) { $0.atan2(tensor(.infinity)) }
  edges.at(.nan, "hypot", .nan, .nan) { $0.hypot(tensor(1)) }
  edges.at(1, "hypot beside NaN", .nan, .nan) { $0.hypot(tensor(.nan)) }
  edges.at(.nan, "atan2", .nan, .nan) { $0.atan2(tensor(1)) }
  edges.at(1, "atan2 beside NaN", .nan, .nan) { $0.atan2(tensor(.nan)) }
  return edges.cases
}

private func sideCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  var edges = Edges<Element>()
  let sides: [(String, (Tensor<Element>) -> Tensor<Element>)] = [
    ("√", { $0.sqrt() }), ("log", { $0.log() }), ("log1p", { ($0 - 1).log1p() }),
    ("rsqrt", { $0.rsqrt() }), ("1/x", { $0.reciprocal() }), ("2/x", { Element(2) / $0 }),
    ("x/x", { $0 / $0 }), ("x^½", { $0.pow(Element(0.5)) }), ("x^x", { $0.pow($0) }),
    ("acosh", { ($0 + 1).acosh() }), ("asin", { ($0 * 2 + 1).asin() }),
    ("atanh", { ($0 * 2 + 1).atanh() }), ("log2", { $0.log2() }), ("log10", { $0.log10() }),
    ("fmod", { Tensor(Element(3)).fmod($0) }), ("a chain", { $0.sqrt().exp().log().tan() }),
  ]
  for (name, side) in sides {
    for point in [0.0, -1] {
      edges.at(point, "\(name) where x > 0, else 3x", 3 * point, 3, 0) {
        .where($0 .> 0, side($0), $0 * 3)
      }
    }
    edges.at(.nan, "0 where x is NaN, else \(name)", 0, 0) {
      .where($0.isNaN(), Tensor(0), side($0))
    }
  }
  let formula = Pointwise("side") { x in .select(x .> 0, x.sqrt(), 3 * x) }
  edges.at(0, "a fused √ where x > 0, else 3x", 0, 3, 0) { formula($0) }
  edges.at(-1, "a fused √ where x > 0, else 3x", -3, 3, 0) { formula($0) }
  edges.at(0, "√x · 0", 0, 0) { $0.sqrt() * 0 }
  edges.at(0, "√x", 0, .infinity) { $0.sqrt() }
  // A gradient of 0 that itself depends on x: (√x − 2)² at 4.
  edges.at(4, "(√x − 2)²", 0, 0, 0.125) { ($0.sqrt() - 2).square() }
  edges.at(2, "(1/x − ½)²", 0, 0, 0.125) { ($0.reciprocal() - Element(0.5)).square() }
  edges.at(1, "log²", 0, 0, 2) { $0.log().square() }
  // Products keep IEEE arithmetic.
  edges.at(0, "∞ · x", .nan, .infinity) { $0 * Element(Double.infinity) }
  return edges.cases
}

private func lossCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let inf = Double.infinity
  var edges = Edges<Element>()
  let loss = BCEWithLogitsLoss<Element>()
  let weighted = BCEWithLogitsLoss<Element>(weight: Tensor([2]), posWeight: Tensor([3]))
  func against(_ target: Double) -> Tensor<Element> { Tensor(Element(target)) }
  func cases(_ x: Double, _ y: Double, _ value: Double, _ slope: Double, _ curvature: Double) {
    edges.at(x, "BCEWithLogits against \(y)", value, slope, curvature) { loss($0, against(y)) }
  }
  cases(-inf, 0, 0, 0, 0)
  cases(inf, 1, 0, 0, 0)
  cases(-inf, 1, inf, -1, 0)
  cases(inf, 0, inf, 1, 0)
  cases(-10, 0, 4.5398899216864650e-5, 4.5397868702434395e-5, 4.5395807735951671e-5)
  cases(-20, 0, 2.0611536203143807e-9, 2.0611536181902037e-9, 2.0611536139418493e-9)
  cases(10, 1, 4.5398899216864650e-5, -4.5397868702434395e-5, 4.5395807735951671e-5)
  cases(0, 0.25, 0.69314718055994531, 0.25, 0.25)
  cases(0, 1, 0.69314718055994531, -0.5, 0.25)
  cases(3, 0.5, 1.5485873515737420, 0.45257412682243322, 0.045176659730912137)
  edges.at(-inf, "weighted against 0", 0, 0, 0) { weighted($0.reshaped(to: [1]), Tensor([0])) }
  edges.at(inf, "weighted against 1", 0, 0, 0) { weighted($0.reshaped(to: [1]), Tensor([1])) }
  edges.at(-inf, "weighted against 1", inf, -6, 0) {
    weighted($0.reshaped(to: [1]), Tensor([1]))
  }
  edges.at(0, "weighted against 1", 6 * 0.69314718055994531, -3, 1.5) {
    weighted($0.reshaped(to: [1]), Tensor([1]))
  }
  edges.at(-20, "weighted against 0", 4.1223072406287614e-9, 4.1223072363804074e-9) {
    weighted($0.reshaped(to: [1]), Tensor([0]))
  }
  return edges.cases
}

private func rowCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let low = Element(-Double.infinity)
  func slopes(_ rows: [[Element]], axis: Int) -> (String, String) {
    let x = Parameter(Tensor<Element>(rows))
    let first = gradients(
      of: x.tensor.logSumExp(axes: [axis]).sum(), withRespectTo: [x.tensor], recorded: true)[0]
    let second = first.flatMap {
      gradients(of: ($0 * $0).sum(), withRespectTo: [x.tensor])[0]
    }
    return (show(first), show(second))
  }
  let found = slopes([[low, low], [0, 0]], axis: 1)
  let turned = slopes([[low, 0], [low, 0]], axis: 0)
  let mixed = slopes([[low, 0], [1, low]], axis: 1)
  let softmax = Tensor<Element>([[low, low], [0, 0]]).softmax(axis: 1)
  return [
    NumericsCase("logSumExp′", found.0, "[2, 2] 0 0 0.5 0.5"),
    NumericsCase("logSumExp″", found.1, "[2, 2] 0 0 0 0"),
    NumericsCase("logSumExp′ along columns", turned.0, "[2, 2] 0 0.5 0 0.5"),
    NumericsCase("logSumExp′ beside −∞", mixed.0, "[2, 2] 0 1 1 0"),
    NumericsCase("logSumExp″ beside −∞", mixed.1, "[2, 2] 0 0 0 0"),
    NumericsCase("softmax", show(softmax), "[2, 2] nan nan 0.5 0.5"),
  ]
}

private func ignoredCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  func results(_ labels: [Int], _ weight: Tensor<Element>?, _ scores: [[Element]]) -> String {
    let x = Parameter(Tensor<Element>(scores))
    let loss = CrossEntropyLoss<Element>(weight: weight)(x.tensor, Tensor<Int>(labels))
    let first = gradients(of: loss, withRespectTo: [x.tensor], recorded: true)[0]
    let second = first.flatMap { gradients(of: $0.sum(), withRespectTo: [x.tensor])[0] }
    loss.backward()
    return "\(loss.item().doubleValue.isNaN), \(show(x.grad)), \(show(first)), \(show(second))"
  }
  let zeros = "[2, 2] 0 0 0 0"
  let low = Element(-Double.infinity)
  return [
    NumericsCase(
      "all", results([-100, -100], nil, [[1, 2], [3, 4]]).replacing("-0", with: "0"),
      "true, \(zeros), \(zeros), \(zeros)"),
    NumericsCase(
      "all, with weights",
      results([-100, -100], Tensor([1, 2]), [[1, 2], [3, 4]]).replacing("-0", with: "0"),
      "true, \(zeros), \(zeros), \(zeros)"),
    NumericsCase(
      "all, of −∞", results([-100, -100], nil, [[low, low], [3, 4]]).replacing("-0", with: "0"),
      "true, \(zeros), \(zeros), \(zeros)"),
  ]
}
