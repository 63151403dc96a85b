public import SlopeCore

extension LossReduction {
  /// What puts single losses together; nil where they stay single.
  fileprivate var kind: Reduction? {
    switch self {
    case .mean: .mean
    case .sum, .batchMean: .sum
    case .none: nil
    }
  }
}

extension Tensor where E: FloatingElement {
  /// This sum of losses of a batch, divided by its extent where that is asked.
  func divided(by batch: Shape, _ reduction: LossReduction) -> Tensor {
    guard reduction == .batchMean, batch.rank > 0 else { return self }
    return self / E(Double(batch[0]))
  }
}

/// A loss of each prediction against its own target.
private func loss<Element: FloatingElement>(
  _ operation: String, _ formula: Pointwise, _ prediction: Tensor<Element>,
  _ target: Tensor<Element>, _ reduction: LossReduction
) -> Tensor<Element> {
  let failure = differingShapes(operation, prediction, target)
  return failure
    ?? pairedLoss(formula, prediction, target, reduction.kind)
    .divided(by: prediction.shape, reduction)
}

private func differingShapes<Element: FloatingElement>(
  _ operation: String, _ prediction: Tensor<Element>, _ target: Tensor<Element>
) -> Tensor<Element>? {
  if prediction.shape == target.shape || prediction.isFailed || target.isFailed { return nil }
  return prediction.fail(
    operation, "prediction \(prediction.shape) and target \(target.shape): shapes differ")
}

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
    loss("MSELoss", .squaredDifference, prediction, target, reduction)
  }
}

/// The absolute error, `|prediction − target|`.
public struct L1Loss<Element: FloatingElement>: Sendable {
  /// How the errors of single elements are put together.
  public let reduction: LossReduction

  /// The loss under a way to put single errors together.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The loss of `prediction` against `target`. Precondition: both have the same shape.
  public func callAsFunction(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    loss("L1Loss", absoluteError, prediction, target, reduction)
  }
}

private let absoluteError = Pointwise("L1Loss") { x, y in (x - y).abs() }

/// The squared error near the target, the absolute one beyond `delta`:
/// `d²/2` where `d = |prediction − target|` is at most `delta`, else `delta · (d − delta/2)`.
///
/// Source: P. J. Huber, "Robust estimation of a location parameter", 1964.
public struct HuberLoss<Element: FloatingElement>: Sendable {
  /// The distance beyond which the loss grows in proportion.
  public let delta: Double
  /// How the errors of single elements are put together.
  public let reduction: LossReduction
  private let formula: Pointwise

  /// The loss under a way to put single errors together. Precondition: `delta` is positive.
  public init(delta: Double = 1, reduction: LossReduction = .mean) {
    if !(delta > 0) { reportFailure(operation: "HuberLoss", "delta \(delta) is not positive") }
    self.delta = delta
    self.reduction = reduction
    formula = Pointwise("HuberLoss") { x, y in
      let distance = (x - y).abs()
      return .select(
        distance .<= Expression(delta), 0.5 * distance * distance,
        Expression(delta) * (distance - Expression(delta / 2)))
    }
  }

  /// The loss of `prediction` against `target`. Precondition: both have the same shape.
  public func callAsFunction(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    loss("HuberLoss", formula, prediction, target, reduction)
  }
}

/// The absolute error with a rounded corner: `d²/(2·beta)` where `d = |prediction − target|` is less than
/// `beta`, else `d − beta/2`; with `beta` 0 it is `L1Loss`.
///
/// Source: R. Girshick, "Fast R-CNN", 2015, arXiv:1504.08083.
public struct SmoothL1Loss<Element: FloatingElement>: Sendable {
  /// The distance within which the error is squared.
  public let beta: Double
  /// How the errors of single elements are put together.
  public let reduction: LossReduction
  private let formula: Pointwise

