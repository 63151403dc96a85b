public import SlopeCore
public import SlopeNN

/// Networks for tables side by side: embeddings, a scale for each feature, hidden layers.
///
/// Source: D. Holzmüller, L. Grinsztajn and I. Steinwart, "Better by default: strong pre-tuned MLPs
/// and boosted trees on tabular data", NeurIPS 2024, arXiv:2407.04491.
///
/// Categories of many levels look up a vector, numbers are embedded by waves (`PeriodicEmbedding`), all
/// features have a learnt factor (`FeatureScale`), and three hidden layers (`NTPLinear`) with a
/// `ParametricActivation` follow. The members differ by their initial values and by the order of
/// their rows; together they are one batched product a layer. What they predict is the mean of their
/// numbers or probabilities.
public struct RealMLP<Element: FloatingElement>: Module {
  /// Inputs, layers and members.
  public let shape: RealMLPShape
  let numbers: PeriodicEmbedding<Element>?
  /// The vectors of the levels of each code, `[members · (levels + 1), vector]`; the last is for what
  /// is no level.
  let levels: [Parameter<Element>]
  let scale: FeatureScale<Element>
  let layers: [NTPLinear<Element>]
  let activations: [ParametricActivation<Element>]
  /// What a step of training does to the hidden outputs.
  let dropout: StepDropout
  private let mode: TrainingMode
  /// The activations of the hidden layers.
  ///
  /// They multiply by the factor of the next hidden layer, and `features` by that of the first, so that a
  /// product and its bias receive the same gradient.
  private let hiddenFormulas: [Pointwise]

  /// Networks with initial values that do not depend on the data.
  ///
  /// - Parameters:
  ///   - shape: inputs, layers and members.
  ///   - frequencyDeviation: the standard deviation of the frequencies of embedded numbers.
  ///   - generator: the source of the initial values.
  ///   - dropoutSeed: where the random numbers of dropout start.
  init(
    _ shape: RealMLPShape, frequencyDeviation: Double = 0.1, generator: Generator,
    dropoutSeed: UInt64 = 0
  ) {
    self.shape = shape
    let members = shape.members
    mode = TrainingMode()
    numbers =
      shape.numberEmbedding > 1 && !shape.inputs.numbers.isEmpty
      ? PeriodicEmbedding(
        shape.inputs.numbers.count, outputs: shape.numberEmbedding, waves: shape.waves,
        deviation: frequencyDeviation, members: members, generator: generator) : nil
    levels = shape.inputs.levelCounts.map { count in
      Parameter(
        .normal([members * (count + 1), shape.levelEmbedding], generator: generator, on: .default))
    }
    scale = FeatureScale(shape.featureCount, members: members)
    layers = zip(shape.widths, shape.widths.dropFirst()).map {
      NTPLinear($0, $1, members: members, generator: generator)
    }
    activations = shape.hidden.map {
      ParametricActivation(shape.activation, $0, members: members)
    }
    dropout = StepDropout(seed: dropoutSeed, mode)
    let function = shape.activation
    let nextFactors = layers.dropFirst().dropLast().map(\.factor) + [1]
    hiddenFormulas = nextFactors.prefix(shape.hidden.count).map { factor in
      return Pointwise("hidden") { product, bias, weight in
        let x = product + bias
        return ((1 - weight) * x + weight * function(x)) * Expression(factor)
      }
    }
  }

  private init(_ network: RealMLP, _ shape: RealMLPShape) {
    self.shape = shape
    numbers = network.numbers
    levels = network.levels
    scale = network.scale
    layers = network.layers
    activations = network.activations
    dropout = network.dropout
    mode = network.mode
    hiddenFormulas = network.hiddenFormulas
  }

  /// The same networks with other constants.
  func with(_ shape: RealMLPShape) -> RealMLP { RealMLP(self, shape) }

  /// The features of the first layer, `[members or 1, rows, inputs] → [members, rows, features]`.
  ///
  /// Those of a hidden layer are multiplied by its factor.
  func features(_ input: Tensor<Element>) -> Tensor<Element> {
    let features = shape.inputs.features(
      of: input, members: shape.members, levels: levels,
      embedding: numbers.map { embedding in { embedding($0) } })
    if shape.hidden.isEmpty { return scale(features) }
    return features * (scale.rowWeight * Element(clamping: layers[0].factor))
  }

  /// The output of a hidden layer for its input, both times the factors of their layers.
  func hidden(_ layer: Int, _ input: Tensor<Element>) -> Tensor<Element> {
    let linear = layers[layer]
    guard let bias = linear.rowBias else { return input }
    return hiddenFormulas[layer](linear.product(input), bias, activations[layer].rowWeight)
  }

  /// The outputs, `[members or 1, rows, inputs] → [members, rows, outputs]`.
  func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    var output = features(input)
    for layer in shape.hidden.indices {
      output = dropout(hidden(layer, output))
    }
    return layers[layers.count - 1](output)
  }
}
