import SlopeNN
import Testing

@testable import SlopeCore

private let inf = Float.infinity

private let reductions: [FaultCase] = [
  FaultCase("sum: inf at [1]: sum([3e+38, 3e+38])") {
    Tensor<Float>([[1, 2], [3e38, 3e38]]).sum(axis: 1)
  },
  FaultCase("sum: inf at [1]: sum([3e+38, 3e+38])") {
    Tensor<Float>([[1, 3e38], [2, 3e38]]).sum(axis: 0)
  },
  FaultCase("sum: inf at [0, 1]: sum([3e+38, 3e+38])") {
    Tensor<Float>([[1, 3e38], [2, 3e38]]).sum(axis: 0, keepingAxes: true)
  },
  FaultCase("sum: nan at []: sum([inf, -inf])") { Tensor<Float>([inf, -inf]).sum() },
  FaultCase("sum: inf at []: sum([\(list(1e37, 8)), … 100 numbers])") {
    Tensor<Float>.full([100], 1e37).sum()
  },
  FaultCase("sum: inf at []: sum([\(list(6e37, 8))])") { Tensor<Float>.full([8], 6e37).sum() },
  FaultCase("sum: inf at []: sum([60000.0, 60000.0])") { Tensor<Float16>([60000, 60000]).sum() },
  FaultCase("mean: nan at []: mean([])") { Tensor<Float>([] as [Float]).mean() },
  FaultCase("mean: nan at [1]: mean([inf, -inf])") {
    Tensor<Float>([[1, 2], [inf, -inf]]).mean(axis: 1)
  },
  FaultCase("product: inf at []: product([1e+30, 1e+30])") {
    Tensor<Float>([1e30, 1e30]).product()
  },
  FaultCase("mean(squaredDifference): inf at []: square(1e+30)") {
    meanSquaredError(Tensor<Float>([1, 1e30]), Tensor<Float>([1, 0]))
  },
  // Four times 2¹²⁶, which overflow only in sum.
  FaultCase("sum(squaredDifference): inf at []: sum([\(list(0x1p126, 4))])") {
    summedSquaredError(Tensor<Float>.full([4], 0x1p63), Tensor<Float>.zeros([4]))
  },
  FaultCase("sum(hiding): inf at []: sum([3e+38, 3e+38])") {
    let inputs: [1 of Value] = [Tensor<Float>([1000, 1000]).value]
    return Tensor<Float>(
      reduced(
        .sum, hiding, inputs.span, programType: .float32, nest: [2], axes: nil,
        keepingAxes: false, output: .float32, record: true))
  },
  FaultCase("divide: nan at []: divide(0.0, 0.0)") { Tensor<Float>([3]).variance() },
  FaultCase("sum: wraps to \(Int.min) (int64) at []: sum([\(Int.max), 1])") {
    Tensor<Int>([.max, 1]).sum()
  },
  FaultCase("sum: wraps to 0 (uint64) at [1]: sum([\(UInt64.max), 1])") {
    Tensor<UInt64>([[1, 2], [.max, 1]]).sum(axis: 1)
  },
  FaultCase("product: wraps to -2 (int64) at []: product([\(Int.max), 2])") {
    Tensor<Int>([.max, 2]).product()
  },
  FaultCase("product: wraps to \(UInt64.max - 1) (uint64) at []: product([\(UInt64.max), 2])") {
    Tensor<UInt64>([.max, 2]).product()
  },
]

/// An infinite intermediate result at 1000, which does not show.
private let hiding = PointwiseFunction("hiding", inputs: 1) { 3e38 + 1 / (1 + $0[0].exp()) }

private func list(_ number: Float, _ count: Int) -> String {
  Array(repeating: "\(number)", count: count).joined(separator: ", ")
}

