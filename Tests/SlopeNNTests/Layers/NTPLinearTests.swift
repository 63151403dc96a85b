import SlopeCore
import SlopeNN
import Testing

struct NTPLinearTests {
  /// Two members of one map `[2 inputs → 1 output]` each.
  private let members = NTPLinear(
    weight: Parameter(Tensor<Double>([[[1, 2, 2, 4]], [[2, 0, 0, 0]]])),
    bias: Parameter(Tensor<Double>([[10], [20]])))

  @Test func theProductIsDividedByTheRootOfTheInputs() {
    let layer = NTPLinear(
      weight: Parameter(Tensor<Float>([[1, 2, 3, 4], [0, 0, 0, 2]])),
      bias: Parameter(Tensor<Float>([10, 20])))
    #expect(layer(Tensor([[1, 1, 1, 1], [2, 0, 0, 0]])).scalars == [15, 21, 11, 20])
    #expect(layer(Tensor([1, 1, 1, 1])).scalars == [15, 21])
  }

  @Test func withoutABiasNothingIsAdded() {
    let layer = NTPLinear(weight: Parameter(Tensor<Float>([[2, 4, 0, 0]])), bias: nil)
    #expect(layer(Tensor([1, 1, 5, 5])).scalars == [3])
    #expect(NTPLinear<Float>(4, 1, bias: false).parameters().count == 1)
  }

  @Test func eachMemberHasItsOwnWeights() {
    let own = members(Tensor([[[1, 1, 1, 1], [0, 2, 0, 0]], [[1, 1, 1, 1], [3, 9, 9, 9]]]))
    #expect(own.shape == [2, 2, 1] && own.scalars == [14.5, 12, 21, 23])
    let shared = members(Tensor([[1, 1, 1, 1], [3, 0, 0, 0]]))
    #expect(shared.shape == [2, 2, 1] && shared.scalars == [14.5, 11.5, 21, 23])
  }

  @Test func gradientsReachTheMembersParameters() {
    members(Tensor([[[1, 2, 3, 4]], [[5, 6, 7, 8]]])).sum().backward()
    #expect(members.weight.grad?.scalars == [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4])
    #expect(members.bias?.grad?.scalars == [1, 1])
  }

  @Test func initialValuesHaveDeviationOneForEveryWidth() {
    for (members, shape) in [(nil, [40, 500]), (3, [3, 40, 500])] as [(Int?, Shape)] {
      let layer = NTPLinear<Float>(500, 40, members: members, generator: Generator(seed: 1))
      #expect(layer.weight.shape == shape)
      #expect(layer.bias?.shape == Shape(Array(shape.dropLast())))
      #expect(abs(layer.weight.tensor.std().item() - 1) < 0.02)
      #expect(abs(layer.weight.tensor.mean().item()) < 0.02)
      let output = layer(.ones([1, 500])) - (layer.bias?.tensor.unsqueezed(at: -2) ?? .zeros([1]))
      #expect((0.6...1.4).contains(output.std().item()))
    }
  }

  @Test func weightsAreDrawnBeforeBiases() {
    let layer = NTPLinear<Float>(4, 5, generator: Generator(seed: 3))
    let generator = Generator(seed: 3)
    let weight = Tensor<Float>.normal([5, 4], generator: generator)
    let bias = Tensor<Float>.normal([5], generator: generator)
    #expect(layer.weight.tensor.scalars == weight.scalars)
    #expect(layer.bias?.tensor.scalars == bias.scalars)
  }

  @Test func mistakesAreNamed() {
    #expect(throws: TensorError.self) {
      try checked { _ = NTPLinear<Float>(-1, 2) }
    }
    #expect(throws: TensorError.self) {
      try checked { _ = members(Tensor([[1, 2, 3]])) }
    }
  }

  @Test func theDescriptionSaysWhatItIs() {
    #expect("\(NTPLinear<Float>(3, 2))" == "NTPLinear(inFeatures: 3, outFeatures: 2, bias: true)")
    #expect("\(members)" == "NTPLinear(inFeatures: 4, outFeatures: 1, members: 2, bias: true)")
  }
}
