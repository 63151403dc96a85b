import Testing

@testable import SlopeCore

private let x = Tensor<Float>([1, 2, 3, .nan])
private let two = Tensor<Float>([2])

/// Booleans as digits.
private func digits(_ tensor: Tensor<Bool>) -> String {
  tensor.scalars.map { $0 ? "1" : "0" }.joined()
}

@Suite struct TensorComparisonTests {
  @Test func tensorsAndNumbersOnEitherSide() {
    #expect([x .< two, x .< 2, 2 .> x].map(digits) == ["1000", "1000", "1000"])
    #expect([x .<= two, x .<= 2, 2 .>= x].map(digits) == ["1100", "1100", "1100"])
    #expect([x .> two, x .> 2, 2 .< x].map(digits) == ["0010", "0010", "0010"])
    #expect([x .>= two, x .>= 2, 2 .<= x].map(digits) == ["0110", "0110", "0110"])
    #expect([x .== two, x .== 2, 2 .== x].map(digits) == ["0100", "0100", "0100"])
    #expect([x .!= two, x .!= 2, 2 .!= x].map(digits) == ["1011", "1011", "1011"])
  }

  @Test func nothingEqualsNaN() {
    #expect([x .== .nan, x .< .nan, x .>= .nan].map(digits) == ["0000", "0000", "0000"])
    #expect(digits(x .!= .nan) == "1111" && digits(x .== x) == "1110" && digits(x .!= x) == "0001")
    #expect(digits(Tensor<Float>([0]) .== Tensor<Float>([-0.0])) == "1")
  }

  @Test func signsOfIntegersCount() {
    #expect(
      digits(Tensor<UInt8>([200, 3]) .> 100) == "10" && digits(Tensor<Int8>([-56, 3]) .> 2) == "01")
    #expect(digits(Tensor<UInt64>([.max]) .> 1) == "1" && digits(Tensor([Int.min]) .< 0) == "1")
    #expect(
      digits(Tensor([true, false]) .== true) == "10"
        && digits(Tensor([true, false]) .!= Tensor([false, false])) == "10")
    #expect(digits(Tensor([1 << 60]) .== Tensor([1 << 60 + 1])) == "0")
  }

  @Test func falseIsLessThanTrue() {
    let (p, q) = (Tensor([true, true, false, false]), Tensor([true, false, true, false]))
    #expect([p .< q, p .<= q, p .> q, p .>= q].map(digits) == ["0010", "1011", "0100", "1101"])
    #expect([p .< true, false .>= p].map(digits) == ["0011", "0011"])
    #expect(digits(maximum(p, q)) == "1110" && digits(minimum(p, q)) == "1000")
    #expect(p.max().item() && !p.min().item() && p[..<2].min().item())
    #expect(digits(p.reshaped(to: [2, 2]).max(axis: 1)) == "10")
    #expect(digits(q.reshaped(to: [2, 2]).min(axes: [0], keepingAxes: true)) == "10")
    #expect(failure { Tensor<Bool>.zeros([0]).max() } != nil)
  }

  @Test func whereSelects() {
    let condition = Tensor([[true], [false]])
    #expect(show(Tensor.where(condition, Tensor([1, 2]), Tensor(9))) == "[2, 2] 1 2 9 9")
    #expect(show(Tensor.where(x .> 1, x, Tensor<Float>(0))) == "[4] 0 2 3 0")
    #expect(
      show(Tensor.where(Tensor([true, false]), Tensor([true, true]), Tensor([false, false])))
        == "[2] true false")
    #expect(
      show(
        Tensor<BFloat16>.where(Tensor([false]), 1 + Tensor<BFloat16>([0]), Tensor<BFloat16>([2])))
        == "[1] 2")
    #expect(
      show(Tensor<UInt64>.where(Tensor([true]), Tensor<UInt64>([.max]), Tensor<UInt64>([0])))
        == "[1] \(UInt64.max)")
  }

  @Test func logic() {
    let (p, q) = (Tensor([true, true, false, false]), Tensor([true, false, true, false]))
    #expect(
      digits(p & q) == "1000" && digits(p | q) == "1110" && digits(p ^ q) == "0110"
        && digits(~p) == "0011")
    #expect(digits(p.logicalAnd(q)) == "1000" && digits(p.logicalOr(q)) == "1110")
    #expect(digits(p.logicalXor(q)) == "0110" && digits(p.logicalNot()) == "0011")
  }

  @Test func bits() {
    let (x, y) = (Tensor<UInt8>([0b1100, 0xFF]), Tensor<UInt8>([0b1010, 0x0F]))
    #expect(show(x & y) == "[2] 8 15" && show(x | y) == "[2] 14 255" && show(x ^ y) == "[2] 6 240")
    #expect(show(~x) == "[2] 243 0" && show(~Tensor<Int8>([5])) == "[1] -6")
    #expect(
      show(Tensor<Int8>([1, -3, 5, 5]).shiftedLeft(by: Tensor<Int8>([3, 1, 8, 7])))
        == "[4] 8 -6 0 -128")
    #expect(
      show(Tensor<Int8>([-128, 64, -1, 5]).shiftedRight(by: Tensor<Int8>([2, 3, 9, 8])))
        == "[4] -32 8 -1 0")
    #expect(show(Tensor<UInt8>([128]).shiftedRight(by: Tensor<UInt8>([7]))) == "[1] 1")
  }
}
