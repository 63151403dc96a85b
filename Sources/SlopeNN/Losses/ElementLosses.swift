public import SlopeCore

/// The squared error, `(prediction − target)²`.
///
/// Prediction and target are of one shape, `[…]`. PyTorch's counterpart is `nn.MSELoss`.
///
/// ```swift
/// print(MSELoss<Float>()(Tensor([1, 2, 3]), Tensor([1, 4, 6])))
/// // tensor(4.3333)
/// ```
public struct MSELoss<Element: FloatingElement>: ElementLoss {
  /// How the errors of single elements are reduced.
  public let reduction: LossReduction

  /// A loss with the given reduction.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The loss's name, `MSELoss`; the formula's is another.
  public var name: String { "MSELoss" }
  /// The formula `(x − y)²` of a prediction `x` and a target `y`.
  public var formula: Pointwise { .squaredDifference }
}

/// The absolute error, `|prediction − target|`.
///
/// Prediction and target are of one shape, `[…]`. The derivative where they are equal is 0, as in
/// PyTorch, whose counterpart is `nn.L1Loss`.
public struct L1Loss<Element: FloatingElement>: ElementLoss {
  /// How the errors of single elements are reduced.
  public let reduction: LossReduction

  /// A loss with the given reduction.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The formula `|x − y|` of a prediction `x` and a target `y`.
  public var formula: Pointwise { absoluteError }
}

private let absoluteError = Pointwise("L1Loss") { x, y in (x - y).abs() }

/// The squared error near the target, the absolute error beyond `delta`.
///
/// It is `d²/2` where `d = |prediction − target|` is at most `delta`, else `delta · (d − delta/2)`.
/// Prediction and target are of one shape, `[…]`. PyTorch's counterpart is `nn.HuberLoss`.
///
/// Source: P. J. Huber, "Robust estimation of a location parameter", 1964.
public struct HuberLoss<Element: FloatingElement>: ElementLoss {
  /// The distance beyond which the loss grows linearly.
  public let delta: Double
  /// How the errors of single elements are reduced.
  public let reduction: LossReduction
  /// The formula above, traced with its constant.
  public let formula: Pointwise

  /// A Huber loss, whose formula is traced here.
  ///
  /// Precondition: `delta` is positive.
  ///
  /// - Parameters:
  ///   - delta: the distance beyond which the loss grows linearly.
  ///   - reduction: how the errors of single elements are reduced.
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

/// The absolute error, made smooth at zero.
///
/// It is `d²/(2·beta)` where `d = |prediction − target|` is less than `beta`, else `d − beta/2`;
/// with `beta` 0 it is `L1Loss`. Prediction and target are of one shape, `[…]`. PyTorch's
/// counterpart is `nn.SmoothL1Loss`.
///
/// Source: R. Girshick, "Fast R-CNN", 2015, arXiv:1504.08083.
public struct SmoothL1Loss<Element: FloatingElement>: ElementLoss {
  /// The distance within which the error is squared.
  public let beta: Double
  /// How the errors of single elements are reduced.
  public let reduction: LossReduction
  /// The formula above, traced with its constant.
  public let formula: Pointwise

  /// A smooth absolute error, whose formula is traced here.
  ///
  /// Precondition: `beta` is not negative.
  ///
  /// - Parameters:
  ///   - beta: the distance within which the error is squared.
  ///   - reduction: how the errors of single elements are reduced.
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

  /// The loss's name, `SmoothL1Loss`, also where the formula is that of `L1Loss`.
  public var name: String { "SmoothL1Loss" }
}

/// The binary cross-entropy of probabilities, `−(y·log(p) + (1 − y)·log(1 − p))`.
///
/// Logarithms are at least −100, so that a wrong prediction with probability 0 or 1 costs 100.
/// Probabilities and targets are of one shape, `[…]`. PyTorch's counterpart is `nn.BCELoss`; there
/// are no weights. `BCEWithLogitsLoss` is more accurate where the logits are known.
public struct BCELoss<Element: FloatingElement>: Loss {
  /// How the losses of single elements are reduced.
  public let reduction: LossReduction

  /// A loss with the given reduction.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The loss of probabilities `p` against targets `y`, both in 0...1.
  ///
  /// The result is `[]`, or the operands' shape if the reduction is `none`. Precondition: both have
  /// the same shape.
  public func callAsFunction(
    _ probability: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    shapeFailure("BCELoss", probability, target)
      ?? crossEntropyOfProbabilities(probability, probability.detached(), target)
      .reduced(by: reduction)
  }
}

/// The loss of `p` against `y`; `constant` is `p` without gradients.
///
/// Next to 0 and 1 the derivative is PyTorch's: (p − y) / 10⁻¹².
private let crossEntropyOfProbabilities = Pointwise("BCELoss") { p, constant, y in
  let isEdge = p * (1 - p) .< 1e-12
  let inner = Expression.select(isEdge, 0.5, p)
  let logarithm = Expression.select(isEdge, .maximum(constant.log(), -100), inner.log())
  let ofRest = Expression.select(isEdge, .maximum((-constant).log1p(), -100), (-inner).log1p())
  let slope = Expression.select(isEdge, (p - constant) * (p - y) * 1e12, 0)
  return slope - (y * logarithm + (1 - y) * ofRest)
}

/// The binary cross-entropy of logits, `(1 − y)·x − log(sigmoid(x))`, without overflow.
///
/// Logits and targets are of one shape, `[…]`; a target is 1 for the positive class and 0 for the
/// negative, or a probability. PyTorch's counterpart is `nn.BCEWithLogitsLoss`; there are no
/// weights.
public struct BCEWithLogitsLoss<Element: FloatingElement>: ElementLoss {
  /// How the losses of single elements are reduced.
  public let reduction: LossReduction

  /// A loss with the given reduction.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The formula of a logit `x` and a target `y` in 0...1.
  public var formula: Pointwise { crossEntropyOfLogits }
}

private let crossEntropyOfLogits = Pointwise("BCEWithLogitsLoss") { x, y in
  (1 - y) * x - x.logSigmoid()
}

/// The Kullback–Leibler divergence, `y · (log(y) − x)`, 0 where y is 0.
///
/// Predictions `x` are log-probabilities and targets `y` probabilities, of one shape, `[…]`. The
/// divergence of distributions is their sum over the classes; `batchMean` is its mean over the
/// batch. PyTorch's counterpart is `nn.KLDivLoss`; targets are never logarithms.
///
/// Source: S. Kullback and R. A. Leibler, "On information and sufficiency", 1951.
public struct KLDivLoss<Element: FloatingElement>: ElementLoss {
  /// How the losses of single elements are reduced.
  public let reduction: LossReduction

  /// A loss with the given reduction.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The formula of a log-probability `x` and a probability `y`.
  public var formula: Pointwise { divergence }
}

private let divergence = Pointwise("KLDivLoss") { x, y in
  .select(y .== 0, 0, y * (Expression.select(y .== 0, 1, y).log() - x))
}
