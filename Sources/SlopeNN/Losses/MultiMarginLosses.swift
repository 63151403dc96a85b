public import SlopeCore

/// Whether the right class has the largest score, by a margin:
/// `Σ max(0, margin − x[label] + x[c])ᵖ / classes` over the other classes c, times the label's weight.
///
/// Scores are `[batch, classes]` and class indices `[batch]`, or `[classes]` and `[]`. PyTorch's
/// counterpart is `nn.MultiMarginLoss`.
public struct MultiMarginLoss<Element: FloatingElement>: Loss {
  /// The exponent, 1 or 2.
  public let p: Int
  /// By how much the scores should differ.
  public let margin: Double
  /// The weights of the classes, `[classes]`, without a gradient; nil if each is 1.
  public let weight: Tensor<Element>?
  /// How the losses of single rows are reduced; the mean divides by their number.
  public let reduction: LossReduction

  private let formula: Pointwise

  /// A loss with the given exponent, margin, weights and reduction.
  ///
  /// Precondition: `p` is 1 or 2.
  ///
  /// - Parameters:
  ///   - p: the exponent.
  ///   - margin: by how much the scores should differ.
  ///   - weight: the weights of the classes, `[classes]`; nil if each is 1.
  ///   - reduction: how the losses of single rows are reduced.
  public init(
    p: Int = 1, margin: Double = 1, weight: Tensor<Element>? = nil,
    reduction: LossReduction = .mean
  ) {
    if p != 1, p != 2 { reportFailure(operation: "MultiMarginLoss", "p is \(p), not 1 or 2") }
    self.p = p
    self.margin = margin
    self.weight = weight?.detached()
    self.reduction = reduction
    formula = Pointwise("MultiMarginLoss") { score, right, isRight in
      let excess = (Expression(margin) - right + score).relu()
      return Expression.select(isRight .== 1, 0, p == 2 ? excess.square() : excess)
    }
  }

  /// The loss of scores against class indices.
  ///
  /// The result is `[]`, or the class indices' shape if the reduction is `none`. Precondition: the
  /// shapes are as above, with a class at least, each index is one of the classes, there is a weight
  /// for each, and all are on one device.
  public func callAsFunction(
    _ scores: Tensor<Element>, _ labels: Tensor<Int>
  ) -> Tensor<Element> {
    if scores.isFailed || labels.isFailed { return .failed }
    guard (1...2).contains(scores.rank), let classCount = scores.shape.last, classCount > 0,
      labels.shape.elementsEqual(scores.shape.dropLast())
    else {
      return scores.fail("MultiMarginLoss", "labels \(labels.shape) for scores \(scores.shape)")
    }
    if let weight, weight.shape != [classCount] {
      return scores.fail("MultiMarginLoss", "weights \(weight.shape) of \(classCount) classes")
    }
    let rows = labels.count
    let table = scores.reshaped(to: [rows, classCount])
    let right = table.takingAlong(labels.reshaped(to: [rows, 1]), axis: 1)
    let isRight = labels.reshaped(to: [rows]).oneHot(classCount: classCount)
      .cast(to: Element.self)
    var losses = formula(table, right, isRight).sum(axis: 1) / Element(clamping: Double(classCount))
    if let weight { losses = losses * weight.taking(labels.reshaped(to: [rows])) }
    return losses.reshaped(to: labels.shape).reduced(by: reduction)
  }
}

/// Whether all right classes have larger scores than the others, by 1:
/// `Σ max(0, 1 − (x[label] − x[c])) / classes` over the labels and the classes c that are none.
///
/// Scores and labels are `[batch, classes]`, or `[classes]`. The labels of a row are class indices up
/// to the first −1. PyTorch's counterpart is `nn.MultiLabelMarginLoss`.
public struct MultiLabelMarginLoss<Element: FloatingElement>: Loss {
  /// How the losses of single rows are reduced; the mean divides by their number.
  public let reduction: LossReduction

