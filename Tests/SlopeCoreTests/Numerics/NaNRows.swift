import Glibc
import Slope
import Testing

@testable import SlopeCore

extension NumericsTests {
  @Suite struct NaNRows {
    @Test(arguments: nanRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let nanRows: [NumericsRow] = [
  NumericsRow(floats: "exact operations of special numbers", inEachForm: true) { type, device in
    exactCases(type, device)
  },
  NumericsRow(floats: "elementary functions of special numbers", inEachForm: true) { type, device in
    elementaryCases(type, device)
  },
  NumericsRow(floats: "NaN goes through") { type, _ in passingCases(type) },
  NumericsRow(floats: "NaN is left out where that is asked") { type, _ in
    omittingCases(type)
  },
  NumericsRow(floats: "infinities and zeros") { type, _ in infiniteCases(type) },
  NumericsRow(floats: "powers of special numbers") { type, _ in powerCases(type) },
  NumericsRow(floats: "halves are rounded to even") { type, _ in roundingCases(type) },
  NumericsRow(floats: "a remainder is exact, however large the quotient", inEachForm: true) {
    type, _ in remainderCases(type)
  },
  NumericsRow(floats: "the high bound wins") { type, _ in clampCases(type) },
  NumericsRow(floats: "subnormal numbers are kept") { type, device in
    device.keepsSubnormals ? subnormalCases(type) : []
  },
]

private func exactCases<Element: FloatingElement>(
  _ type: Element.Type, _ device: NumericsDevice
) -> [NumericsCase] {
  exactTable(type, subnormals: device.keepsSubnormals).cases(on: device)
}

private func elementaryCases<Element: FloatingElement>(
  _ type: Element.Type, _ device: NumericsDevice
) -> [NumericsCase] {
  elementaryTable(type).cases(on: device)
}

private func nan<Element: FloatingElement>(_: Element.Type) -> Element { Element(Double.nan) }
private func infinity<Element: FloatingElement>(_: Element.Type) -> Element {
  Element(Double.infinity)
}

private func passingCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  let x = Tensor<Element>([nan(type), 1])
  let row = Tensor<Element>([3, nan(type), 7])
  return [
    NumericsCase("maximum", show(maximum(x, Tensor([2, nan(type)]))), "[2] nan nan"),
    NumericsCase("minimum", show(minimum(x, Tensor([2, nan(type)]))), "[2] nan nan"),
    NumericsCase("relu", show(x.relu()), "[2] nan 1"),
    NumericsCase("leakyRelu", show(x.leakyRelu()), "[2] nan 1"),
    NumericsCase("tanh", show(x.tanh()[..<1]), "[1] nan"),
    NumericsCase("clamped", show(x.clamped(min: 0, max: 0.5)), "[2] nan 0.5"),
    NumericsCase("from below", show(x.clamped(min: 2)), "[2] nan 2"),
    NumericsCase("from above", show(x.clamped(max: 0.5)), "[2] nan 0.5"),
    NumericsCase("NaN from below", show(x.clamped(min: nan(type))), "[2] nan nan"),
    NumericsCase("NaN from above", show(x.clamped(max: nan(type))), "[2] nan nan"),
    NumericsCase("low bound", show(x.clamped(min: nan(type), max: 2)), "[2] nan nan"),
    NumericsCase("high bound", show(x.clamped(min: 0, max: nan(type))), "[2] nan nan"),
    NumericsCase("max", show(row.max()), "[] nan"),
    NumericsCase("min", show(row.min()), "[] nan"),
    NumericsCase("sum", show(row.sum()), "[] nan"),
    NumericsCase("median", show(row.median()), "[] nan"),
    NumericsCase("quantile", show(row.quantile(0.25)), "[] nan"),
    NumericsCase("running", show(row.cumulativeMax(axis: 0)), "[3] 3 nan nan"),
    NumericsCase("sign", show(x.sign()), "[2] 0 1"),
    NumericsCase("equality", show(x .== x), "[2] false true"),
    NumericsCase("less", show(x .< 2), "[2] false true"),
    NumericsCase("differ", show(x .!= x), "[2] true false"),
    NumericsCase("Bool", show(x.cast(to: Bool.self)), "[2] true true"),
  ] + productCases(type)
}

/// Matrix products do not skip zeros: 0 · inf and 0 · NaN are NaN, in small products and in those
/// that BLAS or tiles compute.
private func productCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  [(2, 3, 2), (64, 64, 64), (130, 40, 1), (1, 40, 70), (90, 70, 80)].map { rows, inner, columns in
    var left = Array(repeating: Element(0), count: rows * inner)
    var right = Array(repeating: Element(0), count: inner * columns)
    right[(inner - 1) * columns + columns - 1] = infinity(type)
    left[0] = nan(type)
    let product = matmul(
      Tensor<Element>(shape: [rows, inner], scalars: left),
      Tensor<Element>(shape: [inner, columns], scalars: right))
    let isWrong = product.scalars.enumerated().contains { index, element in
      let expected = index < columns || index % columns == columns - 1
      return expected != element.doubleValue.isNaN || !expected && element != 0
    }
    return NumericsCase("\(rows) × \(inner) × \(columns)", holds: !isWrong)
  }
}

private func omittingCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  let (x, none) = (Tensor<Element>([3, nan(type), 7]), Tensor<Element>([nan(type), nan(type)]))
  return [
    NumericsCase("fmax", show(fmax(x, Tensor([nan(type), nan(type), 9]))), "[3] 3 nan 9"),
    NumericsCase("fmin", show(fmin(x, Tensor([nan(type), 5, 9]))), "[3] 3 5 7"),
    NumericsCase("nanMax", show(x.nanMax()), "[] 7"),
    NumericsCase("nanMin", show(x.nanMin()), "[] 3"),
    NumericsCase("nanSum", show(x.nanSum()), "[] 10"),
    NumericsCase("nanMean", show(x.nanMean()), "[] 5"),
    NumericsCase("nanMax of none", show(none.nanMax()), "[] nan"),
    NumericsCase("nanMean of none", show(none.nanMean()), "[] nan"),
    NumericsCase("nanSum of none", show(none.nanSum()), "[] 0"),
  ]
}

