public import SlopeCore

/// Adam whose weight decay is taken from the parameter itself, not added to its gradient:
/// p ← (1 − `learningRate` · `weightDecay`) · p before each of Adam's steps.
///
/// Source: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019,
/// arXiv:1711.05101.
public final class AdamW<Element: FloatingElement>: Adam<Element> {
  /// AdamW for `parameters`; nil entries are skipped.
  ///
  /// Precondition: no number is negative, the betas are less than 1, and at least one parameter is
  /// given, none twice.
  public convenience init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0.01,
    amsgrad: Bool = false
  ) {
    self.init(
      [ParameterGroup(parameters)], learningRate: learningRate, betas: betas, epsilon: epsilon,
      weightDecay: weightDecay, amsgrad: amsgrad)
  }

  /// The same with parameters in groups.
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
