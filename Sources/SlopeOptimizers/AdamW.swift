public import SlopeCore

/// Adam with decoupled weight decay.
///
/// The decay is not added to the gradient but applied to the parameter itself: p ← (1 −
/// `learningRate` · `weightDecay`) · p before each of Adam's steps. Formulas and states are Adam's
/// otherwise. PyTorch's counterpart is `torch.optim.AdamW`.
///
/// Source: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019,
/// arXiv:1711.05101.
public final class AdamW<Element: FloatingElement>: Adam<Element> {
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
  ///   - weightDecay: the decay of the parameters, in units of the learning rate.
  ///   - amsgrad: whether the divisor uses the largest v so far.
  public convenience init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0.01,
    amsgrad: Bool = false
  ) {
    self.init(
      [ParameterGroup(parameters)], learningRate: learningRate, betas: betas, epsilon: epsilon,
      weightDecay: weightDecay, amsgrad: amsgrad)
  }

  /// An optimiser of parameters in groups, whose own rates and decays take precedence.
  public init(
    _ groups: [ParameterGroup<Element>], learningRate: Double = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0.01,
    amsgrad: Bool = false
  ) {
    super.init(
      "AdamW", groups, learningRate: learningRate, betas: betas, epsilon: epsilon,
      weightDecay: weightDecay, amsgrad: amsgrad, isDecoupled: true)
  }
}
