import Glibc
public import SlopeCore

/// Adam with the largest recent gradient in place of the root of a running mean of squares.
///
/// With gradient g (plus `weightDecay` · p) in a parameter's step t: m ← m + (1 − β₁)(g − m),
/// u ← max(β₂·u, |g| + ε), p ← p − `learningRate`/(1 − β₁ᵗ) · m ÷ u.
///
/// The states of a parameter are m and u. PyTorch's counterpart is `torch.optim.Adamax`.
///
/// Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015,
/// arXiv:1412.6980, section 7.1.
public final class Adamax<Element: FloatingElement>: Optimizer<Element> {
  /// β₁ and β₂, the factors by which a step multiplies the running mean and the largest gradient.
  public private(set) var betas: (Double, Double)

  /// ε, which is added to magnitudes and keeps the divisor above zero.
  public let epsilon: Double

  /// An optimiser of `parameters` with one learning rate and weight decay.
  ///
  /// Precondition: no number is negative, the betas are less than 1, and at least one parameter is
  /// given, none twice.
  ///
  /// - Parameters:
  ///   - parameters: the parameters; nil entries are skipped.
  ///   - learningRate: the factor of each step.
  ///   - betas: the factors by which a step multiplies the running mean and the largest gradient.
  ///   - epsilon: keeps the divisor above zero.
  ///   - weightDecay: the factor of the parameter that is added to its gradient.
  public convenience init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 0.002,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.init(
      [ParameterGroup(parameters)], learningRate: learningRate, betas: betas, epsilon: epsilon,
      weightDecay: weightDecay)
  }

  /// An optimiser of parameters in groups, whose own rates and decays take precedence.
  public init(
    _ groups: [ParameterGroup<Element>], learningRate: Double = 0.002,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.betas = betas
    self.epsilon = epsilon
    super.init(
      "Adamax", groups, learningRate: learningRate, weightDecay: weightDecay, initialStates: [0, 0])
    check(["epsilon": epsilon])
    check(betas: betas)
  }

  /// The formulas in the description of the class.
  override public func rule(weightDecay: Double) -> UpdateRule { adamaxRule }

  /// β₁, for a schedule to change.
  ///
  /// A number that is not in 0..<1 is a failure, after which β₁ is what it was.
  override public var cycledMomentum: Double? {
    get { betas.0 }
    set { if let newValue, isCycle(newValue, of: betas.0, below: 1) { betas.0 = newValue } }
  }

  /// The rates and factors of a step, with the correction of the running mean.
  override public func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    [
      learningRate / (1 - pow(betas.0, Double(step))), 1 - betas.0, betas.1, epsilon, weightDecay,
    ]
  }
}

private let adamaxRule = UpdateRule("Adamax", states: 2, scalars: 5) {
  value, gradient, states, scalars in
  let (rate, meanShare, keep) = (scalars[0], scalars[1], scalars[2])
  let slope = gradient + scalars[4] * value
  let mean = states[0] + meanShare * (slope - states[0])
  let largest = Expression.maximum(keep * states[1], slope.abs() + scalars[3])
  return [value - rate * mean / largest, mean, largest]
}
