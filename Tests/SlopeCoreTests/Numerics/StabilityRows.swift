import Slope
import SlopeNN
import Testing

@testable import SlopeCore

extension NumericsTests {
  @Suite struct StabilityRows {
    @Test(arguments: stabilityRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let stabilityRows: [NumericsRow] = [
  NumericsRow(floats: "sigmoid and softplus do not overflow") { type, device in
    sigmoidCases(type, device)
  },
  NumericsRow(floats: "softmax subtracts the maximum", inEachForm: true) { type, _ in
    softmaxCases(type)
  },
  NumericsRow(floats: "logSumExp at infinity") { type, _ in logSumExpCases(type) },
  NumericsRow(floats: "cross-entropies of large scores", inEachForm: true) { type, _ in
    entropyCases(type)
  },
  NumericsRow(floats: "16-bit floats add up in Float", inEachForm: true) { type, _ in sumCases(type)
  },
  NumericsRow(floats: "what is on the way is not rounded to 16 bits") { type, _ in
    wideCases(type)
  },
  NumericsRow("ten million tenths", inEachForm: true) { _ in
    let sum = Tensor<Float>.full([10_000_000], 0.1).sum().item()
    let rows = Tensor<Float>.full([2, 5_000_000], 0.1).sum(axis: 1).scalars
    return [
      NumericsCase("sum", holds: abs(Double(sum) - 1e6) <= 1),
      NumericsCase("rows", holds: rows.allSatisfy { abs(Double($0) - 5e5) <= 0.5 }),
    ]
  },
  NumericsRow("what blocks lose is kept when they are put together", inEachForm: true) { device in
    blockCases(Float.self, large: 0x1p40)
      + (device.device.dtypes.contains(.float64) ? blockCases(Double.self, large: 1e20) : [])
  },
  NumericsRow("variances take two passes") { device in
    // One pass over squares would lose all of it, in Float, whose numbers are 1/16 apart here, and
    // in Double.
    let far = device.device.dtypes.contains(.float64) ? doubleSpread() : []
    let x = Tensor<Float>([1_000_001, 1_000_002, 1_000_003, 1_000_006])
    let wide = Tensor<Float>.full([3, 4096], 1e6) + Tensor<Float>([[0], [1], [2]])
    return far + [
      NumericsCase("variance", show(x.variance(correction: 0)), "[] 3.5"),
      NumericsCase("std", show(x.std(correction: 4)), "[] inf"),
      NumericsCase("rows", show(wide.variance(axes: [1])), "[3] 0 0 0"),
      NumericsCase("columns", show(wide.variance(axes: [0])[..<2]), "[2] 1 1"),
    ]
  },
  // The exact operations are checked one by one in the tables of NaNRows, on every device.
  NumericsRow("a formula equals its operations one by one", inEachForm: true) { device in
    formulaCases(Float.self, device)
      + (device.device.dtypes.contains(.float64) ? formulaCases(Double.self, device) : [])
  },
  NumericsRow("16-bit floats round once at the end of a program", inEachForm: true) { _ in
    let add = Pointwise("add twice") { x in x + 1 + 1 }
    return [
      NumericsCase("one by one", show(Tensor<BFloat16>([256]) + 1 + 1), "[1] 256"),
      NumericsCase("together", show(add(Tensor<BFloat16>([256]))), "[1] 258"),
      NumericsCase("Float16", show(add(Tensor<Float16>([2048]))), "[1] 2050"),
    ]
  },
]

/// A large number in the first block cancels in the last; in between are halves, which neither a
/// sum in Float nor one in Double without compensation would keep.
private func blockCases<Element: FloatingElement>(_: Element.Type, large: Double) -> [NumericsCase]
{
  let (count, edge) = (200_000, 8192)
  var numbers = [Element](repeating: 0.5, count: count)
  for index in 0..<edge { (numbers[index], numbers[count - 1 - index]) = (0, 0) }
  // Also in one column of a hundred.
  (numbers[0], numbers[count - 100]) = (Element(large), Element(-large))
  let x = Tensor(numbers)
  let ones = Tensor<Element>.ones([count])
  let half = (count - 2 * edge) / 2
  return [
    NumericsCase("\(Element.dtype)", show(x.sum()), "[] \(half)"),
    NumericsCase(
      "\(Element.dtype) rows", show(stack([x, ones]).sum(axis: 1)), "[2] \(half) \(count)"),
    NumericsCase(
      "\(Element.dtype) columns", show(stack([x, ones], axis: 1).sum(axis: 0)),
      "[2] \(half) \(count)"),
    NumericsCase(
      "\(Element.dtype) wide", show(x.reshaped(to: [count / 100, 100]).sum(axes: [0]).sum()),
      "[] \(half)"),
  ]
}

private func doubleSpread() -> [NumericsCase] {
  let x = Tensor<Double>([1, 2, 3, 6]) + 1e9
  return [NumericsCase("of Double", show(x.variance(correction: 0)), "[] 3.5")]
}

/// On ordinary numbers, and on all pairs of special ones.
private func formulaCases<Element: FloatingElement>(
  _: Element.Type, _ device: NumericsDevice
) -> [NumericsCase] {
  let least = device.keepsSubnormals ? Element(Element.dtype.limits.least) : 1
  let special: [Element] = [
    0, -0.0, 1, -1, Element(Double.infinity), Element(-Double.infinity), Element(Double.nan), least,
  ]
  var left = (0..<1000).map { Element(Double($0) * 0.37 - 100) }
  var right = (0..<1000).map { Element(Double($0) * 0.629 - 173) }
  for first in special {
    for second in special {
      left.append(first)
      right.append(second)
    }
  }
  let (x, y) = (Tensor(left), Tensor(right))
  let z = x.square() + Element(0.1)
  let formula = Pointwise("formula") { x, y, z in x * y + z / (x - 0.3) - y.sqrt() * z }
  let parts = x * y + z / (x - Element(0.3)) - y.sqrt() * z
  return [
    NumericsCase("\(Element.dtype)", show(formula(x, y, z)), show(parts)),
    NumericsCase(
      "\(Element.dtype) products",
      show(Pointwise("products") { x, y, z in x * y * z - x }(x, y, y)),
      show(x * y * y - x)),
  ]
}

private func sigmoidCases<Element: FloatingElement>(
  _: Element.Type, _ device: NumericsDevice
) -> [NumericsCase] {
  let x = Tensor<Element>([1000, -1000, 0])
  return [
    NumericsCase("sigmoid", show(x.sigmoid()), "[3] 1 0 0.5"),
    NumericsCase("softplus", show(x.softplus()[..<2]), "[2] 1000 0"),
    NumericsCase("softplus above 20", show(Tensor<Element>([20.5, 24]).softplus()), "[2] 20.5 24"),
    NumericsCase("logSigmoid", show(x.logSigmoid()[..<2]), "[2] -0 -1000"),
    // PoCL's results are off by a unit, which OpenCL allows.
    .elements("tanh", x.tanh().scalars, [1, -1, 0], within: device.isCPU ? 0 : 5) { _ in "" },
    NumericsCase("silu", show(x.silu()), "[3] 1000 -0 0"),
    NumericsCase(
      "geluTanh", show(Tensor<Element>([1000, -1000, -30, 0]).geluTanh()), "[4] 1000 -0 -0 0"),
  ]
}

private func softmaxCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (nan, inf, low) = (Element(Double.nan), Element(Double.infinity), Element(-Double.infinity))
  let x = Tensor<Element>([
    [1000, 0, -1000], [inf, 0, 1], [nan, 0, 1], [low, low, low], [low, 0, 0], [low, low, 7],
  ])
  return [
    NumericsCase(
      "softmax", show(x.softmax()),
      "[6, 3] 1 0 0 nan nan nan nan nan nan nan nan nan 0 0.5 0.5 0 0 1"),
    NumericsCase("of columns", show(x.transposed().softmax(axis: 0)[0..., 0]), "[3] 1 0 0"),
    NumericsCase("logSoftmax", show(Tensor<Element>([1000, 0]).logSoftmax()), "[2] 0 -1000"),
    NumericsCase(
      "logSoftmax of rows", show(x[..<4].logSoftmax()),
      "[4, 3] 0 -1000 -2000 nan nan nan nan nan nan nan nan nan"),
  ]
}

private func logSumExpCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (nan, inf, low) = (Element(Double.nan), Element(Double.infinity), Element(-Double.infinity))
  let x = Tensor<Element>([[low, low], [inf, low], [nan, 1], [low, 1000], [inf, inf]])
  return [
    NumericsCase("rows", show(x.logSumExp(axes: [1])), "[5] -inf inf nan 1000 inf"),
    NumericsCase("nothing", show(Tensor<Element>.zeros([0]).logSumExp()), "[] -inf"),
    NumericsCase(
      "rows of nothing",
      show(Tensor<Element>.zeros([2, 0]).logSumExp(axes: [1], keepingAxes: true)),
      "[2, 1] -inf -inf"),
  ]
}

private func entropyCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let certain = Tensor<Element>([0, 1, 0, 1])
  let scores = Tensor<Element>([1000, -1000, 1000, -1000])
  let targets = Tensor<Element>([1, 0, 0, 1])
  let rows = Tensor<Element>([[1000, 0], [0, -1000], [0, -1000]])
  return [
    NumericsCase(
      "BCE", show(BCELoss<Element>(reduction: .none)(certain, targets)), "[4] 100 100 0 0"),
    NumericsCase(
      "BCE with logits", show(BCEWithLogitsLoss<Element>(reduction: .none)(scores, targets)),
      "[4] 0 0 1000 1000"),
    NumericsCase(
      "cross-entropy", show(CrossEntropyLoss<Element>(reduction: .none)(rows, Tensor([1, 1, 0]))),
      "[3] 1000 1000 0"),
  ]
}

