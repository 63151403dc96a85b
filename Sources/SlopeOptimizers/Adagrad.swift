public import SlopeCore

/// Descent by the gradient over the root of the sum of all its squares so far.
///
/// With gradient g (plus `weightDecay` · p) in a parameter's step t: s ← s + g²,
/// p ← p − `learningRate`/(1 + (t − 1)·`learningRateDecay`) · g ÷ (√s + ε).
///
/// Source: J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and
/// stochastic optimization", 2011.
public final class Adagrad<Element: FloatingElement>: Optimizer {
  /// The parameters that `step()` changes.
  public let parameters: [Parameter<Element>]

  /// The factor of each step; may change between steps.
  public var learningRate: Double {
    didSet { keepLearningRate(&learningRate, oldValue, "Adagrad") }
  }

  /// How much the divisor of the learning rate grows in a step.
  public let learningRateDecay: Double

  /// The factor of the parameter that is added to its gradient.
  public let weightDecay: Double

  /// The sum of squares before the first step.
  public let initialAccumulator: Double

  /// ε, which keeps the divisor from zero.
  public let epsilon: Double

  private var states: ParameterStates
  private let initial: [Double]

  /// Adagrad for `parameters`; nil entries are skipped.
  ///
  /// Precondition: no number is negative, and at least one parameter is given.
  public init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 0.01,
    learningRateDecay: Double = 0, weightDecay: Double = 0, initialAccumulator: Double = 0,
    epsilon: Double = 1e-10
  ) {
    self.parameters = parameters.compactMap { $0 }
    checkArguments(
      "Adagrad", parameterCount: self.parameters.count,
      [
        "learningRate": learningRate, "learningRateDecay": learningRateDecay,
        "weightDecay": weightDecay, "initialAccumulator": initialAccumulator, "epsilon": epsilon,
      ])
    self.learningRate = learningRate
    self.learningRateDecay = learningRateDecay
    self.weightDecay = weightDecay
    self.initialAccumulator = initialAccumulator
    self.epsilon = epsilon
    states = ParameterStates(self.parameters.map { $0.storage })
    initial = [initialAccumulator]
  }

  /// Changes each parameter that has a gradient.
  public func step() {
    states.step(adagradRule, initial: initial) { step in
      let rate = learningRate / (1 + Double(step - 1) * learningRateDecay)
      return [rate, epsilon, weightDecay, 0, 0, 0, 0, 0]
    }
  }

  /// Sets every gradient to nil, so that the next backward pass starts afresh.
  public func zeroGrad() { states.clearGradients() }
}

private let adagradRule = UpdateRule("Adagrad", states: 1, scalars: 3) {
  value, gradient, states, scalars in
  let slope = gradient + scalars[2] * value
  let sum = states[0] + slope * slope
  return [value - scalars[0] * slope / (sum.sqrt() + scalars[1]), sum]
}
