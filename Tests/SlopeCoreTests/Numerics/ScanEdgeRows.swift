import Slope
import Testing

@testable import SlopeCore

extension NumericsTests {
  /// Running sums, quantiles and ranges at the edges.
  @Suite struct ScanEdgeRows {
    @Test(arguments: scanEdgeRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let scanEdgeRows: [NumericsRow] = [
  NumericsRow(floats: "edges: running sums never fall", inEachForm: true) { type, _ in
    fallingCases(type)
  },
  NumericsRow(floats: "edges: running sums", inEachForm: true) { type, _ in scanCases(type) },
  NumericsRow("edges: errors of running sums do not grow", inEachForm: true) { _ in
    let sums = Tensor<Float>.full([1_000_000], 0.1).cumulativeSum(axis: 0).scalars
    // 0.1 as a Float, whose multiples up to 2²⁴ are exact in Double.
    let wrong = sums.indices.filter { sums[$0] != Float(Double($0 + 1) * Double(Float(0.1))) }
    return [NumericsCase("wrong sums", "\(wrong.count)", "0")]
  },
  NumericsRow(floats: "edges: running logarithms of sums") { type, device in
    logarithmCases(type, exact: device.isCPU)
  },
  NumericsRow(floats: "edges: quantiles beside infinity") { type, _ in quantileCases(type) },
  NumericsRow(floats: "edges: gradients of quantiles") { type, _ in quantileGradients(type) },
  NumericsRow("edges: how many numbers a range has") { device in rangeCases(device) },
  NumericsRow(floats: "edges: differences and integrals") { type, _ in differenceCases(type) },
]

private func fallingCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  [64, 300, 5000].map { count in
    let numbers = (0..<count).map { Element($0 % 3 == 0 ? 0.1 : 0) }
    let sums = Tensor(numbers).cumulativeSum(axis: 0).scalars.map(\.doubleValue)
    let falls = (1..<count).count { sums[$0] < sums[$0 - 1] }
    return NumericsCase("falls in \(count)", "\(falls)", "0", count: count)
  }
}

private func scanCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (inf, nan) = (Element(Double.infinity), Element(Double.nan))
  let low = Element(-Double.infinity)
  let x = Tensor<Element>([[1, 2, 4], [8, 16, 32]])
  func gradient(_ function: (Tensor<Element>) -> Tensor<Element>) -> String {
    let p = Parameter(x)
    (function(p.tensor) * Tensor([[1, 10, 100], [2, 20, 200]])).sum().backward()
    return show(p.grad)
  }
  let large = Element(Element.dtype.limits.greatest)
  let least = Element(-Element.dtype.limits.greatest)
  var cases: [NumericsCase] = [
    NumericsCase("rows", show(x.cumulativeSum(axis: 1)), "[2, 3] 1 3 7 8 24 56"),
    NumericsCase("columns", show(x.cumulativeSum(axis: 0)), "[2, 3] 1 2 4 9 18 36"),
    NumericsCase(
      "exclusive", show(x.cumulativeSum(axis: -1, exclusive: true)), "[2, 3] 0 1 3 0 8 24"),
    NumericsCase(
      "reversed", show(x.cumulativeSum(axis: 1, reversed: true)), "[2, 3] 7 6 4 56 48 32"),
    NumericsCase(
      "both", show(x.cumulativeSum(axis: 1, exclusive: true, reversed: true)),
      "[2, 3] 6 4 0 48 32 0"),
    NumericsCase(
      "a view", show(x.transposed()[0..<3, 1..<2].cumulativeSum(axis: 0)), "[3, 1] 8 24 56"),
    NumericsCase("one number", show(Tensor<Element>(3).cumulativeSum(axis: 0)), "[] 3"),
    NumericsCase(
      "before one number", show(Tensor<Element>(3).cumulativeSum(axis: -1, exclusive: true)), "[] 0"
    ),
    NumericsCase("nothing", show(Tensor<Element>.zeros([2, 0]).cumulativeSum(axis: 1)), "[2, 0] "),
    NumericsCase("−0", show(Tensor<Element>([-0.0, -0.0]).cumulativeSum(axis: 0)), "[2] 0 0"),
    NumericsCase(
      "infinity", show(Tensor<Element>([1, inf, 2, low, 1]).cumulativeSum(axis: 0)),
      "[5] 1 inf inf nan nan"),
    NumericsCase(
      "NaN", show(Tensor<Element>([1, nan, 2]).cumulativeSum(axis: 0)), "[3] 1 nan nan"),
    NumericsCase(
      "gradient", gradient { $0.cumulativeSum(axis: 1) }, "[2, 3] 111 110 100 222 220 200"),
    NumericsCase(
      "gradient, exclusive", gradient { $0.cumulativeSum(axis: 1, exclusive: true) },
      "[2, 3] 110 100 0 220 200 0"),
    NumericsCase(
      "gradient, reversed", gradient { $0.cumulativeSum(axis: 1, reversed: true) },
      "[2, 3] 1 11 111 2 22 222"),
  ]
  if Element.dtype != .float64 {
    cases.append(
      NumericsCase(
        "back in range", show(Tensor([large, large, least]).cumulativeSum(axis: 0)),
        show(Tensor([large, inf, large]))))
  }
  return cases
}

private func logarithmCases<Element: FloatingElement>(
  _: Element.Type, exact: Bool
) -> [NumericsCase] {
  let (inf, nan) = (Element(Double.infinity), Element(Double.nan))
  let low = Element(-Double.infinity)
  func sums(_ numbers: [Element]) -> String { show(Tensor(numbers).cumulativeLogSumExp(axis: 0)) }
  func gradient(_ numbers: [Element]) -> String {
    let x = Parameter(Tensor(numbers))
    x.tensor.cumulativeLogSumExp(axis: 0)[-1].backward()
    return show(x.grad)
  }
  return [
    NumericsCase("of −∞", sums([low, low]), "[2] -inf -inf"),
    NumericsCase("after −∞", sums([low, 5, low]), "[3] -inf 5 5"),
    NumericsCase("from ∞ on", sums([2, inf, inf, low]), "[4] 2 inf inf inf"),
    NumericsCase("NaN", sums([2, nan, inf]), "[3] 2 nan nan"),
    NumericsCase("large", sums([1000, 0]), "[2] 1000 1000"),
    NumericsCase("small", sums([-1000, 0]), "[2] -1000 0"),
    NumericsCase("one number", show(Tensor<Element>(3).cumulativeLogSumExp(axis: 0)), "[] 3"),
    NumericsCase("equal ones share", gradient([4, 4]), "[2] 0.5 0.5"),
    NumericsCase("−∞ receives nothing", gradient([low, 4]), "[2] 0 1"),
    NumericsCase("a large one receives all", gradient([0, 1000, 0]), "[3] 0 1 0"),
  ]
}

private func quantileCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (inf, nan) = (Element(Double.infinity), Element(Double.nan))
  let low = Element(-Double.infinity)
  let large = Element(Element.dtype.limits.greatest)
  let least = Element(-Element.dtype.limits.greatest)
  func quantile(_ numbers: [Element], _ q: Double, _ way: QuantileInterpolation = .linear) -> String
  {
    show(Tensor(numbers).quantile(q, interpolation: way))
  }
  let ordinary = Tensor<Element>([[4, 1, 3, 2], [8, 7, 6, 5]])
  let holes = Tensor<Element>([[nan, 3, 1, nan], [nan, nan, nan, nan], [4, 3, 2, 1]])
  return [
    NumericsCase("one and infinities", quantile([1, inf, inf, inf], 0.5), "[] inf"),
    NumericsCase("0 and ∞ at .4", quantile([0, inf], 0.4), "[] inf"),
    NumericsCase("0 and ∞ at .6", quantile([0, inf], 0.6), "[] inf"),
    NumericsCase("0 and ∞ at 0", quantile([0, inf], 0), "[] 0"),
    NumericsCase("0 and ∞ at 1", quantile([0, inf], 1), "[] inf"),
    NumericsCase("−∞ and 0", quantile([low, 0], 0.9), "[] -inf"),
    NumericsCase("−∞ and ∞", quantile([low, inf], 0.5), "[] nan"),
    NumericsCase("equal infinities", quantile([low, low], 0.3), "[] -inf"),
    NumericsCase("the whole range", quantile([least, large], 0.5), "[] 0"),
    NumericsCase("NaN", quantile([nan, 1, 2], 0), "[] nan"),
    NumericsCase("linear", quantile([1, 2, 4, 8], 0.75), "[] 5"),
    NumericsCase("lower", quantile([1, 2, 4, 8], 0.75, .lower), "[] 4"),
    NumericsCase("higher", quantile([1, 2, 4, 8], 0.75, .higher), "[] 8"),
    NumericsCase("nearest", quantile([1, 2, 4, 8], 0.75, .nearest), "[] 4"),
    NumericsCase("nearest of a half", quantile([1, 2, 4, 8], 0.5, .nearest), "[] 4"),
    NumericsCase("nearest of a half below", quantile([1, 2], 0.5, .nearest), "[] 1"),
    NumericsCase("midpoint", quantile([1, 2, 4, 8], 0.75, .midpoint), "[] 6"),
    NumericsCase("midpoint of one", quantile([1, 2, 4], 0.5, .midpoint), "[] 2"),
    NumericsCase(
      "several", show(ordinary.quantiles([0, 0.5, 1], axis: 1)), "[3, 2] 1 5 2.5 6.5 4 8"),
    NumericsCase(
      "several, kept", show(ordinary.quantiles([1], axis: 0, keepingAxes: true)),
      "[1, 1, 4] 8 7 6 5"),
    NumericsCase("several of all", show(ordinary.quantiles([0, 1])), "[2] 1 8"),
    NumericsCase(
      "axes", show(ordinary.quantile(0.5, axes: [0, 1], interpolation: .lower)), "[] 4"),
    NumericsCase("without NaN", show(holes.nanQuantile(0.5, axis: 1)), "[3] 2 nan 2.5"),
    NumericsCase(
      "without NaN, higher", show(holes.nanQuantile(0.25, axis: 1, interpolation: .higher)),
      "[3] 3 nan 2"),
    NumericsCase(
      "without NaN, midpoint", show(holes.nanQuantile(0.75, axis: 1, interpolation: .midpoint)),
      "[3] 2 nan 3.5"),
    NumericsCase(
      "without NaN, several", show(holes.nanQuantiles([0, 1], axis: 1)),
      "[2, 3] 1 nan 1 3 nan 4"),
    NumericsCase("median without NaN", show(holes.nanMedian(axis: 1)), "[3] 1 nan 2"),
    NumericsCase(
      "median without NaN, kept", show(holes.nanMedian(axis: 0, keepingAxes: true)),
      "[1, 4] 4 3 1 1"),
    NumericsCase("median of infinities", show(Tensor<Element>([inf, nan, 1]).nanMedian()), "[] 1"),
  ]
}

