import SlopeCore
import SlopeData
import SlopeNN
import TestSupport
import Testing

@testable import SlopeTraining

/// Exported layers, computed by an evaluator of their files (TestSupport).
struct ONNXLayerTests {
  private static func model<Element: FloatingElement>(
    _ layer: some Layer<Element>, _ shape: Shape
  ) throws -> ONNXModel {
    try ONNXModel(layer, inputShape: shape)
  }

  /// Compares a layer's outputs with those of its file.
  private static func compare<Element: FloatingElement>(
    _ layerCase: ONNXLayerCase<Element>, tolerance: Double
  ) throws {
    let layer = layerCase.layer()
    let model = try model(layer, Shape(layerCase.inputShape))
    let file = try ONNXFile(model.encoded())
    let input = layerCase.input
    let wanted = noGrad { layer(input) }.cast(to: Double.self)
    let values = try file.outputs(of: ["input": .numbers(input.cast(to: Double.self))])
    guard case .numbers(let found)? = values["output"], found.shape == wanted.shape else {
      Issue.record("\(layerCase.name): \(values)")
      return
    }
    for (found, wanted) in zip(found.scalars, wanted.scalars) {
      #expect(abs(found - wanted) <= tolerance * max(1, abs(wanted)), "\(layerCase.name)")
    }
    // The shapes that the file tells are those of the tensors.
    let told = try #require(file.outputs.first)
    let extents = zip(told.shape, found.shape).map { $0 == "N" ? true : $0 == "\($1)" }
    #expect(told.name == "output" && told.shape.count == found.rank && extents.allSatisfy { $0 })
    #expect(told.type == (Element.dtype == .float64 ? 11 : 1), "\(layerCase.name)")
  }

  @Test func layersOfFloats() throws {
    for layerCase in ONNXLayerCase<Float>.all { try Self.compare(layerCase, tolerance: 1e-5) }
  }

  @Test func layersOfDoubles() throws {
    #expect(ONNXLayerCase<Double>.all.count > 35)
    // The file has the epsilon of normalisations as a Float.
    for layerCase in ONNXLayerCase<Double>.all { try Self.compare(layerCase, tolerance: 1e-8) }
  }

