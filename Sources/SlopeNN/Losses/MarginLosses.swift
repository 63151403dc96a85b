public import SlopeCore

/// Whether the first of two scores is the larger, by a margin: `max(0, −y · (x₁ − x₂) + margin)`.
///
/// The target y is 1 where the first should be larger, −1 where the second should. All are of one
/// shape, `[…]`. PyTorch's counterpart is `nn.MarginRankingLoss`, which broadcasts.
///
/// ```swift
/// let loss = MarginRankingLoss<Float>(margin: 0.5)
/// print(loss(Tensor([2, 1]), Tensor([1, 1]), Tensor([1, -1])))
/// // tensor(0.2500)
/// ```
public struct MarginRankingLoss<Element: FloatingElement>: Sendable {
  /// By how much the scores should differ.
  public let margin: Double
  /// How the losses of single pairs are reduced.
  public let reduction: LossReduction

  private let formula: Pointwise

  /// A loss with the given margin and reduction.
  ///
  /// - Parameters:
  ///   - margin: by how much the scores should differ.
  ///   - reduction: how the losses of single pairs are reduced.
  public init(margin: Double = 0, reduction: LossReduction = .mean) {
    self.margin = margin
    self.reduction = reduction
    formula = Pointwise("MarginRankingLoss") { first, second, y in
      (-y * (first - second) + Expression(margin)).relu()
    }
  }

  /// The loss of scores `first` and `second` against targets of 1 and −1.
  ///
  /// The result is `[]`, or the operands' shape if the reduction is `none`. Precondition: all have the
  /// same shape and are on one device.
  public func callAsFunction(
    _ first: Tensor<Element>, _ second: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    shapeFailure("MarginRankingLoss", first, second)
      ?? shapeFailure("MarginRankingLoss", first, target)
      ?? pairedLoss(formula, of: [first, second, target], reduction.kind)
      .divided(for: reduction, batch: first.shape)
  }
}

/// A distance that should be small for a target of 1, and at least `margin` for −1:
/// `x`, or `max(0, margin − x)`.
///
/// Distances and targets are of one shape, `[…]`. PyTorch's counterpart is `nn.HingeEmbeddingLoss`.
public struct HingeEmbeddingLoss<Element: FloatingElement>: ElementLoss {
  /// The least distance for a target of −1.
  public let margin: Double
  /// How the losses of single elements are reduced.
  public let reduction: LossReduction
  /// The formula above, traced with its constant.
  public let formula: Pointwise

  /// A loss with the given margin and reduction.
  ///
  /// - Parameters:
  ///   - margin: the least distance for a target of −1.
  ///   - reduction: how the losses of single elements are reduced.
  public init(margin: Double = 1, reduction: LossReduction = .mean) {
    self.margin = margin
    self.reduction = reduction
    formula = Pointwise("HingeEmbeddingLoss") { x, y in
      Expression.select(y .== 1, 0, (Expression(margin) - x).relu())
        + Expression.select(y .== -1, 0, x)
    }
  }
}

/// The logistic loss of scores and targets of 1 and −1: `log(1 + exp(−y · x))`.
///
/// Both are of one shape, `[…]`. It does not overflow. PyTorch's counterpart is `nn.SoftMarginLoss`,
/// which does.
public struct SoftMarginLoss<Element: FloatingElement>: ElementLoss {
  /// How the losses of single elements are reduced.
  public let reduction: LossReduction

  /// A loss with the given reduction.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The formula of a score `x` and a target `y`.
  public var formula: Pointwise { logistic }
}

private let logistic = Pointwise("SoftMarginLoss") { x, y in -(y * x).logSigmoid() }

/// Whether pairs of vectors point in the same direction: `1 − cos(x₁, x₂)` for a target of 1,
/// `max(0, cos(x₁, x₂) − margin)` for −1.
///
/// Vectors are `[batch, features]` and targets `[batch]`, or `[features]` and `[]`. PyTorch's
/// counterpart is `nn.CosineEmbeddingLoss`.
public struct CosineEmbeddingLoss<Element: FloatingElement>: Sendable {
  /// The cosine up to which vectors with a target of −1 have no loss.
  public let margin: Double
  /// How the losses of single pairs are reduced.
  public let reduction: LossReduction

  private let formula: Pointwise

