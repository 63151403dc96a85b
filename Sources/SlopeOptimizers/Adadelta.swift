public import SlopeCore

/// Descent whose steps are as long as the last ones were, relative to the gradient.
///
/// With gradient g (plus `weightDecay` · p): s ← ρ·s + (1 − ρ)·g², Δ = √(a + ε)/√(s + ε) · g,
/// a ← ρ·a + (1 − ρ)·Δ², p ← p − `learningRate` · Δ.
///
/// The states of a parameter are s and a. PyTorch's counterpart is `torch.optim.Adadelta`.
///
/// Source: M. D. Zeiler, "ADADELTA: an adaptive learning rate method", 2012, arXiv:1212.5701.
public final class Adadelta<Element: FloatingElement>: Optimizer<Element> {
  /// ρ, the factor by which a step multiplies the running means.
  public let rho: Double

  /// ε, which keeps the divisor above zero and makes the first steps.
  public let epsilon: Double

  /// An optimiser of `parameters` with one learning rate and weight decay.
  ///
  /// Precondition: no number is negative, rho is at most 1, and at least one parameter is given,
  /// none twice.
  ///
  /// - Parameters:
  ///   - parameters: the parameters; nil entries are skipped.
  ///   - learningRate: the factor of each step.
  ///   - rho: the factor by which a step multiplies the running means.
  ///   - epsilon: keeps the divisor above zero and makes the first steps.
  ///   - weightDecay: the factor of the parameter that is added to its gradient.
  public convenience init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 1, rho: Double = 0.9,
    epsilon: Double = 1e-6, weightDecay: Double = 0
  ) {
    self.init(
      [ParameterGroup(parameters)], learningRate: learningRate, rho: rho, epsilon: epsilon,
      weightDecay: weightDecay)
  }

  /// An optimiser of parameters in groups, whose own rates and decays take precedence.
  public init(
    _ groups: [ParameterGroup<Element>], learningRate: Double = 1, rho: Double = 0.9,
    epsilon: Double = 1e-6, weightDecay: Double = 0
  ) {
    self.rho = rho
    self.epsilon = epsilon
    super.init(
      "Adadelta", groups, learningRate: learningRate, weightDecay: weightDecay,
      initialStates: [0, 0])
    check(["rho": rho, "epsilon": epsilon])
    if rho > 1 { reportFailure(operation: name, "rho \(rho) is not in 0...1") }
  }

  /// The formulas in the description of the class.
  override public func rule(weightDecay: Double) -> UpdateRule { adadeltaRule }

  /// The rates and factors, which are the same in each step.
  override public func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    [learningRate, rho, 1 - rho, epsilon, weightDecay]
  }
}

private let adadeltaRule = UpdateRule("Adadelta", states: 2, scalars: 5) {
  value, gradient, states, scalars in
  let (rate, keep, share, epsilon) = (scalars[0], scalars[1], scalars[2], scalars[3])
  let slope = gradient + scalars[4] * value
  let square = keep * states[0] + share * slope * slope
  let change = (states[1] + epsilon).sqrt() / (square + epsilon).sqrt() * slope
  return [value - rate * change, square, keep * states[1] + share * change * change]
}
