import Testing

@testable import SlopeCore

/// A view of any shape of one element.
private func view<Element: NumericElement>(_ shape: Shape, of number: Element) -> Tensor<Element> {
  Tensor<Element>([number]).expanded(to: shape)
}

@Suite struct SizeTests {
  @Test func sumsAndProductsAreThoseOfIntegersOrNone() {
    #expect(Size.sum(3, -5) == -2 && Size.sum(.max, 0) == .max)
    #expect(Size.sum(.max, 1) == nil && Size.sum(.min, -1) == nil)
    #expect(Size.product(3, -5) == -15 && Size.product(.max, 0) == 0)
    #expect(Size.product(1 << 32, 1 << 31) == nil && Size.product(.min, -1) == nil)
  }

  @Test func memoryIsAskedForBeforeAnArrayIs() {
    #expect(Size.isAvailable(0) && Size.isAvailable(1 << 20))
    #expect(!Size.isAvailable(-1) && !Size.isAvailable(nil))
    #expect(!Size.isAvailable(1 << 47) && !Size.isAvailable(.max))
    #expect(Size.isAvailable(10, of: Int.self, for: "test"))
    let message = failure { Size.isAvailable(.max, of: Int.self, for: "test") }
    #expect(message == "test: no memory for 9223372036854775807 elements of Int")
  }

  @Test func shapesOfMoreThanMemoryCanBeHaveNoCount() {
    #expect(Shape([2, 3]).representableCount == 6 && Shape([]).representableCount == 1)
    #expect(Shape([0, 5]).representableCount == 0)
    #expect(Shape([Int.max / 16]).representableCount == Int.max / 16)
    for extents in [
      [-1], [0, -1], [Int.max / 16 + 1], [1 << 32, 1 << 32], [0, 1 << 40, 1 << 40],
    ] {
      #expect(Shape(extents).representableCount == nil, "\(extents)")
    }
    #expect(Shape([1 << 32, 1 << 31]).elementCount == .max)
    #expect(Shape([1 << 32, 1 << 32, 0]).elementCount == 0)
  }

