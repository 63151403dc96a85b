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
  NumericsRow("ten million tenths", inEachForm: true) { _ in
    let sum = Tensor<Float>.full([10_000_000], 0.1).sum().item()
    let rows = Tensor<Float>.full([2, 5_000_000], 0.1).sum(axis: 1).scalars
    return [
      NumericsCase("sum", holds: abs(Double(sum) - 1e6) <= 1),
      NumericsCase("rows", holds: rows.allSatisfy { abs(Double($0) - 5e5) <= 0.5 }),
    ]
  },
  NumericsRow("variances take two passes") { device in
    // One pass over squares would lose all of it in Float, whose numbers are 1/16 apart here.
    let x = Tensor<Float>([1_000_001, 1_000_002, 1_000_003, 1_000_006])
    let wide = Tensor<Float>.full([3, 4096], 1e6) + Tensor<Float>([[0], [1], [2]])
    return [
      NumericsCase("variance", show(x.variance(correction: 0)), "[] 3.5"),
      NumericsCase("std", show(x.std(correction: 4)), "[] inf"),
      NumericsCase("rows", show(wide.variance(axes: [1])), "[3] 0 0 0"),
      NumericsCase("columns", show(wide.variance(axes: [0])[..<2]), "[2] 1 1"),
    ]
  },
  // The exact operations one by one stand in the tables of NaNRows, on every device.
  NumericsRow("a formula equals its operations one by one", inEachForm: true) { _ in
    let x = Tensor<Float>((0..<1000).map { Float($0) * 0.37 - 100 })
    let (y, z) = (x * 1.7 - 3, x.square() + 0.1)
    let formula = Pointwise("formula") { x, y, z in x * y + z / (x - 0.3) - y.sqrt() * z }
    let parts = x * y + z / (x - 0.3) - y.sqrt() * z
    return [NumericsCase("", show(formula(x, y, z)), show(parts))]
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

private func sigmoidCases<E: FloatingElement>(
  _: E.Type, _ device: NumericsDevice
) -> [NumericsCase] {
  let x = Tensor<E>([1000, -1000, 0])
  return [
    NumericsCase("sigmoid", show(x.sigmoid()), "[3] 1 0 0.5"),
    NumericsCase("softplus", show(x.softplus()[..<2]), "[2] 1000 0"),
    NumericsCase("softplus above 20", show(Tensor<E>([20.5, 24]).softplus()), "[2] 20.5 24"),
    NumericsCase("logSigmoid", show(x.logSigmoid()[..<2]), "[2] -0 -1000"),
    // PoCL's are a unit off, which OpenCL allows.
    NumericsCase("tanh", device.isCPU ? show(x.tanh()) : "[3] 1 -1 0", "[3] 1 -1 0"),
    NumericsCase("silu", show(x.silu()), "[3] 1000 -0 0"),
  ]
}

private func softmaxCases<E: FloatingElement>(_: E.Type) -> [NumericsCase] {
  let (nan, inf, low) = (E(Double.nan), E(Double.infinity), E(-Double.infinity))
  let x = Tensor<E>([
    [1000, 0, -1000], [inf, 0, 1], [nan, 0, 1], [low, low, low], [low, 0, 0], [low, low, 7],
  ])
  return [
    NumericsCase(
      "softmax", show(x.softmax()),
      "[6, 3] 1 0 0 nan nan nan nan nan nan nan nan nan 0 0.5 0.5 0 0 1"),
    NumericsCase("of columns", show(x.transposed().softmax(axis: 0)[0..., 0]), "[3] 1 0 0"),
    NumericsCase("logSoftmax", show(Tensor<E>([1000, 0]).logSoftmax()), "[2] 0 -1000"),
    NumericsCase(
      "logSoftmax of rows", show(x[..<4].logSoftmax()),
      "[4, 3] 0 -1000 -2000 nan nan nan nan nan nan nan nan nan"),
  ]
}

private func logSumExpCases<E: FloatingElement>(_: E.Type) -> [NumericsCase] {
  let (nan, inf, low) = (E(Double.nan), E(Double.infinity), E(-Double.infinity))
  let x = Tensor<E>([[low, low], [inf, low], [nan, 1], [low, 1000], [inf, inf]])
  return [NumericsCase("rows", show(x.logSumExp(axes: [1])), "[5] -inf inf nan 1000 inf")]
}

private func entropyCases<E: FloatingElement>(_: E.Type) -> [NumericsCase] {
  let certain = Tensor<E>([0, 1, 0, 1])
  let scores = Tensor<E>([1000, -1000, 1000, -1000])
  let targets = Tensor<E>([1, 0, 0, 1])
  let rows = Tensor<E>([[1000, 0], [0, -1000], [0, -1000]])
  return [
    NumericsCase(
      "BCE", show(BCELoss<E>(reduction: .none)(certain, targets)), "[4] 100 100 0 0"),
    NumericsCase(
      "BCE with logits", show(BCEWithLogitsLoss<E>(reduction: .none)(scores, targets)),
      "[4] 0 0 1000 1000"),
    NumericsCase(
      "cross-entropy", show(CrossEntropyLoss<E>(reduction: .none)(rows, Tensor([1, 1, 0]))),
      "[3] 1000 1000 0"),
  ]
}

private func sumCases<E: FloatingElement>(_: E.Type) -> [NumericsCase] {
  [
    NumericsCase("a thousand ones", show(Tensor<E>.ones([1000]).sum()), "[] 1000"),
    NumericsCase("their mean", show(Tensor<E>.ones([1000]).mean()), "[] 1"),
  ]
}
