public import SlopeCore

/// Descent by the gradient over the square root of a running mean of its square.
///
/// With gradient g (plus `weightDecay` · p): s ← α·s + (1 − α)·g², d = √s + ε; p ← p −
/// `learningRate` · b with b ← `momentum` · b + g/d. Where it is centred on the running mean
/// m ← m + (1 − α)(g − m), s is the running variance instead: s ← α·(s + (1 − α)(g − m)²) with the
/// mean before the step.
///
/// The states of a parameter are s, then m if centred, then b with momentum. PyTorch's counterpart
/// is `torch.optim.RMSprop`. Centred, it keeps the mean square and subtracts m², which is the same
/// number until rounding makes the difference negative, and its root NaN.
///
/// Source: T. Tieleman and G. Hinton, "Lecture 6.5: RMSprop", 2012; centred: A. Graves, "Generating
/// sequences with recurrent neural networks", 2013, arXiv:1308.0850.
public final class RMSprop<Element: FloatingElement>: Optimizer<Element> {
  /// α, the factor by which a step multiplies the running means.
  public let alpha: Double

  /// ε, which keeps the divisor above zero.
  public let epsilon: Double

  /// The factor by which the momentum of the last step is multiplied.
  public private(set) var momentum: Double

  /// Whether the divisor is the running standard deviation, not the running root mean square.
  public let centered: Bool

  /// An optimiser of `parameters` with one learning rate and weight decay.
  ///
  /// Precondition: no number is negative, alpha is at most 1, and at least one parameter is given,
  /// none twice.
  ///
  /// - Parameters:
  ///   - parameters: the parameters; nil entries are skipped.
  ///   - learningRate: the factor of each step.
  ///   - alpha: the factor by which a step multiplies the running means.
  ///   - epsilon: keeps the divisor above zero.
  ///   - weightDecay: the factor of the parameter that is added to its gradient.
  ///   - momentum: the factor by which the momentum of the last step is multiplied.
  ///   - centered: whether the divisor is the running standard deviation.
  public convenience init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 0.01, alpha: Double = 0.99,
    epsilon: Double = 1e-8, weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false
  ) {
    self.init(
      [ParameterGroup(parameters)], learningRate: learningRate, alpha: alpha, epsilon: epsilon,
      weightDecay: weightDecay, momentum: momentum, centered: centered)
  }

  /// An optimiser of parameters in groups, whose own rates and decays take precedence.
  public init(
    _ groups: [ParameterGroup<Element>], learningRate: Double = 0.01, alpha: Double = 0.99,
    epsilon: Double = 1e-8, weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false
  ) {
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.centered = centered
    super.init(
      "RMSprop", groups, learningRate: learningRate, weightDecay: weightDecay,
      initialStates: Array(
        repeating: 0, count: 1 + (centered ? 1 : 0) + (momentum > 0 ? 1 : 0)))
    check(["alpha": alpha, "epsilon": epsilon, "momentum": momentum])
    if alpha > 1 {
      reportFailure(operation: name, "alpha \(alpha) is not in 0...1")
    }
  }

  /// The formulas in the description of the class.
  override public func rule(weightDecay: Double) -> UpdateRule {
    RMSpropRules.all[(centered ? 1 : 0) + (momentum > 0 ? 2 : 0)]
  }

  /// The momentum, for a schedule to change; nil without one.
  ///
  /// A number that is not positive is a failure, after which the momentum is what it was.
  override public var cycledMomentum: Double? {
    get { momentum == 0 ? nil : momentum }
    set { if let newValue, isCycle(newValue, of: cycledMomentum) { momentum = newValue } }
  }

  /// The rates and factors, which are the same in each step.
  override public func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    [learningRate, alpha, 1 - alpha, epsilon, weightDecay, momentum]
  }
}

/// The formulas of a step, traced once: plain, centred, with momentum, centred with momentum.
private enum RMSpropRules {
  static let all = [(false, false), (true, false), (false, true), (true, true)].map(make)

  private static func make(isCentered: Bool, hasMomentum: Bool) -> UpdateRule {
    let count = 1 + (isCentered ? 1 : 0) + (hasMomentum ? 1 : 0)
    return UpdateRule("RMSprop", states: count, scalars: 6) { value, gradient, states, scalars in
      let (rate, keep, share) = (scalars[0], scalars[1], scalars[2])
      let (epsilon, decay, momentum) = (scalars[3], scalars[4], scalars[5])
      let slope = gradient + decay * value
      // The spread of the gradient around its mean; without one, around 0.
      let distance = isCentered ? slope - states[1] : slope
      let spread =
        isCentered
        ? keep * (states[0] + share * distance * distance)
        : keep * states[0] + share * distance * distance
      var kept = [spread]
      if isCentered { kept.append(states[1] + share * distance) }
      var direction = slope / (spread.sqrt() + epsilon)
      if hasMomentum {
        direction = momentum * states[count - 1] + direction
        kept.append(direction)
      }
      return [value - rate * direction] + kept
    }
  }
}
