import Glibc
public import SlopeCore

/// Descent by running means of the gradient and of its square.
///
/// With gradient g (plus `weightDecay` · p) in a parameter's step t: m ← m + (1 − β₁)(g − m),
/// v ← β₂·v + (1 − β₂)·g², p ← p − `learningRate`/(1 − β₁ᵗ) · m ÷ (√v/√(1 − β₂ᵗ) + ε). With
/// AMSGrad the divisor uses the largest v so far.
///
/// The states of a parameter are m and v, and the largest v with AMSGrad. PyTorch's counterpart is
/// `torch.optim.Adam`.
///
/// Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015,
/// arXiv:1412.6980. AMSGrad: S. J. Reddi et al., "On the convergence of Adam and beyond", 2018,
/// arXiv:1904.09237.
public class Adam<Element: FloatingElement>: Optimizer<Element> {
  /// β₁ and β₂, the factors by which a step multiplies the running means.
  public private(set) var betas: (Double, Double)

  /// ε, which keeps the divisor above zero.
  public let epsilon: Double

  /// Whether the divisor uses the largest v so far, as AMSGrad does.
  public let amsgrad: Bool

  /// Whether the decay is subtracted from the parameter itself, as AdamW does.
  private let isDecoupled: Bool

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
  ///   - amsgrad: whether the divisor uses the largest v so far.
  public convenience init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0,
    amsgrad: Bool = false
  ) {
    self.init(
      [ParameterGroup(parameters)], learningRate: learningRate, betas: betas, epsilon: epsilon,
      weightDecay: weightDecay, amsgrad: amsgrad)
  }

  /// An optimiser of parameters in groups, whose own rates and decays take precedence.
  public convenience init(
    _ groups: [ParameterGroup<Element>], learningRate: Double = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0,
    amsgrad: Bool = false
  ) {
    self.init(
      "Adam", groups, learningRate: learningRate, betas: betas, epsilon: epsilon,
      weightDecay: weightDecay, amsgrad: amsgrad, isDecoupled: false)
  }

  init(
    _ name: String, _ groups: [ParameterGroup<Element>], learningRate: Double,
    betas: (Double, Double), epsilon: Double, weightDecay: Double, amsgrad: Bool, isDecoupled: Bool
  ) {
    self.betas = betas
    self.epsilon = epsilon
    self.amsgrad = amsgrad
    self.isDecoupled = isDecoupled
    super.init(
      name, groups, learningRate: learningRate, weightDecay: weightDecay,
      initialStates: Array(repeating: 0, count: amsgrad ? 3 : 2))
    check(["epsilon": epsilon])
    check(betas: betas)
  }

  /// The formulas in the description of the class.
  override public func rule(weightDecay: Double) -> UpdateRule {
    AdamRules.rule(
      amsgrad: amsgrad, decay: weightDecay == 0 ? .none : isDecoupled ? .ofValue : .inGradient)
  }

  /// β₁, for a schedule to change.
  ///
  /// A number that is not in 0..<1 is a failure, after which β₁ is what it was.
  override public var cycledMomentum: Double? {
    get { betas.0 }
    set { if let newValue, isCycle(newValue, of: betas.0, below: 1) { betas.0 = newValue } }
  }

  /// The rates and factors of a step, with the corrections of the running means, which depend on
  /// it.
  override public func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    [
      learningRate / (1 - pow(betas.0, Double(step))),
      (1 - pow(betas.1, Double(step))).squareRoot(), 1 - betas.0, betas.1, 1 - betas.1, epsilon,
      isDecoupled ? 1 - learningRate * weightDecay : weightDecay,
    ]
  }
}

/// The formulas of a step, traced once.
private enum AdamRules {
  /// Where the weight decay is applied.
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
