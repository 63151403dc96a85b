public import SlopeCore

/// Parameters that an optimiser changes at a rate, or with a decay, of their own.
///
/// ```swift
/// AdamW([.init(biases, weightDecay: 0), .init(weights, learningRate: 1e-4)], learningRate: 1e-3)
/// ```
public struct ParameterGroup<Element: FloatingElement> {
  /// The parameters.
  public let parameters: [Parameter<Element>]

  /// The factor of their steps; nil: the optimiser's.
  public let learningRate: Double?

  /// The factor of their decay; nil: the optimiser's.
  public let weightDecay: Double?

  /// A group of `parameters`; nil entries are skipped.
  public init(
    _ parameters: [Parameter<Element>?], learningRate: Double? = nil, weightDecay: Double? = nil
  ) {
    self.parameters = parameters.compactMap { $0 }
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }
}
