import Testing

@testable import SlopeCore

/// More repetitions of elements than are visited one by one.
private let many = RepeatedElements.leastCount

@Suite struct RepeatedElementsTests {
  @Test func sumsAreMultiples() {
    let row = Tensor<Float>([1, -2, 0.5])
    #expect(show(row.expanded(to: [many, 3]).sum(axis: 0)) == show(row * Float(many)))
    #expect(row.expanded(to: [many, 3]).sum().item() == -0.5 * Float(many))
    #expect(row.expanded(to: [many, 3]).mean().item() == row.mean().item())
    #expect(show(row.expanded(to: [many, 3]).mean(axis: 0)) == show(row))
    #expect(Tensor<Float>([3]).expanded(to: [1 << 58]).sum().item() == 3 * 0x1p58)
    #expect(Tensor<Float>([1]).expanded(to: [1 << 29, 1 << 29]).sum().item() == 0x1p58)
    // Several axes that are short each, and one kept between them.
    let kept = Tensor<Double>([1, 2]).reshaped(to: [1, 2, 1]).expanded(to: [1 << 13, 2, 1 << 12])
    #expect(show(kept.sum(axes: [0, 2])) == "[2] 33554432 67108864")
    #expect(kept.sum(axes: [0, 2], keepingAxes: true).shape == [1, 2, 1])
  }

  @Test func integersWrapAsTheirSumsDo() {
    #expect(Tensor<Int8>([-3]).expanded(to: [many + 1]).sum().item() == -3 * (many + 1))
    #expect(Tensor<Int>([1 << 40]).expanded(to: [many, 1]).sum().item() == 0)
    #expect(
      Tensor<Int>([(1 << 40) + 1]).expanded(to: [many, 1]).sum().item() == 1 << 24)
    #expect(Tensor<UInt64>([.max]).expanded(to: [many]).sum().item() == 0 &- UInt64(many))
    #expect(Tensor<Bool>([true]).expanded(to: [many + 5]).sum().item() == many + 5)
    #expect(Tensor<Int>([3]).expanded(to: [many, 2]).countNonzero().item() == 2 * many)
  }

  @Test func productsArePowers() {
    #expect(Tensor<Double>([-1]).expanded(to: [many]).product().item() == 1)
    #expect(Tensor<Double>([-1]).expanded(to: [many + 1]).product().item() == -1)
    #expect(Tensor<Float>([-1]).expanded(to: [many + 1]).product().item() == -1)
    #expect(Tensor<Float>([1.5]).expanded(to: [many]).product().item() == .infinity)
    #expect(Tensor<Float>([0.5]).expanded(to: [many]).product().item() == 0)
    #expect(Tensor<Int>([2]).expanded(to: [many]).product().item() == 0)
    #expect(Tensor<Int>([-1]).expanded(to: [many + 1]).product().item() == -1)
  }

  @Test func halvesAreRoundedOnce() {
    // 0.1 in Float16 is 0.0999755859375; 2²⁴ of them are beyond the type, 2²⁴ of 2⁻²⁴ are 1.
    #expect(Tensor<Float16>([0.1]).expanded(to: [many]).sum().item() == .infinity)
    let least = Float16.leastNonzeroMagnitude
    #expect(Tensor<Float16>([least]).expanded(to: [many]).sum().item() == 1)
    #expect(
      Tensor<Float16>([least, least]).reshaped(to: [1, 2]).expanded(to: [many, 2]).sum().item()
        == 2)
  }

  @Test func extremaAndPlacesAreThoseOfOne() {
    let row = Tensor<Float>([4, 9, -1, 9])
    let wide = row.expanded(to: [many, 4])
    #expect(show(wide.max(axis: 0)) == show(row) && wide.max().item() == 9)
    #expect(wide.min().item() == -1 && show(wide.min(axes: [0, 1])) == "[] -1")
    #expect(wide.argmax().item() == 1 && wide.argmin().item() == 2)
    #expect(show(wide.argmax(axis: 0)) == "[4] 0 0 0 0")
    // Along the last axis, each element of the first accounts for `many` indices.
    let tall = row.reshaped(to: [4, 1]).expanded(to: [4, many])
    #expect(tall.argmax().item() == many && tall.argmin().item() == 2 * many)
    let middle = Tensor<Float>([1, 5, 5, 7, 0, 2]).reshaped(to: [2, 1, 3]).expanded(
      to: [2, many, 3])
    #expect(middle.argmax().item() == 3 * many && middle.argmin().item() == 3 * many + 1)
    #expect(Tensor<Float>([.nan]).expanded(to: [many]).max().item().isNaN)
    #expect(wide.any().item() && !(wide .== 4).all().item())
  }

  @Test func aPlainSumOfAsManyAgrees() {
    // Just below, elements are visited; just above, they are not.
    for count in [many - 1, many, many + 1] {
      let ones = Tensor<Double>([0.25]).expanded(to: [count])
      #expect(ones.sum().item() == 0.25 * Double(count))
      #expect(ones.variance().item() == 0)
    }
  }

  @Test func gradientsGoBackThroughRepetitions() {
    let parameter = Parameter(Tensor<Double>([2, 3]))
    parameter.tensor.square().expanded(to: [many, 2]).sum().backward()
    #expect(show(parameter.grad) == "[2] \(4 * many) \(6 * many)")
    let mean = Parameter(Tensor<Double>([2, 3]))
    mean.tensor.expanded(to: [many, 2]).mean().backward()
    #expect(show(mean.grad) == "[2] 0.5 0.5")
  }

  @Test func productsOfMatricesThatRepeatAreMultiples() {
    let left = Tensor<Float>([[2], [3]]).expanded(to: [2, many])
    let right = Tensor<Float>([[5, 7]]).expanded(to: [many, 2])
    let expected = matmul(Tensor<Float>([[2], [3]]), Tensor<Float>([[5, 7]])) * Float(many)
    #expect(show(matmul(left, right)) == show(expected))
    #expect(
      show(linear(left, weight: right.transposed(), bias: Tensor<Float>([1, 2])))
        == show(expected + Tensor<Float>([1, 2])))
    #expect(
      matmul(Tensor<Int>([3]).expanded(to: [1 << 58]), Tensor<Int>([1]).expanded(to: [1 << 58]))
        .item() == 3 << 58)
    #expect(
      matmul(
        Tensor<Bool>([true]).expanded(to: [many]), Tensor<Bool>([true]).expanded(to: [many])
      ).item())
    // A 16-bit product is not rounded before it is multiplied: 2⁻²⁶ would be 0.
    let small = Tensor<Float16>.full([1], 0x1p-13).expanded(to: [many])
    #expect(matmul(small, small).item() == Float16(Double(many) * 0x1p-26))
    // An inner axis along which one operand changes is visited.
    let counting = Tensor<Int>.arange(many)
    #expect(matmul(counting, Tensor<Int>([2]).expanded(to: [many])).item() == many * (many - 1))
  }
}
