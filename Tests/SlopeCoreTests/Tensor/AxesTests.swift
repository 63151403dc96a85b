import Testing

@testable import SlopeCore

/// Axes moved, added, removed, split and joined; expected values are PyTorch's.
struct AxesTests {
  private let block = Tensor<Int>.arange(24).reshaped(to: [2, 3, 4])
  private let matrix = Tensor<Int>.arange(1, 13).reshaped(to: [3, 4])

  @Test func axesAreMoved() {
    #expect(block.axisMoved(from: 0, to: -1).shape == [3, 4, 2])
    #expect(block.axisMoved(from: 2, to: 0)[3, 1].scalars == [15, 19, 23])
    #expect(block.axesMoved(from: [0, 1], to: [2, 0]).shape == [3, 4, 2])
    #expect(block.axesMoved(from: [-1, 0], to: [0, 1]).shape == [4, 2, 3])
    #expect(block.axesMoved(from: [], to: []).shape == [2, 3, 4])
    #expect(show(Tensor<Int>(5).axisMoved(from: 0, to: -1)) == "[] 5")
    #expect(
      failure { block.axesMoved(from: [0, 1], to: [0]) } == "movedim: 2 axes to 1 places")
    #expect(
      failure { block.axesMoved(from: [0, -3], to: [0, 1]) }
        == "movedim: axis -3 of shape [2, 3, 4] is named twice")
    #expect(
      failure { block.axisMoved(from: 0, to: 3) } == "movedim: shape [2, 3, 4] has no axis 3")
  }

  @Test func quarterTurns() {
    #expect(show(matrix.rotated()) == "[4, 3] 4 8 12 3 7 11 2 6 10 1 5 9")
    #expect(show(matrix.rotated(by: -1)) == "[4, 3] 9 5 1 10 6 2 11 7 3 12 8 4")
    #expect(show(matrix.rotated(by: 3)) == show(matrix.rotated(by: -1)))
    #expect(show(matrix.rotated(by: 2)) == "[3, 4] 12 11 10 9 8 7 6 5 4 3 2 1")
    #expect(show(matrix.rotated(by: -4)) == show(matrix))
    #expect(show(matrix.rotated(axes: (1, 0))) == show(matrix.rotated(by: -1)))
    #expect(matrix.rotated(by: .min).shape == [3, 4])
    #expect(block.rotated(axes: (2, 0)).shape == [4, 3, 2])
    #expect(
      failure { matrix.rotated(axes: (0, -2)) } == "rot90: axis -2 of shape [3, 4] is named twice")
    #expect(failure { Tensor<Int>([1]).rotated() } == "rot90: shape [1] has no axis 1")
  }

  @Test func axesOfOneComeAndGo() {
    let thin = Tensor<Int>.zeros([1, 2, 1, 1])
    #expect(
      thin.squeezed(at: [0, 1, -1]).shape == [2, 1] && thin.squeezed(at: []).shape == thin.shape)
    #expect(
      failure { thin.squeezed(at: [0, -4]) }
        == "squeeze: axis -4 of shape [1, 2, 1, 1] is named twice")
    #expect(matrix.unsqueezed(at: [0, -1]).shape == [1, 3, 4, 1])
    #expect(matrix.unsqueezed(at: [1, 3]).shape == [3, 1, 4, 1])
    #expect(matrix.unsqueezed(at: []).shape == [3, 4])
    for axes in [[0, 0], [0, -4], [3], [-4]] {
      #expect(
        failure { matrix.unsqueezed(at: axes) }
          == "unsqueeze: shape [3, 4] has no places \(axes) for axes")
    }
    #expect(
      failure { matrix.unsqueezed(at: [0, 1, 2, 3, 4, 5, 6]) }
        == "unsqueeze: 7 more axes than those of [3, 4]")
  }

  @Test func ranksAreRaisedAsByPyTorch() {
    let shapes: [Shape] = [[], [3], [3, 2], [2, 3, 2]]
    func raised(_ rank: Int) -> [Shape] {
      shapes.map { Tensor<Int>.zeros($0).withRank(atLeast: rank).shape }
    }
    #expect(raised(1) == [[1], [3], [3, 2], [2, 3, 2]])
    #expect(raised(2) == [[1, 1], [1, 3], [3, 2], [2, 3, 2]])
    #expect(raised(3) == [[1, 1, 1], [1, 3, 1], [3, 2, 1], [2, 3, 2]])
    for rank in [0, 4, -1] {
      #expect(failure { matrix.withRank(atLeast: rank) } == "atleast: a rank of \(rank)")
    }
  }

  @Test func oneAxisBecomesSeveralAndBack() {
    #expect(block.unflattened(axis: -1, to: [2, 2]).shape == [2, 3, 2, 2])
    #expect(block.unflattened(axis: 0, to: [-1, 1]).shape == [2, 1, 3, 4])
    #expect(Tensor<Int>.zeros([2, 0]).unflattened(axis: 1, to: [3, -1]).shape == [2, 3, 0])
    for extents: Shape in [[3], [3, -1], [], [0, -1], [-1, -1], [-2, -2]] {
      #expect(
        failure { block.unflattened(axis: 2, to: extents) }
          == "unflatten: axis 2 of [2, 3, 4] as \(extents)")
    }
    #expect(
      failure { block.unflattened(axis: 0, to: [2, 1, 1, 1, 1, 1, 1]) }?.hasPrefix("unflatten: ")
        == true)
    #expect(block.unflattened(axis: 0, to: [2, 1, 1, 1, 1, 1]).rank == 8)
    #expect(block.flattened(from: 1).shape == [2, 12])
    #expect(block.flattened(from: 0, through: -2).shape == [6, 4])
    #expect(block.flattened(from: 1, through: 1).shape == [2, 3, 4])
    #expect(Tensor<Int>(3).flattened(from: 0).shape == [1])
    #expect(
      failure { block.flattened(from: 2, through: 1) } == "flatten: [2, 3, 4] has no axes 2 to 1")
    #expect(
      failure { block.flattened(from: 0, through: 3) } == "flatten: [2, 3, 4] has no axes 0 to 3")
  }

  @Test func slicesOfOneAxis() {
    #expect(block.narrowed(axis: 1, from: 1, count: 2)[0, 0].scalars == [4, 5, 6, 7])
    #expect(block.narrowed(axis: -1, from: -2, count: 2)[0, 0].scalars == [2, 3])
    #expect(block.narrowed(axis: 0, from: 2, count: 0).shape == [0, 3, 4])
    for (start, count) in [(0, 4), (3, 1), (-4, 1), (0, -1), (.max, 1), (.min, 1), (1, .max)] {
      #expect(
        failure { block.narrowed(axis: 1, from: start, count: count) }
          == "narrow: \(count) elements from \(start) along axis 1 of [2, 3, 4]")
    }
    #expect(show(block.selected(2, axis: 1)) == "[2, 4] 8 9 10 11 20 21 22 23")
    #expect(block.selected(-1, axis: -1).shape == [2, 3])
    #expect(
      failure { block.selected(3, axis: 1) } == "select: index 3 is not in 0..<3 (axis 1)")
    #expect(failure { block.selected(0, axis: 3) } == "select: shape [2, 3, 4] has no axis 3")
    #expect(matrix.unstacked().map { $0.scalars[0] } == [1, 5, 9])
    #expect(matrix.unstacked(axis: -1).map { $0.scalars[1] } == [5, 6, 7, 8])
    #expect(Tensor<Int>.zeros([2, 0]).unstacked(axis: 1).isEmpty)
    #expect(failure { Tensor<Int>(1).unstacked() } == "unbind: shape [] has no axis 0")
  }

  @Test func shapesBroadcastTogether() {
    let parts = broadcast([Tensor<Int>([[1], [2]]), Tensor<Int>([3, 4, 5]), Tensor<Int>(6)])
    #expect(show(parts[0]) == "[2, 3] 1 1 1 2 2 2" && show(parts[1]) == "[2, 3] 3 4 5 3 4 5")
    #expect(show(parts[2]) == "[2, 3] 6 6 6 6 6 6")
    #expect(
      failure { broadcast([Tensor<Int>([1, 2]), Tensor<Int>([1, 2, 3])]) }
        == "broadcast: shapes [2] and [3]")
    #expect(broadcast([Tensor<Int>]()).isEmpty)
    #expect(Tensor<Int>([[1], [2]]).expanded(to: [3, -1, 2]).shape == [3, 2, 2])
    #expect(
      failure { Tensor<Int>([1]).expanded(to: [-1, 2]) }
        == "expand: [1] does not broadcast to [-1, 2]")
  }

  @Test func elementsRollFromRowToRow() {
    #expect(matrix.rolled(by: 5).scalars == [8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7])
    #expect(
      matrix.rolled(by: [1, -1], axes: [0, 1]).scalars
        == [10, 11, 12, 9, 2, 3, 4, 1, 6, 7, 8, 5])
    #expect(matrix.rolled(by: [5], axes: []).scalars == matrix.rolled(by: 5).scalars)
    #expect(matrix.rolled(by: [1, 1], axes: [1, 1])[0].scalars == [3, 4, 1, 2])
    #expect(failure { matrix.rolled(by: [1, 2], axes: [0]) } == "roll: 2 shifts along 1 axes")
    #expect(failure { matrix.rolled(by: [1, 2], axes: []) } == "roll: 2 shifts along 0 axes")
    #expect(show(Tensor<Int>(4).rolled(by: 3)) == "[] 4")
  }

  @Test func diagonalsAreEmbedded() {
    let pairs = Tensor<Int>([[1, 2], [3, 4]])
    #expect(
      show(pairs.diagonalEmbedded(offset: 1))
        == "[2, 3, 3] 0 1 0 0 0 2 0 0 0 0 3 0 0 0 4 0 0 0")
    #expect(
      show(pairs.diagonalEmbedded(offset: -1, axes: (0, 2)))
        == "[3, 2, 3] 0 0 0 0 0 0 1 0 0 3 0 0 0 2 0 0 4 0")
    #expect(
      show(Tensor<Int>([1, 2]).diag()) == "[2, 2] 1 0 0 2" && show(pairs.diag()) == "[2] 1 4")
    #expect(
      show(pairs.diag(offset: 1)) == "[1] 2" && Tensor<Int>([1]).diag(offset: -2).shape == [3, 3])
    #expect(failure { Tensor<Int>(1).diag() } == "diag: shape [] is no vector and no matrix")
    #expect(
      failure { pairs.diagonalEmbedded(axes: (1, -2)) }
        == "diag_embed: [2, 2] along axes 1 and -2")
    #expect(
      failure { Tensor<Int>(1).diagonalEmbedded() } == "diag_embed: [] along axes -2 and -1")
    for offset in [Int.min, .max] {
      #expect(
        failure { pairs.diagonalEmbedded(offset: offset) }
          == "diag_embed: [2, 2] with offset \(offset)")
    }
  }
}
