public import SlopeCore

/// Stochastic gradient descent, with PyTorch's momentum.
///
/// With gradient g (plus `weightDecay` · p), the first step of a parameter sets b = g, later ones
/// b = `momentum` · b + (1 − `dampening`) · g; then p ← p − `learningRate` · b. With Nesterov's
/// momentum the step is along g + `momentum` · b; without momentum it is along g.
///
/// A parameter has one state, b, with momentum, and none without. PyTorch's counterpart is
/// `torch.optim.SGD`.
///
/// Source: I. Sutskever et al., "On the importance of initialization and momentum in deep
/// learning", ICML 2013.
public final class SGD<Element: FloatingElement>: Optimizer<Element> {
  /// The factor by which the momentum of the last step is multiplied.
  public private(set) var momentum: Double

  /// The fraction of the gradient that does not enter the momentum.
  public let dampening: Double

  /// Whether the momentum is Nesterov's.
  public let nesterov: Bool

  /// An optimiser of `parameters` with one learning rate and weight decay.
  ///
  /// Precondition: no number but the dampening is negative, none is NaN, at least one parameter is
  /// given, none twice, and `nesterov` comes with a momentum and without dampening.
  ///
  /// - Parameters:
  ///   - parameters: the parameters; nil entries are skipped.
  ///   - learningRate: the factor of each step.
  ///   - momentum: the factor by which the momentum of the last step is multiplied.
  ///   - dampening: the fraction of the gradient that does not enter the momentum.
  ///   - weightDecay: the factor of the parameter that is added to its gradient.
  ///   - nesterov: whether the momentum is Nesterov's.
  public convenience init(
    _ parameters: [Parameter<Element>?], learningRate: Double, momentum: Double = 0,
    dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false
  ) {
    self.init(
      [ParameterGroup(parameters)], learningRate: learningRate, momentum: momentum,
      dampening: dampening, weightDecay: weightDecay, nesterov: nesterov)
  }

  /// An optimiser of parameters in groups, whose own rates and decays take precedence.
  public init(
    _ groups: [ParameterGroup<Element>], learningRate: Double, momentum: Double = 0,
    dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false
  ) {
    self.momentum = momentum
    self.dampening = dampening
    self.nesterov = nesterov
    super.init(
      "SGD", groups, learningRate: learningRate, weightDecay: weightDecay,
      initialStates: momentum == 0 ? [] : [0])
    check(["momentum": momentum])
    if dampening.isNaN { reportFailure(operation: name, "dampening is not a number") }
    if nesterov, momentum <= 0 || dampening != 0 {
      reportFailure(
        operation: name,
        "nesterov with momentum \(momentum) and dampening \(dampening): "
          + "it needs a momentum and no dampening")
    }
  }

  /// The formulas in the description of the class.
  override public func rule(weightDecay: Double) -> UpdateRule {
    SGDRules.rule(hasMomentum: momentum != 0, nesterov: nesterov, hasDecay: weightDecay != 0)
  }

  /// The momentum, for a schedule to change; nil without one.
  ///
  /// A number that is not positive is a failure, after which the momentum is what it was.
  override public var cycledMomentum: Double? {
    get { momentum == 0 ? nil : momentum }
    set { if let newValue, isCycle(newValue, of: cycledMomentum) { momentum = newValue } }
  }

  /// The rates and factors of a step; the first momentum is the whole gradient, whatever the
  /// dampening.
  override public func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    momentum == 0
      ? [learningRate, weightDecay]
      : [learningRate, weightDecay, momentum, step == 1 ? 1 : 1 - dampening]
  }
}

/// The formulas of a step, traced once.
private enum SGDRules {
  static func rule(hasMomentum: Bool, nesterov: Bool, hasDecay: Bool) -> UpdateRule {
    switch (hasMomentum, nesterov, hasDecay) {
    case (false, _, false): plain
    case (false, _, true): plainDecay
    case (true, false, false): momentum
    case (true, false, true): momentumDecay
    case (true, true, false): lookahead
    case (true, true, true): lookaheadDecay
    }
  }

  private static let plain = descent(decays: false)
  private static let plainDecay = descent(decays: true)
  private static let momentum = momentumDescent(looksAhead: false, decays: false)
  private static let momentumDecay = momentumDescent(looksAhead: false, decays: true)
  private static let lookahead = momentumDescent(looksAhead: true, decays: false)
  private static let lookaheadDecay = momentumDescent(looksAhead: true, decays: true)

  private static func descent(decays: Bool) -> UpdateRule {
    UpdateRule("SGD", states: 0, scalars: 2) { value, gradient, _, scalars in
      let (rate, decay) = (scalars[0], scalars[1])
      let slope = decays ? gradient + decay * value : gradient
      return [value - rate * slope]
    }
  }

  private static func momentumDescent(looksAhead: Bool, decays: Bool) -> UpdateRule {
    UpdateRule("SGD", states: 1, scalars: 4) { value, gradient, states, scalars in
      let (rate, decay, momentum, share) = (scalars[0], scalars[1], scalars[2], scalars[3])
      let slope = decays ? gradient + decay * value : gradient
      let velocity = momentum * states[0] + share * slope
      let direction = looksAhead ? slope + momentum * velocity : velocity
      return [value - rate * direction, velocity]
    }
  }
}
