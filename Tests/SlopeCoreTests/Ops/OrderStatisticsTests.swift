import Testing

@testable import SlopeCore

/// Values with their indices; expected values are PyTorch's.
struct OrderStatisticsTests {
  private func show<Element: TensorElement>(
    _ found: (values: Tensor<Element>, indices: Tensor<Int>)
  ) -> String {
    SlopeCoreTests.show(found.values) + " at " + SlopeCoreTests.show(found.indices)
  }

  @Test func extremaAndTheirFirstPlaces() {
    let x = Tensor<Float>([[1, 3, 3], [.nan, 5, .nan]])
    #expect(show(x.maxWithIndices(axis: 1)) == "[2] 3 nan at [2] 1 0")
    #expect(show(x.minWithIndices(axis: -1, keepingAxes: true)) == "[2, 1] 1 nan at [2, 1] 0 0")
    #expect(show(x.maxWithIndices(axis: 0)) == "[3] nan 5 nan at [3] 1 1 1")
    #expect(show(Tensor([false, true, true]).maxWithIndices(axis: 0)) == "[] true at [] 1")
    #expect(show(Tensor<Int>(4).minWithIndices(axis: 0)) == "[] 4 at [] 0")
    #expect(show(Tensor<Int>(4).minWithIndices(axis: -1, keepingAxes: true)) == "[] 4 at [] 0")
    #expect(show(Tensor<Int>.zeros([0, 2]).maxWithIndices(axis: 1)) == "[0]  at [0] ")
    #expect(
      failure { Tensor<Int>.zeros([2, 0]).maxWithIndices(axis: 1) }
        == "max: no elements along axis 1 of [2, 0]")
    #expect(failure { x.minWithIndices(axis: 2) } == "min: shape [2, 3] has no axis 2")
  }

  @Test func sortedValuesAndTheirPlaces() {
    let x = Tensor<Float>([[3, 1, 2], [4, .nan, 4]])
    #expect(show(x.sortedWithIndices()) == "[2, 3] 1 2 3 4 4 nan at [2, 3] 1 2 0 0 2 1")
    #expect(
      show(x.sortedWithIndices(axis: 0, descending: true))
        == "[2, 3] 4 nan 4 3 1 2 at [2, 3] 1 1 1 0 0 0")
    #expect(show(Tensor<Int>(4).sortedWithIndices()) == "[] 4 at [] 0")
  }

  @Test func theMostFrequentElements() {
    #expect(show(Tensor<Int>([[3, 1, 3, 1], [2, 2, 0, 5]]).mode()) == "[2] 1 2 at [2] 3 1")
    #expect(show(Tensor<Int>([[3, 1], [3, 2], [1, 2]]).mode(axis: 0)) == "[2] 3 2 at [2] 1 2")
    #expect(show(Tensor<Float>([2, 1, 2, 1, 2, 1, 0]).mode()) == "[] 1 at [] 5")
    #expect(show(Tensor<Float>([.nan, .nan, 1, 1]).mode()) == "[] 1 at [] 3")
    #expect(show(Tensor<Float>([-0.0, 0, 1]).mode()) == "[] 0 at [] 1")
    #expect(show(Tensor([true, false, true]).mode(keepingAxes: true)) == "[1] true at [1] 2")
    #expect(show(Tensor<Int>(4).mode()) == "[] 4 at [] 0")
    #expect(show(Tensor<Int>([4]).mode()) == "[] 4 at [] 0")
    #expect(show(Tensor<Int>.zeros([0, 2]).mode()) == "[0]  at [0] ")
    #expect(
      failure { Tensor<Int>.zeros([2, 0]).mode() } == "mode: no elements along axis 1 of [2, 0]")
    let x = Parameter(Tensor<Float>([1, 2, 2, 3]))
    x.tensor.mode().values.backward()
    #expect(SlopeCoreTests.show(x.grad) == "[4] 0 0 1 0")
  }

  @Test func elementsByRank() {
    let x = Tensor<Float>([[3, 1, 2, 1], [4, 4, 0, .nan]])
    #expect(show(x.kthValue(1)) == "[2] 1 0 at [2] 1 2")
    #expect(show(x.kthValue(2)) == "[2] 1 4 at [2] 3 0")
    #expect(show(x.kthValue(4, keepingAxes: true)) == "[2, 1] 3 nan at [2, 1] 0 3")
    #expect(show(x.kthValue(1, axis: 0)) == "[4] 3 1 0 1 at [4] 0 0 1 0")
    #expect(show(Tensor<Int>(5).kthValue(1)) == "[] 5 at [] 0")
    #expect(
      failure { x.kthValue(0) } == "kthValue: 0 is not in 1...4, the elements along axis 1")
    #expect(
      failure { x.kthValue(3, axis: 0) }
        == "kthValue: 3 is not in 1...2, the elements along axis 0")
    #expect(
      failure { Tensor<Int>.zeros([2, 0]).kthValue(1) }
        == "kthValue: no elements along axis 1 of [2, 0]")
    let y = Parameter(Tensor<Float>([[3, 1, 2, 9], [4, 6, 0, 5]]))
    y.tensor.kthValue(3, axis: 1).values.backward(seed: Tensor([1, 2]))
    #expect(SlopeCoreTests.show(y.grad) == "[2, 4] 1 0 0 0 0 0 0 2")
  }

  @Test func mediansAndTheirPlaces() {
    let x = Tensor<Float>([[5, .nan, 1], [3, 2, .nan]])
    #expect(show(x.medianWithIndices(axis: 0)) == "[3] 3 nan nan at [3] 1 0 1")
    #expect(
      show(Tensor<Float>([1, .nan, .nan, 3]).medianWithIndices(axis: 0)) == "[] nan at [] 1")
    #expect(
      show(Tensor<Int>([[5, 1, 3], [3, 2, 9]]).medianWithIndices(axis: 1, keepingAxes: true))
        == "[2, 1] 3 3 at [2, 1] 2 0")
    #expect(show(Tensor<Int>([4, 1, 3, 2]).medianWithIndices(axis: 0)) == "[] 2 at [] 3")
    #expect(show(Tensor<Double>([4, 1, 3, 2]).medianWithIndices(axis: 0)) == "[] 2 at [] 3")
    #expect(show(Tensor<Float>(4).medianWithIndices(axis: 0)) == "[] 4 at [] 0")
    #expect(
      failure { Tensor<Int>.zeros([0]).medianWithIndices(axis: 0) }
        == "median: no elements along axis 0 of [0]")
  }

  @Test func runningExtremaAndTheirLastPlaces() {
    let x = Tensor<Float>([1, 3, 3, .nan, 2, .nan])
    #expect(
      show(x.cumulativeMaxWithIndices(axis: 0)) == "[6] 1 3 3 nan nan nan at [6] 0 1 2 3 3 5")
    let y = Tensor<Float>([3, 1, 1, .nan, 2, .nan, 0])
    #expect(
      show(y.cumulativeMinWithIndices(axis: -1))
        == "[7] 3 1 1 nan nan nan nan at [7] 0 1 2 3 3 5 5")
    #expect(
      show(Tensor([true, false, true]).cumulativeMaxWithIndices(axis: 0))
        == "[3] true true true at [3] 0 0 2")
    #expect(
      show(Tensor<Int>([[3, 1], [2, 4]]).cumulativeMinWithIndices(axis: 0))
        == "[2, 2] 3 1 2 1 at [2, 2] 0 0 1 0")
    #expect(show(Tensor<Int>(4).cumulativeMaxWithIndices(axis: 0)) == "[] 4 at [] 0")
    #expect(
      show(Tensor<Int>.zeros([2, 0]).cumulativeMaxWithIndices(axis: 1)) == "[2, 0]  at [2, 0] ")
    #expect(
      failure { y.cumulativeMinWithIndices(axis: 1) } == "cumulativeMin: shape [7] has no axis 1")
    let z = Parameter(Tensor<Float>([1, 3, 3, 2]))
    z.tensor.cumulativeMaxWithIndices(axis: 0).values.backward(seed: Tensor([1, 2, 4, 8]))
    #expect(SlopeCoreTests.show(z.grad) == "[4] 1 2 12 0")
  }
}