  @Test func aShapeOfManyAxesIsOneFailureHoweverLongTheListIs() {
    #expect(
      failure { Shape(repeatElement(1, count: .max)) }
        == "shape: a tensor has at most 8 axes, not 9")
  }

  @Test func aNegativeRequestGetsNoMemory() {
    #expect(CPUBackend.shared.allocate(byteCount: -1) == nil)
    #expect(CPUBackend.shared.allocate(byteCount: .min) == nil)
    #expect(CPUBackend.shared.allocate(byteCount: .max) == nil)
  }

  @Test(arguments: [2, 16, 17, 33])
  func extentsThatHaveNoSumAreNotConcatenated(count: Int) {
    let long = Tensor<UInt8>([1]).expanded(to: [Int.max / 16])
    #expect(
      failure { concatenate(Array(repeating: long, count: count)) }?.hasPrefix("concatenate")
        == true)
    #expect(failure { stack(Array(repeating: long, count: count)) } != nil)
  }

  @Test(arguments: [
    (Int.min, Int.max), (Int.max, Int.min), (.min, 0), (0, .min), (.min, .min), (.max, .max),
    (-4, 2), (2, -4), (-2, -2), (1 << 62, 1 << 62), (.min + 1, .max),
  ])
  func marginsThatLeaveNoShapeFail(before: Int, after: Int) {
    let message = failure { Tensor<Float>([1, 2, 3]).padded([(before, after)], with: 0) }
    #expect(message == "pad: (\(before), \(after)) along axis 0 of [3]")
  }

  @Test func marginsCutAwayUpToAllOfIt() {
    let tensor = Tensor<Float>([1, 2, 3])
    #expect(show(tensor.padded([(-1, 2)], with: 9)) == "[4] 2 3 9 9")
    #expect(show(tensor.padded([(-3, 1)], with: 9)) == "[1] 9")
    #expect(show(tensor.padded([(1, -3)], with: 9)) == "[1] 9")
    #expect(show(tensor.padded([(-2, -1)], with: 9)) == "[0] ")
    #expect(show(tensor.padded([(-1, -1)], with: 9)) == "[1] 2")
  }

  @Test func resultsThatAreTooLargeFailBeforeAnythingIsFilled() {
    // Each needs lists that are gigabytes long, in addition to the result.
    let start = ContinuousClock.now
    #expect(failure { Tensor<Float>.eye(1_000_000_000, 1_000_000) } != nil)
    #expect(failure { Tensor<UInt8>.eye(1 << 28, 1 << 28) } != nil)
    #expect(failure { view([1 << 28, 1 << 28], of: Float(1)).lowerTriangle() } != nil)
    #expect(
      failure { view([1 << 20], of: 0).oneHot(classCount: 1 << 28) }?.hasPrefix("oneHot") == true)
    #expect(
      failure {
        view([1 << 28, 1 << 28], of: Float(1)).takingAlong(
          view([1, 1 << 28], of: 0).expanded(to: [1 << 28, 1 << 28]), axis: 0)
      } != nil)
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test func masksOfMoreThanMemoryHoldsFail() {
    let column = Tensor<Float>.ones([1 << 20, 1])
    let mask = Tensor<Bool>.zeros([1, 1 << 20])
    #expect(failure { column.masked(by: mask) } != nil)
    #expect(failure { view([1 << 58], of: Float(1)).masked(by: Tensor<Bool>.ones([1])) } != nil)
    #expect(failure { view([1 << 50], of: Float(1)).scalars }?.hasPrefix("copy") == true)
    #expect(
      show(Tensor<Float>([1, 2, 3]).masked(by: Tensor<Bool>([true, false, true]))) == "[2] 1 3")
    #expect(show(Tensor<Float>([1, 2]).masked(by: Tensor<Bool>([false]))) == "[0] ")
  }

  @Test func moreThan16777216PartsAreAFailure() throws {
    let long = view([1_000_000_000_000], of: Float(1))
    let message = try #require(failure { long.split(size: 1) })
    #expect(message.contains("1000000000000 parts of [1000000000000]"))
    #expect(failure { long.chunked(into: 1_000_000_000_000) }?.hasPrefix("split") == true)
    #expect(failure { Tensor<Float>.zeros([0]).chunked(into: 1_000_000_000_000) } != nil)
    #expect(failure { view([(1 << 24) + 1], of: Float(1)).split(size: 1) } != nil)
    #expect(long.split(size: 1 << 38).count == 4)
    #expect(Tensor<Float>.zeros([0]).chunked(into: 3).count == 3)
  }

  @Test func equationsOfMoreAxesThanThereAreFail() throws {
    let wide = view([1 << 40, 1], of: Float(1))
    let tall = view([1, 1 << 40], of: Float(1))
    #expect(failure { einsum("ab,ab->ab", wide, tall) } != nil)
    #expect(failure { einsum("a,b,c->abc", wide[0..., 0], wide[0..., 0], wide[0..., 0]) } != nil)
    let four = Tensor<Float>.ones([1, 2, 1, 2])
    let nine = try #require(
      failure { einsum("abcd,efgh,ij->abcdefghij", four, four, Tensor<Float>.ones([1, 2])) })
    #expect(nine.contains("einsum: 'abcd,efgh,ij->abcdefghij'"))
    // Nine axes in between, for a result of fewer.
    #expect(
      failure {
        einsum(
          "abcde,fghi->a", Tensor<Float>.ones([1, 1, 2, 1, 2]), Tensor<Float>.ones([1, 1, 1, 2]))
      } == nil)
  }

  @Test func broadcastAxesOfAProductAreSummedFirst() {
    let a = Tensor<Int>([[1, 2, 3]])
    let b = Tensor<Int>([[4, 5]])
    #expect(show(einsum("ab,bc", a, b)) == "[1, 2] 24 30")
    #expect(show(einsum("ab,bc->abc", a, b)) == "[1, 3, 2] 4 5 8 10 12 15")
    #expect(show(einsum("ab,ab->a", a, Tensor<Int>([[7]]))) == "[1] 42")
    // The inner axis of the second is one element: 2³⁶ products, if each were computed.
    let long = Tensor<Int>.ones([1, 1 << 18])
    #expect(einsum("ab,bc", long, long)[0, 7].item() == 1 << 18)
  }

  @Test func printingShowsNoMoreThanCanBeRead() {
    let wide = view([128, 128, 128, 128, 128, 128, 128, 128], of: Float(1))
    #expect(wide.description.count < 20_000)
    let small = Tensor<Float>.ones([6, 6, 6, 6, 6, 6, 6])
    #expect(small.description.count < 400_000)
    // With up to five axes three at each end are shown, as in PyTorch.
    let five = Tensor<Int>.ones([7, 7, 7, 7, 7]).description
    #expect(five.split(separator: "1").count > 6 * 6 * 6 * 6 * 6)
  }
}