  /// A loss with the given reduction.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The loss of scores against lists of class indices.
  ///
  /// The result is `[]`, or the scores' shape without the last axis if the reduction is `none`. Takes
  /// memory for the square of the number of classes in each row. Precondition: both are of one shape
  /// with one or two axes, with a class at least, each index is one of the classes or −1, and all are
  /// on one device.
  public func callAsFunction(
    _ scores: Tensor<Element>, _ labels: Tensor<Int>
  ) -> Tensor<Element> {
    if scores.isFailed || labels.isFailed { return .failed }
    guard (1...2).contains(scores.rank), let classCount = scores.shape.last, classCount > 0,
      labels.shape == scores.shape
    else {
      return scores.fail(
        "MultiLabelMarginLoss", "labels \(labels.shape) for scores \(scores.shape)")
    }
    let rows = scores.count / classCount
    let table = scores.reshaped(to: [rows, classCount])
    let list = labels.reshaped(to: [rows, classCount])
    let isLabel = (list .!= -1).cast(to: Int.self).cumulativeProduct(axis: 1)
    // What follows the end of a list may be any index.
    let places = list * isLabel
    let isRight = Tensor<Int>.zeros([rows, classCount], on: scores.device)
      .scatterAdded(isLabel, at: places, axis: 1)
    let right = table.takingAlong(places, axis: 1)
    let losses = hingesOfPairs(
      right.unsqueezed(at: 2), table.unsqueezed(at: 1),
      isLabel.unsqueezed(at: 2).cast(to: Element.self),
      isRight.unsqueezed(at: 1).cast(to: Element.self))
    return (losses.sum(axes: [1, 2]) / Element(clamping: Double(classCount)))
      .reshaped(to: Shape(scores.shape.dropLast())).reduced(by: reduction)
  }

  private func hingesOfPairs(_ operands: Tensor<Element>...) -> Tensor<Element> {
    if operands.contains(where: \.isFailed) { return .failed }
    return pairedLoss(hingeOfPair, of: operands, nil)
  }
}

private let hingeOfPair = Pointwise("MultiLabelMarginLoss", operands: 4) {
  let (right, score, isLabel, isRight) = ($0[0], $0[1], $0[2], $0[3])
  return Expression.select(
    isLabel .== 0, 0, Expression.select(isRight .== 0, (1 - (right - score)).relu(), 0))
}

/// The logistic loss of each class, averaged over the classes:
/// `−(y · log(σ(x)) + (1 − y) · log(1 − σ(x))) · weight`.
///
/// Scores and targets, 0 or 1, are `[…, classes]`. PyTorch's counterpart is
/// `nn.MultiLabelSoftMarginLoss`.
public struct MultiLabelSoftMarginLoss<Element: FloatingElement>: Loss {
  /// The weights of the classes, without a gradient; nil if each is 1.
  public let weight: Tensor<Element>?
  /// How the losses of single rows are reduced.
  public let reduction: LossReduction

  /// A loss with the given weights and reduction.
  ///
  /// - Parameters:
  ///   - weight: the weights of the classes, `[classes]` or what broadcasts; nil if each is 1.
  ///   - reduction: how the losses of single rows are reduced.
  public init(weight: Tensor<Element>? = nil, reduction: LossReduction = .mean) {
    self.weight = weight?.detached()
    self.reduction = reduction
  }

  /// The loss of scores against targets.
  ///
  /// The result is `[]`, or the scores' shape without the last axis if the reduction is `none`.
  /// Precondition: both are of one shape with an axis at least, to which the weights broadcast, and all
  /// are on one device.
  public func callAsFunction(
    _ scores: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    if let failed = shapeFailure("MultiLabelSoftMarginLoss", scores, target) { return failed }
    var losses = logisticOfClass(scores, target)
    if let weight { losses = losses * weight }
    if losses.isFailed { return losses }
    guard losses.shape == scores.shape, scores.rank > 0 else {
      return scores.fail("MultiLabelSoftMarginLoss", "no classes in scores \(scores.shape)")
    }
    return losses.mean(axis: -1).reduced(by: reduction)
  }
}

private let logisticOfClass = Pointwise("MultiLabelSoftMarginLoss") { x, y in
  -(y * x.logSigmoid() + (1 - y) * (-x).logSigmoid())
}
