public import SlopeCore

/// The binary cross-entropy of probabilities, `−w·(y·log(p) + (1 − y)·log(1 − p))`.
///
/// Logarithms are at least −100, so that a wrong prediction with probability 0 or 1 costs 100.
/// Probabilities and targets are of one shape, `[…]`; the weight w is 1 if there is none. PyTorch's
/// counterpart is `nn.BCELoss`. `BCEWithLogitsLoss` is more accurate where the logits are known.
public struct BCELoss<Element: FloatingElement>: Loss {
  /// What the losses of single elements are multiplied by, without a gradient; nil if it is 1.
  public let weight: Tensor<Element>?

  /// How the losses of single elements are reduced; the mean divides by their number.
  public let reduction: LossReduction

  /// A loss with the given weights and reduction.
  ///
  /// - Parameters:
  ///   - weight: what the losses of single elements are multiplied by; it broadcasts to the
  ///     operands' shape.
  ///   - reduction: how the losses of single elements are reduced.
  public init(weight: Tensor<Element>? = nil, reduction: LossReduction = .mean) {
    self.weight = weight?.detached()
    self.reduction = reduction
  }

  /// The loss of probabilities `p` against targets `y`, both in 0...1.
  ///
  /// The result is `[]`, or the operands' shape if the reduction is `none`. Precondition: both have
  /// the same shape, to which the weight broadcasts, and all are on one device.
  public func callAsFunction(
    _ probability: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    if let failed = shapeFailure("BCELoss", probability, target) { return failed }
    let operands = [probability, probability.detached(), target]
    guard let weight else {
      return crossEntropyOfProbabilities(operands[0], operands[1], operands[2])
        .reduced(by: reduction)
    }
    return broadcastFailure("BCELoss", "weight", weight, probability)
      ?? pairedLoss(weightedCrossEntropyOfProbabilities, of: operands + [weight], reduction.kind)
      .divided(for: reduction, batch: probability.shape)
  }
}

/// The loss of `p` against `y`; `constant` is `p` without gradients.
private let crossEntropyOfProbabilities = Pointwise("BCELoss", crossEntropy)

private let weightedCrossEntropyOfProbabilities = Pointwise("BCELoss", operands: 4) {
  crossEntropy($0[0], $0[1], $0[2]) * $0[3]
}

/// Next to 0 and 1 the derivative is PyTorch's: (p − y) / 10⁻¹².
private func crossEntropy(_ p: Expression, _ constant: Expression, _ y: Expression) -> Expression {
  let isEdge = p * (1 - p) .< 1e-12
  let inner = Expression.select(isEdge, 0.5, p)
  let logarithm = Expression.select(isEdge, .maximum(constant.log(), -100), inner.log())
  let ofRest = Expression.select(isEdge, .maximum((-constant).log1p(), -100), (-inner).log1p())
  let slope = Expression.select(isEdge, (p - constant) * (p - y) * 1e12, 0)
  return slope - (y * logarithm + (1 - y) * ofRest)
}

/// The binary cross-entropy of logits, without overflow.
///
/// It is `−w·(posWeight·y·log(p) + (1 − y)·log(1 − p))` with `p = sigmoid(x)`, computed as a sum of
/// terms that are not negative, so that small losses keep their digits: of −20 against 0 the loss is
/// 2.06e-9, of ∞ against 1 it is 0. Logits and targets are of
/// one shape, `[…]`; a target is 1 for the positive class and 0 for the negative, or a probability.
/// Weights are 1 if there are none.
///
/// ```swift
/// let (logits, labels) = (Tensor<Float>([[1, 0], [-1, 2]]), Tensor<Float>([[1, 0], [0, 1]]))
/// print(BCEWithLogitsLoss<Float>()(logits, labels))
/// // tensor(0.3616)
/// let rare = BCEWithLogitsLoss<Float>(posWeight: Tensor([1, 5]))  // the second label's positives
/// print(rare(logits, labels))
/// // tensor(0.4886)
/// ```
///
/// PyTorch's counterpart is `nn.BCEWithLogitsLoss`.
public struct BCEWithLogitsLoss<Element: FloatingElement>: ElementLoss {
  /// What the losses of single elements are multiplied by, without a gradient; nil if it is 1.
  public let weight: Tensor<Element>?

  /// What the losses of positives are multiplied by, without a gradient; nil if it is 1.
  public let posWeight: Tensor<Element>?

  /// How the losses of single elements are reduced; the mean divides by their number.
  public let reduction: LossReduction

  /// A loss with the given weights and reduction.
  ///
  /// - Parameters:
  ///   - weight: what the losses of single elements are multiplied by; it broadcasts to the
  ///     operands' shape.
  ///   - posWeight: what the losses of positives are multiplied by, likewise; above 1 it trades
  ///     precision for recall.
  ///   - reduction: how the losses of single elements are reduced.
  public init(
    weight: Tensor<Element>? = nil, posWeight: Tensor<Element>? = nil,
    reduction: LossReduction = .mean
  ) {
    self.weight = weight?.detached()
    self.posWeight = posWeight?.detached()
    self.reduction = reduction
  }

  /// The loss of logits against targets in 0...1.
  ///
  /// The result is `[]`, or the operands' shape if the reduction is `none`. Precondition: both have
  /// the same shape, to which the weights broadcast, and all are on one device.
  public func callAsFunction(
    _ logits: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    if let failed = shapeFailure(name, logits, target) { return failed }
    guard weight != nil || posWeight != nil else {
      return pairedLoss(formula, logits, target, reduction.kind)
        .divided(for: reduction, batch: logits.shape)
    }
    for (role, weight) in [("weight", weight), ("posWeight", posWeight)] {
      if let weight, let failed = broadcastFailure(name, role, weight, logits) { return failed }
    }
    let one = Tensor<Element>.ones([], on: logits.device)
    return pairedLoss(
      weightedCrossEntropyOfLogits, of: [logits, target, posWeight ?? one, weight ?? one],
      reduction.kind
    )
    .divided(for: reduction, batch: logits.shape)
  }

  /// The formula of a logit `x` and a target `y` in 0...1, without weights.
  public var formula: Pointwise { crossEntropyOfLogits }
}

private let crossEntropyOfLogits = Pointwise("BCEWithLogitsLoss") { x, y in
  let far = Expression.select(x .< 0, -x, x)
  return (-far).exp().log1p() + Expression.select(x .< 0, y, 1 - y).timesNoNaN(far)
}

/// With s = log(1 + exp(−|x|)), the loss of a positive is s, and |x| more below 0; that of a negative
/// is s, and |x| more above 0.
private let weightedCrossEntropyOfLogits = Pointwise("BCEWithLogitsLoss", operands: 4) {
  let (x, y, posWeight, weight) = ($0[0], $0[1], $0[2], $0[3])
  let far = Expression.select(x .< 0, -x, x)
  let (positive, negative) = (posWeight * y, 1 - y)
  let common = (positive + negative) * (-far).exp().log1p()
  return weight
    * (common + Expression.select(x .< 0, positive, negative).timesNoNaN(far))
}

/// The failure of a weight that does not broadcast to the prediction's shape; nil if it does, or if
/// an operand has failed.
private func broadcastFailure<Element: FloatingElement>(
  _ operation: String, _ role: String, _ weight: Tensor<Element>, _ prediction: Tensor<Element>
) -> Tensor<Element>? {
  guard !weight.isFailed, !prediction.isFailed,
    broadcastShape(weight.shape, prediction.shape) != prediction.shape
  else { return nil }
  return prediction.fail(
    operation, "\(role) \(weight.shape) does not broadcast to the prediction's \(prediction.shape)")
}
