public import SlopeCore

/// What an optimiser remembers of its steps, to go on from later: in the order of its parameters.
public struct OptimizerState<Element: FloatingElement>: Sendable {
  /// How many steps each parameter has taken.
  public let steps: [Int]

  /// The states of each parameter, of its shape; none before its first step.
  public let tensors: [[Tensor<Element>]]

  /// A state from what one had.
  public init(steps: [Int], tensors: [[Tensor<Element>]]) {
    self.steps = steps
    self.tensors = tensors
  }
}

/// Why a state does not belong to an optimiser.
public struct OptimizerStateError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The optimiser's name, and what is wrong.
  public let description: String
}
