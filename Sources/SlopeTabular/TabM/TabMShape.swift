import SlopeCore

/// The shape of a `TabM`: its inputs, layers and members, and how its outputs are read.
public struct TabMShape: Sendable, Hashable, Codable {
  /// The ensembles side by side, which share nothing.
  public var ensembles: Int
  /// The members of each ensemble, which share the matrices of the hidden layers.
  public var members: Int
  /// The pipeline's outputs that the networks take.
  var inputs: NetworkInputs
  /// The widths of the hidden layers.
  public var hidden: [Int]
  /// The number of classes, or 1 for numbers.
  public var outputCount: Int
  /// The edges of the bins of each embedded number; empty where numbers are not embedded.
  public var edges: [[Double]]
  /// The numbers that each embedded number becomes.
  public var numberEmbedding: Int
  /// The length of the vector of a level.
  public var levelEmbedding: Int
  /// By what the logarithms of the mean probabilities are divided, so that they fit the validation
  /// rows.
  public var temperature = 1.0
  /// The least and the largest standardised number of the training rows, to which predictions are
  /// clamped; nil for classes.
  public var range: [Double]?

  /// The most edges of a number's bins.
  static var mostEdges: Int { 257 }

  /// The places of each feature's parts: those of an embedded number or a level side by side.
  var featureSizes: [Int] {
    inputs.numbers.map { _ in edges.isEmpty ? 1 : numberEmbedding }
      + inputs.indicators.map { _ in 1 } + inputs.codes.map { _ in levelEmbedding }
  }

  /// The features of the first layer.
  var featureCount: Int {
    inputs.numbers.count * (edges.isEmpty ? 1 : numberEmbedding) + inputs.indicators.count
      + inputs.codes.count * levelEmbedding
  }

  /// How the outputs are read.
  var reading: MemberOutputs {
    MemberOutputs(outputCount: outputCount, temperature: temperature, range: range)
  }

  /// The widths of all layers.
  var widths: [Int] { [featureCount] + hidden + [outputCount] }

  /// The parameters by name, with their shapes, as `TabM` has them.
  var parameterShapes: [(name: String, shape: Shape)] {
    var all: [(name: String, shape: Shape)] = []
    let numbers = inputs.numbers.count
    if !edges.isEmpty {
      let bins = (edges.map(\.count).max() ?? 1) - 1
      all.append(("numbers.slope", [ensembles, numbers, 1, numberEmbedding]))
      all.append(("numbers.bias", [ensembles, numbers, 1, numberEmbedding]))
      all.append(("numbers.linear", [ensembles, numbers, bins, numberEmbedding]))
    }
    for (index, count) in inputs.levelCounts.enumerated() {
      all.append(("levels.\(index)", [ensembles * (count + 1), levelEmbedding]))
    }
    for (index, (inputs, outputs)) in zip(widths, widths.dropFirst().dropLast()).enumerated() {
      all.append(("layers.\(index).weight", [ensembles, outputs, inputs]))
      all.append(("layers.\(index).inputFactors", [ensembles, members, inputs]))
      all.append(("layers.\(index).outputFactors", [ensembles, members, outputs]))
      all.append(("layers.\(index).bias", [ensembles, members, outputs]))
    }
    all.append(("heads.weight", [ensembles, members, outputCount, hidden.last ?? 0]))
    all.append(("heads.bias", [ensembles, members, outputCount]))
    return all
  }

  /// Why a shape from a file cannot be used with a pipeline of `inputCount` outputs; nil if it can.
  func fault(inputCount: Int, task: PredictionTask) -> String? {
    let sizes = [ensembles, members, outputCount, numberEmbedding, levelEmbedding] + hidden
    if let size = sizes.first(where: { !(1...(1 << 24)).contains($0) }) {
      return "a part of the network of size \(size)"
    }
    if hidden.isEmpty { return "a TabM without hidden layers" }
    if let fault = inputs.fault(inputCount: inputCount) { return fault }
    let isEmbedded = edges.count == inputs.numbers.count
    guard edges.isEmpty || isEmbedded, edges.allSatisfy(Self.areEdges) else {
      return "the bins of the network's numbers are none"
    }
    return reading.fault(task)
  }

  private static func areEdges(_ edges: [Double]) -> Bool {
    (2...mostEdges).contains(edges.count) && edges.allSatisfy(\.isFinite)
      && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }
  }
}
