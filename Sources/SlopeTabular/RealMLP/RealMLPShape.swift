import SlopeCore
public import SlopeNN

/// The shape of a `RealMLP`: its inputs, layers and members, and how its outputs are read.
public struct RealMLPShape: Sendable, Hashable, Codable {
  /// The networks side by side.
  public var members: Int
  /// The pipeline's outputs that the networks take.
  var inputs: NetworkInputs
  /// The widths of the hidden layers.
  public var hidden: [Int]
  /// The number of classes, or 1 for numbers.
  public var outputCount: Int
  /// The function after each hidden layer.
  public var activation: ParametricFunction
  /// The numbers that each number becomes, itself included; 1 where it is not embedded.
  public var numberEmbedding: Int
  /// The waves of an embedded number.
  public var waves: Int
  /// The length of the vector of a level.
  public var levelEmbedding: Int
  /// By what the logarithms of the mean probabilities are divided, so that they fit the validation
  /// rows.
  public var temperature = 1.0
  /// The least and the largest standardised number of the training rows, to which predictions are
  /// clamped; nil for classes.
  public var range: [Double]?

  /// The features of the first layer.
  var featureCount: Int {
    inputs.numbers.count * numberEmbedding + inputs.indicators.count
      + inputs.codes.count * levelEmbedding
  }

  /// How the outputs are read.
  var reading: MemberOutputs {
    MemberOutputs(outputCount: outputCount, temperature: temperature, range: range)
  }

  /// The widths of all layers.
  var widths: [Int] { [featureCount] + hidden + [outputCount] }

  /// The parameters by name, with their shapes, as `RealMLP` has them.
  var parameterShapes: [(name: String, shape: Shape)] {
    var all: [(name: String, shape: Shape)] = []
    let numbers = inputs.numbers.count
    if numberEmbedding > 1, numbers > 0 {
      all.append(("numbers.frequency", [members, numbers, 1, waves]))
      all.append(("numbers.phase", [members, numbers, 1, waves]))
      all.append(("numbers.linear", [members, numbers, waves, numberEmbedding - 1]))
      all.append(("numbers.bias", [members, numbers, 1, numberEmbedding - 1]))
    }
    for (index, count) in inputs.levelCounts.enumerated() {
      all.append(("levels.\(index)", [members * (count + 1), levelEmbedding]))
    }
    all.append(("scale.weight", [members, featureCount]))
    for (index, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
      all.append(("layers.\(index).weight", [members, outputs, inputs]))
      all.append(("layers.\(index).bias", [members, outputs]))
    }
    for (index, units) in hidden.enumerated() {
      all.append(("activations.\(index).weight", [members, units]))
    }
    return all
  }

  /// Why a shape from a file cannot be used with a pipeline of `inputCount` outputs; nil if it can.
  func fault(inputCount: Int, task: PredictionTask) -> String? {
    let sizes = [members, outputCount, numberEmbedding, waves, levelEmbedding] + hidden
    if let size = sizes.first(where: { !(1...(1 << 24)).contains($0) }) {
      return "a part of the network of size \(size)"
    }
    if let fault = inputs.fault(inputCount: inputCount) { return fault }
    return reading.fault(task)
  }
}
