import SlopeCore
import Testing

@testable import SlopeTabular

@Suite struct SymmetricMatrixTests {
  /// AᵀA + I of random numbers, and A.
  private func gram(order: Int, rows: Int) throws -> (SymmetricMatrix, Tensor<Double>) {
    let a = matrix(uniformNumbers(rows * order, seed: 1), rows, order)
    var gram = SymmetricMatrix(order: order)
    try gram.addGram(a)
    gram.addToDiagonal(1)
    return (gram, a)
  }

  // One panel, two, and more than one tile.
  @Test(arguments: [1, 5, 96, 97, 200, 700])
  func solutionsSolveTheSystem(order: Int) throws {
    var (factor, a) = try gram(order: order, rows: 30)
    #expect(try factor.factorize())
    let right = uniformNumbers(order, seed: 2)
    let x = factor.solve(right)
    let column = matrix(x, order, 1)
    let product = matmul(a.transposed(), matmul(a, column)) + column
    #expect(distance(product.scalars, right) < 1e-11)
  }

  @Test(arguments: [5, 200]) func lowerTriangleTimesItsTransposeIsTheMatrix(order: Int) throws {
    let (whole, _) = try gram(order: order, rows: 9)
    var factor = whole
    #expect(try factor.factorize())
    let lower = factor.lowerTriangle()
    let product = matmul(lower, lower.transposed()).scalars
    for row in 0..<order {
      for column in 0...row {
        #expect(abs(product[row * order + column] - whole[row, column]) < 1e-12)
      }
    }
  }

  @Test(arguments: [0, 150]) func aNegativePivotIsNoticed(place: Int) throws {
    var matrix = SymmetricMatrix(order: 200)
    matrix.addToDiagonal(1)
    matrix[place, place] = -1
    #expect(try !matrix.factorize())
  }

  @Test func aSingularMatrixGetsARidge() throws {
    var ones = SymmetricMatrix(order: 2)
    try ones.addGram(matrix([1, 1], 1, 2))
    let (factor, ridge) = try SymmetricMatrix.factorized(adding: 0) { ones }
    #expect(ridge > 0 && ridge < 1e-13)
    #expect(factor.solve([1, 1]).allSatisfy { abs($0 - 0.5) < 1e-6 })
  }

  @Test func aMatrixThatIsNotFiniteIsAnError() {
    var wrong = SymmetricMatrix(order: 2)
    wrong[1, 1] = .nan
    #expect(throws: TabularError.self) { try SymmetricMatrix.factorized(adding: 0) { wrong } }
  }

  @Test(arguments: [0, 3, 8, 21]) func dotSumsAllProducts(count: Int) {
    let numbers = (0..<count).map { Double($0) }
    #expect(dot(numbers, numbers) == numbers.reduce(0) { $0 + $1 * $1 })
  }
}
