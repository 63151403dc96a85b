public import SlopeCore

/// The cross-entropy of logits against class indices, or against a probability for each class.
///
/// For a row of logits x among K classes with targets t, weights w and smoothing ε it is
/// `−Σₖ w[k]·((1 − ε)·t[k] + ε/K)·logSoftmax(x)[k]`. A class index c stands for t[c] = 1 and 0
/// elsewhere; without weights each w[k] is 1. Logits are `[batch, classes]`, class indices `[batch]`,
/// probabilities of the logits' shape.
///
/// ```swift
/// let logits = Tensor<Float>([[2, 0, 0], [0, 0, 2]])
/// let loss = CrossEntropyLoss<Float>(reduction: .none)
/// print(loss(logits, Tensor([0, -100])))
/// // tensor([0.2395, 0.0000])
/// print(loss(logits, Tensor([[1, 0, 0], [0, 0.5, 0.5]])))
/// // tensor([0.2395, 1.2395])
///
/// // The rare classes count for more.
/// let weighted = CrossEntropyLoss<Float>(weight: Tensor([1, 4, 4]))
/// print(weighted(logits, Tensor([0, 1])))
/// // tensor(1.8395)
/// ```
///
/// The mean divides by the sum of the weights of the rows' classes, as the mean of a weighted sample
/// does; of probabilities, by the number of rows. PyTorch's counterpart is `nn.CrossEntropyLoss`,
/// with one difference: a class whose target or weight is 0 adds nothing, also where its logit is −∞
/// (NaN there, unless the target is an index of another class).
public struct CrossEntropyLoss<Element: FloatingElement>: Loss {
  /// Class indices.
  public typealias Target = Int

  /// The weights of the classes, `[classes]`, without a gradient; nil if each is 1.
  public let weight: Tensor<Element>?

  /// Rows with this label have the loss 0, and do not count in the mean.
  public let ignoreIndex: Int

  /// The fraction ε of the target that is spread evenly over the classes.
  public let labelSmoothing: Double

  /// How the losses of single rows are reduced.
  public let reduction: LossReduction

  private let classRange = ClassIndexRange()

  /// A cross-entropy loss.
  ///
  /// Precondition: `labelSmoothing` is in 0...1.
  ///
  /// - Parameters:
  ///   - weight: the weights of the classes, `[classes]`; nil if each is 1.
  ///   - ignoreIndex: the label of rows that do not count.
  ///   - labelSmoothing: the fraction of the target that is spread evenly over the classes.
  ///   - reduction: how the losses of single rows are reduced.
  public init(
    weight: Tensor<Element>? = nil, ignoreIndex: Int = -100, labelSmoothing: Double = 0,
    reduction: LossReduction = .mean
  ) {
    if !(0...1).contains(labelSmoothing) {
      reportFailure(
        operation: "CrossEntropyLoss", "labelSmoothing \(labelSmoothing) is not in 0...1")
    }
    self.weight = weight?.detached()
    self.ignoreIndex = ignoreIndex
    self.labelSmoothing = labelSmoothing
    self.reduction = reduction
  }

  /// The loss of `logits` against `indices`.
  ///
  /// Shapes are `[batch, classes]` and `[batch]`, or `[classes]` and `[]`, or `[batch, classes, …]`
  /// and `[batch, …]`; the result is `[]`, or the class indices' shape if the reduction is `none`. The
  /// mean of no rows is NaN, and so is that of rows whose weights sum to 0. Only `logits` receives a
  /// gradient.
  ///
  /// Precondition: both and the weights are on one device, there is a weight for each class, each
  /// label is one of the classes or `ignoreIndex`, and there are at most 2²⁴ classes, except for
  /// Double. A device reports another label at the next read, or when the scope of `checked` ends.
  public func callAsFunction(_ logits: Tensor<Element>, _ indices: Tensor<Int>) -> Tensor<Element> {
    if logits.isFailed || indices.isFailed { return .failed }
    do {
      let classes = try ClassTargets(table: logits, indices: indices)
      return classes.loss(
        "CrossEntropyLoss", takesLogits: true, weight: weight, ignoreIndex: ignoreIndex,
        labelSmoothing: labelSmoothing, reduction, classRange)
    } catch {
      return logits.fail("CrossEntropyLoss", error.message)
    }
  }

  /// The loss of `logits` against `probabilities`.
  ///
  /// Both are `[batch, classes]`, `[classes]` or `[batch, classes, …]`; the result is `[]`, or the
  /// shape without the axis of classes if the reduction is `none`. The probabilities of a row need
  /// not sum to 1. Both receive a gradient. The mean of no rows is NaN.
  ///
  /// Precondition: the shapes are equal, both and the weights are on one device, there is a weight
  /// for each class, and `ignoreIndex` is negative, since it has no meaning here.
  public func callAsFunction(
    _ logits: Tensor<Element>, _ probabilities: Tensor<Element>
  ) -> Tensor<Element> {
    if logits.isFailed || probabilities.isFailed { return .failed }
    guard logits.rank > 0, logits.shape == probabilities.shape else {
      return logits.fail(
        "CrossEntropyLoss",
        "logits \(logits.shape) and probabilities \(probabilities.shape): they must have the same "
          + "shape, with an axis of classes")
    }
    guard ignoreIndex < 0 else {
      return logits.fail(
        "CrossEntropyLoss", "ignoreIndex \(ignoreIndex) with probabilities as targets")
    }
    let loss = ProbabilityLoss(
      "CrossEntropyLoss", labelSmoothing: labelSmoothing, isReduced: reduction != .none,
      isMean: reduction == .mean)
    let result = loss(logits, probabilities, weights: weight)
    // The rows of one example are its positions; without an axis of examples there is one.
    return logits.rank > 1 ? result.divided(for: reduction, batch: logits.shape) : result
  }
}