  /// The loss under a way to put single errors together. Precondition: `beta` is not negative.
  public init(beta: Double = 1, reduction: LossReduction = .mean) {
    if !(beta >= 0) { reportFailure(operation: "SmoothL1Loss", "beta \(beta) is negative") }
    self.beta = beta
    self.reduction = reduction
    guard beta > 0 else {
      formula = absoluteError
      return
    }
    formula = Pointwise("SmoothL1Loss") { x, y in
      let distance = (x - y).abs()
      return .select(
        distance .< Expression(beta), 0.5 * distance * distance / Expression(beta),
        distance - Expression(beta / 2))
    }
  }

  /// The loss of `prediction` against `target`. Precondition: both have the same shape.
  public func callAsFunction(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    loss("SmoothL1Loss", formula, prediction, target, reduction)
  }
}

/// The cross-entropy of probabilities: `−(y·log(p) + (1 − y)·log(1 − p))`, whose logarithms are at least
/// −100, so that a certain mistake costs 100.
public struct BCELoss<Element: FloatingElement>: Sendable {
  /// How the losses of single elements are put together.
  public let reduction: LossReduction

  /// The loss under a way to put single losses together.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The loss of probabilities `p` against targets `y`, both in 0...1. Precondition: both have the
  /// same shape.
  public func callAsFunction(
    _ probability: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    if let failure = differingShapes("BCELoss", probability, target) { return failure }
    let losses = crossEntropyOfProbabilities(probability, probability.detached(), target)
    switch reduction {
    case .mean: return losses.mean()
    case .sum, .batchMean: return losses.sum().divided(by: target.shape, reduction)
    case .none: return losses
    }
  }
}

/// `fixed` is `p` without gradients. Next to 0 and 1 the slope is PyTorch's: (p − y) / 10⁻¹².
private let crossEntropyOfProbabilities = Pointwise("BCELoss") { p, fixed, y in
  let isEdge = p * (1 - p) .< 1e-12
  let inner = Expression.select(isEdge, 0.5, p)
  let logarithm = Expression.select(isEdge, .maximum(fixed.log(), -100), inner.log())
  let ofRest = Expression.select(isEdge, .maximum((-fixed).log1p(), -100), (-inner).log1p())
  let slope = Expression.select(isEdge, (p - fixed) * (p - y) * 1e12, 0)
  return slope - (y * logarithm + (1 - y) * ofRest)
}

/// The cross-entropy of scores through a sigmoid: `(1 − y)·x − log(sigmoid(x))`, without overflow.
public struct BCEWithLogitsLoss<Element: FloatingElement>: Sendable {
  /// How the losses of single elements are put together.
  public let reduction: LossReduction

  /// The loss under a way to put single losses together.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The loss of scores `x` against targets `y` in 0...1. Precondition: both have the same shape.
  public func callAsFunction(
    _ score: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    loss("BCEWithLogitsLoss", crossEntropyOfScores, score, target, reduction)
  }
}

private let crossEntropyOfScores = Pointwise("BCEWithLogitsLoss") { x, y in
  let isNegative = x .< 0
  let (negative, positive) = (
    Expression.select(isNegative, x, 0), Expression.select(isNegative, 0, x)
  )
  let logSigmoid = Expression.select(
    isNegative, x - negative.exp().log1p(), -((-positive).exp().log1p()))
  return (1 - y) * x - logSigmoid
}

/// The divergence of log-probabilities from probabilities: `y · (log(y) − x)`, 0 where y is 0.
///
/// Source: S. Kullback and R. A. Leibler, "On information and sufficiency", 1951.
public struct KLDivLoss<Element: FloatingElement>: Sendable {
  /// How the losses of single elements are put together.
  public let reduction: LossReduction

  /// The loss under a way to put single losses together.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The loss of log-probabilities `x` against probabilities `y`. Precondition: both have the same shape.
  public func callAsFunction(
    _ logProbability: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    loss("KLDivLoss", divergence, logProbability, target, reduction)
  }
}

private let divergence = Pointwise("KLDivLoss") { x, y in
  .select(y .== 0, 0, y * (Expression.select(y .== 0, 1, y).log() - x))
}
