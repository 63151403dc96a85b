import Foundation
import SlopeCore
import SlopeNN
import Testing

private func message(_ body: () -> Void) -> String? {
  let error = #expect(throws: TensorError.self) { try checked { body() } }
  return error?.description
}

/// Initial values after seed 7, beside PyTorch's; tools/make-initial-cases.py wrote the file.
@Suite struct InitializerTests {
  private struct File: Decodable {
    let initializers: [Case]
    let gains: [String: Double]
  }

  private struct Case: Decodable {
    let name: String
    let type: String
    let shape: [Int]
    let settings: [String: Double]
    let words: [String: String]
    let values: [Double]
    let next: Double

    /// As `name` says, with PyTorch's defaults where a setting is not given.
    var initializer: Initializer? {
      func setting(_ name: String, _ other: Double) -> Double { settings[name] ?? other }
      let mode: Initializer.FanMode = words["mode"] == "fan_out" ? .fanOut : .fanIn
      let nonlinearity =
        words["nonlinearity"].flatMap { Nonlinearity(rawValue: $0) } ?? .leakyRelu
      switch name {
      case "zeros": return .zeros
      case "ones": return .ones
      case "constant": return .constant(setting("val", .nan))
      case "uniform":
        return settings.isEmpty
          ? .uniform() : .uniform(from: setting("a", 0), to: setting("b", 1))
      case "normal":
        return settings.isEmpty
          ? .normal() : .normal(mean: setting("mean", 0), standardDeviation: setting("std", 1))
      case "trunc_normal":
        return settings.isEmpty
          ? .truncatedNormal()
          : .truncatedNormal(
            mean: setting("mean", 0), standardDeviation: setting("std", 1),
            from: setting("a", -2), to: setting("b", 2))
      case "xavier_uniform":
        return settings.isEmpty ? .xavierUniform() : .xavierUniform(gain: setting("gain", 1))
      case "xavier_normal":
        return settings.isEmpty ? .xavierNormal() : .xavierNormal(gain: setting("gain", 1))
      case "kaiming_uniform":
        return settings.isEmpty && words.isEmpty
          ? .kaimingUniform()
          : .kaimingUniform(a: setting("a", 0), mode: mode, nonlinearity: nonlinearity)
      case "kaiming_normal":
        return settings.isEmpty && words.isEmpty
          ? .kaimingNormal()
          : .kaimingNormal(a: setting("a", 0), mode: mode, nonlinearity: nonlinearity)
      case "orthogonal":
        return settings.isEmpty ? .orthogonal() : .orthogonal(gain: setting("gain", 1))
      case "sparse":
        return .sparse(
          sparsity: setting("sparsity", 0), standardDeviation: setting("std", 0.01))
      case "eye": return .eye
      case "dirac": return .dirac(groups: Int(setting("groups", 1)))
      default: return nil
      }
    }
  }

  private let file: File

  init() throws {
    let folder = #filePath.dropLast("/SlopeNNTests/Initialization/InitializerTests.swift".count)
    let path = String(folder) + "/Fixtures/initial-cases.json"
    let data = try #require(FileManager.default.contents(atPath: path))
    file = try JSONDecoder().decode(File.self, from: data)
  }

  @Test func initialFloatsAreThoseOfPyTorch() throws { try check(Float.self, "float32", 2e-7) }
  @Test func initialDoublesAreThoseOfPyTorch() throws { try check(Double.self, "float64", 1e-12) }
  @Test func initialHalvesAreThoseOfPyTorch() throws { try check(Float16.self, "float16", 1e-8) }
  @Test func initialBrainFloatsAreThoseOfPyTorch() throws {
    try check(BFloat16.self, "bfloat16", 1e-8)
  }

  private func check<Element: FloatingElement>(
    _ type: Element.Type, _ name: String, _ tolerance: Double
  ) throws {
    #expect(file.initializers.count == 113)
    for entry in file.initializers where entry.type == name {
      let initializer = try #require(entry.initializer)
      let place = "\(initializer) \(entry.shape)"
      let generator = Generator(seed: 7)
      let parameter = Parameter<Element>(.full(Shape(entry.shape), 9))
      parameter.initialize(initializer, generator: generator)
      let drawn = Tensor<Double>.uniform([1], generator: generator)
      #expect(drawn.scalars == [entry.next], "\(place): the place in the stream")
      // Q of a QR decomposition has as many digits as PyTorch's type.
      let bound = entry.name == "orthogonal" ? tolerance * 8 : tolerance
      for (a, b) in zip(parameter.tensor.scalars, entry.values) {
        #expect(abs(a.doubleValue - b) <= bound * max(1, abs(b)), "\(place): \(a), not \(b)")
      }
      let copy = initializer.tensor(
        Shape(entry.shape), of: Element.self, generator: Generator(seed: 7))
      #expect(copy.shape.elementsEqual(entry.shape) && copy.count == entry.values.count)
      #expect(copy.scalars == parameter.tensor.scalars, "\(place)")
    }
  }

  @Test func gainsAreThoseOfPyTorch() throws {
    let names = [
      "linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu",
    ]
    #expect(Nonlinearity.allCases.count == names.count)
    for (nonlinearity, name) in zip(Nonlinearity.allCases, names) {
      #expect(calculateGain(nonlinearity) == (try #require(file.gains[name])))
    }
    #expect(calculateGain(.leakyRelu, negativeSlope: 1) == 1)
    #expect(calculateGain(.leakyRelu, negativeSlope: 7.0.squareRoot()) == 0.5)
    #expect(calculateGain(.relu, negativeSlope: 1) == 2.0.squareRoot())
  }

