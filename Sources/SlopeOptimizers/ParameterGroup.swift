public import SlopeCore

/// Parameters with their own learning rate or weight decay.
///
/// An optimiser is made of groups, or of a plain list of parameters, which is one group. What a
/// group leaves nil is the optimiser's:
///
/// ```swift
/// let model = Sequential<Float>(Linear(2, 3), ReLU(), Linear(3, 1))
/// let named = model.namedParameters()
/// let weights = named.filter { $0.name.hasSuffix("weight") }.map(\.parameter)
/// let biases = named.filter { $0.name.hasSuffix("bias") }.map(\.parameter)
/// let optimizer = AdamW(
///   [.init(weights), .init(biases, learningRate: 1e-2, weightDecay: 0)], learningRate: 1e-3)
/// print(optimizer.parameters.map(\.shape))
/// // [[3, 2], [1, 3], [3], [1]]
/// ```
///
/// Setting the optimiser's `learningRate` between steps changes only the groups that have none of
/// their own; its `learningRates` and `weightDecays` are those of all groups. Other options, such
/// as a momentum, are the same for all groups. A group holds references to its parameters, and a
/// parameter belongs to at most one group of an optimiser.
///
/// PyTorch's counterpart is a dictionary of `param_groups`, such as
/// `{"params": biases, "lr": 1e-2}`.
public struct ParameterGroup<Element: FloatingElement> {
  /// The parameters, without the nil entries that were given.
  public let parameters: [Parameter<Element>]

  /// The learning rate of the group; nil for the optimiser's.
  public let learningRate: Double?

  /// The weight decay of the group; nil for the optimiser's.
  public let weightDecay: Double?

  /// A group of parameters.
  ///
  /// - Parameters:
  ///   - parameters: the parameters, which are not copied; nil entries, such as the `bias` of a
  ///     layer without one, are skipped.
  ///   - learningRate: the learning rate of the group; nil for the optimiser's.
  ///   - weightDecay: the weight decay of the group; nil for the optimiser's.
  public init(
    _ parameters: [Parameter<Element>?], learningRate: Double? = nil, weightDecay: Double? = nil
  ) {
    self.parameters = parameters.compactMap { $0 }
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }
}
