import Testing

@testable import SlopeCore

@Suite struct EinsumTests {
  private let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
  private let y = Tensor<Float>([[1, 0], [2, 1], [0, 3]])
  private let square = Tensor<Float>([[1, 2], [3, 4]])

  @Test func productsAreThoseOfMatrices() {
    #expect(einsum("ij,jk->ik", x, y).scalars == matmul(x, y).scalars)
    #expect(einsum(" i j , j k -> k i ", x, y).scalars == matmul(x, y).transposed().scalars)
    #expect(einsum("ij,jk", x, y).scalars == matmul(x, y).scalars)
    // Without an arrow the labels are sorted: this is the transposed product.
    #expect(einsum("zj,jk", x, y).scalars == matmul(x, y).transposed().scalars)
    #expect(einsum("ij,kj->ik", x, x).scalars == [14, 32, 32, 77])
    #expect(einsum("ij,ij->", x, x).item() == 91 && einsum("ij,ij", x, x).shape == [])
    #expect(einsum("ij,ij->j", x, x).scalars == [17, 29, 45])
    #expect(einsum("i,j->ij", Tensor<Float>([1, 2]), Tensor([3, 4])).scalars == [3, 4, 6, 8])
  }

  @Test func oneOperandIsSummedAndTurned() {
    #expect(einsum("ij->ji", x).scalars == [1, 4, 2, 5, 3, 6] && einsum("ij->j", x).shape == [3])
    #expect(einsum("ij->i", x).scalars == [6, 15] && einsum("ij->", x).item() == 21)
    #expect(einsum("ba", x).scalars == [1, 4, 2, 5, 3, 6])
    #expect(einsum("ii->i", square).scalars == [1, 4] && einsum("ii", square).item() == 5)
    let cube = Tensor<Float>((0..<8).map(Float.init)).reshaped(to: [2, 2, 2])
    #expect(einsum("iii->i", cube).scalars == [0, 7])
    #expect(einsum("iji->ji", cube).scalars == [0, 5, 2, 7])
  }

  @Test func batchesAndEllipsesBroadcast() {
    let batch = stack([x, x * 2], axis: 0)
    let wanted = stack([matmul(x, y), matmul(x * 2, y)], axis: 0)
    #expect(einsum("bij,jk->bik", batch, y).scalars == wanted.scalars)
    #expect(einsum("...ij,jk->...ik", batch, y).scalars == wanted.scalars)
    #expect(einsum("...ij,...jk", batch, y).scalars == wanted.scalars)
    #expect(einsum("...ij,...jk", batch, y).shape == [2, 2, 2])
    #expect(einsum("...->...", x).scalars == x.scalars)
    #expect(einsum("i...->...", x).scalars == [5, 7, 9])
    let rows = x.reshaped(to: [2, 1, 3])
    let columns = Tensor<Float>([[1, 1, 1], [0, 0, 1]]).reshaped(to: [1, 2, 3])
    #expect(einsum("...j,...j->...", rows, columns).scalars == [6, 3, 15, 6])
    // A label of extent 1 broadcasts too, whether it is summed over or kept.
    #expect(einsum("ij,ij->i", x, Tensor<Float>([[10], [1]])).scalars == [60, 15])
    #expect(
      einsum("ij,ij->ij", Tensor<Float>([[10], [1]]), x).scalars == [10, 20, 30, 4, 5, 6])
  }

  @Test func operandsAreTakenFromTheLeft() {
    let v = Tensor<Float>([1, -1])
    #expect(einsum("ij,jk,k->i", x, y, v).scalars == matmul(matmul(x, y), v).scalars)
    #expect(einsum("i,i,i->", v, v, v).item() == 0 && einsum("i,i,i->i", v, v, v)[1].item() == -1)
    #expect(einsum("ij,k->k", x, v).scalars == [21, -21])
  }

  @Test func integersWrapAndNothingSumsToZero() {
    let bytes = Tensor<UInt8>([[200, 100], [1, 2]])
    #expect(einsum("ij->i", bytes).scalars == [44, 3])
    #expect(einsum("ij,jk->ik", bytes, bytes).scalars == [164, 232, 202, 104])
    #expect(
      einsum("ij,jk->ik", Tensor<Float>.zeros([2, 0]), Tensor<Float>.zeros([0, 1])).scalars
        == [0, 0])
  }

  @Test func gradientsFlowThroughDiagonalsAndSums() {
    let p = Parameter(square)
    (einsum("ii->i", p.tensor) * Tensor([10, 20])).sum().backward()
    #expect(p.grad?.scalars == [10, 0, 0, 20])
    p.grad = nil
    einsum("ij,jk->", p.tensor, square).backward()
    #expect(p.grad?.scalars == [3, 7, 3, 7])
  }

  @Test func whatDoesNotFitIsAFailure() {
    func told(_ equation: String, _ operands: Tensor<Float>...) -> String? {
      failure {
        switch operands.count {
        case 0: _ = einsum(equation) as Tensor<Float>
        case 1: _ = einsum(equation, operands[0])
        default: _ = einsum(equation, operands[0], operands[1])
        }
      }
    }
    #expect(told("i") == "einsum: 'i' has no operands")
    #expect(told("ij,jk->ik", x) == "einsum: 'ij,jk->ik': it names 2 operands, there are 1")
    #expect(told("ij->i->j", x) == "einsum: 'ij->i->j': there are 2 arrows")
    #expect(told("ijk", x) == "einsum: 'ijk': operand 0 has 2 axes, 'ijk' names 3")
    #expect(told("i", x) == "einsum: 'i': operand 0 has 2 axes, 'i' names 1")
    #expect(
      told("i1", x) == "einsum: 'i1': 'i1' names no axes by letters, with at most one '...'")
    #expect(
      told("..i", x) == "einsum: '..i': '..i' names no axes by letters, with at most one '...'")
    #expect(
      told("......", x)
        == "einsum: '......': '......' names no axes by letters, with at most one '...'")
    #expect(
      told("ij->é", x) == "einsum: 'ij->é': 'é' names no axes by letters, with at most one '...'")
    #expect(told("ij->k", x) == "einsum: 'ij->k': no operand has the result's 'k'")
    #expect(told("ij->ii", x) == "einsum: 'ij->ii': the result has 'i' twice")
    #expect(told("ij,ij", x, y) == "einsum: 'ij,ij': 'i' is 2 and 3")
    #expect(told("ii", x) == "einsum: 'ii': 'i' is 2 and 3")
    #expect(told("ii", Tensor<Float>.ones([1, 3])) == "einsum: 'ii': 'i' is 1 and 3")
    #expect(told("...,...", x, y) == "einsum: '...,...': '...' is 2 and 3")
    #expect(
      told("...i", Tensor<Float>(1)) == "einsum: '...i': operand 0 has 0 axes, '...i' names 1")
  }
}
