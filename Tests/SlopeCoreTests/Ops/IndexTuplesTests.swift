import Testing

@testable import SlopeCore

/// Elements at places of several axes, at row-major places, and where elements are not 0.
struct IndexTuplesTests {
  private let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])

  @Test func elementsAreTakenAtRowMajorPlaces() {
    #expect(show(x.taking(at: Tensor([[0, -1], [4, -6]]))) == "[2, 2] 1 6 5 1")
    #expect(show(x.transposed().taking(at: Tensor(1))) == "[] 4")
    #expect(show(x.taking(at: Tensor<Int>.zeros([0]))) == "[0] ")
    #expect(failure { x.taking(at: Tensor(6)) } == "take: index 6 at position 0 is not in 0..<6")
    #expect(
      failure { x.taking(at: Tensor([0, -7])) } == "take: index -7 at position 1 is not in 0..<6")
    #expect(
      failure { Tensor<Float>.zeros([0]).taking(at: Tensor([0])) }
        == "take: index 0 at position 0 is not in 0..<0")
    let a = Parameter(x)
    a.tensor.taking(at: Tensor([0, -6, 2])).backward(seed: Tensor([1, 2, 4]))
    #expect(show(a.grad) == "[2, 3] 3 0 4 0 0 0")
  }

  @Test func elementsArePutAtRowMajorPlaces() {
    let places = Tensor<Int>([1, -5, 5])
    let source = Tensor<Float>([7, 8, 9])
    #expect(show(x.putting(source, at: places)) == "[2, 3] 1 8 3 4 5 9")
    #expect(show(x.putting(source, at: places, accumulating: true)) == "[2, 3] 1 17 3 4 5 15")
    #expect(show(Tensor<Float>(1).putting(Tensor(5), at: Tensor(0))) == "[] 5")
    #expect(
      show(
        Tensor([true, false]).putting(
          Tensor([false, true]), at: Tensor([0, 1]), accumulating: true))
        == "[2] true true")
    #expect(failure { x.putting(source, at: Tensor([0])) } == "put: 3 elements for 1 places")
    #expect(
      failure { x.putting(Tensor([1]), at: Tensor([-7])) }
        == "put: index -7 at position 0 is not in 0..<6")
    let (a, b) = (Parameter(x), Parameter(source))
    a.tensor.putting(b.tensor, at: places, accumulating: true).backward(seed: x)
    #expect(show(a.grad) == show(x) && show(b.grad) == "[3] 2 2 6")
  }

  @Test func indexTensorsNamePlacesTogether() {
    let block = Tensor<Int>.arange(24).reshaped(to: [2, 3, 4])
    #expect(
      show(block.taking(at: [Tensor([0, 1]), Tensor([2, -1])])) == "[2, 4] 8 9 10 11 20 21 22 23")
    #expect(
      show(block.taking(at: [Tensor([[1], [0]]), Tensor([0, 2]), Tensor(-1)]))
        == "[2, 2] 15 23 3 11")
    #expect(show(x.taking(at: [Tensor([1, 0, 1])])) == "[3, 3] 4 5 6 1 2 3 4 5 6")
    #expect(show(x.taking(at: [Tensor(1), Tensor(2)])) == "[] 6")
    #expect(x.taking(at: [Tensor<Int>.zeros([0]), Tensor(0)]).shape == [0])
    #expect(
      failure { x.taking(at: [Tensor<Int>]()) } == "gather: 0 tensors of indices for shape [2, 3]")
    #expect(
      failure { x[0].taking(at: [Tensor(0), Tensor(0)]) }
        == "gather: 2 tensors of indices for shape [3]")
    #expect(
      failure { x.taking(at: [Tensor([0, 1]), Tensor([0, 1, 2])]) }
        == "gather: indices of shapes [2], [3] do not broadcast")
    #expect(
      failure { x.taking(at: [Tensor([0, 1]), Tensor([0, 3])]) }
        == "gather: index 3 at position 1 is not in 0..<3")
    #expect(
      failure { x.taking(at: [Tensor(-3)]) } == "gather: index -3 at position 0 is not in 0..<2")
    let deep = Tensor<Int>.zeros([1, 1, 1, 1, 1, 1, 1, 1])
    #expect(
      failure { x.taking(at: [deep]) }
        == "gather: indices of shape [1, 1, 1, 1, 1, 1, 1, 1] for [2, 3] give too many axes")
  }

  @Test func sourcesBroadcastToThePlaces() {
    let zeros = Tensor<Float>.zeros([2, 3])
    #expect(
      show(zeros.putting(Tensor(5), at: [Tensor([0, 1]), Tensor([0, -1])])) == "[2, 3] 5 0 0 0 0 5")
    #expect(
      show(zeros.putting(Tensor([5, 6, 7]), at: [Tensor([1])])) == "[2, 3] 0 0 0 5 6 7")
    #expect(
      show(zeros.putting(Tensor([[1], [2]]), at: [Tensor([0, 0])], accumulating: true))
        == "[2, 3] 3 3 3 0 0 0")
    #expect(
      show(zeros.putting(Tensor([1, 2]), at: [Tensor([0, 0]), Tensor([1, 1])]))
        == "[2, 3] 0 2 0 0 0 0")
    #expect(
      show(
        zeros.putting(
          Tensor(1), at: [Tensor([0, 1]), Tensor([[0], [1]])], accumulating: true))
        == "[2, 3] 1 1 0 1 1 0")
    #expect(
      failure { zeros.putting(Tensor([1, 2]), at: [Tensor([0])]) }
        == "indexPut: a source of shape [2] for indices of shape [1] in [2, 3]")
    let mask = x .> 2
    #expect(
      show(x.putting(Tensor(0), at: mask.nonzeroByAxis())) == "[2, 3] 1 2 0 0 0 0")
  }

  @Test func indicesAlongAnAxisBroadcast() {
    #expect(
      show(x.takingAlong(broadcasting: Tensor([[2, -3]]), axis: 1)) == "[2, 2] 3 1 6 4")
    #expect(
      show(x[0...0].takingAlong(broadcasting: Tensor([[0], [2]]), axis: -1)) == "[2, 1] 1 3")
    #expect(show(x.takingAlong(broadcasting: Tensor([[5, 0]]))) == "[2] 6 1")
    #expect(show(Tensor<Float>(4).takingAlong(broadcasting: Tensor(0))) == "[1] 4")
    #expect(
      failure { x.takingAlong(broadcasting: Tensor([0]), axis: 1) }
        == "takeAlong: indices of shape [1] for [2, 3]")
    #expect(
      failure { x.takingAlong(broadcasting: Tensor([[0], [0], [0]]), axis: 1) }
        == "takeAlong: indices of shape [3, 1] do not broadcast with [2, 3] beside axis 1")
    #expect(
      failure { x.takingAlong(broadcasting: Tensor([[0]]), axis: 2) }
        == "takeAlong: shape [2, 3] has no axis 2")
    #expect(
      failure { x.takingAlong(broadcasting: Tensor([[3]]), axis: 1) }
        == "gather: index 3 at position 0 is not in 0..<3")
    #expect(
      failure { x.takingAlong(broadcasting: Tensor([[-4]]), axis: 1) }
        == "gather: index -4 at position 0 is not in 0..<3")
  }

  @Test func placesOfElementsThatAreNotZero() {
    let matrix = Tensor<Float>([[0, .nan, -0.0], [5, 0, -1]])
    #expect(show(matrix.nonzero()) == "[3, 2] 0 1 1 0 1 2")
    #expect(matrix.nonzeroByAxis().map { show($0) } == ["[3] 0 1 1", "[3] 1 0 2"])
    #expect(show(matrix.transposed().nonzero()) == "[3, 2] 0 1 1 0 2 1")
    #expect(show(Tensor<Int>([0, 0]).nonzero()) == "[0, 1] ")
    #expect(show(Tensor(true).nonzero()) == "[1, 0] " && show(Tensor(0).nonzero()) == "[0, 0] ")
    #expect(Tensor(7).nonzeroByAxis().map { show($0) } == ["[1] 0"])
    #expect(Tensor(0).nonzeroByAxis().map { show($0) } == ["[0] "])
    #expect(Tensor<Int>.zeros([2, 0]).nonzeroByAxis().map { show($0) } == ["[0] ", "[0] "])
    #expect(Tensor<Int>.zeros([2, 0, 3]).nonzero().shape == [0, 3])
  }
}