private let products: [FaultCase] = [
  FaultCase("matmul: inf at [1, 0]: matmul([1e+38, 0.0], [10.0, 1.0])") {
    matmul(Tensor<Float>([[1, 2], [1e38, 0]]), Tensor<Float>([[10, 1], [1, 3]]))
  },
  FaultCase("matmul: inf at [0, 1]: matmul([1e+38, 0.0], [10.0, 3.0])") {
    matmul(
      Tensor<Float>([[1e38, 1], [0, 2]]).transposed(),
      Tensor<Float>([[1, 1], [10, 3]]).transposed())
  },
  FaultCase("matmul: nan at [0, 0]: matmul([0.0], [inf])") {
    matmul(Tensor<Float>([[0]]), Tensor<Float>([[inf]]))
  },
  FaultCase("matmul: inf at [1]: matmul([1e+38, 2.0], [10.0, 1.0])") {
    matmul(Tensor<Float>([1e38, 2]), Tensor<Float>([[1, 10], [1, 1]]))
  },
  FaultCase("matmul: inf at [1]: matmul([1e+38, 2.0], [10.0, 1.0])") {
    matmul(Tensor<Float>([[1, 2], [1e38, 2]]), Tensor<Float>([10, 1]))
  },
  FaultCase("matmul: inf at []: matmul([1e+38], [10.0])") {
    matmul(Tensor<Float>([1e38]), Tensor<Float>([10]))
  },
  FaultCase("matmul: inf at [1, 0, 1]: matmul([1e+38], [20.0])") {
    matmul(Tensor<Float>([[[1]], [[1e38]]]), Tensor<Float>([[[1, 2]], [[3, 20]]]))
  },
  FaultCase("matmul: inf at [1, 1, 0]: matmul([1e+38], [20.0])") {
    matmul(Tensor<Float>([[[1], [2]], [[3], [1e38]]]), Tensor<Float>([[20]]))
  },
  FaultCase("matmul: wraps to 32 (int8) at [0, 1]: matmul([100, 100], [100, 100])") {
    matmul(Tensor<Int8>([[100, 100]]), Tensor<Int8>([[1, 100], [0, 100]]))
  },
  FaultCase("matmul: wraps to 0 (uint64) at [0, 0]: matmul([9223372036854775808], [2])") {
    matmul(Tensor<UInt64>([[1 << 63]]), Tensor<UInt64>([[2]]))
  },
  FaultCase(
    "matmul: wraps to 2 (uint64) at [0, 0]: matmul([M, M], [M, M])".replacing(
      "M", with: "\(UInt64.max)")
  ) { matmul(Tensor<UInt64>([[.max, .max]]), Tensor<UInt64>([[.max], [.max]])) },
  FaultCase("linear: inf at [0, 1]: matmul([1e+38], [20.0], [1.0])") {
    linear(
      Tensor<Float>([[1e38]]), weight: Tensor([[1], [20]]), bias: Tensor<Float>([0, 1]))
  },
  FaultCase("linear: inf at [1, 0, 1]: matmul([1e+38], [20.0])") {
    linear(Tensor<Float>([[[1]], [[1e38]]]), weight: Tensor([[1], [20]]))
  },
  FaultCase("linear: inf at [1]: matmul([1e+38], [20.0])") {
    linear(Tensor<Float>([1e38]), weight: Tensor([[1], [20]]))
  },
  // The activation would hide it.
  FaultCase("linear: -inf at [0, 0]: matmul([1e+38], [-20.0], [0.0])") {
    linear(
      Tensor<Float>([[1e38]]), weight: Tensor([[-20]]), bias: Tensor<Float>([0]),
      activation: .relu)
  },
]

private let rows: [FaultCase] = [
  FaultCase("softmax: nan at [1, 0]: softmax([-inf, -inf])") {
    Tensor<Float>([[1, -inf], [-inf, -inf]]).softmax()
  },
  FaultCase("softmax: nan at [0, 1, 2]: softmax([inf, 0.0])") {
    Tensor<Float>([[[1, 2, 3], [4, 5, inf]], [[1, 2, 3], [4, 5, 0]]]).softmax(axis: 0)
  },
  FaultCase("logSoftmax: nan at [0, 0]: logSoftmax([inf, 0.0])") {
    Tensor<Float>([[inf, 0]]).logSoftmax()
  },
  FaultCase("logSoftmax: -inf at [0, 1]: logSoftmax([60000.0, -60000.0])") {
    Tensor<Float16>([[60000, -60000]]).logSoftmax()
  },
  FaultCase("scatterAdd: wraps to 4 (uint8) at [2]: scatterAdd([250, 10])") {
    Tensor<UInt8>(scattered([250, 1, 10] as [UInt8], to: [2, 0, 2]))
  },
  FaultCase("scatterAdd: inf at [1]: scatterAdd([3e+38, 3e+38])") {
    Tensor<Float>(scattered([3e38, 1, 3e38] as [Float], to: [1, 0, 1]))
  },
  FaultCase("scatterAdd: inf at [1, 2, 0]: scatterAdd([3e+38, 3e+38])") {
    let source = Tensor<Float>([
      [[1, 2], [3, 4]], [[3e38, 2], [3e38, 4]],
    ]).value
    return Tensor<Float>(
      source.scattered(Tensor<Int>([2, 2]).value, axis: 1, into: [2, 3, 2]))
  },
  FaultCase("CrossEntropyLoss: nan at []: divide(0.0, 0.0)") {
    CrossEntropyLoss<Float>()(Tensor<Float>([[1, 2]]), Tensor<Int>([-100]))
  },
  FaultCase("CrossEntropyLoss: nan at []: CrossEntropyLoss([])") {
    CrossEntropyLoss<Float>()(Tensor<Float>.zeros([0, 3]), Tensor<Int>([] as [Int]))
  },
  FaultCase("NLLLoss: nan at []: divide(0.0, 0.0)") {
    NLLLoss<Float>()(Tensor<Float>([[0, 1]]), Tensor<Int>([-100]))
  },
]