  /// A loss with the given margin and reduction.
  ///
  /// - Parameters:
  ///   - margin: the cosine up to which vectors with a target of −1 have no loss.
  ///   - reduction: how the losses of single pairs are reduced.
  public init(margin: Double = 0, reduction: LossReduction = .mean) {
    self.margin = margin
    self.reduction = reduction
    formula = Pointwise("CosineEmbeddingLoss", operands: 4) {
      let cosine = $0[0] / (($0[1] + 1e-12) * ($0[2] + 1e-12)).sqrt()
      return Expression.select($0[3] .== 1, 1 - cosine, 0)
        + Expression.select($0[3] .== -1, (cosine - Expression(margin)).relu(), 0)
    }
  }

  /// The loss of vectors `first` and `second` against targets of 1 and −1.
  ///
  /// The result is `[]`, or the targets' shape if the reduction is `none`. Precondition: the vectors
  /// are of one shape with one or two axes, the targets of that shape without the last, and all are on
  /// one device.
  public func callAsFunction(
    _ first: Tensor<Element>, _ second: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    if let failed = shapeFailure("CosineEmbeddingLoss", first, second) { return failed }
    if first.isFailed || second.isFailed || target.isFailed { return .failed }
    guard (1...2).contains(first.rank), target.shape.elementsEqual(first.shape.dropLast()) else {
      return first.fail(
        "CosineEmbeddingLoss", "targets \(target.shape) for vectors \(first.shape)")
    }
    let products = [first * second, first.square(), second.square()].map { $0.sum(axis: -1) }
    if products.contains(where: \.isFailed) { return .failed }
    return pairedLoss(formula, of: products + [target], reduction.kind)
      .divided(for: reduction, batch: target.shape)
  }
}

/// Whether vectors are nearer to positives than to negatives, by a margin:
/// `max(0, margin + ‖a − p‖ − ‖a − n‖)`.
///
/// All are `[batch, features]`, or `[features]`. PyTorch's counterpart is `nn.TripletMarginLoss`.
///
/// Source: V. Balntas, E. Riba, D. Ponsa and K. Mikolajczyk, "Learning local feature descriptors with
/// triplets and shallow convolutional neural networks", 2016.
public struct TripletMarginLoss<Element: FloatingElement>: Sendable {
  /// By how much the distances should differ.
  public let margin: Double
  /// The norm of the distances.
  public let p: Double
  /// What is added to each difference.
  public let epsilon: Double
  /// Whether the distance from positive to negative counts where it is the smaller one.
  public let swap: Bool
  /// How the losses of single triplets are reduced.
  public let reduction: LossReduction

  private let formula: Pointwise

  /// A loss of distances.
  ///
  /// Precondition: `margin` is positive.
  ///
  /// - Parameters:
  ///   - margin: by how much the distances should differ.
  ///   - p: the norm of the distances.
  ///   - epsilon: what is added to each difference.
  ///   - swap: whether the distance from positive to negative counts where it is the smaller one.
  ///   - reduction: how the losses of single triplets are reduced.
  public init(
    margin: Double = 1, p: Double = 2, epsilon: Double = 1e-6, swap: Bool = false,
    reduction: LossReduction = .mean
  ) {
    if !(margin > 0) {
      reportFailure(operation: "TripletMarginLoss", "margin \(margin) is not positive")
    }
    self.margin = margin
    self.p = p
    self.epsilon = epsilon
    self.swap = swap
    self.reduction = reduction
    formula = Pointwise("TripletMarginLoss") { near, far in
      (Expression(margin) + near - far).relu()
    }
  }

  /// The loss of vectors `anchor` against vectors that should be near and far.
  ///
  /// The result is `[]`, or the vectors' shape without the last axis if the reduction is `none`.
  /// Precondition: all are of one shape and on one device.
  public func callAsFunction(
    _ anchor: Tensor<Element>, _ positive: Tensor<Element>, _ negative: Tensor<Element>
  ) -> Tensor<Element> {
    if let failed = shapeFailure("TripletMarginLoss", anchor, positive)
      ?? shapeFailure("TripletMarginLoss", anchor, negative)
    {
      return failed
    }
    func distance(_ x: Tensor<Element>, _ y: Tensor<Element>) -> Tensor<Element> {
      pairwiseDistance(x, y, p: p, epsilon: epsilon)
    }
    let near = distance(anchor, positive)
    var far = distance(anchor, negative)
    if swap { far = minimum(far, distance(positive, negative)) }
    if near.isFailed || far.isFailed { return .failed }
    return pairedLoss(formula, near, far, reduction.kind)
      .divided(for: reduction, batch: near.shape)
  }
}
