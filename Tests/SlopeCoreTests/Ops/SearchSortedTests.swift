import Testing

@testable import SlopeCore

/// Searches; expected values are PyTorch's.
struct SearchSortedTests {
  @Test func positionsBeforeAndAfterEqualElements() {
    let row = Tensor<Float>([1, 3, 3, 5])
    let values = Tensor<Float>([[0, 1, 3], [4, 5, 6]])
    #expect(show(row.searchSorted(values)) == "[2, 3] 0 0 1 3 3 4")
    #expect(show(row.searchSorted(values, right: true)) == "[2, 3] 0 1 3 3 4 4")
    #expect(show(row.searchSorted(Tensor(3))) == "[] 1")
    #expect(show(values.bucketized(by: row)) == "[2, 3] 0 0 1 3 3 4")
    #expect(show(values.bucketized(by: row, right: true)) == "[2, 3] 0 1 3 3 4 4")
    #expect(show(Tensor<Int8>([-5, 0, 7]).searchSorted(Tensor([-6, -5, 1, 9]))) == "[4] 0 0 2 3")
    #expect(
      show(Tensor<UInt64>([1, .max]).searchSorted(Tensor([2, .max]), right: true)) == "[2] 1 2")
    #expect(show(Tensor<BFloat16>([1, 2]).searchSorted(Tensor([1.5]))) == "[1] 1")
  }

  @Test func everyPositionOfEveryLength() {
    for count in 0...9 {
      let row = Tensor<Int>((0..<count).map { 2 * $0 + 1 })
      let values = Tensor<Int>(Array(0...(2 * count + 2)))
      #expect(
        row.searchSorted(values).scalars == values.scalars.map { $0 / 2 }.map { min($0, count) })
      #expect(
        row.searchSorted(values, right: true).scalars
          == values.scalars.map { min(($0 + 1) / 2, count) })
    }
  }

  @Test func nanIsPastAll() {
    let values = Tensor<Float>([3, .nan, 6, 0, -.infinity])
    #expect(show(Tensor<Float>([1, 3, 5]).searchSorted(values)) == "[5] 1 3 3 0 0")
    #expect(show(Tensor<Float>([1, 3, .nan]).searchSorted(values)) == "[5] 1 3 3 0 0")
    #expect(show(Tensor<Float>([1, 3, .nan]).searchSorted(values, right: true)) == "[5] 3 3 3 0 0")
  }

  @Test func eachRowHasItsSequence() {
    let rows = Tensor<Float>([[1, 3], [2, 4]])
    #expect(show(rows.searchSorted(Tensor([[1, 2, 9], [1, 2, 3]]))) == "[2, 3] 0 1 2 0 0 1")
    #expect(
      show(rows.transposed().searchSorted(Tensor([[1.5], [3.5]]))) == "[2, 1] 1 1")
    #expect(rows.searchSorted(Tensor<Float>.zeros([2, 0])).shape == [2, 0])
    #expect(
      show(Tensor<Float>.zeros([2, 0]).searchSorted(Tensor([[1], [2]]))) == "[2, 1] 0 0")
    #expect(
      failure { rows.searchSorted(Tensor([1, 2])) }
        == "searchSorted: sequences of shape [2, 2] for values of shape [2]")
    #expect(
      failure { rows.searchSorted(Tensor([[1]])) }
        == "searchSorted: sequences of shape [2, 2] for values of shape [1, 1]")
    #expect(
      failure { Tensor<Float>(1).searchSorted(Tensor([1])) }
        == "searchSorted: sequences of shape [] for values of shape [1]")
    #expect(
      failure { rows.bucketized(by: rows) }
        == "bucketize: boundaries of shape [2, 2] are not one-dimensional")
  }

  @Test func aSorterBringsTheSequenceInOrder() {
    let row = Tensor<Float>([3, 1, 2])
    #expect(show(row.searchSorted(Tensor([1, 2.5]), sorter: row.argsort())) == "[2] 0 2")
    #expect(
      show(row.searchSorted(Tensor([1, 2.5]), right: true, sorter: row.argsort())) == "[2] 1 2")
    #expect(
      failure { row.searchSorted(Tensor([1]), sorter: Tensor([0, 1])) }
        == "searchSorted: a sorter of shape [2] for sequences of [3]")
    #expect(
      failure { row.searchSorted(Tensor([1]), sorter: Tensor([0, 1, 3])) }
        == "gather: index 3 at position 2 is not in 0..<3")
  }

  @Test func membership() {
    let x = Tensor<Int>([[1, 2], [3, 9]])
    #expect(show(x.isIn(Tensor([9, 2, 5]))) == "[2, 2] false true false true")
    #expect(show(x.isIn(Tensor([9, 2, 5]), inverted: true)) == "[2, 2] true false true false")
    #expect(show(x.isIn(Tensor(3))) == "[2, 2] false false true false")
    #expect(show(Tensor<Int>(3).isIn(x)) == "[] true")
    #expect(show(x.isIn(Tensor<Int>.zeros([0]))) == "[2, 2] false false false false")
    #expect(show(x.isIn(Tensor<Int>.zeros([0]), inverted: true)) == "[2, 2] true true true true")
    #expect(Tensor<Int>.zeros([0, 3]).isIn(x).shape == [0, 3])
    let halves = Tensor<Float>([1, .nan, -0.0, .infinity])
    #expect(show(halves.isIn(Tensor([.nan, 1, 0, .nan]))) == "[4] true false true false")
    #expect(show(halves.isIn(Tensor([.nan]), inverted: true)) == "[4] true true true true")
  }
}
