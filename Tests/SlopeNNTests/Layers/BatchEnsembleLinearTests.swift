import SlopeCore
import SlopeNN
import Testing

struct BatchEnsembleLinearTests {
  private func layer() -> BatchEnsembleLinear<Double> {
    let layer = BatchEnsembleLinear<Double>(3, 2, members: 2)
    layer.weight.tensor = Tensor([[1, 2, 3], [4, 5, 6]])
    layer.inputFactors.tensor = Tensor([[1, 1, 1], [1, -1, 2]])
    layer.outputFactors.tensor = Tensor([[1, 1], [10, 100]])
    layer.bias?.tensor = Tensor([[0, 0], [0.5, 0.25]])
    return layer
  }

  @Test func eachMemberHasItsFactors() {
    let output = layer()(Tensor([[[1, 1, 1], [1, 0, 0]], [[1, 1, 1], [0, 0, 1]]]))
    #expect(output.shape == [2, 2, 2])
    // Member 2, row 1: (1, −1, 2) · (1, 2, 3) = 5, · 10 + ½.
    #expect(output.scalars == [6, 15, 1, 4, 50.5, 1100.25, 60.5, 1200.25])
    let shared = layer()(Tensor([[1, 1, 1]]))
    #expect(shared.shape == [2, 1, 2] && shared.scalars == [6, 15, 50.5, 1100.25])
  }

  @Test func withoutABiasNothingIsAdded() {
    let plain = BatchEnsembleLinear<Float>(2, 1, members: 3, bias: false)
    plain.weight.tensor = Tensor([[2, 3]])
    plain.inputFactors.tensor = Tensor([[1, 1], [0, 1], [1, 0]])
    #expect(plain(Tensor([[1, 1]])).scalars == [5, 3, 2])
    #expect(plain.parameters().count == 3)
  }

  @Test func gradientsReachEveryParameter() {
    let layer = layer()
    layer(Tensor([[1, 2, 4]])).sum().backward()
    // Each output's derivative to the weight of input i: r · x · s, summed over the members.
    #expect(layer.weight.grad?.scalars == [11, -18, 84, 101, -198, 804])
    #expect(layer.bias?.grad?.scalars == [1, 1, 1, 1])
    #expect(layer.outputFactors.grad?.scalars == [17, 38, 21, 42])
    #expect(layer.inputFactors.grad?.scalars == [5, 14, 36, 410, 1040, 2520])
  }

  @Test func initialValuesAreTabMs() {
    typealias Wide = BatchEnsembleLinear<Float>
    let layer = Wide(400, 30, members: 4, generator: Generator(seed: 1))
    #expect(layer.weight.shape == [30, 400] && layer.inputFactors.shape == [4, 400])
    #expect(layer.outputFactors.shape == [4, 30] && layer.bias?.shape == [4, 30])
    let weight = layer.weight.tensor
    #expect((0.0499...0.05).contains(weight.max().item()))
    #expect((-0.05...(-0.0499)).contains(weight.min().item()))
    let signs = layer.inputFactors.tensor.scalars
    #expect(signs.allSatisfy { abs($0) == 1 } && (700..<900).contains(signs.count { $0 < 0 }))
    #expect(layer.outputFactors.tensor.scalars.allSatisfy { $0 == 1 })
    let bias = layer.bias?.tensor.scalars ?? []
    #expect(Set(bias[..<30]).count == 30 && bias[30..<60] == bias[..<30])
    #expect(bias[90...].elementsEqual(bias[..<30]) && bias.allSatisfy { abs($0) <= 0.05 })
    let normal = Wide(
      400, 300, members: 4, inputFactors: .ones, outputFactors: .normal,
      generator: Generator(seed: 1))
    #expect(normal.inputFactors.tensor.scalars.allSatisfy { $0 == 1 })
    #expect((0.9...1.1).contains(normal.outputFactors.tensor.std().item()))
    #expect(normal.weight.tensor[0].scalars == weight[0].scalars)
  }

  @Test func mistakesAreNamed() {
    #expect(throws: TensorError.self) { try checked { _ = layer()(Tensor([[1, 2]])) } }
    let error = #expect(throws: TensorError.self) {
      try checked { _ = BatchEnsembleLinear<Float>(-1, 2, members: 3) }
    }
    #expect(
      error?.description == "BatchEnsembleLinear: -1 inputs, 2 outputs, 3 members: negative count")
    #expect(
      "\(layer())"
        == "BatchEnsembleLinear(inFeatures: 3, outFeatures: 2, members: 2, bias: true)")
  }
}
