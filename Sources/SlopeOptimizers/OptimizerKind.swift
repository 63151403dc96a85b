public import SlopeCore

/// The library's optimisers, by the names that a command line or a file gives them.
public enum OptimizerKind: String, CaseIterable, Sendable, Codable {
  /// `SGD`: stochastic gradient descent.
  case sgd
  /// `Adam`.
  case adam
  /// `AdamW`: Adam with decoupled weight decay, 0.01 unless another is given.
  case adamw
  /// `RMSprop`.
  case rmsprop
  /// `Adagrad`.
  case adagrad

  /// Whether the algorithm has a momentum.
  public var hasMomentum: Bool { self == .sgd || self == .rmsprop }

  /// An optimiser of this kind.
  ///
  /// - Parameters:
  ///   - parameters: what its steps change, at least one and none twice; nil entries are skipped.
  ///   - learningRate: the learning rate of the first step.
  ///   - momentum: the momentum; ignored where the algorithm has none.
  ///   - weightDecay: the weight decay; nil for the algorithm's default.
  /// - Returns: the optimiser, with the defaults of its class for all else.
  public func optimizer<Element: FloatingElement>(
    _ parameters: [Parameter<Element>?], learningRate: Double, momentum: Double = 0,
    weightDecay: Double? = nil
  ) -> Optimizer<Element> {
    let decay = weightDecay ?? 0
    return switch self {
    case .sgd:
      SGD(parameters, learningRate: learningRate, momentum: momentum, weightDecay: decay)
    case .adam: Adam(parameters, learningRate: learningRate, weightDecay: decay)
    case .adamw:
      AdamW(parameters, learningRate: learningRate, weightDecay: weightDecay ?? 0.01)
    case .rmsprop:
      RMSprop(parameters, learningRate: learningRate, weightDecay: decay, momentum: momentum)
    case .adagrad: Adagrad(parameters, learningRate: learningRate, weightDecay: decay)
    }
  }
}
