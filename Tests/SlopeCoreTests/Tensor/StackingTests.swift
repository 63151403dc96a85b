import Testing

@testable import SlopeCore

/// Tensors put together and taken apart by direction; expected values are PyTorch's.
struct StackingTests {
  private let a = Tensor<Int>([1, 2])
  private let b = Tensor<Int>([3, 4])
  private let matrix = Tensor<Int>([[3, 4], [5, 6]])

  @Test func directionsOfStacks() {
    #expect(show(hstack([a, b])) == "[4] 1 2 3 4" && show(vstack([a, b])) == "[2, 2] 1 2 3 4")
    #expect(show(dstack([a, b])) == "[1, 2, 2] 1 3 2 4")
    #expect(show(columnStack([a, matrix])) == "[2, 3] 1 3 4 2 5 6")
    #expect(show(hstack([Tensor<Int>(1), Tensor<Int>(2)])) == "[2] 1 2")
    #expect(show(columnStack([Tensor<Int>(1), Tensor<Int>(2)])) == "[1, 2] 1 2")
    #expect(show(hstack([matrix, matrix])) == "[2, 4] 3 4 3 4 5 6 5 6")
    #expect(vstack([a, matrix]).shape == [3, 2] && dstack([matrix, matrix]).shape == [2, 2, 2])
    #expect(failure { hstack([a, matrix]) }?.hasPrefix("concatenate: ") == true)
    #expect(failure { vstack([Tensor<Int>]()) } == "concatenate: there is nothing to put together")
    #expect(failure { hstack([Tensor<Int>]()) } == "concatenate: there is nothing to put together")
  }

  @Test func blocksAreOnTheDiagonal() {
    #expect(
      show(blockDiagonal([Tensor<Int>([[1, 2], [3, 4]]), Tensor<Int>([5, 6]), Tensor<Int>(7)]))
        == "[4, 5] 1 2 0 0 0 3 4 0 0 0 0 0 5 6 0 0 0 0 0 7")
    #expect(blockDiagonal([Tensor<Int>.zeros([0, 2]), a]).shape == [1, 4])
    #expect(
      failure { blockDiagonal([a, Tensor<Int>.zeros([1, 1, 1])]) }
        == "block_diag: a block of shape [1, 1, 1]")
    let wide = Tensor<Int>([[1]]).expanded(to: [1, Int.max / 16])
    #expect(
      failure { blockDiagonal(Array(repeating: wide, count: 17)) }
        == "block_diag: the blocks have too many columns")
    #expect(failure { blockDiagonal([Tensor<Int>]()) }?.hasPrefix("concatenate: ") == true)
  }

  @Test func partsByNumberAndByIndex() {
    let x = Tensor<Int>.arange(7)
    #expect(x.split(into: 3).map(\.scalars) == [[0, 1, 2], [3, 4], [5, 6]])
    #expect(x[0..<2].split(into: 4).map(\.count) == [1, 1, 0, 0])
    #expect(
      x[0..<5].split(at: [3, 1, -1, 9]).map(\.scalars) == [[0, 1, 2], [], [1, 2, 3], [4], []])
    #expect(x.split(at: [-9, 2]).map(\.count) == [0, 2, 5] && x.split(at: []).map(\.count) == [7])
    #expect(x.split(at: [.min, .max]).map(\.count) == [0, 7, 0])
    #expect(matrix.split(into: 2, axis: -1).map(\.scalars) == [[3, 5], [4, 6]])
    #expect(failure { x.split(into: 0) } == "split: 0 parts")
    #expect(failure { x.split(at: [1], axis: 1) } == "split: shape [7] has no axis 1")
    #expect(failure { x.split(into: .max) }?.contains("there is room for") == true)
  }

  @Test func partsByDirection() {
    let block = Tensor<Int>.arange(16).reshaped(to: [2, 2, 4])
    #expect(Tensor<Int>.arange(4).hsplit(into: 2).map(\.scalars) == [[0, 1], [2, 3]])
    #expect(matrix.hsplit(into: 2).map(\.scalars) == [[3, 5], [4, 6]])
    #expect(matrix.hsplit(at: [1]).map(\.scalars) == [[3, 5], [4, 6]])
    #expect(Tensor<Int>.arange(3).hsplit(at: [1]).map(\.scalars) == [[0], [1, 2]])
    #expect(matrix.vsplit(into: 2).map(\.scalars) == [[3, 4], [5, 6]])
    #expect(matrix.vsplit(at: [0]).map(\.count) == [0, 4])
    #expect(block.dsplit(into: 2).map(\.shape) == [[2, 2, 2], [2, 2, 2]])
    #expect(block.dsplit(at: [1, 3]).map { $0.shape[2] } == [1, 2, 1])
    #expect(
      failure { block.dsplit(into: 3) } == "dsplit: 3 equal parts along axis 2 of [2, 2, 4]")
    #expect(failure { matrix.hsplit(into: 0) } == "hsplit: 0 equal parts along axis 1 of [2, 2]")
    #expect(failure { Tensor<Int>(1).hsplit(into: 1) } == "hsplit: shape [] has no axis 1")
    #expect(failure { Tensor<Int>(1).hsplit(at: []) } == "hsplit: shape [] has no axis 1")
    #expect(failure { a.vsplit(into: 1) } == "vsplit: shape [2] has no axis 1")
    #expect(failure { a.vsplit(at: [1]) } == "vsplit: shape [2] has no axis 1")
    #expect(failure { matrix.dsplit(into: 1) } == "dsplit: shape [2, 2] has no axis 2")
    #expect(failure { matrix.dsplit(at: [1]) } == "dsplit: shape [2, 2] has no axis 2")
  }
}