/// Subscripts and diagonals replaced.
struct ReplaceTests {
  private let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])

  @Test func subscriptsAreReplaced() {
    #expect(show(x.replacing(-1, with: Tensor([7, 8, 9]))) == "[2, 3] 1 2 3 7 8 9")
    #expect(show(x.replacing(0..., 1, with: Tensor([7, 8]))) == "[2, 3] 1 7 3 4 8 6")
    #expect(show(x.replacing(0..., 1..<3, with: Tensor([[7], [8]]))) == "[2, 3] 1 7 7 4 8 8")
    #expect(
      show(x.replacing(1, stride(from: 2, through: 0, by: -2), with: Tensor([7, 8])))
        == "[2, 3] 1 2 3 8 5 7")
    #expect(show(x.replacing(0, 0, with: Tensor(9))) == "[2, 3] 9 2 3 4 5 6")
    #expect(show(x.replacing(at: [], with: Tensor(0))) == "[2, 3] 0 0 0 0 0 0")
    #expect(show(x.replacing(2..., with: Tensor<Float>.zeros([0, 3]))) == show(x))
    #expect(
      show(x.transposed().replacing(0, with: Tensor([7, 8]))) == "[3, 2] 7 8 2 5 3 6")
    #expect(
      failure { x.replacing(0, with: Tensor([1, 2])) }
        == "replace: a source of shape [2] for elements of [3]")
    #expect(
      failure { x.replacing(2, with: Tensor(1)) } == "replace: index 2 is not in 0..<2 (axis 0)")
    #expect(
      failure { x.replacing(0, 0, 0, with: Tensor(1)) } == "replace: 3 indices for shape [2, 3]")
  }

  @Test func gradientsAreThoseOfTheParts() {
    let (a, b) = (Parameter(x), Parameter(Tensor<Float>([7, 8])))
    a.tensor.replacing(0..., 1, with: b.tensor).square().backward(seed: x)
    #expect(show(a.grad) == "[2, 3] 2 0 18 32 0 72" && show(b.grad) == "[2] 28 80")
    b.grad = nil
    x.replacing(0, 0..<2, with: b.tensor).replacing(1, with: Tensor(0)).backward(seed: x)
    #expect(show(b.grad) == "[2] 1 2")
    let (c, d) = (Parameter(x), Parameter(Tensor<Float>([7, 8])))
    c.tensor.replacingDiagonal(with: d.tensor, offset: 1).square().backward(seed: x)
    #expect(show(c.grad) == "[2, 3] 2 0 18 32 50 0" && show(d.grad) == "[2] 28 96")
  }

  @Test func diagonalsAreReplaced() {
    #expect(show(x.replacingDiagonal(with: Tensor([7, 8]))) == "[2, 3] 7 2 3 4 8 6")
    #expect(show(x.replacingDiagonal(with: Tensor([7]), offset: -1)) == "[2, 3] 1 2 3 7 5 6")
    #expect(show(x.replacingDiagonal(with: Tensor<Float>.zeros([0]), offset: 9)) == show(x))
    let block = Tensor<Int>.zeros([2, 2, 2])
    #expect(
      show(block.replacingDiagonal(with: Tensor([[1, 2], [3, 4]]), axes: (0, -1)))
        == "[2, 2, 2] 1 0 3 0 0 2 0 4")
    #expect(
      failure { x.replacingDiagonal(with: Tensor([7])) }
        == "replaceDiagonal: a source of shape [1] for a diagonal of [2]")
    #expect(
      failure { x.replacingDiagonal(with: Tensor([7, 8]), axes: (0, 0)) }
        == "diagonal: axes 0 and 0 of [2, 3]")
  }
}
