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
