import Testing

@testable import SlopeCore

/// ONNX's operators; most cases are the examples of its specification.
struct ONNXIndexingTests {
  private let square = Tensor<Float>([[0, 1], [2, 3]])
  private let cube = Tensor<Float>.arange(8).reshaped(to: [2, 2, 2])

  @Test func rowsOfIndicesAreGathered() {
    #expect(show(square.gatherND(Tensor([[0, 0], [1, 1]]))) == "[2] 0 3")
    #expect(show(square.gatherND(Tensor([[1], [0]]))) == "[2, 2] 2 3 0 1")
    #expect(show(cube.gatherND(Tensor([[0, 1], [1, 0]]))) == "[2, 2] 2 3 4 5")
    #expect(show(cube.gatherND(Tensor([[[0, 1]], [[1, 0]]]))) == "[2, 1, 2] 2 3 4 5")
    #expect(show(cube.gatherND(Tensor([[1], [0]]), batchAxes: 1)) == "[2, 2] 2 3 4 5")
    #expect(show(square.gatherND(Tensor([-1, -2]))) == "[] 2")
    #expect(cube.gatherND(Tensor<Int>.zeros([0, 2])).shape == [0, 2])
    let indices = Tensor<Int>([[0, 0]])
    for (batch, width) in [(-1, 2), (1, 2), (2, 2), (0, 3)] {
      let rows = Tensor<Int>.zeros([1, width])
      #expect(
        failure { square.gatherND(rows, batchAxes: batch) }
          == "gatherND: indices of shape [1, \(width)] for [2, 2] with \(batch) axes in common")
    }
    #expect(
      failure { square.gatherND(Tensor(0)) }?.hasPrefix("gatherND: indices of shape []") == true)
    #expect(
      failure { square.gatherND(indices + 2) }
        == "gatherND: index 2 at position 0 is not in 0..<2")
  }

  @Test func rowsOfIndicesAreScatteredTo() {
    let line = Tensor<Int>([1, 2, 3, 4, 5, 6, 7, 8])
    let places = Tensor<Int>([[4], [3], [1], [-1]])
    let updates = Tensor<Int>([9, 10, 11, 12])
    #expect(show(line.scatterND(updates, at: places)) == "[8] 1 11 3 10 9 6 7 12")
    let double = Tensor<Int>([[0], [0]])
    #expect(show(line[..<2].scatterND(Tensor([5, 7]), at: double)) == "[2] 7 2")
    #expect(show(line[..<2].scatterND(Tensor([5, 7]), at: double, by: .sum)) == "[2] 13 2")
    #expect(show(line[..<2].scatterND(Tensor([5, 7]), at: double, by: .product)) == "[2] 35 2")
    #expect(show(line[..<2].scatterND(Tensor([5, 7]), at: double, by: .maximum)) == "[2] 7 2")
    #expect(show(line[..<2].scatterND(Tensor([5, -7]), at: double, by: .minimum)) == "[2] -7 2")
    #expect(
      show(cube.scatterND(Tensor([[9, 9], [5, 6]]), at: Tensor([[0, 1], [1, 0]])))
        == "[2, 2, 2] 0 1 9 9 5 6 6 7")
    #expect(
      show(cube.scatterND(Tensor([[[1, 1], [2, 2]]]), at: Tensor([[1]]), by: .sum))
        == "[2, 2, 2] 0 1 2 3 5 6 8 9")
    #expect(
      failure { line.scatterND(Tensor([1]), at: places) }
        == "scatterND: indices of shape [4, 1] and updates of [1] for [8]")
    #expect(
      failure { line.scatterND(updates, at: Tensor(0)) }
        == "scatterND: indices of shape [] and updates of [4] for [8]")
    #expect(
      failure { line.scatterND(updates, at: places + 4) }
        == "scatterND: index 8 at position 0 is not in 0..<8")
  }

  @Test func elementsByIndicesFromTheEnd() {
    let data = Tensor<Float>([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    #expect(show(data.gatherElements(Tensor([[-1, -2, 0], [-2, 0, 0]]))) == "[2, 3] 7 5 3 4 2 3")
    #expect(show(data.gatherElements(Tensor([[0, -1]]), axis: 1)) == "[1, 2] 1 3")
    let line = Tensor<Float>([[1, 2, 3, 4, 5]])
    let updates = Tensor<Float>([[1.5, 2.5]])
    #expect(
      show(line.scatterElements(updates, at: Tensor([[1, -3]]), axis: 1))
        == "[1, 5] 1 1.5 2.5 4 5")
    #expect(
      show(line.scatterElements(updates, at: Tensor([[1, 1]]), axis: 1, by: .sum))
        == "[1, 5] 1 6 3 4 5")
    #expect(
      failure { line.gatherElements(Tensor([[-6]]), axis: 1) }
        == "gather: index -6 at position 0 is not in 0..<5")
    #expect(
      failure { line.scatterElements(updates, at: Tensor([[0]]), axis: 2) }
        == "scatterElements: shape [1, 5] has no axis 2")
  }

  @Test func conditionsKeepSlices() {
    let data = Tensor<Float>([[1, 2], [3, 4], [5, 6]])
    #expect(show(data.compressed(by: Tensor([false, true, true]), axis: 0)) == "[2, 2] 3 4 5 6")
    #expect(show(data.compressed(by: Tensor([false, true]), axis: 1)) == "[3, 1] 2 4 6")
    #expect(
      show(data.compressed(by: Tensor([false, true, false, false, true]))) == "[2] 2 5")
    #expect(show(data.compressed(by: Tensor([true]), axis: -1)) == "[3, 1] 1 3 5")
    #expect(show(Tensor<Float>(4).compressed(by: Tensor([true]))) == "[1] 4")
    #expect(
      failure { data.compressed(by: Tensor([true, true, true]), axis: 1) }
        == "compress: a condition of shape [3] for 2 slices")
    #expect(
      failure { data.compressed(by: Tensor<Bool>([[true]]), axis: 0) }
        == "compress: a condition of shape [1, 1] for 3 slices")
    #expect(
      failure { data.compressed(by: Tensor([true]), axis: 2) }
        == "compress: shape [3, 2] has no axis 2")
  }
}
