import Testing

@testable import SlopeCore

/// Grids, choices and positions; expected values are PyTorch's.
struct GridsTests {
  private let a = Tensor<Int>([1, 2, 3])
  private let b = Tensor<Int>([4, 5])

  @Test func coordinatesOfGrids() {
    let matrix = meshgrid([a, b])
    #expect(show(matrix[0]) == "[3, 2] 1 1 2 2 3 3" && show(matrix[1]) == "[3, 2] 4 5 4 5 4 5")
    let picture = meshgrid([a, b], indexing: .xy)
    #expect(show(picture[0]) == "[2, 3] 1 2 3 1 2 3" && show(picture[1]) == "[2, 3] 4 4 4 5 5 5")
    #expect(
      meshgrid([a, b, Tensor<Int>(6)], indexing: .xy).map(\.shape)
        == [[2, 3, 1], [2, 3, 1], [2, 3, 1]])
    #expect(show(meshgrid([a], indexing: .xy)[0]) == "[3] 1 2 3")
    #expect(
      failure { meshgrid([Tensor<Int>]()) } == "meshgrid: there is nothing to span a grid")
    #expect(
      failure { meshgrid([a, Tensor<Int>.zeros([1, 1])]) }
        == "meshgrid: tensors of shapes [[3], [1, 1]]")
    #expect(failure { meshgrid(Array(repeating: a, count: 9)) }?.hasPrefix("meshgrid: ") == true)
    #expect(meshgrid(Array(repeating: b, count: 8))[7].rank == 8)
  }

  @Test func choicesFromEachVector() {
    #expect(show(cartesianProduct([b, a])) == "[6, 2] 4 1 4 2 4 3 5 1 5 2 5 3")
    #expect(show(cartesianProduct([a])) == "[3] 1 2 3")
    #expect(
      failure { cartesianProduct([a, Tensor<Int>(1)]) } == "cartesian_prod: a tensor of shape []")
    #expect(failure { cartesianProduct([Tensor<Int>]()) }?.hasPrefix("meshgrid: ") == true)
  }

  @Test func choicesFromOneVector() {
    let x = Tensor<Int>([5, 6, 7, 8])
    #expect(show(x.combinations(of: 3)) == "[4, 3] 5 6 7 5 6 8 5 7 8 6 7 8")
    #expect(
      show(x[0..<3].combinations(withReplacement: true))
        == "[6, 2] 5 5 5 6 5 7 6 6 6 7 7 7")
    #expect(x.combinations().shape == [6, 2] && x.combinations(of: 4).scalars == [5, 6, 7, 8])
    #expect(x.combinations(of: 5).shape == [0, 5] && x.combinations(of: 0).shape == [0])
    #expect(x[0..<1].combinations(of: 3, withReplacement: true).scalars == [5, 5, 5])
    #expect(Tensor<Int>.zeros([0]).combinations(of: 2, withReplacement: true).shape == [0, 2])
    // 7 over 3 with replacement is 9 over 3.
    let many = Tensor<Int>.arange(7).combinations(of: 3, withReplacement: true)
    #expect(
      many.shape == [84, 3] && many[83].scalars == [6, 6, 6] && many[27].scalars == [0, 6, 6])
    #expect(
      failure { x.combinations(of: -1) } == "combinations: -1 elements of a tensor of shape [4]")
    #expect(
      failure { Tensor<Int>(1).combinations() }?.hasPrefix("combinations: 2 elements") == true)
    let huge = Tensor<Int>([1]).expanded(to: [1 << 58])
    #expect(
      failure { huge.combinations() }
        == "combinations: 2 elements of 288230376151711744 are too many choices")
    let w = Parameter(Tensor<Double>([1, 2, 3]))
    (w.tensor.combinations() * Tensor([[1, 2], [3, 4], [5, 6]])).sum().backward()
    #expect(w.grad?.scalars == [4, 7, 10])
  }

  @Test(arguments: [
    (-2, "[2, 3] 2 3 3 0 0 1", 11), (-1, "[2, 6] 1 2 2 3 3 3 0 0 1 0 1 2", 9),
    (0, "[2, 9] 0 1 1 2 2 2 3 3 3 0 0 1 0 1 2 0 1 2", 6),
    (1, "[2, 11] 0 0 1 1 1 2 2 2 3 3 3 0 1 0 1 2 0 1 2 0 1 2", 3),
    (3, "[2, 12] 0 0 0 1 1 1 2 2 2 3 3 3 0 1 2 0 1 2 0 1 2 0 1 2", 0), (-9, "[2, 0] ", 12),
  ])
  func positionsInTriangles(offset: Int, lower: String, upperCount: Int) {
    #expect(show(Tensor<Int>.lowerTriangleIndices(4, 3, offset: offset)) == lower)
    let upper = Tensor<Int>.upperTriangleIndices(4, 3, offset: offset)
    #expect(upper.shape == [2, upperCount])
    // The two triangles beside each other's border are all positions.
    let below = Tensor<Int>.lowerTriangleIndices(4, 3, offset: offset - 1)
    let all = zip(
      concatenate([below[0], upper[0]]).scalars, concatenate([below[1], upper[1]]).scalars)
    #expect(Set(all.map { $0 * 3 + $1 }) == Set(0..<12) && below.shape[1] + upperCount == 12)
  }

  @Test func upperTrianglesInOrder() {
    #expect(
      show(Tensor<Int>.upperTriangleIndices(4, 3, offset: -1))
        == "[2, 9] 0 0 0 1 1 1 2 2 3 0 1 2 0 1 2 1 2 2")
    #expect(show(Tensor<Int>.upperTriangleIndices(4, 3, offset: 1)) == "[2, 3] 0 0 1 1 2 2")
    #expect(Tensor<Int>.upperTriangleIndices(.max, 0).shape == [2, 0])
    #expect(Tensor<Int>.lowerTriangleIndices(0, .max).shape == [2, 0])
    #expect(Tensor<Int>.lowerTriangleIndices(3, 2, offset: .min).shape == [2, 0])
    #expect(Tensor<Int>.lowerTriangleIndices(3, 2, offset: .max).shape == [2, 6])
    #expect(Tensor<Int>.upperTriangleIndices(3, 2, offset: .min).shape == [2, 6])
    #expect(
      failure { Tensor<Int>.lowerTriangleIndices(-1, 2) } == "tril_indices: -1 × 2 is not a shape")
    #expect(
      failure { Tensor<Int>.upperTriangleIndices(1, -2) } == "triu_indices: 1 × -2 is not a shape")
    #expect(
      failure { Tensor<Int>.upperTriangleIndices(.max, .max) }?.contains("no memory") == true)
  }
}
