public import SlopeCore

/// The squared error, `(prediction − target)²`.
public struct MSELoss<Element: FloatingElement>: Sendable {
  /// How the errors of single elements are put together.
  public let reduction: LossReduction

  /// The loss under a way to put single errors together.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The loss of `prediction` against `target`.
  ///
  /// Precondition: both have the same shape; nothing broadcasts, because `[4, 1]` against `[4]`
  /// would quietly compare all pairs.
  public func callAsFunction(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    if prediction.shape != target.shape, !prediction.isFailed, !target.isFailed {
      return prediction.fail(
        "MSELoss", "prediction \(prediction.shape) and target \(target.shape): shapes differ")
    }
    switch reduction {
    case .mean: return meanSquaredError(prediction, target)
    case .sum: return summedSquaredError(prediction, target)
    case .none: return (prediction - target).square()
    }
  }
}