private func quantileGradients<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (inf, nan) = (Element(Double.infinity), Element(Double.nan))
  func gradient(_ numbers: [Element], _ function: (Tensor<Element>) -> Tensor<Element>) -> String {
    let x = Parameter(Tensor(numbers))
    let y = function(x.tensor)
    y.backward(seed: .ones(y.shape))
    return show(x.grad)
  }
  return [
    NumericsCase("by weight", gradient([4, 1, 2]) { $0.quantile(0.125) }, "[3] 0 0.75 0.25"),
    NumericsCase(
      "by weight, near the end", gradient([4, 1, 2]) { $0.quantile(0.875) }, "[3] 0.75 0 0.25"),
    NumericsCase("beside infinity", gradient([inf, 1]) { $0.quantile(0.75) }, "[2] 0.75 0.25"),
    NumericsCase("at an element", gradient([inf, 1]) { $0.quantile(0) }, "[2] 0 1"),
    NumericsCase(
      "lower", gradient([4, 1, 2]) { $0.quantile(0.9, interpolation: .lower) }, "[3] 0 0 1"),
    NumericsCase("several", gradient([4, 1, 2]) { $0.quantiles([0.5, 0.75]) }, "[3] 0.5 0 1.5"),
    NumericsCase("without NaN", gradient([4, nan, 2]) { $0.nanQuantile(0.25) }, "[3] 0.25 0 0.75"),
    NumericsCase("median", gradient([4, nan, 2]) { $0.nanMedian() }, "[3] 0 0 1"),
  ]
}

