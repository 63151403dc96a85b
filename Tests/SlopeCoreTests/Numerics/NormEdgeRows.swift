import Slope
import SlopeOptimizers
import Testing

@testable import SlopeCore

extension NumericsTests {
  /// Norms and deviations at the edges of the range, with their derivatives.
  @Suite struct NormEdgeRows {
    @Test(arguments: normEdgeRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let normEdgeRows: [NumericsRow] = [
  NumericsRow(floats: "edges: norms of large and small numbers") { type, _ in normCases(type) },
  NumericsRow(floats: "edges: gradients of norms, to second order") { type, _ in
    normGradients(type)
  },
  NumericsRow(floats: "edges: norms of zeros, infinity and NaN") { type, _ in specialNorms(type) },
  NumericsRow(floats: "edges: deviations of large numbers") { type, _ in deviationCases(type) },
  NumericsRow("edges: clipping huge gradients") { _ in
    let parameter = Parameter(Tensor<Float>([0, 0]))
    parameter.grad = Tensor([3e19, 4e19])
    let norm = clipGradientNorm([parameter], maximum: 1)
    return [
      NumericsCase("norm", show(norm), "[] 5e+19"),
      .near("gradient", parameter.grad, [0.6, 0.8]),
    ]
  },
]

extension NumericsCase {
  /// Numbers up to a relative error of two units of 16-bit floats, four of others.
  fileprivate static func near<Element: FloatingElement>(
    _ what: String, _ found: Tensor<Element>?, _ wanted: [Double]
  ) -> NumericsCase {
    let unit =
      switch Element.dtype {
      case .bfloat16: 0x1p-7
      case .float16: 0x1p-10
      case .float32: 0x1p-21
      default: 0x1p-49
      }
    let numbers = (found?.scalars ?? []).map(\.doubleValue)
    let isNear =
      numbers.count == wanted.count
      && zip(numbers, wanted).allSatisfy {
        // What is out of the type's range is infinite.
        $0 == $1 || $0 == Element($1).doubleValue || ($0.isNaN && $1.isNaN)
          || abs($0 - $1) <= unit * abs($1)
      }
    return NumericsCase(what, isNear ? "near" : "\(numbers)", isNear ? "near" : "\(wanted)")
  }
}

/// Scales at which squares, cubes and their inverses are out of range.
private func scales(_ dtype: DType) -> [Double] {
  switch dtype {
  case .float64: [1, 1e200, 1e-200, 1e307, 1e-300]
  case .float16: [1, 12000, 1e-3]
  default: [1, 1e19, 1e-30, 5e37, 1e-36]
  }
}

private func normCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  var cases: [NumericsCase] = []
  for scale in scales(Element.dtype) {
    let s = Element(scale).doubleValue
    let rows: [[Element]] = [[Element(3 * s), Element(4 * s)], [Element(0.0), Element(s)]]
    let x = Tensor<Element>(rows)
    let exact: [Double] = x.scalars.map { $0.doubleValue / s }
    for p in [2, 3, 0.5, -1, -2, 1, 7] {
      var wanted: [Double] = []
      for start in [0, 2] {
        let sum = power(exact[start], p) + power(exact[start + 1], p)
        wanted.append(s * power(sum, 1 / p))
      }
      cases.append(.near("\(p)-norm at \(scale)", x.norm(p, axes: [1]), wanted))
    }
    var squares = 0.0
    for number in exact { squares += number * number }
    cases.append(.near("all at \(scale)", x.norm(), [s * power(squares, 0.5)]))
    cases.append(
      .near("∞ at \(scale)", x.norm(.infinity, axis: 1), [exact[1] * s, exact[3] * s]))
  }
  return cases
}

private func power(_ x: Double, _ p: Double) -> Double {
  Tensor<Double>(x).to(.cpu).pow(p).item()
}

private func normGradients<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  scales(Element.dtype).flatMap { scale -> [NumericsCase] in
    // The type's own 3 and 4 times the scale, whose ratio is not changed by rounding much.
    let x = Parameter(Tensor<Element>([Element(3 * scale), Element(4 * scale)]))
    let (a, b) = (x.tensor.scalars[0].doubleValue, x.tensor.scalars[1].doubleValue)
    func first(_ p: Double) -> Tensor<Element>? {
      gradients(of: x.tensor.norm(p), withRespectTo: [x.tensor])[0]
    }
    /// Of (a² + b²)^½ and the like, scaled so that nothing overflows.
    func expected(_ p: Double) -> [Double]? {
      let norm = power(power(a / scale, p) + power(b / scale, p), 1 / p)
      guard Element(norm * scale).doubleValue.isFinite else { return nil }
      return [a, b].map { power($0 / scale / norm, p - 1) }
    }
    var cases: [NumericsCase] = [2, 3, 0.5, -1].compactMap { p in
      expected(p).map { .near("\(p)-norm at \(scale)", first(p), $0) }
    }
    // The second derivative of the length along (1, 0) is b² / length³: times the scale a number
    // that all types hold. 16-bit floats lose it in the difference.
    guard Element.dtype.byteCount > 2, scale > 1e-30, scale < 1e37 else { return cases }
    let once = gradients(of: x.tensor.norm(), withRespectTo: [x.tensor], recorded: true)[0]
    let twice = once.flatMap { gradients(of: $0[0], withRespectTo: [x.tensor])[0] }
    let length = power(power(a / scale, 2) + power(b / scale, 2), 0.5)
    let (u, v) = (a / scale / length, b / scale / length)
    cases.append(
      .near(
        "second derivative at \(scale)", twice.map { $0 * Element(scale) },
        [v * v / length, -u * v / length]))
    return cases
  }
}

private func specialNorms<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (inf, nan) = (Element(Double.infinity), Element(Double.nan))
  let low = Element(-Double.infinity)
  func gradient(_ p: Double, _ numbers: [Element]) -> String {
    let x = Parameter(Tensor(numbers))
    x.tensor.norm(p).backward()
    return show(x.grad)
  }
  var cases: [NumericsCase] = []
  for p in [2, 3, 0.5, 1, -1, -2] {
    cases.append(NumericsCase("gradient of zeros, \(p)", gradient(p, [0, 0]), "[2] 0 0"))
    cases.append(NumericsCase("zeros, \(p)", show(Tensor<Element>.zeros([3]).norm(p)), "[] 0"))
  }
  for p in [2, 3, 0.5, 1] {
    cases.append(NumericsCase("infinity, \(p)", show(Tensor<Element>([1, low]).norm(p)), "[] inf"))
    cases.append(NumericsCase("NaN, \(p)", show(Tensor<Element>([1, nan, inf]).norm(p)), "[] nan"))
    cases.append(NumericsCase("nothing, \(p)", show(Tensor<Element>.zeros([0]).norm(p)), "[] 0"))
    cases.append(
      NumericsCase(
        "rows of nothing, \(p)", show(Tensor<Element>.zeros([2, 0]).norm(p, axis: 1)), "[2] 0 0"))
  }
  cases += [
    NumericsCase("infinity, -1", show(Tensor<Element>([2, inf]).norm(-1)), "[] 2"),
    NumericsCase("only infinity, -1", show(Tensor<Element>([inf, low]).norm(-1)), "[] inf"),
    NumericsCase("a zero, -1", show(Tensor<Element>([0, 2]).norm(-1)), "[] 0"),
    NumericsCase("NaN, -1", show(Tensor<Element>([nan, 2]).norm(-1)), "[] nan"),
    NumericsCase("count", show(Tensor<Element>([0, -2, nan, inf, -0.0]).norm(0)), "[] 3"),
    NumericsCase("gradient of a count", gradient(0, [0, 2, -3]), "[3] 0 0 0"),
    NumericsCase(
      "kept axes",
      show(Tensor<Element>([[0, 0], [8, 0]]).norm(3, axes: [0, 1], keepingAxes: true).round()),
      "[1, 1] 8"),
  ]
  return cases
}

private func deviationCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let large =
    switch Element.dtype {
    case .float64: 1e200
    case .float16: 20000.0
    default: 1e25
    }
  let s = Element(large).doubleValue
  let x = Parameter(Tensor<Element>([Element(s), Element(2 * s), Element(3 * s)]))
  let std = x.tensor.std()
  std.backward()
  let small = Tensor<Element>([Element(1 / s), Element(2 / s), Element(3 / s)])
  var cases: [NumericsCase] = [
    .near("std", std, [s]),
    .near(
      "rows", x.tensor.reshaped(to: [1, 3]).std(axes: [1], correction: 0), [s * power(2 / 3, 0.5)]),
    NumericsCase("equal", show(Tensor<Element>.full([3], Element(s)).std()), "[] 0"),
    NumericsCase("one", show(Tensor<Element>([1]).std()), "[] nan"),
    NumericsCase("none", show(Tensor<Element>.zeros([0]).std()), "[] nan"),
  ]
  if Element.dtype != .float16 {
    cases.append(.near("gradient", x.grad.map { $0 + 1 }, [0.5, 1, 1.5]))
    cases.append(.near("small", small.std(), [1 / s]))
  }
  return cases
}
