public import SlopeCore

/// The squared error, `(prediction − target)²`.
public struct MSELoss<Element: FloatingElement>: ElementLoss {
  /// How the errors of single elements are reduced.
  public let reduction: LossReduction

  /// The loss under a reduction of single errors.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// `MSELoss`.
  public var name: String { "MSELoss" }
  /// `(x − y)²`
  public var formula: Pointwise { .squaredDifference }
}

/// The absolute error, `|prediction − target|`.
public struct L1Loss<Element: FloatingElement>: ElementLoss {
  /// How the errors of single elements are reduced.
  public let reduction: LossReduction

  /// The loss under a reduction of single errors.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// `|x − y|`
  public var formula: Pointwise { absoluteError }
}

private let absoluteError = Pointwise("L1Loss") { x, y in (x - y).abs() }

/// The squared error near the target, the absolute one beyond `delta`:
/// `d²/2` where `d = |prediction − target|` is at most `delta`, else `delta · (d − delta/2)`.
///
/// Source: P. J. Huber, "Robust estimation of a location parameter", 1964.
public struct HuberLoss<Element: FloatingElement>: ElementLoss {
  /// The distance beyond which the loss grows in proportion.
  public let delta: Double
  /// How the errors of single elements are reduced.
  public let reduction: LossReduction
  /// The formula above, traced with its constant.
  public let formula: Pointwise

  /// The loss under a reduction of single errors. Precondition: `delta` is positive.
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
}

/// The absolute error with a rounded corner: `d²/(2·beta)` where `d = |prediction − target|` is less than
/// `beta`, else `d − beta/2`; with `beta` 0 it is `L1Loss`.
///
/// Source: R. Girshick, "Fast R-CNN", 2015, arXiv:1504.08083.
public struct SmoothL1Loss<Element: FloatingElement>: ElementLoss {
  /// The distance within which the error is squared.
  public let beta: Double
  /// How the errors of single elements are reduced.
  public let reduction: LossReduction
  /// The formula above, traced with its constant.
  public let formula: Pointwise

  /// The loss under a reduction of single errors. Precondition: `beta` is not negative.
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

  /// `SmoothL1Loss`, also where it is `L1Loss`.
  public var name: String { "SmoothL1Loss" }
}

/// The cross-entropy of probabilities: `−(y·log(p) + (1 − y)·log(1 − p))`, whose logarithms are at least
/// −100, so that a certain mistake costs 100.
public struct BCELoss<Element: FloatingElement>: Loss {
  /// How the losses of single elements are reduced.
  public let reduction: LossReduction

  /// The loss under a reduction of single losses.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The loss of probabilities `p` against targets `y`, both in 0...1. Precondition: both have the
  /// same shape.
  public func callAsFunction(
    _ probability: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    shapeFailure("BCELoss", probability, target)
      ?? crossEntropyOfProbabilities(probability, probability.detached(), target)
      .reduced(by: reduction)
  }
}

/// `constant` is the probability `p` without gradients. Next to 0 and 1 the slope is PyTorch's: (p − y) / 10⁻¹².
private let crossEntropyOfProbabilities = Pointwise("BCELoss") { p, constant, y in
  let isEdge = p * (1 - p) .< 1e-12
  let inner = Expression.select(isEdge, 0.5, p)
  let logarithm = Expression.select(isEdge, .maximum(constant.log(), -100), inner.log())
  let ofRest = Expression.select(isEdge, .maximum((-constant).log1p(), -100), (-inner).log1p())
  let slope = Expression.select(isEdge, (p - constant) * (p - y) * 1e12, 0)
  return slope - (y * logarithm + (1 - y) * ofRest)
}

/// The cross-entropy of logits, which a sigmoid makes probabilities: `(1 − y)·x − log(sigmoid(x))`, without overflow.
public struct BCEWithLogitsLoss<Element: FloatingElement>: ElementLoss {
  /// How the losses of single elements are reduced.
  public let reduction: LossReduction

  /// The loss under a reduction of single losses.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// Of a logit `x` and a target `y` in 0...1.
  public var formula: Pointwise { crossEntropyOfLogits }
}

private let crossEntropyOfLogits = Pointwise("BCEWithLogitsLoss") { x, y in
  (1 - y) * x - x.logSigmoid()
}

/// The divergence of log-probabilities from probabilities: `y · (log(y) − x)`, 0 where y is 0.
///
/// Source: S. Kullback and R. A. Leibler, "On information and sufficiency", 1951.
public struct KLDivLoss<Element: FloatingElement>: ElementLoss {
  /// How the losses of single elements are reduced.
  public let reduction: LossReduction

  /// The loss under a reduction of single losses.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// Of a log-probability `x` and a probability `y`.
  public var formula: Pointwise { divergence }
}

private let divergence = Pointwise("KLDivLoss") { x, y in
  .select(y .== 0, 0, y * (Expression.select(y .== 0, 1, y).log() - x))
}
