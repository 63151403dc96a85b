import Testing

@testable import SlopeCore

/// Counts by bins; expected values are PyTorch's.
struct HistogramTests {
  private let x = Tensor<Float>([0, 0.5, 1, 2, 2.5, 3, 4, .nan, -1])

  private func show<Element: TensorElement>(
    _ found: (counts: Tensor<Element>, edges: Tensor<Element>)
  ) -> String {
    SlopeCoreTests.show(found.counts) + " | " + SlopeCoreTests.show(found.edges)
  }

  @Test func binsOfEqualWidth() {
    #expect(show(x.histogram(bins: 3, range: (0, 3))) == "[3] 2 1 3 | [4] 0 1 2 3")
    #expect(show(x[..<6].histogram(bins: 2)) == "[2] 3 3 | [3] 0 1.5 3")
    #expect(
      show(Tensor<Float>([1, 1]).histogram(bins: 4))
        == "[4] 0 0 2 0 | [5] 0.5 0.75 1 1.25 1.5")
    #expect(
      show(Tensor<Double>([1, 2]).histogram(bins: 2, range: (1, 1))) == "[2] 0 1 | [3] 0.5 1 1.5")
    #expect(show(Tensor<Float>.zeros([0]).histogram(bins: 2)) == "[2] 0 0 | [3] 0 0.5 1")
    #expect(Tensor<Float>([1]).histogram().counts.shape == [100])
    #expect(
      show(Tensor<BFloat16>([1, 2, 2]).histogram(bins: 2, range: (0, 4))) == "[2] 1 2 | [3] 0 2 4")
    let many = Tensor<BFloat16>.ones([300]).histogram(bins: 1, range: (0, 2))
    #expect(SlopeCoreTests.show(many.counts) == "[1] 300")
  }

  @Test func weightsAndDensities() {
    let list = x[..<7]
    let weights = Tensor<Float>.arange(7)
    #expect(
      show(list.histogram(edges: Tensor([0, 1, 4]), weights: weights)) == "[2] 1 20 | [3] 0 1 4")
    let density = list.histogram(edges: Tensor([0, 1, 4]), weights: weights, density: true)
    #expect((density.counts - Tensor([1.0 / 21, 20.0 / 63])).abs().max().item() < 1e-7)
    #expect(
      show(x.histogram(bins: 2, range: (5, 7), density: true)) == "[2] nan nan | [3] 5 6 7")
    // The weight of an element outside does not count, whatever it is.
    let odd = Tensor<Float>([1, 9, .nan]).histogram(
      edges: Tensor([0, 2]), weights: Tensor([0.5, .nan, .infinity]))
    #expect(SlopeCoreTests.show(odd.counts) == "[1] 0.5")
  }

  @Test func mistakesOfBinsAreNamed() {
    #expect(failure { x.histogram(bins: 0) } == "histogram: 0 bins")
    #expect(failure { x.histogram(bins: 2) } == "histogram: no bins from nan to nan")
    #expect(failure { x.histogram(bins: 2, range: (3, 0)) } == "histogram: no bins from 3.0 to 0.0")
    #expect(failure { x.histc(bins: -1) } == "histc: -1 bins")
    #expect(
      failure { x.histc(bins: 2, min: 0, max: .infinity) } == "histc: no bins from 0.0 to inf")
    #expect(
      failure { x.histogram(edges: Tensor([1])) }
        == "histogram: edges of shape [1] have no bins between them")
    #expect(
      failure { x.histogram(edges: Tensor([[1, 2]])) }
        == "histogram: edges of shape [1, 2] have no bins between them")
    #expect(
      failure { x.histogram(edges: Tensor([1, 2]), weights: Tensor([1])) }
        == "histogram: weights of shape [1] for elements of [9]")
  }

  @Test func countsByDivision() {
    #expect(SlopeCoreTests.show(x.histc(bins: 3, min: 0, max: 3)) == "[3] 2 1 3")
    #expect(SlopeCoreTests.show(Tensor<Float>([1, 2, 1]).histc(bins: 4)) == "[4] 2 0 0 1")
    #expect(SlopeCoreTests.show(Tensor<Float>([1, 1]).histc(bins: 4)) == "[4] 0 0 2 0")
    #expect(SlopeCoreTests.show(Tensor<Float>([1, 2]).histc(bins: 2, min: 1, max: 1)) == "[2] 1 1")
    #expect(SlopeCoreTests.show(Tensor<Float>.zeros([0]).histc(bins: 2)) == "[2] 0 0")
    #expect(
      SlopeCoreTests.show(
        Tensor<Float16>([[1, 2], [.nan, .infinity]]).histc(bins: 4, min: 0, max: 2))
        == "[4] 0 0 1 1")
    #expect(Tensor<Float>([1]).histc().shape == [100])
  }

  @Test func countsOfIntegers() {
    let n = Tensor<Int>([1, 1, 3])
    #expect(SlopeCoreTests.show(n.bincount()) == "[4] 0 2 0 1")
    #expect(SlopeCoreTests.show(n.bincount(minimumCount: 6)) == "[6] 0 2 0 1 0 0")
    #expect(SlopeCoreTests.show(n.bincount(minimumCount: 2)) == "[4] 0 2 0 1")
    let grid = Tensor<Int>([[1, 7], [3, 7], [1, 7]])
    #expect(SlopeCoreTests.show(grid.transposed()[0].bincount()) == "[4] 0 2 0 1")
    #expect(SlopeCoreTests.show(Tensor<UInt8>([2]).bincount()) == "[3] 0 0 1")
    #expect(SlopeCoreTests.show(Tensor<Int>.zeros([0]).bincount()) == "[0] ")
    #expect(SlopeCoreTests.show(Tensor<Int>.zeros([0]).bincount(minimumCount: 2)) == "[2] 0 0")
    #expect(
      SlopeCoreTests.show(n.bincount(weights: Tensor<Float>([0.5, 1, 2]))) == "[4] 0 1.5 0 2")
    let halves = Tensor<Int>.zeros([4096]).bincount(weights: Tensor<Float16>.ones([4096]))
    #expect(SlopeCoreTests.show(halves) == "[1] 4096")
    let weights = Parameter(Tensor<Float>([0.5, 1, 2]))
    n.bincount(weights: weights.tensor).backward(seed: Tensor([1, 2, 4, 8]))
    #expect(SlopeCoreTests.show(weights.grad) == "[3] 2 2 8")
    #expect(failure { Tensor<Int>([1, -1]).bincount() } == "bincount: a negative element, -1")
    #expect(
      failure { Tensor<Int>([[1]]).bincount() }
        == "bincount: elements of [1, 1] are not one-dimensional")
    #expect(failure { n.bincount(minimumCount: -1) } == "bincount: at least -1 bins")
    #expect(
      failure { n.bincount(weights: Tensor<Float>([1])) }
        == "bincount: weights of shape [1] for elements of [3]")
    #expect(
      failure { Tensor<UInt64>([.max]).bincount() }
        == "bincount: no memory for 18446744073709551615 bins")
    #expect(
      failure { Tensor<Int>([.max]).bincount() }
        == "bincount: no memory for 9223372036854775807 bins")
  }
}
