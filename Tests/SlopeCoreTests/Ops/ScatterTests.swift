import Testing

@testable import SlopeCore

/// Elements written, added and reduced at indices; expected values are PyTorch's.
struct ScatterTests {
  private let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
  private let source = Tensor<Float>([[10, 20, 30], [40, 50, 60]])

  @Test func theLastOfEqualIndicesCounts() {
    let places = Tensor<Int>([[2, 0], [1, 1]])
    #expect(show(x.scattered(source, at: places, axis: 1)) == "[2, 3] 20 2 10 4 50 6")
    #expect(show(x.scattered(9, at: places, axis: -1)) == "[2, 3] 9 2 9 4 9 6")
    #expect(
      show(x.scattered(source, at: Tensor([[1, 0, 0], [1, 0, 1]]), axis: 0))
        == "[2, 3] 1 50 30 40 5 60")
    #expect(
      show(x.transposed().scattered(7, at: Tensor([[1, 1]]), axis: 0)) == "[3, 2] 1 4 7 7 3 6")
    #expect(
      show(Tensor<Float>([1, 2]).scattered(Tensor([-0.0, .nan]), at: Tensor([1, 0]), axis: 0))
        == "[2] nan -0")
    #expect(
      show(Tensor([true, false]).scattered(Tensor([true]), at: Tensor([1]), axis: 0))
        == "[2] true true")
    #expect(
      show(
        Tensor<BFloat16>([1, 2]).scattered(Tensor<BFloat16>([5, 6]), at: Tensor([0, 0]), axis: 0))
        == "[2] 6 2")
  }

  @Test func oddShapesAreWrittenTo() {
    let one = Tensor<Float>(1)
    #expect(show(one.scattered(Tensor(3), at: Tensor(0), axis: 0)) == "[] 3")
    #expect(show(one.scattered(Tensor([3, 4]), at: Tensor([0, 0]), axis: -1)) == "[] 4")
    #expect(show(x[0].scattered(Tensor(3), at: Tensor(1), axis: 0)) == "[3] 1 3 3")
    #expect(show(x.scattered(source, at: Tensor<Int>.zeros([2, 0]), axis: 1)) == show(x))
    let none = Tensor<Int>.zeros([0])
    #expect(show(x.scattered(Tensor<Float>.zeros([0]), at: none, axis: 1)) == show(x))
    #expect(show(x.scattered(source, at: none, axis: 1)) == show(x))
    #expect(show(x.scatterAdded(source, at: none, axis: 0)) == show(x))
    #expect(show(x.takingAlong(none, axis: 0)) == "[0] ")
  }

  @Test func elementsThatAreReplacedHaveNoGradient() {
    let (a, b) = (Parameter(x), Parameter(source))
    let y = a.tensor.scattered(b.tensor, at: Tensor([[2, 0], [1, 1]]), axis: 1)
    y.backward(seed: x)
    #expect(show(a.grad) == "[2, 3] 0 2 0 4 0 6")
    // The element of source that another replaced receives nothing, and so do those not used.
    #expect(show(b.grad) == "[2, 3] 3 1 0 0 5 0")
    a.grad = nil
    a.tensor.scattered(source, at: Tensor([[0], [0]]), axis: 1).backward(seed: x)
    #expect(show(a.grad) == "[2, 3] 0 2 3 0 5 6")
    b.grad = nil
    x.scattered(b.tensor, at: Tensor([[0], [0]]), axis: 1).backward(seed: x)
    #expect(show(b.grad) == "[2, 3] 1 0 0 4 0 0")
  }

  @Test func mistakesAreNamed() {
    let places = Tensor<Int>([[0, 1], [1, 0]])
    #expect(
      failure { x.scattered(Tensor([[1]]), at: places, axis: 1) }
        == "scatter: indices of shape [2, 2] for a source of [1, 1]")
    #expect(
      failure { x.scattered(source, at: Tensor([[3]]), axis: 1) }
        == "scatter: index 3 at position 0 is not in 0..<3")
    #expect(
      failure { x.scattered(source, at: Tensor([[-1]]), axis: 1) }
        == "scatter: index -1 at position 0 is not in 0..<3")
    #expect(
      failure { x.scattered(source, at: places, axis: 2) } == "scatter: shape [2, 3] has no axis 2")
    #expect(
      failure { Tensor<Float>([1]).scattered(source, at: Tensor([[0, 0]]), axis: 0) }
        == "scatter: indices of shape [1, 2] do not fit [1] along axis 0")
    #expect(
      failure { Tensor([true]).scatterReduced(Tensor([true]), at: Tensor([0]), axis: 0, by: .mean) }
        == "scatterReduce: there is no mean of bool")
  }
}
