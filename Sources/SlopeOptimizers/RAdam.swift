import Glibc
public import SlopeCore

/// Adam that waits for its running mean of squares to be reliable.
///
/// With gradient g (plus `weightDecay` · p) in a parameter's step t: m ← m + (1 − β₁)(g − m),
/// v ← β₂·v + (1 − β₂)·g², and with ρ∞ = 2/(1 − β₂) − 1, ρ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ):
/// p ← p − `learningRate`/(1 − β₁ᵗ) · m · f, where f is 1 while ρ ≤ 5, and then
/// √(1 − β₂ᵗ) · √((ρ − 4)(ρ − 2)ρ∞ ÷ ((ρ∞ − 4)(ρ∞ − 2)ρ)) ÷ (√v + ε). A decoupled weight decay is
/// AdamW's: p ← (1 − `learningRate` · `weightDecay`) · p before the step.
///
/// The states of a parameter are m and v. PyTorch's counterpart is `torch.optim.RAdam`.
///
/// Source: L. Liu et al., "On the variance of the adaptive learning rate and beyond", ICLR 2020,
/// arXiv:1908.03265.
public final class RAdam<Element: FloatingElement>: Optimizer<Element> {
  /// β₁ and β₂, the factors by which a step multiplies the running means.
  public private(set) var betas: (Double, Double)

  /// ε, which keeps the divisor above zero.
  public let epsilon: Double

  /// Whether the weight decay is subtracted from the parameter itself, as AdamW does.
  public let decoupledWeightDecay: Bool

  /// An optimiser of `parameters` with one learning rate and weight decay.
  ///
  /// Precondition: no number is negative, the betas are less than 1, and at least one parameter is
  /// given, none twice.
  ///
  /// - Parameters:
  ///   - parameters: the parameters; nil entries are skipped.
  ///   - learningRate: the factor of each step.
  ///   - betas: the factors by which a step multiplies the running means.
  ///   - epsilon: keeps the divisor above zero.
  ///   - weightDecay: the factor of the parameter that is added to its gradient.
  ///   - decoupledWeightDecay: whether the decay is subtracted from the parameter itself.
  public convenience init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0,
    decoupledWeightDecay: Bool = false
  ) {
    self.init(
      [ParameterGroup(parameters)], learningRate: learningRate, betas: betas, epsilon: epsilon,
      weightDecay: weightDecay, decoupledWeightDecay: decoupledWeightDecay)
  }

  /// An optimiser of parameters in groups, whose own rates and decays take precedence.
  public init(
    _ groups: [ParameterGroup<Element>], learningRate: Double = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0,
    decoupledWeightDecay: Bool = false
  ) {
    self.betas = betas
    self.epsilon = epsilon
    self.decoupledWeightDecay = decoupledWeightDecay
    super.init(
      "RAdam", groups, learningRate: learningRate, weightDecay: weightDecay, initialStates: [0, 0])
    check(["epsilon": epsilon])
    check(betas: betas)
  }

  /// The formulas in the description of the class.
  override public func rule(weightDecay: Double) -> UpdateRule {
    decoupledWeightDecay ? RAdamRules.decoupled : RAdamRules.plain
  }

  /// β₁, for a schedule to change.
  ///
  /// A number that is not in 0..<1 is a failure, after which β₁ is what it was.
  override public var cycledMomentum: Double? {
    get { betas.0 }
    set { if let newValue, isCycle(newValue, of: betas.0, below: 1) { betas.0 = newValue } }
  }

  /// The rates and factors of a step, with the rectification, which is 0 before it begins.
  override public func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    let power = pow(betas.1, Double(step))
    let longest = 2 / (1 - betas.1) - 1
    let length = longest - 2 * Double(step) * power / (1 - power)
    let rectification =
      length > 5
      ? ((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
        .squareRoot() * (1 - power).squareRoot() : 0
    return [
      learningRate / (1 - pow(betas.0, Double(step))), rectification, 1 - betas.0, betas.1,
      1 - betas.1, epsilon, decoupledWeightDecay ? 1 - learningRate * weightDecay : weightDecay,
    ]
  }
}

/// The formulas of a step, traced once.
private enum RAdamRules {
  static let plain = make(isDecoupled: false)
  static let decoupled = make(isDecoupled: true)

  private static func make(isDecoupled: Bool) -> UpdateRule {
    UpdateRule("RAdam", states: 2, scalars: 7) { old, gradient, states, scalars in
      let (rate, rectification) = (scalars[0], scalars[1])
      let (meanShare, squareKeep, squareShare) = (scalars[2], scalars[3], scalars[4])
      let (epsilon, decay) = (scalars[5], scalars[6])
      let slope = isDecoupled ? gradient : gradient + decay * old
      let value = isDecoupled ? old * decay : old
      let mean = states[0] + meanShare * (slope - states[0])
      let square = squareKeep * states[1] + squareShare * slope * slope
      let factor = Expression.select(
        0 .< rectification, rectification / (square.sqrt() + epsilon), 1)
      return [value - rate * mean * factor, mean, square]
    }
  }
}
