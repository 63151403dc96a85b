import SlopeCore
import SlopeNN

/// Layers of every kind that is exported to ONNX, with inputs; a test and tools/check-onnx export them.
public struct ONNXLayerCase<Element: FloatingElement>: Sendable {
  /// What tells the case from others.
  public let name: String
  /// Makes the layer, in evaluation mode.
  public let layer: @Sendable () -> any Layer<Element>
  /// The extents of a row of the input.
  public let inputShape: [Int]

  init(
    _ name: String, _ inputShape: [Int], _ layer: @escaping @Sendable () -> any Layer<Element>
  ) {
    (self.name, self.inputShape, self.layer) = (name, inputShape, layer)
  }

  /// Five rows from −4 to 4, also for inputs where activations have corners.
  public var input: Tensor<Element> {
    let shape = Shape([5] + inputShape)
    let numbers = Tensor<Element>.uniform(
      shape, from: -4, to: 4, generator: Generator(seed: 8), on: .cpu)
    // Every seventh element is a whole number.
    let scalars = numbers.scalars.enumerated().map {
      $0 % 7 == 0 ? Element(clamping: $1.doubleValue.rounded()) : $1
    }
    return Tensor(shape: shape, scalars: scalars, on: .cpu)
  }

  /// Numbers in the place of a parameter's, drawn from ±1.
  private static func randomize(_ layer: any Layer<Element>) -> any Layer<Element> {
    let generator = Generator(seed: 4)
    for parameter in layer.parameters() {
      parameter.tensor = .uniform(
        parameter.shape, from: -1, to: 1, generator: generator, on: .cpu)
    }
    for (name, buffer) in layer.namedBuffers() where name.hasSuffix("running_mean") {
      buffer.tensor = .uniform(
        buffer.tensor.shape, from: -1, to: 1, generator: generator, on: .cpu)
    }
    for (name, buffer) in layer.namedBuffers() where name.hasSuffix("running_var") {
      buffer.tensor = .uniform(
        buffer.tensor.shape, from: 0.5, to: 2, generator: generator, on: .cpu)
    }
    layer.eval()
    return layer
  }

  static func random(
    _ name: String, _ inputShape: [Int], _ layer: @escaping @Sendable () -> any Layer<Element>
  ) -> ONNXLayerCase {
    ONNXLayerCase(name, inputShape) { randomize(layer()) }
  }

  /// The cases.
  public static var all: [ONNXLayerCase] {
    linear + activations + units + norms + paddings + pools + rearranging
      + (Element.dtype == .float32 ? convolutions : [])
  }

  private static var linear: [ONNXLayerCase] {
    [
      random("linear", [3]) { Linear(3, 2) },
      random("linear without bias", [3]) { Linear(3, 2, bias: false) },
      random("linear of more axes", [4, 3]) { Linear(3, 2) },
      random("NTP linear", [3]) { NTPLinear(3, 2) },
      random("NTP linear of members", [3]) { NTPLinear(3, 2, members: 4) },
      random("ensemble of linear layers", [3]) { BatchEnsembleLinear(3, 2, members: 4) },
      random("ensemble of two layers", [3]) {
        Sequential(
          BatchEnsembleLinear(3, 2, members: 4), BatchEnsembleLinear(2, 5, members: 4, bias: false))
      },
      random("feature scale", [3]) { FeatureScale(3) },
      random("periodic embedding", [3]) { PeriodicEmbedding(3, outputs: 4, waves: 5) },
      random("periodic embedding of one output", [3]) { PeriodicEmbedding(3, outputs: 1) },
      random("piecewise linear embedding", [2]) {
        PiecewiseLinearEmbedding([[-1, 0.5, 2], [0, 1]], outputs: 3)
      },
      random("flatten", [2, 3, 2]) { Flatten() },
      random("flatten of inner axes", [2, 3, 2]) { Flatten(startAxis: 1, endAxis: 2) },
      random("flatten of one axis", [2, 3]) { Flatten(startAxis: 0, endAxis: 0) },
      random("flatten of axes from the end", [2, 3, 2]) { Flatten(startAxis: -3, endAxis: -2) },
      random("dropout and identity", [3]) {
        Sequential(Dropout(), Dropout1d(), Dropout2d(), Identity())
      },
      random("a chain in a chain", [6]) {
        Sequential(
          Linear(6, 4), Tanh(), Sequential([Linear(4, 4), ReLU()] as [any Layer<Element>]),
          Dropout(p: 0.5), Linear(4, 3), Softmax())
      },
    ]
  }

