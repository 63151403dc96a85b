import Glibc
public import SlopeCore

/// Descent by running means of the gradient and of its square.
///
/// With gradient g (plus `weightDecay` · p) in a parameter's step t: m ← m + (1 − β₁)(g − m),
/// v ← β₂·v + (1 − β₂)·g², p ← p − `learningRate`/(1 − β₁ᵗ) · m ÷ (√v/√(1 − β₂ᵗ) + ε).
///
/// D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, arXiv:1412.6980.
/// AMSGrad: S. J. Reddi et al., "On the convergence of Adam and beyond", 2018, arXiv:1904.09237.
public final class Adam<Element: FloatingElement>: Optimizer {
  /// The parameters that `step()` changes.
  public let parameters: [Parameter<Element>]

  /// The factor of each step; may change between steps.
  public var learningRate: Double {
    didSet { keepLearningRate(&learningRate, oldValue, name) }
  }

  /// β₁ and β₂: the shares of the running means that a step keeps.
  public let betas: (Double, Double)

  /// ε, which keeps the divisor from zero.
  public let epsilon: Double

  /// The factor of the parameter that is added to its gradient.
  public let weightDecay: Double

  /// Whether the divisor uses the largest v so far.
  public let amsgrad: Bool

  /// What messages call it: AdamW is an Adam, too.
  private let name: String
  /// Whether the decay is taken from the parameter itself, as AdamW does.
  private let isDecoupled: Bool
  private let rule: UpdateRule
  /// The running means of each parameter.
  private var states: ParameterStates
  private let initial: [Double]

  /// Adam for `parameters`; nil entries are skipped.
  ///
  /// Precondition: no number is negative, the betas are less than 1, and at least one parameter is
  /// given.
  public convenience init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0,
    amsgrad: Bool = false
  ) {
    self.init(
      "Adam", parameters, learningRate: learningRate, betas: betas, epsilon: epsilon,
      weightDecay: weightDecay, amsgrad: amsgrad, isDecoupled: false)
  }

  init(
    _ name: String, _ parameters: [Parameter<Element>?], learningRate: Double,
    betas: (Double, Double), epsilon: Double, weightDecay: Double, amsgrad: Bool, isDecoupled: Bool
  ) {
    self.parameters = parameters.compactMap { $0 }
    checkArguments(
      name, parameterCount: self.parameters.count,
      ["learningRate": learningRate, "epsilon": epsilon, "weightDecay": weightDecay])
    for beta in [betas.0, betas.1] where !(0..<1).contains(beta) {
      reportFailure(operation: name, "beta \(beta) is not in 0..<1")
    }
    self.name = name
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.amsgrad = amsgrad
    self.isDecoupled = isDecoupled
    rule = AdamRules.rule(
      amsgrad: amsgrad, decay: weightDecay == 0 ? .none : isDecoupled ? .ofValue : .inGradient)
    states = ParameterStates(self.parameters.map { $0.storage })
    initial = Array(repeating: 0, count: amsgrad ? 3 : 2)
  }

  /// Changes each parameter that has a gradient.
  public func step() {
    states.step(rule, initial: initial) { count in
      let step = Double(count)
      return [
        learningRate / (1 - pow(betas.0, step)), (1 - pow(betas.1, step)).squareRoot(),
        1 - betas.0, betas.1, 1 - betas.1, epsilon,
        isDecoupled ? 1 - learningRate * weightDecay : weightDecay, 0,
      ]
    }
  }

  /// Sets every gradient to nil, so that the next backward pass starts afresh.
  public func zeroGrad() { states.clearGradients() }
}

/// The formulas of a step, traced once.
private enum AdamRules {
  /// What becomes of the weight decay.
  enum Decay { case none, inGradient, ofValue }

  static func rule(amsgrad: Bool, decay: Decay) -> UpdateRule {
    switch (amsgrad, decay) {
    case (false, .none): plain
    case (false, .inGradient): decaying
    case (false, .ofValue): decoupled
    case (true, .none): maximal
    case (true, .inGradient): maximalDecaying
    case (true, .ofValue): maximalDecoupled
    }
  }

  private static let plain = make(amsgrad: false, .none)
  private static let decaying = make(amsgrad: false, .inGradient)
  private static let decoupled = make(amsgrad: false, .ofValue)
  private static let maximal = make(amsgrad: true, .none)
  private static let maximalDecaying = make(amsgrad: true, .inGradient)
  private static let maximalDecoupled = make(amsgrad: true, .ofValue)

  private static func make(amsgrad: Bool, _ kind: Decay) -> UpdateRule {
    UpdateRule("Adam", states: amsgrad ? 3 : 2, scalars: 7) { old, gradient, states, scalars in
      let (rate, root, epsilon, decay) = (scalars[0], scalars[1], scalars[5], scalars[6])
      let (meanShare, squareKeep, squareShare) = (scalars[2], scalars[3], scalars[4])
      let slope = kind == .inGradient ? gradient + decay * old : gradient
      let value = kind == .ofValue ? old * decay : old
      let mean = states[0] + meanShare * (slope - states[0])
      let square = squareKeep * states[1] + squareShare * slope * slope
      let largest = amsgrad ? Expression.maximum(states[2], square) : square
      let divisor = largest.sqrt() / root + epsilon
      return [value - rate * mean / divisor, mean, square] + (amsgrad ? [largest] : [])
    }
  }
}
