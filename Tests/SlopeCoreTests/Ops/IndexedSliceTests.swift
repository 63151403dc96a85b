import Testing

@testable import SlopeCore

/// Slices at lists of indices, and masks; expected values are PyTorch's.
struct IndexedSliceTests {
  private let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])

  @Test func slicesAreCopiedFilledAndAdded() {
    let rows = Tensor<Float>([[10, 20, 30], [40, 50, 60]])
    #expect(show(x.indexCopied(rows, at: Tensor([1, 1]), axis: 0)) == "[2, 3] 1 2 3 40 50 60")
    #expect(
      show(x.indexCopied(rows[0..., 1...], at: Tensor([2, 0]), axis: -1))
        == "[2, 3] 30 2 20 60 5 50")
    #expect(show(x.indexFilled(9, at: Tensor([0, -1]), axis: 1)) == "[2, 3] 9 2 9 9 5 9")
    #expect(show(x.indexFilled(9, at: Tensor(1), axis: 0)) == "[2, 3] 1 2 3 9 9 9")
    #expect(show(x.indexAdded(rows, at: Tensor([1, 1]), axis: 0)) == "[2, 3] 1 2 3 54 75 96")
    #expect(
      show(x.indexAdded(rows, at: Tensor([0, 1]), axis: 0, scaledBy: -0.5))
        == "[2, 3] -4 -8 -12 -16 -20 -24")
    #expect(
      show(x.indexReduced(rows, at: Tensor([0, 0]), axis: 0, by: .product))
        == "[2, 3] 400 2000 5400 4 5 6")
    #expect(
      show(x.indexReduced(rows, at: Tensor([1, 1]), axis: 0, by: .mean, includingSelf: false))
        == "[2, 3] 1 2 3 25 35 45")
    #expect(
      show(Tensor([true, false]).indexAdded(Tensor([true, false]), at: Tensor([1, 0]), axis: 0))
        == "[2] true true")
  }

  @Test func tensorsWithoutAxesAreListsOfOne() {
    let one = Tensor<Float>(1)
    #expect(show(one.indexCopied(Tensor(7), at: Tensor(0), axis: 0)) == "[] 7")
    #expect(show(one.indexCopied(Tensor([7]), at: Tensor([0]), axis: -1)) == "[] 7")
    #expect(show(one.indexFilled(9, at: Tensor([0]), axis: 0)) == "[] 9")
    #expect(show(one.indexAdded(Tensor(7), at: Tensor(0), axis: 0)) == "[] 8")
    #expect(
      show(one.indexReduced(Tensor([7]), at: Tensor([0]), axis: 0, by: .maximum)) == "[] 7")
    #expect(show(x.indexFilled(9, at: Tensor<Int>.zeros([0]), axis: 0)) == show(x))
  }

  @Test func mistakesAreNamed() {
    #expect(
      failure { x.indexCopied(x, at: Tensor([0]), axis: 0) }
        == "indexCopy: 1 indices and a source of shape [2, 3] for axis 0 of [2, 3]")
    #expect(
      failure { x.indexAdded(x, at: Tensor([0, 2]), axis: 0) }
        == "indexAdd: index 2 at position 1 is not in 0..<2")
    #expect(
      failure { x.indexCopied(x, at: Tensor([0, -1]), axis: 0) }
        == "indexCopy: index -1 at position 1 is not in 0..<2")
    #expect(
      failure { x.indexFilled(0, at: Tensor([-3]), axis: 0) }
        == "indexFill: index -3 at position 0 is not in 0..<2")
    #expect(
      failure { x.indexFilled(0, at: Tensor([[0]]), axis: 0) }?.hasPrefix("indexFill: ") == true)
    #expect(
      failure { x.indexReduced(x, at: Tensor([[0, 1]]), axis: 0, by: .sum) }
        == "indexReduce: indices of shape [1, 2] are not one-dimensional")
    #expect(
      failure { x.indexAdded(x, at: Tensor([0, 1]), axis: 2) }
        == "indexAdd: shape [2, 3] has no axis 2")
    #expect(
      failure { x.indexReduced(x, at: Tensor([0, 5]), axis: 0, by: .sum) }
        == "indexReduce: index 5 at position 3 is not in 0..<2")
  }

  @Test func masksChooseWhereSourcesGo() {
    let mask = Tensor([true, false, true])
    let source = Tensor<Float>([7, 8, 9, 10])
    #expect(show(Tensor<Float>([1, 2, 3]).maskedScatter(mask, with: source)) == "[3] 7 2 8")
    #expect(show(x.maskedScatter(mask, with: source)) == "[2, 3] 7 2 8 9 5 10")
    #expect(
      show(Tensor<Float>([1, 2, 3]).maskedScatter(Tensor([[true], [false]]), with: source))
        == "[2, 3] 7 8 9 1 2 3")
    #expect(
      show(x.maskedScatter(Tensor<Bool>.zeros([3]), with: Tensor<Float>.zeros([0]))) == show(x))
    let (a, b) = (Parameter(x), Parameter(source))
    a.tensor.maskedScatter(mask, with: b.tensor).backward(seed: x)
    #expect(show(a.grad) == "[2, 3] 0 2 0 0 5 0" && show(b.grad) == "[4] 1 3 4 6")
    #expect(
      failure { x.maskedScatter(mask, with: Tensor([1, 2, 3])) }
        == "maskedScatter: 3 elements for 4 that are true")
    #expect(
      failure { x.maskedScatter(Tensor([true, false]), with: source) }
        == "maskedScatter: a mask of shape [2] for [2, 3]")
  }
}
