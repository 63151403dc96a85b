public import SlopeCore
public import SlopeNN

/// Ensembles of networks for tables, whose members share the matrices of their hidden layers.
///
/// Source: Y. Gorishniy, A. Kotelnikov and A. Babenko, "TabM: advancing tabular deep learning with
/// parameter-efficient ensembling", ICLR 2025, arXiv:2410.24210.
///
/// Numbers are embedded as where they lie in bins (`PiecewiseLinearEmbedding`), categories of many levels
/// look up a vector; hidden layers as `BatchEnsembleLinear` with relu and dropout follow, and a head of
/// its own for each member. The members differ by the factors of their features, which are drawn, and by
/// their heads. Several such ensembles are computed side by side, one for each fold of the rows. What
/// they predict is the mean of the numbers or probabilities of all members.
public struct TabM<Element: FloatingElement>: Module {
  /// Inputs, layers and members.
  public let shape: TabMShape
  let numbers: PiecewiseLinearEmbedding<Element>?
  /// The vectors of the levels of each code, `[ensembles · (levels + 1), vector]`; the last is for what
  /// is no level.
  let levels: [Parameter<Element>]
  let layers: [TabMLinear<Element>]
  let heads: TabMHeads<Element>
  /// What a step of training does to the hidden outputs.
  let dropout: StepDropout
  private let mode: TrainingMode

  /// The rows that are predicted at a time: each is as many as all members.
  private static var rowsAtOnce: Int { 128 }

  /// Networks with initial values.
  ///
  /// - Parameters:
  ///   - shape: inputs, layers and members.
  ///   - generator: the source of the initial values.
  ///   - dropoutSeed: where the random numbers of dropout start.
  init(_ shape: TabMShape, generator: Generator, dropoutSeed: UInt64 = 0) {
    self.shape = shape
    mode = TrainingMode()
    dropout = StepDropout(seed: dropoutSeed, mode)
    numbers =
      shape.edges.isEmpty
      ? nil
      : PiecewiseLinearEmbedding(
        shape.edges, outputs: shape.numberEmbedding, members: shape.ensembles,
        generator: generator)
    levels = shape.inputs.levelCounts.map { count in
      Parameter(
        .normal(
          [shape.ensembles * (count + 1), shape.levelEmbedding], generator: generator,
          on: .default))
    }
    let first = Self.featureFactors(shape, generator)
    layers = zip(shape.widths, shape.widths.dropFirst().dropLast()).enumerated().map {
      let (inputs, outputs) = $0.element
      let factors =
        $0.offset == 0
        ? first : .ones([shape.ensembles, shape.members, inputs], on: first.device)
      return TabMLinear(inputs, outputs, inputFactors: factors, generator: generator)
    }
    heads = TabMHeads(shape, generator: generator)
  }

  private init(_ network: TabM, _ shape: TabMShape) {
    self.shape = shape
    numbers = network.numbers
    levels = network.levels
    layers = network.layers
    heads = network.heads
    dropout = network.dropout
    mode = network.mode
  }

  /// The same networks with other constants.
  func with(_ shape: TabMShape) -> TabM { TabM(self, shape) }

  /// The first factors of the features, `[ensembles, members, features]`: normal where numbers are
  /// embedded, else 1 or −1; all places of a feature have the same.
  private static func featureFactors(
    _ shape: TabMShape, _ generator: Generator
  ) -> Tensor<Element> {
    let sizes = shape.featureSizes
    let drawn: Shape = [shape.ensembles, shape.members, sizes.count]
    var factors = Tensor<Element>.normal(drawn, generator: generator, on: .default)
    let device = factors.device
    if shape.edges.isEmpty {
      factors = Tensor.where(factors .< 0, .full([], -1, on: device), .full([], 1, on: device))
    }
    let features = sizes.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    return factors.taking(Tensor(features, on: device), axis: -1)
  }

  /// The outputs of all members, `[ensembles or 1, rows, inputs] → [ensembles, members, rows, outputs]`,
  /// with inputs in the networks' order.
  func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    var output = shape.inputs.features(
      of: input, members: shape.ensembles, levels: levels,
      embedding: numbers.map { embedding in { embedding($0) } }
    ).unsqueezed(at: 1)
    for layer in layers { output = dropout(layer(output)) }
    return heads(output)
  }
}

extension TabM: MemberNetwork {
  /// What all members predict together, for the pipeline's outputs: `[rows, inputs] → [rows, outputs]`.
  func outputs(of features: Tensor<Element>) -> Tensor<Element> {
    inParts(of: shape.inputs.arranged(features).unsqueezed(at: 0)) { output in
      let extents = Array(output.shape)
      return shape.reading.mean(
        output.reshaped(to: Shape([1, extents[0] * extents[1]] + extents.dropFirst(2))))
    }.squeezed(at: 0)
  }

  func outputsOfMembers(_ inputs: Tensor<Element>) -> Tensor<Element> {
    inParts(of: inputs, shape.reading.mean)
  }

  /// What is read from the outputs of some rows at a time.
  private func inParts(
    of input: Tensor<Element>, _ read: (Tensor<Element>) -> Tensor<Element>
  ) -> Tensor<Element> {
    let rows = input.shape[1]
    guard rows > Self.rowsAtOnce else { return read(self(input)) }
    return concatenate(
      stride(from: 0, to: rows, by: Self.rowsAtOnce).map { start in
        read(self(input[0..., start..<min(start + Self.rowsAtOnce, rows)]))
      }, axis: 1)
  }
}
