public import SlopeCore

/// Adam whose weight decay is taken from the parameter itself, not added to its gradient:
/// p ← (1 − `learningRate` · `weightDecay`) · p before each of Adam's steps.
///
/// Source: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019,
/// arXiv:1711.05101.
public final class AdamW<Element: FloatingElement>: Optimizer {
  private let adam: Adam<Element>

  /// AdamW for `parameters`; nil entries are skipped.
  ///
  /// Precondition: no number is negative, the betas are less than 1, and at least one parameter is
  /// given.
  public init(
    _ parameters: [Parameter<Element>?], learningRate: Double = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0.01,
    amsgrad: Bool = false
  ) {
    adam = Adam(
      "AdamW", parameters, learningRate: learningRate, betas: betas, epsilon: epsilon,
      weightDecay: weightDecay, amsgrad: amsgrad, isDecoupled: true)
  }

  /// The parameters that `step()` changes.
  public var parameters: [Parameter<Element>] { adam.parameters }

  /// The factor of each step; may change between steps.
  public var learningRate: Double {
    get { adam.learningRate }
    set { adam.learningRate = newValue }
  }

  /// The share of a parameter that a step takes away, per unit of the learning rate.
  public var weightDecay: Double { adam.weightDecay }

  /// Changes each parameter that has a gradient.
  public func step() { adam.step() }

  /// Sets every gradient to nil, so that the next backward pass starts afresh.
  public func zeroGrad() { adam.zeroGrad() }
}
