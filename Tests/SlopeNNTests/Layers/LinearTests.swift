import SlopeCore
import SlopeNN
import Testing

/// Expected parameters are PyTorch 2.15's for `Linear(3, 2)` after seed 7.
struct LinearTests {
  @Test func initialValuesAreThoseOfPyTorch() {
    let layer = Linear<Float>(3, 2, generator: Generator(seed: 7))
    #expect(layer.weight.shape == [2, 3])
    #expect(
      layer.weight.tensor.scalars == [
        0.04032507538795471, -0.3477921187877655, 0.18384182453155518, 0.1811612844467163,
        -0.3085803687572479, -0.0865316316485405,
      ])
    #expect(layer.bias?.shape == [2])
    #expect(layer.bias?.tensor.scalars == [-0.33822792768478394, 0.1498066484928131])
  }

  @Test func initialDoublesAreThoseOfPyTorch() {
    let generator = Generator(seed: 7)
    _ = Linear<Float>(3, 2, generator: generator)
    let layer = Linear<Double>(3, 2, generator: generator)
    #expect(
      layer.weight.tensor.scalars == [
        0.4878948880790089, 0.39207322819701307, -0.23704603940026478, 0.07011526117687615,
        0.3037363685437714, 0.29947992989572786,
      ])
    #expect(layer.bias?.tensor.scalars == [-0.504579747472619, -0.5108905175339286])
  }

  @Test func withoutABiasNothingIsDrawnForIt() {
    let generator = Generator(seed: 7)
    let layer = Linear<Float>(3, 2, bias: false, generator: generator)
    #expect(layer.bias == nil)
    let other = Generator(seed: 7)
    _ = other.uniformFloat(count: 6)
    #expect(generator.next32() == other.next32())
    #expect(layer(Tensor([[1, 0, 0]])).scalars == [0.04032507538795471, 0.1811612844467163])
  }

  @Test func outputsAreProductsWithTheTransposedWeightPlusBias() {
    let layer = Linear(
      weight: Parameter(Tensor<Float>([[1, 2, 3], [4, 5, 6]])),
      bias: Parameter(Tensor<Float>([10, 20])))
    let output = layer(Tensor([[1, 0, 0], [0, 1, 2]]))
    #expect(output.shape == [2, 2])
    #expect(output.scalars == [11, 24, 18, 37])
    #expect(layer(Tensor([1, 1, 1])).scalars == [16, 35])
    #expect(layer(Tensor<Float>.ones([2, 4, 3])).shape == [2, 4, 2])
  }

  @Test func gradientsReachBothParameters() {
    let layer = Linear(
      weight: Parameter(Tensor<Float>([[1, 2]])), bias: Parameter(Tensor<Float>([3])))
    layer(Tensor([[1, 2], [3, 4]])).sum().backward()
    #expect(layer.weight.grad?.scalars == [4, 6])
    #expect(layer.bias?.grad?.scalars == [2])
  }

  @Test func anInputOfAnotherWidthIsRefused() {
    let layer = Linear<Float>(3, 2, generator: Generator(seed: 7))
    #expect(throws: TensorError.self) { try checked { layer(Tensor([[1, 2]])) } }
  }

  @Test(arguments: [(-1, 2), (2, -1)])
  func negativeCountsAreRefused(inputs: Int, outputs: Int) {
    let error = #expect(throws: TensorError.self) {
      try checked { _ = Linear<Float>(inputs, outputs, generator: Generator(seed: 7)) }
    }
    #expect(
      error?.description == "Linear: \(inputs) inputs and \(outputs) outputs: negative count")
  }
}
