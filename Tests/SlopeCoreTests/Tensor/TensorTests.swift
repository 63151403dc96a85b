import TestSupport
import Testing

@testable import SlopeCore

@Suite struct TensorTests {
  private let matrix = Tensor<Float>([[1, 2, 3], [4, 5, 6]])

  @Test(.onTheCPU) func knowsItself() {
    #expect(matrix.shape == [2, 3] && matrix.rank == 2 && matrix.count == 6)
    #expect(matrix.dtype == .float32 && matrix.device == .cpu && "\(matrix.device)" == "cpu")
    #expect(!matrix.isFailed && !matrix.requiresGradient && !matrix.sum().requiresGradient)
    #expect(Parameter(matrix).tensor.requiresGradient)
    #expect("\(matrix.value)" == "float32[2, 3]" && "\(Tensor<Float>.failed.value)" == "failed")
  }

  @Test func scalarsFollowTheViewsOrder() {
    #expect(matrix.transposed().scalars == [1, 4, 2, 5, 3, 6])
    #expect(matrix[1].scalars == [4, 5, 6] && matrix[0..., 1].scalars == [2, 5])
    #expect(Tensor<Bool>([true, false]).scalars == [true, false])
    #expect(Tensor<Float>.zeros([0, 3]).scalars.isEmpty)
  }

  @Test(.onTheCPU) func spansSeeTheElementsWithoutACopyWhereTheyCan() {
    func span<Element: TensorElement>(_ tensor: Tensor<Element>) -> [Element] {
      tensor.withScalars { span in span.indices.map { span[$0] } }
    }
    #expect(span(matrix) == [1, 2, 3, 4, 5, 6] && span(matrix[1]) == [4, 5, 6])
    #expect(span(matrix.transposed()) == [1, 4, 2, 5, 3, 6])
    #expect(span(Tensor<Float>.zeros([0])) == [])
    #expect(span(matrix[1, 1]) == [5])
    let address = matrix[1].withScalars {
      unsafe $0.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) }
    }
    #expect(address == matrix.value.withPointer { Int(bitPattern: $0) } + 12)
  }

  @Test func spansMayThrow() {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try matrix.withScalars { _ in throw Stop() } }
  }

  @Test func itemIsTheOneElement() {
    #expect(matrix[1, 0].item() == 4 && Tensor<Bool>([[true]]).item())
    #expect(matrix[0..., stride(from: 2, to: 3, by: 1)][1].item() == 6)
    #expect(failure { matrix.item() } == "item: a tensor of shape [2, 3] has 6 elements")
    #expect(failure { Tensor([Int]()).item() } == "item: a tensor of shape [0] has 0 elements")
    #expect(Tensor<Float>.failed.item() == 0 && Tensor<Float>.failed.scalars.isEmpty)
  }

  @Test func castsTruncateSaturateAndRoundOnce() {
    let numbers = Tensor<Double>([300.7, -1.5, 1e10, .nan, -0.0, 0.4, 16_777_217])
    #expect(show(numbers.cast(to: UInt8.self)) == "[7] 255 0 255 0 0 0 255")
    #expect(show(numbers.cast(to: Int8.self)) == "[7] 127 -1 127 0 0 0 127")
    #expect(show(numbers.cast(to: Int32.self)) == "[7] 300 -1 2147483647 0 0 0 16777217")
    #expect(numbers.cast(to: Bool.self).scalars == [true, true, true, true, false, true, true])
    #expect(numbers.cast(to: Float.self).scalars[6] == 16_777_216)
    #expect(show(Tensor<Float>([65519, 65520]).cast(to: Float16.self)) == "[2] 65504 inf")
    #expect(show(Tensor([300, -1, 256]).cast(to: UInt8.self)) == "[3] 44 255 0")
    #expect(show(Tensor([true, false]).cast(to: Float.self)) == "[2] 1 0")
    #expect(show(Tensor<UInt64>([.max]).cast(to: Int64.self)) == "[1] -1")
    #expect(show(Tensor([(1 << 40) + 1]).cast(to: Bool.self)) == "[1] true")
    // By way of Float the bits below a tie would be lost.
    #expect(
      Tensor<Double>([1 + 0x1p-8 + 0x1p-30]).cast(to: BFloat16.self).scalars[0].bitPattern == 0x3F81
    )
    #expect(
      Tensor<Int>([(1 << 24) + (1 << 16) + 1]).cast(to: BFloat16.self).scalars[0].doubleValue
        == 16_908_288)
    let same = matrix.cast(to: Float.self)
    #expect(same.value === matrix.value)
    #expect(show(matrix.transposed().cast(to: Int.self)) == "[3, 2] 1 4 2 5 3 6")
  }

  @Test func detachedSharesMemoryAndForgets() {
    let parameter = Parameter(matrix)
    let double = parameter.tensor * 2
    #expect(double.requiresGradient && !double.detached().requiresGradient)
    #expect(double.detached().value.buffer === double.value.buffer)
    #expect(matrix.detached().value === matrix.value)
  }

  @Test(.onTheCPU) func devicesAreTheirBackends() {
    let other = Device(CPUBackend())
    #expect(
      Device.cpu == .cpu && other != .cpu && other.hashValue == Device(other.backend).hashValue)
    let there = withDevice(other) { Tensor<Float>([1, 2]) }
    #expect(there.device == other && (there + 1).device == other && show(there + 1) == "[2] 2 3")
    #expect(there.withScalars { $0[1] } == 2)
    #expect(failure { there + Tensor<Float>([1, 2]) } == "add: operands on cpu and cpu")
    #expect(
      failure { concatenate([there, Tensor<Float>([1])]) } == "concatenate: operands on cpu and cpu"
    )
    #expect(failure { matmul(there, Tensor<Float>([1, 2])) } == "matmul: operands on cpu and cpu")
    #expect(failure { there.taking(Tensor([0])) } == "gather: operands on cpu and cpu")
    #expect(
      failure { meanSquaredError(there, Tensor<Float>([1, 2])) } == "mean: operands on cpu and cpu")
  }
}
