public import SlopeCore

/// Descent by the gradient over the square root of the sum of all its squares so far.
///
/// With gradient g (plus `weightDecay` · p) in a parameter's step t: s ← s + g²,
/// p ← p − `learningRate`/(1 + (t − 1)·`learningRateDecay`) · g ÷ (√s + ε).
///
/// The state of a parameter is s. PyTorch's counterpart is `torch.optim.Adagrad`.
///
/// Source: J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and
/// stochastic optimization", 2011.
public final class Adagrad<Element: FloatingElement>: Optimizer<Element> {
  /// The amount by which the divisor of the learning rate grows in a step.
  public let learningRateDecay: Double

  /// The sum of squares before the first step.
  public let initialAccumulator: Double

  /// ε, which keeps the divisor above zero.
  public let epsilon: Double

  /// An optimiser of `parameters` with one learning rate and weight decay.
  ///
  /// Precondition: no number is negative, and at least one parameter is given, none twice.
  ///
  /// - Parameters:
  ///   - parameters: the parameters; nil entries are skipped.
  ///   - learningRate: the factor of each step.
  ///   - learningRateDecay: the amount by which the divisor of the learning rate grows in a step.
  ///   - weightDecay: the factor of the parameter that is added to its gradient.
  ///   - initialAccumulator: the sum of squares before the first step.
  ///   - epsilon: keeps the divisor above zero.
  public convenience init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 0.01,
    learningRateDecay: Double = 0, weightDecay: Double = 0, initialAccumulator: Double = 0,
    epsilon: Double = 1e-10
  ) {
    self.init(
      [ParameterGroup(parameters)], learningRate: learningRate,
      learningRateDecay: learningRateDecay, weightDecay: weightDecay,
      initialAccumulator: initialAccumulator, epsilon: epsilon)
  }

  /// An optimiser of parameters in groups, whose own rates and decays take precedence.
  public init(
    _ groups: [ParameterGroup<Element>], learningRate: Double = 0.01,
    learningRateDecay: Double = 0, weightDecay: Double = 0, initialAccumulator: Double = 0,
    epsilon: Double = 1e-10
  ) {
    self.learningRateDecay = learningRateDecay
    self.initialAccumulator = initialAccumulator
    self.epsilon = epsilon
    super.init(
      "Adagrad", groups, learningRate: learningRate, weightDecay: weightDecay,
      initialStates: [initialAccumulator])
    check([
      "learningRateDecay": learningRateDecay, "initialAccumulator": initialAccumulator,
      "epsilon": epsilon,
    ])
  }

  /// The formulas in the description of the class.
  override public func rule(weightDecay: Double) -> UpdateRule { adagradRule }

  /// The rates and factors of a step; the learning rate falls with the steps.
  override public func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    [learningRate / (1 + (Double(step) - 1) * learningRateDecay), epsilon, weightDecay]
  }
}

private let adagradRule = UpdateRule("Adagrad", states: 1, scalars: 3) {
  value, gradient, states, scalars in
  let slope = gradient + scalars[2] * value
  let sum = states[0] + slope * slope
  return [value - scalars[0] * slope / (sum.sqrt() + scalars[1]), sum]
}
