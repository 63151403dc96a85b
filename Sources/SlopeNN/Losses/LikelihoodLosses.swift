public import SlopeCore

/// The negative log-likelihood of counts under a Poisson distribution.
///
/// With the logarithm x of the expected count it is `exp(x) − y · x`, else `x − y · log(x + ε)`. With
/// `full`, Stirling's approximation of `log(y!)` is added where y is above 1. Both are of one shape,
/// `[…]`. PyTorch's counterpart is `nn.PoissonNLLLoss`.
public struct PoissonNLLLoss<Element: FloatingElement>: ElementLoss {
  /// Whether predictions are logarithms.
  public let takesLogarithms: Bool
  /// Whether the term that depends on the target alone is added.
  public let full: Bool
  /// What is added to a prediction before its logarithm.
  public let epsilon: Double
  /// How the losses of single elements are reduced.
  public let reduction: LossReduction
  /// The formula above, traced with its options.
  public let formula: Pointwise

  /// A loss of counts.
  ///
  /// - Parameters:
  ///   - takesLogarithms: whether predictions are logarithms; PyTorch's `log_input`.
  ///   - full: whether the term that depends on the target alone is added.
  ///   - epsilon: what is added to a prediction before its logarithm.
  ///   - reduction: how the losses of single elements are reduced.
  public init(
    takesLogarithms: Bool = true, full: Bool = false, epsilon: Double = 1e-8,
    reduction: LossReduction = .mean
  ) {
    self.takesLogarithms = takesLogarithms
    self.full = full
    self.epsilon = epsilon
    self.reduction = reduction
    formula = Pointwise("PoissonNLLLoss") { x, y in
      let loss =
        takesLogarithms ? x.exp() - y * x : x - y * (x + Expression(epsilon)).log()
      guard full else { return loss }
      // Beside its range the logarithm has a number that has one.
      let isLarge = y .> 1
      let count = Expression.select(isLarge, y, 1)
      let stirling = count * count.log() - count + 0.5 * (Expression(2 * Double.pi) * count).log()
      return loss + Expression.select(isLarge, stirling, 0)
    }
  }
}

/// The negative log-likelihood of numbers under normal distributions with predicted variances.
///
/// It is `(log(v) + (x − y)² / v) / 2` with `v = max(variance, ε)`, plus `log(2π) / 2` with `full`. The
/// variance has the shape `[…, n]` of the predictions, one with extent 1 along an axis, or `[…]`. As in
/// PyTorch the derivative is that of the variance also where it is less than ε. PyTorch's counterpart is
/// `nn.GaussianNLLLoss`.
///
/// Source: D. A. Nix and A. S. Weigend, "Estimating the mean and variance of the target probability
/// distribution", 1994.
public struct GaussianNLLLoss<Element: FloatingElement>: Sendable {
  /// Whether the constant term is added.
  public let full: Bool
  /// What a variance is at least.
  public let epsilon: Double
  /// How the losses of single elements are reduced.
  public let reduction: LossReduction

  private let formula: Pointwise

  /// A loss of predictions with variances.
  ///
  /// - Parameters:
  ///   - full: whether the constant term is added.
  ///   - epsilon: what a variance is at least.
  ///   - reduction: how the losses of single elements are reduced.
  public init(full: Bool = false, epsilon: Double = 1e-6, reduction: LossReduction = .mean) {
    self.full = full
    self.epsilon = epsilon
    self.reduction = reduction
    formula = Pointwise("GaussianNLLLoss", operands: 4) {
      let (x, y, variance, plain) = ($0[0], $0[1], $0[2], $0[3])
      // The bound has no derivative, so what is added to a small variance is a constant.
      let v = variance + (Expression.maximum(plain, Expression(epsilon)) - plain)
      let loss = 0.5 * (v.log() + (x - y).square() / v)
      // log(2π) / 2
      return full ? loss + 0.9189385332046727 : loss
    }
  }

  /// The loss of predictions with variances against targets.
  ///
  /// The result is `[]`, or the predictions' shape if the reduction is `none`. Waits for the device:
  /// the host looks for negative variances. Precondition: predictions and targets are of one shape,
  /// the variances of one that is named above, none is negative, and all are on one device.
  public func callAsFunction(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, _ variance: Tensor<Element>
  ) -> Tensor<Element> {
    if let failed = shapeFailure("GaussianNLLLoss", prediction, target) { return failed }
    if prediction.isFailed || target.isFailed || variance.isFailed { return .failed }
    let shape = prediction.shape
    var spread = variance
    if variance.shape.elementsEqual(shape.dropLast()), shape.rank > 0 {
      spread = variance.reshaped(to: Shape(Array(variance.shape) + [1]))
    }
    let others = zip(shape, spread.shape).filter { $0 != $1 }
    guard spread.rank == shape.rank, others.count <= 1, others.allSatisfy({ $0.1 == 1 }) else {
      return prediction.fail(
        "GaussianNLLLoss", "variances \(variance.shape) for predictions \(shape)")
    }
    let isNegative = (variance.detached() .< Element(clamping: 0)).any()
    if isNegative.isFailed { return .failed }
    if isNegative.item() { return prediction.fail("GaussianNLLLoss", "a variance is negative") }
    return pairedLoss(
      formula, of: [prediction, target, spread, spread.detached()], reduction.kind
    )
    .divided(for: reduction, batch: shape)
  }
}
