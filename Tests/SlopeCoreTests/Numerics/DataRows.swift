import Slope
import SlopeData
import SlopeNN
import Testing

@testable import SlopeCore

extension NumericsTests {
  /// The numbers of a seed.
  ///
  /// More of them, and the order of epochs, are in the tests of the generator, the split and the
  /// loader.
  @Suite struct DataRows {
    @Test(arguments: dataRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let dataRows: [NumericsRow] = [
  NumericsRow("numbers of seed 0") { _ in
    func seeded() -> Generator { Generator(seed: 0) }
    let layer = Linear<Float>(2, 1, generator: seeded())
    return [
      near("uniform", Tensor<Float>.uniform([3], generator: seeded()), [0.4963, 0.7682, 0.0885]),
      near("normal", Tensor<Float>.normal([3], generator: seeded()), [1.5410, -0.2934, -2.1788]),
      near("weight", layer.weight.tensor, [-0.0053, 0.3793]),
      near("bias", layer.bias?.tensor ?? .zeros([]), [-0.5820]),
      NumericsCase(
        "integers", show(Tensor<Int>.randint(0, 10, [5], generator: seeded())), "[5] 4 9 3 0 3"),
      .init(
        "integers from 0", show(Tensor<Int>.randint(10, [5], generator: seeded())),
        "[5] 4 9 3 0 3"),
      NumericsCase(
        "permutation", show(Tensor<Int>.randperm(5, generator: seeded())), "[5] 4 0 1 3 2"),
    ]
  },
  NumericsRow("splits") { _ in
    let rows = Tensor<Int>.arange(10)
    let data = TensorDataset(rows, rows)
    let parts = randomSplit(data, [0.33, 0.33, 0.34], generator: Generator(seed: 42))
    let (a, b) = randomSplit(data, (7, 3), generator: Generator(seed: 42))
    return [
      NumericsCase("fractions", "\(parts.map(\.count))", "[4, 3, 3]"),
      NumericsCase("counts", "\(a.indices) \(b.indices)", "[2, 6, 1, 8, 4, 5, 0] [9, 3, 7]"),
      NumericsCase("too few", holds: failure { _ = randomSplit(data, [7, 2]) } != nil),
      NumericsCase("too small", holds: failure { _ = randomSplit(data, [0.5, 0.4]) } != nil),
    ]
  },
  NumericsRow("batches") { _ in
    let rows = Tensor<Int>.arange(10)
    let data = TensorDataset(rows, rows)
    func counts(dropLast: Bool) -> [Int] {
      DataLoader(data, batchSize: 4, dropLast: dropLast).map { $0.0.count }
    }
    return [
      NumericsCase("short last", "\(counts(dropLast: false))", "[4, 4, 2]"),
      NumericsCase("dropped", "\(counts(dropLast: true))", "[4, 4]"),
    ]
  },
]

/// Rounded to the four digits of the page.
private func near(_ what: String, _ found: Tensor<Float>, _ expected: [Float]) -> NumericsCase {
  let numbers = found.scalars
  let isNear =
    numbers.count == expected.count
    && zip(numbers, expected).allSatisfy { abs($0 - $1) < 5.1e-5 }
  return NumericsCase(
    what, isNear ? "\(expected)" : "\(numbers)", "\(expected)", count: expected.count)
}
