import SlopeCore
import Testing

@Suite struct RecordingReleaseTests {
  @Test func chainsOfTwoHundredThousandAreFreedWithoutRecursion() {
    let start = Parameter(Tensor<Float>([1]))
    // Sums keep nothing, products keep their operands: the two ways to hold a chain.
    for keepsOperands in [false, true] {
      var value = start.tensor
      for _ in 0..<200_000 { value = keepsOperands ? value * value : value + 1 }
      value = start.tensor
    }
    for _ in 0..<2 {
      var value = start.tensor
      for _ in 0..<200_000 { value = value.reshaped(to: value.rank == 1 ? [1, 1] : [1]) }
      value = start.tensor
    }
    var part = Parameter(Tensor<Float>([1, 2])).tensor
    for _ in 0..<200_000 { part = part[0...] }
    part = start.tensor
  }

  @Test func aLongChainIsWalkedBackAndFreed() throws {
    let start = Parameter(Tensor<Float>([1]))
    var value = start.tensor
    for _ in 0..<200_000 { value = value + 1 }
    value.sum().backward()
    #expect(try #require(start.grad).scalars == [1])
  }

  @Test func aSecondPassNeedsWhatTheFirstLetGo() throws {
    let x = Parameter(Tensor<Double>([2]))
    let loss = (x.tensor * x.tensor).sum()
    loss.backward(retainGraph: true)
    loss.backward()
    #expect(try #require(x.grad).scalars == [8])
    let error = #expect(throws: TensorError.self) { try checked { loss.backward() } }
    #expect(error?.message.contains("retainGraph") == true)
    #expect(x.grad?.scalars == [8])
  }

  @Test func aLayersSecondPassIsRefusedToo() throws {
    let weight = Parameter(Tensor<Float>([[3, 4]]))
    let x = Tensor<Float>([[1, 2], [5, 6]])
    let loss = linear(x, weight: weight.tensor, bias: nil).sum()
    loss.backward()
    #expect(weight.grad?.scalars == [6, 8])
    #expect(throws: TensorError.self) { try checked { loss.backward() } }
    #expect(weight.grad?.scalars == [6, 8])
  }

  @Test func operandsThatAreSavedOnceServeEveryInput() throws {
    let x = Parameter(Tensor<Double>([3]))
    let y = Parameter(Tensor<Double>([5]))
    let z = Parameter(Tensor<Double>([7]))
    let formula = Pointwise { x, y, z in x * y * z }
    formula(x.tensor, y.tensor, z.tensor).sum().backward()
    #expect(try #require(x.grad).scalars == [35])
    #expect(try #require(y.grad).scalars == [21])
    #expect(try #require(z.grad).scalars == [15])
  }

  @Test func aMeanOverSomeAxesSharesItsGradient() throws {
    let x = Parameter(Tensor<Double>([[1, 2, 3], [4, 5, 6]]))
    (x.tensor.mean(axis: 0) * Tensor([1, 10, 100])).sum().backward()
    #expect(try #require(x.grad).scalars == [0.5, 5, 50, 0.5, 5, 50])
    x.grad = nil
    (x.tensor.mean(axis: 1) * Tensor([3, 30])).sum().backward()
    #expect(try #require(x.grad).scalars == [1, 1, 1, 10, 10, 10])
    x.grad = nil
    x.tensor.mean().backward()
    #expect(try #require(x.grad).scalars.allSatisfy { $0 == 1.0 / 6 })
  }

  @Test func theGraphNamesWhatEachResultWasComputedFrom() {
    let weight = Parameter(Tensor<Float>([[1]]))
    let bias = Parameter(Tensor<Float>([1]))
    let x = Tensor<Float>([[1], [2]])
    let graph = linear(x, weight: weight.tensor, bias: bias.tensor).mean().graph
    #expect(graph.vertices.map(\.operation) == ["parameter", "parameter", "linear", "mean"])
    #expect(graph.vertices.last?.inputs == [graph.vertices[2].id])
    #expect(Set(graph.vertices[2].inputs) == [graph.vertices[0].id, graph.vertices[1].id])
  }
}
