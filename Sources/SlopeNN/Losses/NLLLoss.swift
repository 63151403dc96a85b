public import SlopeCore

/// The negative log-likelihood of class indices: `−weight[label] · logProbabilities[label]`, row by
/// row.
///
/// Log-probabilities are `[batch, classes]`, class indices `[batch]`; a class without a weight has
/// the weight 1. `CrossEntropyLoss` is this loss after `logSoftmax`. PyTorch's counterpart is
/// `nn.NLLLoss`.
public struct NLLLoss<Element: FloatingElement>: Loss {
  /// The weights of the classes, `[classes]`, without a gradient; nil if each is 1.
  public let weight: Tensor<Element>?

  /// Rows with this label have the loss 0, and do not count in the mean.
  public let ignoreIndex: Int

  /// How the losses of single rows are reduced; the mean divides by the sum of the weights of the
  /// rows that count.
  public let reduction: LossReduction

  private let classRange = ClassIndexRange()

  /// A negative log-likelihood loss.
  ///
  /// - Parameters:
  ///   - weight: the weights of the classes, `[classes]`; nil if each is 1.
  ///   - ignoreIndex: the label of rows that do not count.
  ///   - reduction: how the losses of single rows are reduced.
  public init(
    weight: Tensor<Element>? = nil, ignoreIndex: Int = -100, reduction: LossReduction = .mean
  ) {
    self.weight = weight?.detached()
    self.ignoreIndex = ignoreIndex
    self.reduction = reduction
  }

  /// The loss of `logProbabilities` against `indices`.
  ///
  /// Shapes are `[batch, classes]` and `[batch]`, or `[classes]` and `[]`, or `[batch, classes, …]`
  /// and `[batch, …]`; the result is `[]`, or the class indices' shape if the reduction is `none`. The
  /// mean of no rows is NaN, and so is that of rows whose weights sum to 0. Only `logProbabilities` receives a gradient.
  ///
  /// Precondition: both and the weights are on one device, there is a weight for each class, each label is one of the classes or `ignoreIndex`, and
  /// there are at most 2²⁴ classes, except for Double. A device reports another label at the next
  /// read, or when the scope of `checked` ends.
  public func callAsFunction(
    _ logProbabilities: Tensor<Element>, _ indices: Tensor<Int>
  ) -> Tensor<Element> {
    if logProbabilities.isFailed || indices.isFailed { return .failed }
    do {
      let classes = try ClassTargets(table: logProbabilities, indices: indices)
      return classes.loss(
        "NLLLoss", takesLogits: false, weight: weight, ignoreIndex: ignoreIndex, labelSmoothing: 0,
        reduction, classRange)
    } catch {
      return logProbabilities.fail("NLLLoss", error.message)
    }
  }
}