  @Test func aChainIsAListOfOperations() throws {
    let first = Linear<Float>(
      weight: Parameter(Tensor([[1, 2, 3], [4, 5, 6]])), bias: Parameter(Tensor([7, 8])))
    let model = try ONNXModel(
      Sequential(first, ReLU(), Dropout(), LayerNorm(2, affine: false)), inputShape: [3])
    #expect(
      model.description == """
        input input: float[N, 3]
        0.MatMul = MatMul(input, [3, 2][1.0, 4.0, 2.0, 5.0, 3.0, 6.0])
        0.Add = Add(0.MatMul, [7.0, 8.0])
        1.Relu = Relu(0.Add)
        3.LayerNormalization = LayerNormalization(1.Relu, [1.0, 1.0], axis: -1, epsilon: 1e-05)
        output = Identity(3.LayerNormalization)
        output output: float[N, 2]
        """)
    #expect(model.inputs.map(\.description) == ["input: float[N, 3]"])
    #expect(model.outputs.map(\.typeText) == ["float[N, 2]"])
    let wide = try ONNXModel(Linear<Double>(7, 2), inputShape: [7])
    #expect(wide.description.contains("MatMul = MatMul(input, weight[7, 2])\n"))
    let again = try ONNXModel(Sequential<Float>(ReLU(), ReLU(), ReLU()), inputShape: [1])
    #expect(again.outputs.map(\.shape) == [[nil, 1]])
  }

  @Test func theFileSaysWhatItIs() throws {
    let folder = try TemporaryFolder()
    try ONNXModel(Linear<Float>(2, 1), inputShape: [2]).write(to: folder.file("model.onnx"))
    let file = try ONNXFile(try folder.read("model.onnx"))
    #expect(file.format.version == 8 && file.format.producer == "Slope")
    #expect(file.operations.map(\.domain) == [""] && file.operations.map(\.version) == [17])
    #expect(file.inputs == [ONNXFile.Port(name: "input", type: 1, shape: ["N", "2"])])
    #expect(file.metadata.isEmpty && file.about == "Layers of Slope")
    let types = try ONNXFile(
      ONNXModel(Sequential<Float>(LayerNorm(2), Softmax()), inputShape: [2]).encoded()
    ).nodes.flatMap { $0.attributes.map { ($0, $1.type) } }.sorted { $0.0 < $1.0 }
    // Of attributes an integer has the type 2, a float 1.
    #expect(types.map(\.0) == ["axis", "axis", "epsilon"] && types.map(\.1) == [2, 2, 1])
  }

  /// A layer that only its owner knows.
  private struct Own: Layer {
    typealias Element = Float

    func callAsFunction(_ input: Tensor<Float>) -> Tensor<Float> { input }
  }

  private static func refusal<Element: FloatingElement>(
    _ layer: some Layer<Element>, _ shape: Shape
  ) -> String {
    do {
      _ = try ONNXModel(layer, inputShape: shape)
      return "exported"
    } catch { return "\(error)" }
  }

  @Test func whatIsNotExportedIsNamed() {
    #expect(Self.refusal(Own(), [2]) == "Own: a layer that is not exported to ONNX")
    #expect(
      Self.refusal(Sequential<Float>(ReLU(), Sequential<Float>(Own())), [2])
        == "layer 1.0: Own: a layer that is not exported to ONNX")
    #expect(
      Self.refusal(Sequential<Float>(ReLU(), Linear(3, 2)), [2])
        == "layer 1: Linear(inFeatures: 3, outFeatures: 2, bias: true) does not take an input of "
        + "shape [N, 2]")
    #expect(
      Self.refusal(GELU<Double>(), [2])
        == "GELU(approximate: none) of Double is not exported to ONNX, only of Float")
    #expect(
      Self.refusal(ReLU<Float16>(), [2])
        == "parameters of Float16 are not exported to ONNX; cast them to Float")
    #expect(Self.refusal(ReLU<Float>(), []) == "an input shape of [] is none of a row")
    #expect(Self.refusal(ReLU<Float>(), [2, 0]) == "an input shape of [2, 0] is none of a row")
  }

  @Test func everyLayerChecksItsInput() {
    func isRefused(_ layer: some Layer<Float>, _ shape: Shape) -> Bool {
      Self.refusal(layer, shape).contains("does not take an input of shape [N, ")
    }
    #expect(isRefused(NTPLinear(3, 2), [2]) && isRefused(FeatureScale(3), [2]))
    #expect(isRefused(BatchNorm1d(3), [2]) && isRefused(BatchNorm1d(2), [2, 3, 4]))
    #expect(isRefused(BatchNorm2d(2), [2]) && isRefused(BatchNorm2d(2), [3, 4, 4]))
    #expect(isRefused(LayerNorm(3), [2]) && isRefused(LayerNorm([2, 3]), [3]))
    #expect(isRefused(RMSNorm(3), [2]) && isRefused(RMSNorm([1]), [2]))
    #expect(isRefused(GroupNorm(1, 3), [2]) && isRefused(PReLU(3), [2]))
    #expect(isRefused(Softmax(axis: 2), [2]) && isRefused(LogSoftmax(axis: -3), [2]))
    #expect(
      isRefused(Flatten(startAxis: 2), [2]) && isRefused(Flatten(startAxis: 1, endAxis: 0), [2]))
    // Rows are not merged with what they hold.
    #expect(
      isRefused(Flatten(startAxis: 0), [2]) && !isRefused(Flatten(startAxis: 0, endAxis: 0), [2]))
    #expect(isRefused(ParametricActivation(.relu, 3), [2]))
    #expect(isRefused(PeriodicEmbedding(3), [2]) && isRefused(PeriodicEmbedding(2), [2, 2]))
    #expect(isRefused(PiecewiseLinearEmbedding([[0, 1]]), [2]))
    #expect(isRefused(PeriodicEmbedding(2, members: 2), [2]))
  }
}