  @Test func orthogonalRowsAreOrthonormal() {
    for shape in [[70, 90], [90, 70], [4, 5, 20]] {
      let tensor = Initializer.orthogonal(gain: 2)
        .tensor(Shape(shape), of: Double.self, generator: Generator(seed: 1))
      let matrix = tensor.reshaped(to: [shape[0], -1])
      let isWide = matrix.shape[0] <= matrix.shape[1]
      let product =
        isWide ? matmul(matrix, matrix.transposed()) : matmul(matrix.transposed(), matrix)
      let error = (product - Tensor<Double>.eye(product.shape[0]) * 4).abs().max().item()
      #expect(error < 1e-13)
    }
    let short = Initializer.orthogonal().tensor([3, 4], of: BFloat16.self)
    #expect(short.shape == [3, 4] && short.isFinite().all().item())
  }

  @Test func aTruncatedNormalStaysWithinItsBounds() {
    let numbers = Initializer.truncatedNormal(from: 1, to: 3)
      .tensor([2000], of: Float.self, generator: Generator(seed: 3))
    #expect(numbers.min().item() >= 1 && numbers.max().item() <= 3)
    // The mean of the tail beyond 1 and below 3 is 1.5100.
    #expect(abs(numbers.mean().item() - 1.51) < 0.03)
  }

  @Test(arguments: [
    (0.0, 0.0, -1.0, 1.0), (0, -1, -1, 1), (0, 1, 1, 1), (0, 1, 2, 1), (0, 1, -.infinity, 1),
    (.nan, 1, -1, 1),
  ])
  func distributionsThatAreNoneAreRefused(
    mean: Double, deviation: Double, low: Double, high: Double
  ) {
    let initializer = Initializer.truncatedNormal(
      mean: mean, standardDeviation: deviation, from: low, to: high)
    #expect(
      message { _ = initializer.tensor([2], of: Float.self) }
        == "truncatedNormal: mean \(mean) and standard deviation \(deviation) within "
        + "\(low)...\(high) is no such distribution")
  }

  @Test func aTailWithHardlyANumberIsRefused() {
    let initializer = Initializer.truncatedNormal(from: 5, to: 1000)
    #expect(
      message { _ = initializer.tensor([2], of: Float.self) }
        == "truncatedNormal: mean 0.0 and standard deviation 1.0 has hardly a number within "
        + "5.0...1000.0")
  }

  @Test(arguments: [
    (Initializer.xavierUniform(), [3], "xavierUniform: shape [3] has no fans, which need 2 axes"),
    (.xavierNormal(), [3], "xavierNormal: shape [3] has no fans, which need 2 axes"),
    (.kaimingUniform(), [], "kaimingUniform: shape [] has no fans, which need 2 axes"),
    (.kaimingNormal(), [3], "kaimingNormal: shape [3] has no fans, which need 2 axes"),
    (.orthogonal(), [3], "orthogonal: shape [3] needs 2 axes"),
    (.sparse(sparsity: 0.1), [2, 2, 2], "sparse: shape [2, 2, 2] needs 2 axes"),
    (
      .sparse(sparsity: 1.5), [2, 2],
      "sparse: shape [2, 2] cannot have a sparsity of 1.5, not in 0...1"
    ),
    (.eye, [2], "eye: shape [2] needs 2 axes"),
    (.eye, [2, 2, 2], "eye: shape [2, 2, 2] needs 2 axes"),
    (.dirac(), [2, 2], "dirac: shape [2, 2] needs 3 to 5 axes"),
    (.dirac(groups: 2), [3, 2, 2], "dirac: shape [3, 2, 2] does not make 2 groups"),
    (.dirac(groups: 0), [3, 2, 2], "dirac: shape [3, 2, 2] does not make 0 groups"),
  ])
  func shapesThatDoNotFitAreRefused(initializer: Initializer, shape: [Int], wanted: String) {
    let parameter = Parameter<Float>(.full(Shape(shape), 9))
    #expect(message { parameter.initialize(initializer) } == wanted)
    #expect(parameter.tensor.scalars.allSatisfy { $0 == 9 })
  }

  @Test(arguments: [
    Initializer.xavierUniform(), .kaimingNormal(), .orthogonal(), .sparse(sparsity: 0.5),
    .truncatedNormal(), .uniform(), .eye,
  ])
  func tensorsWithoutElementsDrawNothing(initializer: Initializer) {
    let generator = Generator(seed: 2)
    let tensor = initializer.tensor([0, 3], of: Float.self, generator: generator)
    #expect(tensor.shape == [0, 3])
    #expect(generator.next32() == Generator(seed: 2).next32())
  }

  @Test func gradientsStay() {
    let weight = Parameter<Float>(.ones([2, 2]))
    weight.grad = .ones([2, 2])
    weight.initialize(.constant(0.5))
    #expect(weight.tensor.scalars == [0.5, 0.5, 0.5, 0.5])
    #expect(weight.grad?.scalars == [1, 1, 1, 1])
  }

  @Test func aLayerWithoutInputsHasNoBias() {
    let layer = Linear<Float>(0, 2, generator: Generator(seed: 7))
    #expect(layer.bias?.tensor.scalars == [0, 0])
    #expect(layer(.zeros([3, 0])).scalars == [0, 0, 0, 0, 0, 0])
  }
}
