import Testing

@testable import SlopeCore

/// Distinct elements; expected values are PyTorch's.
struct UniqueTests {
  private func show<Element: TensorElement>(
    _ found: (values: Tensor<Element>, inverse: Tensor<Int>, counts: Tensor<Int>)
  ) -> [String] {
    [
      SlopeCoreTests.show(found.values), SlopeCoreTests.show(found.inverse),
      SlopeCoreTests.show(found.counts),
    ]
  }

  @Test func elementsInOrder() {
    #expect(
      show(Tensor<Int>([[3, 1], [3, -2]]).unique()) == [
        "[3] -2 1 3", "[2, 2] 2 1 2 0", "[3] 1 1 2",
      ])
    #expect(
      show(Tensor<Float>([.nan, .nan, 1, -0.0, 0]).unique())
        == ["[4] -0 1 nan nan", "[5] 2 3 1 0 0", "[4] 2 1 1 1"])
    #expect(
      show(Tensor([true, false, true]).unique()) == ["[2] false true", "[3] 1 0 1", "[2] 1 2"])
    #expect(show(Tensor<Float16>(3).unique()) == ["[1] 3", "[] 0", "[1] 1"])
    #expect(show(Tensor<Int>.zeros([2, 0]).unique()) == ["[0] ", "[2, 0] ", "[0] "])
    #expect(
      show(Tensor<Int>([[1, 2], [3, 1]]).transposed().unique())
        == ["[3] 1 2 3", "[2, 2] 0 2 1 0", "[3] 2 1 1"])
  }

  @Test func neighbours() {
    #expect(
      show(Tensor<Int>([1, 1, 2, 2, 1]).uniqueConsecutive())
        == ["[3] 1 2 1", "[5] 0 0 1 1 2", "[3] 2 2 1"])
    #expect(
      show(Tensor<Int>([[1, 1], [2, 2]]).uniqueConsecutive())
        == ["[2] 1 2", "[2, 2] 0 0 1 1", "[2] 2 2"])
    #expect(
      show(Tensor<Float>([.nan, .nan, -0.0, 0]).uniqueConsecutive())
        == ["[3] nan nan -0", "[4] 0 1 2 2", "[3] 1 1 2"])
    #expect(show(Tensor<Int>(3).uniqueConsecutive()) == ["[1] 3", "[] 0", "[1] 1"])
    #expect(show(Tensor<Int>.zeros([0]).uniqueConsecutive()) == ["[0] ", "[0] ", "[0] "])
  }

  @Test func slices() {
    let rows = Tensor<Int>([[1, 2], [1, 2], [0, 5], [1, 2]])
    #expect(show(rows.unique(axis: 0)) == ["[2, 2] 0 5 1 2", "[4] 1 1 0 1", "[2] 1 3"])
    #expect(
      show(rows.uniqueConsecutive(axis: 0)) == ["[3, 2] 1 2 0 5 1 2", "[4] 0 0 1 2", "[3] 2 1 1"])
    #expect(show(rows.unique(axis: -1)) == ["[4, 2] 1 2 1 2 0 5 1 2", "[2] 0 1", "[2] 1 1"])
    #expect(
      show(rows.transposed().unique(axis: 1)) == ["[2, 2] 0 1 5 2", "[4] 1 1 0 1", "[2] 1 3"])
    // The first column decides, then the second.
    #expect(
      show(Tensor<Int>([[1, 2], [0, 9], [1, 0]]).unique(axis: 0))
        == ["[3, 2] 0 9 1 0 1 2", "[3] 2 0 1", "[3] 1 1 1"])
    #expect(
      show(Tensor<Float>([[.nan, 2], [.nan, 2], [0, 5]]).uniqueConsecutive(axis: 0))
        == ["[3, 2] nan 2 nan 2 0 5", "[3] 0 1 2", "[3] 1 1 1"])
    #expect(
      show(Tensor<Int>.zeros([0, 2]).unique(axis: 0)) == ["[0, 2] ", "[0] ", "[0] "])
    #expect(show(Tensor<Int>.zeros([1, 2]).unique(axis: 0)) == ["[1, 2] 0 0", "[1] 0", "[1] 1"])
    #expect(
      failure { Tensor<Int>.zeros([2, 0]).unique(axis: 0) }
        == "unique: slices along axis 0 of [2, 0] have no elements")
    #expect(
      failure { Tensor<Int>(3).uniqueConsecutive(axis: 0) }
        == "uniqueConsecutive: shape [] has no axis 0")
    #expect(failure { rows.unique(axis: 2) } == "unique: shape [4, 2] has no axis 2")
  }
}
