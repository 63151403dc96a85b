import Glibc
public import SlopeCore

/// Adam with Nesterov's momentum.
///
/// With gradient g (plus `weightDecay` · p) in a parameter's step t: m ← m + (1 − β₁)(g − m), v ←
/// β₂·v + (1 − β₂)·g², d = √(v/(1 − β₂ᵗ)) + ε, and with μₜ = β₁·(1 − ½ · 0.96^(t ·
/// `momentumDecay`)) and Mₜ = μ₁ · … · μₜ: p ← p − `learningRate` · ((1 − μₜ)/(1 − Mₜ) · g +
/// μₜ₊₁/(1 − Mₜ₊₁) · m) ÷ d. A decoupled weight decay is AdamW's: p ← (1 − `learningRate` ·
/// `weightDecay`) · p before the step.
///
/// The states of a parameter are m and v. PyTorch's counterpart is `torch.optim.NAdam`, which keeps
/// Mₜ, a number that follows from t, as a third state in Float.
///
/// Source: T. Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016.
public final class NAdam<Element: FloatingElement>: Optimizer<Element> {
  /// β₁ and β₂, the factors by which a step multiplies the running means.
  public let betas: (Double, Double)

  /// ε, which keeps the divisor above zero.
  public let epsilon: Double

  /// How fast μ rises from a half of β₁ to β₁.
  public let momentumDecay: Double

  /// Whether the weight decay is subtracted from the parameter itself, as AdamW does.
  public let decoupledWeightDecay: Bool

  /// Mₜ for t from 0, as far as it was needed.
  private var products: [Double] = [1]

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
  ///   - momentumDecay: how fast the momentum rises to β₁.
  ///   - decoupledWeightDecay: whether the decay is subtracted from the parameter itself.
  public convenience init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 0.002,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0,
    momentumDecay: Double = 0.004, decoupledWeightDecay: Bool = false
  ) {
    self.init(
      [ParameterGroup(parameters)], learningRate: learningRate, betas: betas, epsilon: epsilon,
      weightDecay: weightDecay, momentumDecay: momentumDecay,
      decoupledWeightDecay: decoupledWeightDecay)
  }

  /// An optimiser of parameters in groups, whose own rates and decays take precedence.
  public init(
    _ groups: [ParameterGroup<Element>], learningRate: Double = 0.002,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0,
    momentumDecay: Double = 0.004, decoupledWeightDecay: Bool = false
  ) {
    self.betas = betas
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
    self.decoupledWeightDecay = decoupledWeightDecay
    super.init(
      "NAdam", groups, learningRate: learningRate, weightDecay: weightDecay, initialStates: [0, 0])
    check(["epsilon": epsilon, "momentumDecay": momentumDecay])
    check(betas: betas)
  }

  /// The formulas in the description of the class.
  override public func rule(weightDecay: Double) -> UpdateRule {
    decoupledWeightDecay ? NAdamRules.decoupled : NAdamRules.plain
  }

  /// The rates and factors of a step, with the momentum's.
  override public func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    let (now, next) = (momentum(step), momentum(step &+ 1))
    let product = product(step)
    return [
      learningRate * (1 - now) / (1 - product), learningRate * next / (1 - product * next),
      1 - pow(betas.1, Double(step)), 1 - betas.0, betas.1, 1 - betas.1, epsilon,
      decoupledWeightDecay ? 1 - learningRate * weightDecay : weightDecay,
    ]
  }

  /// μ of a step.
  private func momentum(_ step: Int) -> Double {
    betas.0 * (1 - 0.5 * pow(0.96, Double(step) * momentumDecay))
  }

  /// M of a step; after so many steps that the momentum hardly changes, that is taken as constant.
  private func product(_ step: Int) -> Double {
    let known = min(max(step, 0), 100_000)
    while products.count <= known {
      products.append(products[products.count - 1] * momentum(products.count))
    }
    return products[known] * pow(momentum(known), Double(max(step, 0) - known))
  }
}

/// The formulas of a step, traced once.
private enum NAdamRules {
  static let plain = make(isDecoupled: false)
  static let decoupled = make(isDecoupled: true)

  private static func make(isDecoupled: Bool) -> UpdateRule {
    UpdateRule("NAdam", states: 2, scalars: 8) { old, gradient, states, scalars in
      let (slopeRate, meanRate, correction) = (scalars[0], scalars[1], scalars[2])
      let (meanShare, squareKeep, squareShare) = (scalars[3], scalars[4], scalars[5])
      let (epsilon, decay) = (scalars[6], scalars[7])
      let slope = isDecoupled ? gradient : gradient + decay * old
      let value = isDecoupled ? old * decay : old
      let mean = states[0] + meanShare * (slope - states[0])
      let square = squareKeep * states[1] + squareShare * slope * slope
      let divisor = (square / correction).sqrt() + epsilon
      return [value - slopeRate * slope / divisor - meanRate * mean / divisor, mean, square]
    }
  }
}
