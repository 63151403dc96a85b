public import SlopeCore

/// Stochastic gradient descent, with PyTorch's momentum.
///
/// With gradient g (plus `weightDecay` · p), the first step of a parameter sets b = g, later ones
/// b = `momentum` · b + (1 − `dampening`) · g; then p ← p − `learningRate` · b. With Nesterov's
/// momentum the step is along g + `momentum` · b; without momentum it is along g.
///
/// I. Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML
/// 2013.
public final class SGD<Element: FloatingElement>: Optimizer {
  /// The parameters that `step()` changes.
  public let parameters: [Parameter<Element>]

  /// The factor of each step; may change between steps.
  public var learningRate: Double {
    didSet { keepLearningRate(&learningRate, oldValue, "SGD") }
  }

  /// The share of the last step that the next one keeps.
  public let momentum: Double

  /// The share of the gradient that does not enter the momentum.
  public let dampening: Double

  /// The factor of the parameter that is added to its gradient.
  public let weightDecay: Double

  /// Whether the step looks ahead by one more momentum.
  public let nesterov: Bool

  private let rule: UpdateRule
  /// The momentum of each parameter.
  private var states: ParameterStates
  private let initial: [Double]

  /// Descent along the gradients of `parameters`; nil entries are skipped.
  ///
  /// Precondition: no number but the dampening is negative, all are numbers, at least one parameter is
  /// given, and Nesterov's momentum comes with a momentum and without dampening.
  public init(
    _ parameters: [Parameter<Element>?], learningRate: Double, momentum: Double = 0,
    dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false
  ) {
    self.parameters = parameters.compactMap { $0 }
    checkArguments(
      "SGD", parameterCount: self.parameters.count,
      ["learningRate": learningRate, "momentum": momentum, "weightDecay": weightDecay])
    if dampening.isNaN { reportFailure(operation: "SGD", "dampening is not a number") }
    if nesterov, momentum <= 0 || dampening != 0 {
      reportFailure(
        operation: "SGD",
        "nesterov with momentum \(momentum) and dampening \(dampening): "
          + "it needs a momentum and no dampening")
    }
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    rule = SGDRules.rule(
      hasMomentum: momentum != 0, nesterov: nesterov, hasDecay: weightDecay != 0)
    states = ParameterStates(self.parameters.map { $0.storage })
    initial = momentum == 0 ? [] : [0]
  }

  /// Changes each parameter that has a gradient.
  public func step() {
    states.step(rule, initial: initial) { step in
      // The first momentum is the whole gradient, whatever the dampening.
      [learningRate, weightDecay, momentum, step == 1 ? 1 : 1 - dampening, 0, 0, 0, 0]
    }
  }

  /// Sets every gradient to nil, so that the next backward pass starts afresh.
  public func zeroGrad() { states.clearGradients() }
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
