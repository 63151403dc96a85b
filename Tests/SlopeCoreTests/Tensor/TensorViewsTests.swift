import Testing

@testable import SlopeCore

private let matrix = Tensor([[1, 2, 3], [4, 5, 6]])
private let cube = Tensor<Int>.arange(24).reshaped(to: [2, 3, 4])

@Suite struct TensorViewsTests {
  @Test func reshaping() {
    #expect(show(matrix.reshaped(to: [3, 2])) == "[3, 2] 1 2 3 4 5 6")
    #expect(
      matrix.reshaped(to: [-1]).shape == [6] && matrix.reshaped(to: [2, -1, 1]).shape == [2, 3, 1])
    #expect(matrix.reshaped(to: [6, -1]).shape == [6, 1])
    #expect(matrix.reshaped(to: [2, 3]).value === matrix.value)
    #expect(matrix.reshaped(to: [6]).value.buffer === matrix.value.buffer)
    #expect(show(matrix.flattened()) == "[6] 1 2 3 4 5 6" && show(Tensor(7).flattened()) == "[1] 7")
    #expect(show(Tensor([7]).reshaped(to: [])) == "[] 7")
    #expect(Tensor<Float>.zeros([0, 3]).reshaped(to: [-1, 3]).shape == [0, 3])
    #expect(Tensor<Float>.zeros([0, 3]).reshaped(to: [5, 0]).shape == [5, 0])
  }

  @Test func reshapingAViewThatDemandsACopy() {
    let view = cube[1].transposed()[1...]
    #expect(show(view.reshaped(to: [9])) == "[9] 13 17 21 14 18 22 15 19 23")
    #expect(view.reshaped(to: [9]).value.buffer !== cube.value.buffer)
    #expect(show(cube[1].reshaped(to: [2, 6])[1]) == "[6] 18 19 20 21 22 23")
  }

  @Test func shapesThatCannotBeFilledFail() {
    #expect(failure { matrix.reshaped(to: [4]) } == "reshape: [2, 3] has 6 elements, [4] has 4")
    #expect(failure { matrix.reshaped(to: [-1, 4]) } == "reshape: [2, 3] does not fill [-1, 4]")
    #expect(failure { matrix.reshaped(to: [-1, -1]) } == "reshape: [2, 3] does not fill [-1, -1]")
    #expect(failure { matrix.reshaped(to: [-2, -3]) } != nil)
    #expect(failure { matrix.reshaped(to: [-1, 0]) } != nil)
    #expect(failure { Tensor<Float>.zeros([0]).reshaped(to: [-1, 0]) } != nil)
    #expect(failure { matrix.reshaped(to: [-1, -2, -3]) } != nil)
  }

  @Test func transposing() {
    #expect(show(matrix.transposed()) == "[3, 2] 1 4 2 5 3 6")
    #expect(cube.transposed().shape == [2, 4, 3] && cube.transposed()[1, 3, 2].item() == 23)
    #expect(
      cube.transposed(0, 2).shape == [4, 3, 2] && cube.transposed(0, 2)[3, 0, 1].item() == 15)
    #expect(show(cube.transposed(-1, 0)) == show(cube.transposed(0, 2)))
    #expect(
      show(Tensor([1, 2]).transposed()) == "[2] 1 2" && show(Tensor(5).transposed()) == "[] 5")
    #expect(show(Tensor(5).transposed(0, -1)) == "[] 5")
    #expect(matrix.transposed().value.buffer === matrix.value.buffer)
    #expect(failure { matrix.transposed(0, 2) } == "transpose: shape [2, 3] has no axis 2")
    #expect(failure { matrix.transposed(-3, 0) } == "transpose: shape [2, 3] has no axis -3")
  }

  @Test func permuting() {
    #expect(cube.permuted([2, 0, 1]).shape == [4, 2, 3])
    #expect(
      cube.permuted([2, 0, 1])[3, 1, 0].item() == 15
        && cube.permuted([-1, 0, -2])[3, 1, 0].item() == 15)
    #expect(
      show(matrix.permuted([0, 1])) == show(matrix) && show(Tensor(5).permuted([])) == "[] 5")
    for axes in [[0], [0, 0], [0, 1, 2], [0, 2], [], [0, -2]] {
      #expect(
        failure { matrix.permuted(axes) }
          == "permute: \(axes) is not an order of the axes of [2, 3]")
    }
  }

  @Test func expanding() {
    #expect(show(Tensor([1, 2]).expanded(to: [2, 2])) == "[2, 2] 1 2 1 2")
    #expect(show(Tensor([[1], [2]]).expanded(to: [2, 2])) == "[2, 2] 1 1 2 2")
    #expect(show(Tensor(3).expanded(to: [2])) == "[2] 3 3")
    #expect(show(matrix[0..., 1..<2].expanded(to: [2, 2, 2])) == "[2, 2, 2] 2 2 5 5 2 2 5 5")
    #expect(matrix.expanded(to: [2, 3]).value === matrix.value)
    #expect(matrix.expanded(to: [4, 2, 3]).value.buffer === matrix.value.buffer)
    #expect(Tensor([1]).expanded(to: [0]).count == 0)
    #expect(
      failure { matrix.expanded(to: [2, 4]) } == "expand: [2, 3] does not broadcast to [2, 4]")
    #expect(
      failure { matrix.expanded(to: [3]) } != nil && failure { matrix.expanded(to: [2, 1]) } != nil)
    let most = Int.max / 16
    #expect(failure { Tensor(1).expanded(to: [most]).count } == nil)
    #expect(failure { Tensor(1).expanded(to: [most + 1]) }?.hasPrefix("expand: ") == true)
    #expect(failure { Tensor(1).expanded(to: [.max, 3]) } != nil)
    #expect(
      failure { Tensor(1).expanded(to: [1 << 50]).scalars }?.hasPrefix("copy: no memory") == true)
  }

  @Test func axesOfOne() {
    let thin = Tensor([1, 2]).reshaped(to: [1, 2, 1])
    #expect(thin.squeezed().shape == [2] && thin.squeezed(at: 0).shape == [2, 1])
    #expect(thin.squeezed(at: -1).shape == [1, 2] && thin.squeezed(at: 1).shape == [1, 2, 1])
    #expect(Tensor(5).squeezed(at: 0).shape == [] && Tensor([[5]]).squeezed().shape == [])
    #expect(failure { thin.squeezed(at: 3) } == "squeeze: shape [1, 2, 1] has no axis 3")
    #expect(
      matrix.unsqueezed(at: 0).shape == [1, 2, 3] && matrix.unsqueezed(at: 1).shape == [2, 1, 3])
    #expect(
      matrix.unsqueezed(at: 2).shape == [2, 3, 1] && matrix.unsqueezed(at: -1).shape == [2, 3, 1])
    #expect(
      matrix.unsqueezed(at: -3).shape == [1, 2, 3] && Tensor(5).unsqueezed(at: 0).shape == [1])
    #expect(
      failure { matrix.unsqueezed(at: 3) } == "unsqueeze: shape [2, 3] has no place 3 for an axis")
    #expect(failure { matrix.unsqueezed(at: -4) } != nil)
    let full = Tensor([1]).reshaped(to: [1, 1, 1, 1, 1, 1, 1, 1])
    #expect(
      failure { full.unsqueezed(at: 0) }?.hasPrefix(
        "unsqueeze: [1, 1, 1, 1, 1, 1, 1, 1] has the most") == true)
  }
}