private func scattered<Element: TensorElement>(_ source: [Element], to places: [Int]) -> Value {
  Tensor<Element>(source).value.scattered(Tensor<Int>(places).value, axis: 0, into: [3])
}

private let fine: [FaultCase] = [
  FaultCase(nil) { Tensor<Float>([[1, -inf], [-inf, 2]]).softmax() },
  FaultCase(nil) { Tensor<Float>([[1, -inf]]).logSoftmax() },
  FaultCase(nil) { Tensor<Float>([[1, .nan]]).softmax(axis: 0) },
  FaultCase(nil) { Tensor<Float>([1, inf]).sum() },
  FaultCase(nil) { Tensor<Float>([1, .nan, -inf]).mean() },
  FaultCase(nil) { Tensor<Float>([1, .nan]).max() },
  FaultCase(nil) { Tensor<Float>([inf, .nan]).argmax() },
  FaultCase(nil) { Tensor<Int>([.max, 1]).max() },
  FaultCase(nil) { Tensor<Int>([.max, 1]).argmin() },
  FaultCase(nil) { Tensor<Int>([.max, 1, -1]).sum() },
  FaultCase(nil) { Tensor<Int>([.max, 2, 0]).product() },
  FaultCase(nil) { Tensor<Int>([1 << 62, -2]).product() },
  FaultCase(nil) { Tensor<UInt8>([200, 200, 200]).sum() },
  FaultCase(nil) { Tensor<Bool>([true, true]).sum() },
  FaultCase(nil) { Tensor<Int>([] as [Int]).sum() },
  FaultCase(nil) { matmul(Tensor<Float>([[inf]]), Tensor<Float>([[2]])) },
  FaultCase(nil) { matmul(Tensor<Float>([[1]]), Tensor<Float>([[.nan]])) },
  FaultCase(nil) { matmul(Tensor<Int8>([[100, 100]]), Tensor<Int8>([[100], [-100]])) },
  FaultCase(nil) { matmul(Tensor<Bool>([[true, true]]), Tensor<Bool>([[true], [true]])) },
  FaultCase(nil) { matmul(Tensor<Float>.zeros([2, 0]), Tensor<Float>.zeros([0, 2])) },
  FaultCase(nil) {
    linear(Tensor<Float>([[1]]), weight: Tensor([[1]]), bias: Tensor<Float>([inf]))
  },
  FaultCase(nil) { Tensor<UInt8>(scattered([250, 10, 5] as [UInt8], to: [2, 0, 2])) },
  FaultCase(nil) { Tensor<Bool>(scattered([true, true] as [Bool], to: [1, 1])) },
  FaultCase(nil) { Tensor<Float>(scattered([inf, 1] as [Float], to: [1, 1])) },
  FaultCase(nil) { Tensor<Float>([inf, .nan]).taking(Tensor([1, 0])) },
  FaultCase(nil) { concatenate([Tensor<Float>([inf]), Tensor<Float>([.nan])]) },
  FaultCase(nil) { Tensor<Float>([[inf, .nan]]).transposed().flattened() },
  FaultCase(nil) { Tensor<Float>([1, 2]).std() },
  FaultCase(nil) {
    CrossEntropyLoss<Float>()(Tensor<Float>([[1, -inf, 3], [1, 2, 3]]), Tensor<Int>([0, -100]))
  },
]

@Suite struct NumericsReductionTests {
  @Test(arguments: reductions) func namesReductions(_ fault: FaultCase) throws {
    try fault.check()
  }

  @Test(arguments: products) func namesProducts(_ fault: FaultCase) throws { try fault.check() }

  @Test(arguments: rows) func namesRowsAndScatters(_ fault: FaultCase) throws {
    try fault.check()
  }

  @Test(arguments: fine) func leavesSoundNumbersAlone(_ fault: FaultCase) throws {
    try fault.check()
  }
}