  private static var activations: [ONNXLayerCase] {
    var cases = [
      random("relu", [3, 4]) { ReLU() }, random("sigmoid", [5]) { Sigmoid() },
      random("tanh", [5]) { Tanh() }, random("silu", [5]) { SiLU() },
      random("mish", [20]) { Mish() }, random("selu", [20]) { SELU() },
      random("elu", [20]) { ELU(alpha: 0.7) },
      random("leaky relu", [20]) { LeakyReLU(negativeSlope: 0.2) },
      random("prelu", [3]) { PReLU() }, random("prelu of channels", [3, 4]) { PReLU(3) },
      random("softplus", [20]) { Softplus() },
      random("softplus of a threshold", [20]) { Softplus(beta: 2, threshold: 3) },
      random("softmax", [3, 4]) { Softmax(axis: 1) },
      random("log softmax", [4]) { LogSoftmax() },
      random("gelu by tanh", [20]) { GELU(approximate: .tanh) },
    ]
    for function in ParametricFunction.allCases {
      cases.append(
        random("parametric \(function)", [6]) { ParametricActivation(function, 6) })
    }
    if Element.dtype == .float32 { cases.append(random("gelu", [20]) { GELU() }) }
    return cases
  }

  private static var units: [ONNXLayerCase] {
    [
      random("celu", [20]) { CELU(alpha: 0.7) },
      random("celu of a negative alpha", [20]) { CELU(alpha: -2) },
      random("log sigmoid", [20]) { LogSigmoid() }, random("softsign", [20]) { Softsign() },
      random("softmin", [3, 4]) { Softmin(axis: 1) }, random("glu", [6]) { GLU() },
      random("glu of channels", [4, 3]) { GLU(axis: 1) },
      random("hardtanh", [20]) { Hardtanh(minimum: -0.5, maximum: 2) },
      random("relu6", [20]) { Sequential(FeatureScale(20), ReLU6()) },
      random("hardsigmoid", [20]) { Hardsigmoid() }, random("hardswish", [20]) { Hardswish() },
      random("threshold", [21]) { Threshold(2, value: -7) },
      random("softshrink", [20]) { Softshrink(lambda: 1) },
      random("hardshrink", [21]) { Hardshrink(lambda: 1) },
      random("tanhshrink", [20]) { Tanhshrink() },
    ]
  }

  private static var norms: [ONNXLayerCase] {
    [
      random("batch norm", [4]) { BatchNorm1d(4, epsilon: 0.1) },
      random("batch norm without weights", [4, 3]) { BatchNorm1d(4, affine: false) },
      random("batch norm of images", [2, 3, 3]) { BatchNorm2d(2) },
      random("layer norm", [3, 4]) { LayerNorm([3, 4], epsilon: 0.1) },
      random("layer norm of one axis", [3, 4]) { LayerNorm(4, bias: false) },
      random("layer norm without weights", [4]) { LayerNorm(4, affine: false) },
      random("RMS norm", [3, 4]) { RMSNorm([3, 4], epsilon: 0.1) },
      random("RMS norm without weights", [4]) { RMSNorm(4, affine: false) },
      random("group norm", [4, 3, 2]) { GroupNorm(2, 4, epsilon: 0.1) },
      random("group norm without weights", [4]) { GroupNorm(2, 4, affine: false) },
      random("instance norm", [3, 5]) { InstanceNorm1d(3, epsilon: 0.1, affine: true) },
      random("instance norm of running statistics", [3, 5]) {
        InstanceNorm1d(3, affine: true, tracksStatistics: true)
      },
      random("instance norm of images", [2, 3, 4]) { InstanceNorm2d(2) },
      random("instance norm of images by running statistics", [2, 1, 1]) {
        InstanceNorm2d(2, epsilon: 0.2, tracksStatistics: true)
      },
    ]
  }
}