private func rangeCases(_ device: NumericsDevice) -> [NumericsCase] {
  func count<Element: FloatingElement>(
    _: Element.Type, _ start: Double, _ end: Double, _ step: Double
  ) -> String { "\(Tensor<Element>.arange(start, end, step: step).count)" }
  var cases: [NumericsCase] = [
    NumericsCase("1 … 1.3", count(Float.self, 1, 1.3, 0.1), "3"),
    NumericsCase("1 … 1.3 in Float16", count(Float16.self, 1, 1.3, 0.1), "3"),
    NumericsCase("49 steps in Float", count(Float.self, 0, 1, 1.0 / 49), "49"),
    NumericsCase("down", count(Float.self, 1.3, 1, -0.1), "3"),
    // 1 − 49 · (1 / 49) is 1e−16 in Double, which is not 0 in Float.
    NumericsCase("49 steps down", count(Float.self, 1, 0, -1.0 / 49), "50"),
    NumericsCase("49 steps down to 1", count(Float.self, 2, 1, -1.0 / 49), "49"),
    NumericsCase("10 steps", count(Float.self, 0, 1, 0.1), "10"),
    NumericsCase("nothing", count(Float.self, 2, 2, 0.1), "0"),
    NumericsCase("below one step", count(Float.self, 0, 1e-30, 1), "1"),
    NumericsCase("large", count(Float.self, -3e38, 3e38, 2e38), "3"),
    NumericsCase(
      "numbers", show(Tensor<Float>.arange(1, 1.3, step: 0.1)), "[3] 1 1.1 1.2"),
  ]
  if device.device.dtypes.contains(.float64) {
    cases += [
      NumericsCase("1 … 1.3 in Double", count(Double.self, 1, 1.3, 0.1), "3"),
      NumericsCase("49 steps in Double", count(Double.self, 0, 1, 1.0 / 49), "50"),
      NumericsCase(
        "the range of Double", show(Tensor<Double>.arange(-1.5e308, 1.5e308, step: 1e308)),
        "[3] -1.5e+308 -5e+307 5e+307"),
    ]
  }
  return cases
}

