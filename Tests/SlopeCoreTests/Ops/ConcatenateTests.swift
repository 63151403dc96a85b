import Testing

@testable import SlopeCore

private let a = Tensor([[1, 2], [3, 4]])
private let b = Tensor([[5, 6]])

@Suite struct ConcatenateTests {
  @Test func alongAnyAxis() {
    #expect(
      show(concatenate([a, b])) == "[3, 2] 1 2 3 4 5 6"
        && show(concatenate([b, a, b], axis: -2)).hasPrefix("[4, 2] 5 6 1 2 3 4 5 6"))
    #expect(show(concatenate([a, b.transposed()], axis: 1)) == "[2, 3] 1 2 5 3 4 6")
    #expect(show(concatenate([a.transposed(), a], axis: -1)) == "[2, 4] 1 3 1 2 2 4 3 4")
    #expect(show(concatenate([Tensor([true]), Tensor([false])])) == "[2] true false")
    #expect(show(concatenate([a])) == show(a))
    let cube = Tensor<Int8>.arange(8).reshaped(to: [2, 2, 2])
    #expect(
      show(concatenate([cube, cube[0..., ..<1]], axis: 1)) == "[2, 3, 2] 0 1 2 3 0 1 4 5 6 7 4 5")
  }

  @Test func emptyPartsAreAllowed() {
    #expect(show(concatenate([a, Tensor<Int>.zeros([0, 2])])) == show(a))
    #expect(show(concatenate([Tensor<Int>.zeros([1, 0]), b], axis: 1)) == show(b))
    #expect(show(concatenate([Tensor<Int>.zeros([0]), Tensor<Int>.zeros([0])])) == "[0] ")
  }

  @Test func anEmptyListGoesWithAnyShape() {
    let none = Tensor<Int>.zeros([0])
    #expect(
      show(concatenate([none, a])) == show(a) && show(concatenate([a, none], axis: 1)) == show(a))
    #expect(show(concatenate([none, b, none, a], axis: -2)) == "[3, 2] 5 6 1 2 3 4")
    #expect(failure { concatenate([none, a], axis: 2) } == "concatenate: shape [0] has no axis 2")
    #expect(
      failure { concatenate([Tensor<Int>.zeros([0, 1]), a]) }
        == "concatenate: shapes [0, 1] and [2, 2] differ beside axis 0")
    let (x, y) = (Parameter(Tensor<Float>.zeros([0])), Parameter(Tensor<Float>([[1, 2]])))
    concatenate([x.tensor, y.tensor]).square().sum().backward()
    #expect(x.grad?.shape == [0] && y.grad?.scalars == [2, 4])
  }

  @Test func stackingAddsAnAxis() {
    let (v, w) = (Tensor([1, 2]), Tensor([3, 4]))
    #expect(
      show(stack([v, w])) == "[2, 2] 1 2 3 4" && show(stack([v, w], axis: 1)) == "[2, 2] 1 3 2 4")
    #expect(
      show(stack([v, w], axis: -1)) == "[2, 2] 1 3 2 4"
        && show(stack([Tensor(1), Tensor(2)])) == "[2] 1 2")
    #expect(
      stack([a, a, a], axis: 1).shape == [2, 3, 2] && stack([a, a], axis: -2).shape == [2, 2, 2])
  }

  @Test func whatDoesNotFitFails() {
    #expect(
      failure { concatenate([a, b], axis: 1) }
        == "concatenate: shapes [2, 2] and [1, 2] differ beside axis 1")
    #expect(
      failure { concatenate([a, Tensor([1, 2])]) }
        == "concatenate: shapes [2, 2] and [2] differ beside axis 0")
    #expect(failure { concatenate([a, b], axis: 2) } == "concatenate: shape [2, 2] has no axis 2")
    #expect(failure { concatenate([Tensor(1)]) } == "concatenate: shape [] has no axis 0")
    #expect(
      failure { concatenate([Tensor<Int>]()) } == "concatenate: there is nothing to put together")
    #expect(failure { stack([Tensor<Int>]()) } == "stack: there is nothing to put together")
    #expect(failure { stack([a, b]) } == "stack: shapes [2, 2] and [1, 2] differ")
    #expect(
      failure { stack([a, a], axis: 4) }?.hasPrefix("unsqueeze: shape [2, 2] has no place 4")
        == true)
  }
}
