public import SlopeCore

/// Descent by the gradient over the root of the sum of all its squares so far.
///
/// With gradient g (plus `weightDecay` · p) in a parameter's step t: s ← s + g²,
/// p ← p − `learningRate`/(1 + (t − 1)·`learningRateDecay`) · g ÷ (√s + ε).
///
/// Source: J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and
/// stochastic optimization", 2011.
public final class Adagrad<Element: FloatingElement>: Optimizer<Element> {
  /// How much the divisor of the learning rate grows in a step.
  public let learningRateDecay: Double

  /// The sum of squares before the first step.
  public let initialAccumulator: Double

  /// ε, which keeps the divisor from zero.
  public let epsilon: Double

  /// Adagrad for `parameters`; nil entries are skipped.
  ///
  /// Precondition: no number is negative, and at least one parameter is given, none twice.
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

  /// The same with parameters in groups.
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

  /// The formulas of the class's description.
  override public func rule(weightDecay: Double) -> UpdateRule { adagradRule }

  /// The rate falls with the steps.
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