private func infiniteCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  let inf = infinity(type)
  let x = Tensor<Element>([inf, 0, 1, -1])
  return [
    NumericsCase("inf − inf", show(x - inf), "[4] nan -inf -inf -inf"),
    NumericsCase("0 · inf", show(x * inf), "[4] inf nan inf -inf"),
    NumericsCase("by 0", show(x / 0), "[4] inf nan inf -inf"),
    NumericsCase("√", show(x.sqrt()), "[4] inf 0 1 nan"),
    NumericsCase("log", show(x.log()), "[4] inf -inf 0 nan"),
    NumericsCase("exp", show(Tensor<Element>([1000, -1000, 0]).exp()), "[3] inf 0 1"),
    NumericsCase("finite", show(x.isFinite()), "[4] false true true true"),
    NumericsCase("infinite", show(x.isInfinite()), "[4] true false false false"),
  ]
}

private func powerCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  let base = Tensor<Element>([nan(type), 1, -1, 4, 0, -0.0, -2, 0])
  let exponent = Tensor<Element>([0, nan(type), 0.5, 0.5, -1, -1, 3, 0])
  return [
    NumericsCase("pow", show(base.pow(exponent)), "[8] 1 1 nan 2 inf -inf -8 1"),
    NumericsCase("pow(0)", show(base.pow(0)), "[8] 1 1 1 1 1 1 1 1"),
  ]
}

private func roundingCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let x = Tensor<Element>([-0.5, 0.5, 1.5, 2.5, -2.5, -1.25])
  return [
    NumericsCase("round", show(x.round()), "[6] -0 0 2 2 -2 -1"),
    NumericsCase("ceil", show(x.ceil()), "[6] -0 1 2 3 -2 -1"),
    NumericsCase("trunc", show(x.trunc()), "[6] -0 0 1 2 -2 -1"),
    NumericsCase("floor", show(x.floor()), "[6] -1 0 1 2 -3 -2"),
  ]
}

/// A vector's worth of numbers and a few more.
private func remainderCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let greatest = Element.dtype == .float16 ? 60000 : 1e30
  let divisors = (0..<70).map { Element(0.5 + 0.3 * Double($0 % 7)) }
  let (x, y) = (Tensor<Element>.full([70], Element(greatest)), Tensor(divisors))
  let expected = divisors.map { Element(Glibc.fmod(Element(greatest).doubleValue, $0.doubleValue)) }
  return [
    .elements("fmod", x.fmod(y).scalars, expected) { "by \(divisors[$0]): " },
    .elements("remainder", x.remainder(y).scalars, expected) { "by \(divisors[$0]): " },
    .elements("of its negative", (-x).fmod(y).scalars, (-Tensor(expected)).scalars) {
      "by \(divisors[$0]): "
    },
  ]
}

private func clampCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  let x = Tensor<Element>([-2, 0, 2, nan(type)])
  return [
    NumericsCase("crossed", show(x.clamped(min: 1, max: -1)), "[4] -1 -1 -1 nan"),
    NumericsCase("ordered", show(x.clamped(min: -1, max: 1)), "[4] -1 0 1 nan"),
  ]
}

private func subnormalCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let least = Element.dtype.limits.least
  let x = Tensor<Element>([Element(least), Element(3 * least)])
  return [
    NumericsCase(
      "sum", show(x + x), show(Tensor<Element>([Element(2 * least), Element(6 * least)]))),
    NumericsCase(
      "product", show(x * 2), show(Tensor<Element>([Element(2 * least), Element(6 * least)]))),
    NumericsCase("reduction", show(x.sum()), show(Tensor<Element>(Element(4 * least)))),
    NumericsCase("is not 0", show(x .> 0), "[2] true true"),
    NumericsCase("made", "\(Element(least).doubleValue)", "\(least)"),
    NumericsCase(
      "matmul", show(matmul(x.reshaped(to: [2, 1]), Tensor([[1, 2]]))),
      show(
        Tensor<Element>([
          [Element(least), Element(2 * least)], [Element(3 * least), Element(6 * least)],
        ]))),
    NumericsCase(
      "long", show(Tensor<Element>.full([100_000], Element(least)).max()),
      show(Tensor<Element>(Element(least)))),
  ]
}