private func differenceCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let x = Tensor<Element>([[1, 4, 9, 16], [2, 2, 0, 8]])
  let large = Element(Element.dtype.limits.greatest)
  return [
    NumericsCase("diff", show(x.differences()), "[2, 3] 3 5 7 0 -2 8"),
    NumericsCase("twice", show(x.differences(order: 2)), "[2, 2] 2 2 -2 10"),
    NumericsCase("axis 0", show(x.differences(axis: 0)), "[1, 4] 1 -2 -9 -8"),
    NumericsCase("too often", show(x.differences(order: 4)), "[2, 0] "),
    NumericsCase("far too often", show(x.differences(order: .max)), "[2, 0] "),
    NumericsCase("not at all", show(x.differences(order: 0)), show(x)),
    NumericsCase(
      "with more",
      show(x[0].differences(prepending: Tensor([0, 0]), appending: Tensor([10]))),
      "[6] 0 1 3 5 7 -6"),
    NumericsCase("of Bool", show(Tensor([true, false, false]).differences()), "[2] true false"),
    NumericsCase("integral", show(x.trapezoid()), "[2] 21.5 7"),
    NumericsCase("spacing", show(x.trapezoid(spacing: 2, axis: 0)), "[4] 3 6 9 24"),
    NumericsCase("points", show(x.trapezoid(at: Tensor([0, 1, 3, 7]))), "[2] 65.5 20"),
    NumericsCase("up to each", show(x.cumulativeTrapezoid()), "[2, 3] 2.5 9 21.5 2 3 7"),
    NumericsCase(
      "up to each point", show(x.cumulativeTrapezoid(at: Tensor([0, 1, 3, 7]))),
      "[2, 3] 2.5 15.5 65.5 2 4 20"),
    NumericsCase("one value", show(Tensor<Element>([5]).trapezoid()), "[] 0"),
    NumericsCase("no value", show(Tensor<Element>.zeros([0]).trapezoid()), "[] 0"),
    NumericsCase("up to none", show(Tensor<Element>([5]).cumulativeTrapezoid()), "[0] "),
    NumericsCase("greatest", show(Tensor([large, large]).trapezoid()), show(Tensor(large))),
  ]
}
