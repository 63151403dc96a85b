import Testing

@testable import SlopeCore

private let table = Tensor<Float>([[1, 2], [3, 4], [5, 6]])

@Suite struct GatherTests {
  @Test func slicesInAnyOrder() {
    #expect(show(table.taking(Tensor([2, 0, 2]))) == "[3, 2] 5 6 1 2 5 6")
    #expect(show(table.taking(Tensor([1, 0]), axis: 1)) == "[3, 2] 2 1 4 3 6 5")
    #expect(show(table.taking(Tensor([1]), axis: -2)) == "[1, 2] 3 4")
    #expect(show(table.transposed().taking(Tensor([2, 1]), axis: 1)) == "[2, 2] 5 3 6 4")
    #expect(show(Tensor([7, 8, 9]).taking(Tensor([2, 2]))) == "[2] 9 9")
    #expect(show(Tensor([true, false]).taking(Tensor([1, 0]))) == "[2] false true")
    let cube = Tensor<Int16>.arange(12).reshaped(to: [2, 3, 2])
    #expect(show(cube.taking(Tensor([2, 0]), axis: 1)) == "[2, 2, 2] 4 5 0 1 10 11 6 7")
    #expect(show(table[1...].taking(Tensor([0, 1, 0, 1, 9])[..<2])) == "[2, 2] 3 4 5 6")
    #expect(
      show(table.taking(Tensor([0, 9, 2, 9])[stride(from: 0, to: 4, by: 2)])) == "[2, 2] 1 2 5 6")
  }

  @Test func nothing() {
    #expect(show(table.taking(Tensor([Int]()))) == "[0, 2] ")
    #expect(show(Tensor<Float>.zeros([2, 0]).taking(Tensor([1, 1]))) == "[2, 0] ")
    #expect(show(Tensor<Float>.zeros([0, 2]).taking(Tensor([Int]()))) == "[0, 2] ")
  }

  @Test func theShapeOfIndicesStandsForTheAxis() {
    #expect(show(table.taking(Tensor([[2, 0], [1, 1]]))) == "[2, 2, 2] 5 6 1 2 3 4 3 4")
    #expect(show(table.taking(Tensor(1))) == "[2] 3 4")
    #expect(show(table.taking(Tensor([[1]]), axis: -1)) == "[3, 1, 1] 2 4 6")
    #expect(show(Tensor(7).taking(Tensor(0))) == "[] 7")
    #expect(table.taking(Tensor<Int>.zeros([0, 4])).shape == [0, 4, 2])
    #expect(
      failure { table.taking(Tensor<Int>.zeros([1, 1, 1, 1, 1, 1, 1, 1])) }
        == "gather: indices of shape [1, 1, 1, 1, 1, 1, 1, 1] for [3, 2] give too many axes")
    #expect(
      table.taking(Tensor<Int>.zeros([1, 1, 1, 1, 1, 1, 1])).shape == [1, 1, 1, 1, 1, 1, 1, 2])
    #expect(failure { table.taking(Tensor(0), axis: 2) } == "gather: shape [3, 2] has no axis 2")
    #expect(
      failure { table.taking(Tensor([[0, 1], [2, 3]])) }
        == "gather: index 3 at position 3 is not in 0..<3")
    let x = Parameter(table)
    x.tensor.taking(Tensor([[2, 2], [0, 2]])).sum().backward()
    #expect(show(x.grad) == "[3, 2] 1 1 0 0 3 3")
  }

  @Test func badIndicesAreNeverRead() {
    #expect(
      failure { table.taking(Tensor([0, 3])) } == "gather: index 3 at position 1 is not in 0..<3")
    #expect(
      failure { table.taking(Tensor([0, -1, 7])) }
        == "gather: index -1 at position 1 is not in 0..<3")
    #expect(
      failure { table.taking(Tensor([5, 2]), axis: 1) }
        == "gather: index 5 at position 0 is not in 0..<2")
    #expect(
      failure { table.taking(Tensor([9, 0, 1, 4])[1...]) }
        == "gather: index 4 at position 2 is not in 0..<3")
    #expect(
      failure { Tensor<Float>.zeros([0, 2]).taking(Tensor([0])) }
        == "gather: index 0 at position 0 is not in 0..<0")
    #expect(
      failure { table.taking(Tensor([0]), axis: 2) } == "gather: shape [3, 2] has no axis 2")
    #expect(failure { Tensor(1).taking(Tensor([0, 0])) } == "gather: shape [] has no axis 0")
  }

  @Test func gradientsOfOneSliceAddUp() {
    let x = Parameter(table)
    x.tensor.taking(Tensor([2, 0, 2]), axis: 0).backward(
      seed: Tensor([[1, 2], [10, 20], [100, 200]]))
    #expect(show(x.grad) == "[3, 2] 10 20 0 0 101 202")
    let y = Parameter(table.transposed())
    y.tensor.taking(Tensor([1, 1]), axis: 1).sum().backward()
    #expect(show(y.grad) == "[2, 3] 0 2 0 0 2 0")
    let none = Parameter(table)
    none.tensor.taking(Tensor([Int]())).sum().backward()
    #expect(show(none.grad) == "[3, 2] 0 0 0 0 0 0")
  }

  @Test func squaredErrorsInOnePass() {
    let (p, t) = (Tensor<Float>([[1, 2], [3, 5]]), Tensor<Float>([[0, 2], [1, 2]]))
    #expect(show(meanSquaredError(p, t)) == "[] 3.5" && show(summedSquaredError(p, t)) == "[] 14")
    let x = Parameter(p)
    let y = Parameter(t)
    meanSquaredError(x.tensor, y.tensor).backward()
    #expect(show(x.grad) == "[2, 2] 0.5 0 1 1.5" && show(y.grad) == "[2, 2] -0.5 -0 -1 -1.5")
    let z = Parameter(p)
    summedSquaredError(z.tensor, t).backward()
    #expect(show(z.grad) == "[2, 2] 2 0 4 6")
  }
}
