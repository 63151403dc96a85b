public import SlopeCore

/// The negative log-likelihood of class indices: `−logProbabilities[class index]`, row by row.
///
/// `CrossEntropyLoss` is this after `logSoftmax`.
public struct NLLLoss<Element: FloatingElement>: Loss {
  /// Rows of this class do not count.
  public let ignoreIndex: Int

  /// How the losses of single rows are reduced; the mean is over the rows that count.
  public let reduction: LossReduction

  private let classRange = ClassIndexRange()

  /// The loss under a reduction of the losses of single rows.
  public init(ignoreIndex: Int = -100, reduction: LossReduction = .mean) {
    self.ignoreIndex = ignoreIndex
    self.reduction = reduction
  }

  /// The loss of `logProbabilities` `[batch, classes]` (or `[classes]`, or `[batch, classes, …]`)
  /// against `indices` `[batch]` (or `[]`, or `[batch, …]`).
  ///
  /// NaN as a mean of no rows. Precondition: each index is one of the classes or `ignoreIndex`.
  public func callAsFunction(
    _ logProbabilities: Tensor<Element>, _ indices: Tensor<Int>
  ) -> Tensor<Element> {
    if logProbabilities.isFailed || indices.isFailed { return .failed }
    do {
      let classes = try ClassTargets(table: logProbabilities, indices: indices)
      return classes.loss(
        "NLLLoss", takesLogits: false, ignoreIndex: ignoreIndex, labelSmoothing: 0, reduction,
        classRange)
    } catch {
      return logProbabilities.fail("NLLLoss", error.message)
    }
  }
}
