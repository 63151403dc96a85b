public import SlopeCore

/// The negative log-likelihood of class indices: `−logProbabilities[label]`, row by row.
///
/// Log-probabilities are `[batch, classes]`, labels `[batch]`. `CrossEntropyLoss` is this loss
/// after `logSoftmax`. PyTorch's counterpart is `nn.NLLLoss`; there are no class weights.
public struct NLLLoss<Element: FloatingElement>: Loss {
  /// Rows with this label have the loss 0, and do not count in the mean.
  public let ignoreIndex: Int

  /// How the losses of single rows are reduced; the mean is over the rows that count.
  public let reduction: LossReduction

  private let numbers = ClassNumbers()

  /// A negative log-likelihood loss.
  ///
  /// - Parameters:
  ///   - ignoreIndex: the label of rows that do not count.
  ///   - reduction: how the losses of single rows are reduced.
  public init(ignoreIndex: Int = -100, reduction: LossReduction = .mean) {
    self.ignoreIndex = ignoreIndex
    self.reduction = reduction
  }

  /// The loss of `logProbabilities` against `labels`.
  ///
  /// Shapes are `[batch, classes]` and `[batch]`, or `[classes]` and `[]`, or `[batch, classes, …]`
  /// and `[batch, …]`; the result is `[]`, or the labels' shape if the reduction is `none`. The
  /// mean of no rows is NaN. Only `logProbabilities` receives a gradient.
  ///
  /// Precondition: both are on one device, each label is one of the classes or `ignoreIndex`, and
  /// there are at most 2²⁴ classes, except for Double. A device reports another label at the next
  /// read, or when the scope of `checked` ends.
  public func callAsFunction(
    _ logProbabilities: Tensor<Element>, _ labels: Tensor<Int>
  ) -> Tensor<Element> {
    if logProbabilities.isFailed || labels.isFailed { return .failed }
    do {
      let classes = try ClassLabels(table: logProbabilities, labels: labels)
      return classes.loss(
        "NLLLoss", takesScores: false, ignoreIndex: ignoreIndex, labelSmoothing: 0, reduction,
        numbers)
    } catch {
      return logProbabilities.fail("NLLLoss", error.message)
    }
  }
}
