import Testing

@testable import SlopeCore

/// Products of whole tensors; expected values are PyTorch's.
struct ProductsTests {
  private let matrix = Tensor<Int>.arange(6).reshaped(to: [2, 3])
  private let other = Tensor<Int>.arange(6).reshaped(to: [3, 2])

  @Test func kroneckerProducts() {
    #expect(
      show(kron(Tensor<Int>([[1, 2], [3, 4]]), Tensor<Int>([0, 1, 2])))
        == "[2, 6] 0 1 2 0 2 4 0 3 6 0 4 8")
    #expect(show(kron(Tensor<Int>(3), Tensor<Int>([1, 2]))) == "[2] 3 6")
    #expect(kron(Tensor<Int>.zeros([2, 0]), matrix).shape == [4, 0])
    #expect(kron(Tensor<Bool>([true, false]), Tensor<Bool>([true])).scalars == [true, false])
    // Eight axes of which one operand has 2 and the other 1 need no more than eight.
    let (deep, thin) = (Tensor<Int>.ones([2, 1, 2, 1, 2, 1, 2, 1]), Tensor<Int>.ones([1, 3]))
    #expect(kron(deep, thin).shape == [2, 1, 2, 1, 2, 1, 2, 3])
    #expect(
      failure { kron(Tensor<Int>.ones([2, 2, 2, 2, 2]), Tensor<Int>.ones([2, 2, 2, 2, 2])) }
        == "kron: [2, 2, 2, 2, 2] and [2, 2, 2, 2, 2] need 10 axes")
    let wide = Tensor<Int>([1]).expanded(to: [1 << 40])
    #expect(failure { kron(wide, wide) }?.hasPrefix("kron: no memory") == true)
  }

  @Test func productsOverAxes() {
    #expect(show(tensordot(matrix, other, axes: 1)) == "[2, 2] 10 13 28 40")
    #expect(show(tensordot(matrix, other, axes: ([0, 1], [1, 0]))) == "[] 50")
    #expect(show(tensordot(matrix, matrix)) == "[] 55")
    #expect(tensordot(matrix, other, axes: 0).shape == [2, 3, 3, 2])
    #expect(show(tensordot(matrix, other, axes: ([-1], [-2]))) == "[2, 2] 10 13 28 40")
    // An extent of 1 broadcasts.
    #expect(
      show(tensordot(Tensor<Int>([[1], [2]]), other, axes: ([1], [0]))) == "[2, 2] 6 9 12 18")
    #expect(
      show(tensordot(other, Tensor<Int>([[1, 2]]), axes: ([0], [0]))) == "[2, 2] 6 12 9 18")
    #expect(
      failure { tensordot(matrix, other, axes: ([0], [0])) }
        == "tensordot: axis 0 of [2, 3] with axis 0 of [3, 2]")
    #expect(
      failure { tensordot(matrix, other, axes: 3) } == "tensordot: 3 axes of [2, 3] and [3, 2]")
    #expect(
      failure { tensordot(matrix, other, axes: -1) } == "tensordot: -1 axes of [2, 3] and [3, 2]")
    #expect(failure { tensordot(matrix, other, axes: ([0], [])) } == "tensordot: 1 axes with 0")
    #expect(
      failure { tensordot(matrix, other, axes: ([0, 0], [1, 0])) }
        == "tensordot: axis 0 of shape [2, 3] is named twice")
    let deep = Tensor<Int>.ones([1, 1, 1, 1, 1])
    #expect(failure { tensordot(deep, deep, axes: 0) } == "tensordot: a result of 10 axes")
  }

  @Test func vectorProducts() {
    let (x, y) = (Tensor<Int>([1, 2, 3]), Tensor<Int>([4, 5, 7]))
    #expect(show(cross(x, y)) == "[3] -1 5 -3" && show(cross(y, x)) == "[3] 1 -5 3")
    let columns = x.unsqueezed(at: 1).expanded(to: [3, 2])
    #expect(show(cross(columns, y.unsqueezed(at: 1), axis: 0)) == "[3, 2] -1 -1 5 5 -3 -3")
    #expect(failure { cross(matrix, x) } == "cross: axis -1 of [2, 3] and [3]")
    #expect(failure { cross(other, other) } == "cross: axis -1 of [3, 2] and [3, 2]")
    #expect(failure { cross(x, y, axis: 1) } == "cross: axis 1 of [3] and [3]")
    #expect(failure { cross(Tensor<Int>(1), Tensor<Int>(2)) } == "cross: axis -1 of [] and []")
  }

  @Test func tracesAndPowers() {
    #expect(
      matrix.trace().item() == 4 && Tensor<UInt8>([[200, 0], [0, 200]]).trace().item() == 400)
    #expect(Tensor<Float>.zeros([0, 3]).trace().item() == 0)
    #expect(failure { matrix[0].trace() } == "trace: shape [3] is no matrix")
    let fibonacci = Tensor<Int>([[1, 1], [1, 0]])
    #expect(show(fibonacci.matrixPower(7)) == "[2, 2] 21 13 13 8")
    #expect(
      (0...6).map { fibonacci.matrixPower($0)[0, 0].item() } == [1, 1, 2, 3, 5, 8, 13])
    #expect(show(fibonacci.matrixPower(0)) == "[2, 2] 1 0 0 1")
    #expect(Tensor<Int>.ones([2, 3, 3]).matrixPower(0).shape == [2, 3, 3])
    #expect(show(Tensor<Int>.ones([2, 1, 1]).matrixPower(5)) == "[2, 1, 1] 1 1")
    #expect(failure { matrix.matrixPower(2) } == "matrix_power: shape [2, 3] is no square matrix")
    #expect(failure { fibonacci.matrixPower(-1) } == "matrix_power: the exponent is -1")
    #expect(Tensor<Int8>([[1]]).matrixPower(.max).item() == 1)
    let w = Parameter(Tensor<Double>([[1, 2], [3, 4]]))
    w.tensor.matrixPower(0).sum().backward()
    #expect(w.grad?.scalars == [0, 0, 0, 0])
  }

  @Test func powersInRows() {
    let x = Tensor<Int>([1, 2, 3])
    #expect(show(x.vandermonde(increasing: true)) == "[3, 3] 1 1 1 1 2 4 1 3 9")
    #expect(show(Tensor<Int32>([2, -3]).vandermonde(columns: 4)) == "[2, 4] 8 4 2 1 -27 9 -3 1")
    #expect(x.vandermonde(columns: 0).shape == [3, 0])
    #expect(show(x.vandermonde(columns: 1)) == "[3, 1] 1 1 1")
    #expect(Tensor<Float>.zeros([0]).vandermonde().shape == [0, 0])
    #expect(matrix.vandermonde(columns: 2).shape == [2, 3, 2])
    #expect(failure { x.vandermonde(columns: -1) } == "vander: -1 columns for shape [3]")
    #expect(failure { Tensor<Int>(1).vandermonde() } == "vander: 0 columns for shape []")
  }
}