/// 4096 ones, of which a sum in Float16 ends at 2048, one in BFloat16 at 256.
private func sumCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let ones = Tensor<Element>.ones([4096, 3])
  return [
    NumericsCase("all", show(ones[0..., 0].sum()), "[] 4096"),
    NumericsCase("a thousand", show(Tensor<Element>.ones([1000]).sum()), "[] 1000"),
    NumericsCase("mean", show(ones.mean()), "[] 1"),
    NumericsCase("columns", show(ones.sum(axis: 0)), "[3] 4096 4096 4096"),
    NumericsCase("rows", show(ones.transposed().sum(axis: 1)), "[3] 4096 4096 4096"),
    NumericsCase("running", show(ones.cumulativeSum(axis: 0)[-1]), "[3] 4096 4096 4096"),
    NumericsCase(
      "matmul", show(matmul(Tensor<Element>.ones([1, 4096]), ones)), "[1, 3] 4096 4096 4096"),
    NumericsCase(
      "of squares", show(summedSquaredError(ones[0..., 0], .zeros([4096]))), "[] 4096"),
  ]
}

/// Intermediate results may be beyond the range of 16 bits, or between its numbers.
private func wideCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let turns = Tensor<Element>((0..<10).map { Element($0 % 2 == 0 ? 128.0 : -128.0) })
  // Where 16-bit numbers are 2 apart.
  let edge = Element.dtype == .bfloat16 ? 256.0 : 2048.0
  let pair = Tensor<Element>([Element(edge), Element(edge + 2)])
  let batch = BatchNorm1d<Element>(1, epsilon: 0)
  let many = Tensor<Element>.ones([70_000])
  let far = Element.dtype == .float16 ? Element.dtype.limits.greatest : 1000
  return [
    NumericsCase("variance", show(turns.variance(correction: 0)), "[] 16384"),
    NumericsCase("std", show(Tensor<Element>([0, 512]).std(correction: 0)), "[] 256"),
    NumericsCase("norm", show(Tensor<Element>([288, 384]).norm()), "[] 480"),
    NumericsCase(
      "small norm", show(Tensor<Element>([0x1p-14, 0]).norm()), show(Tensor<Element>(0x1p-14))),
    .elements("norm 3", Tensor<Element>([64]).norm(3).scalars, [64], within: 16) { _ in "" },
    .elements(
      "LayerNorm", LayerNorm<Element>(4, epsilon: 0)(Tensor([256, -256, 256, -256])).scalars,
      [1, -1, 1, -1], within: 4
    ) { _ in "" },
    .elements(
      "its mean", LayerNorm<Element>(2, epsilon: 0)(pair).scalars, [-1, 1],
      within: 4
    ) { _ in "" },
    .elements("BatchNorm1d", batch(pair.reshaped(to: [2, 1])).scalars, [-1, 1], within: 4) { _ in ""
    },
    .elements(
      "its running mean", batch.runningMean.tensor.scalars,
      [Element((edge + 1) * 0.1)], within: 1
    ) { _ in "" },
    .elements(
      "its running variance", batch.runningVariance.tensor.scalars, [Element(1.1)], within: 2
    ) { _ in "" },
    NumericsCase("mean but for NaN", show(many.nanMean()), "[] 1"),
    .elements(
      "logSumExp", (many - 1).logSumExp().scalars, [Element(11.156250521031495)], within: 4
    ) { _ in "" },
    // Their distance is beyond the range.
    NumericsCase(
      "quantile", show(Tensor<Element>([Element(-far), Element(far)]).quantile(0.5)), "[] 0"),
  ]
}
