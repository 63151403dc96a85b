public import SlopeCore

/// The negative log-likelihood of class labels: `−logProbabilities[label]`, row by row.
///
/// `CrossEntropyLoss` is this after `logSoftmax`.
public struct NLLLoss<Element: FloatingElement>: Loss {
  /// Rows with this label do not count.
  public let ignoreIndex: Int

  /// How the losses of single rows are reduced; the mean is over the rows that count.
  public let reduction: LossReduction

  private let numbers = ClassNumbers()

  /// The loss under a reduction of the losses of single rows.
  public init(ignoreIndex: Int = -100, reduction: LossReduction = .mean) {
    self.ignoreIndex = ignoreIndex
    self.reduction = reduction
  }

  /// The loss of `logProbabilities` `[batch, classes]` (or `[classes]`, or `[batch, classes, …]`)
  /// against `labels` `[batch]` (or `[]`, or `[batch, …]`).
  ///
  /// NaN as a mean of no rows. Precondition: each label is one of the classes or `ignoreIndex`.
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
