public import SlopeCore

/// The negative log-likelihood of class indices: `−logProbabilities[label]`, row by row.
///
/// Log-probabilities are `[batch, classes]`, class indices `[batch]`. `CrossEntropyLoss` is this loss
/// after `logSoftmax`. PyTorch's counterpart is `nn.NLLLoss`; there are no class weights.
public struct NLLLoss<Element: FloatingElement>: Loss {
  /// Rows with this label have the loss 0, and do not count in the mean.
  public let ignoreIndex: Int

  /// How the losses of single rows are reduced; the mean is over the rows that count.
  public let reduction: LossReduction

  private let classRange = ClassIndexRange()

  /// A negative log-likelihood loss.
  ///
  /// - Parameters:
  ///   - ignoreIndex: the label of rows that do not count.
  ///   - reduction: how the losses of single rows are reduced.
  public init(ignoreIndex: Int = -100, reduction: LossReduction = .mean) {
    self.ignoreIndex = ignoreIndex
    self.reduction = reduction
  }

  /// The loss of `logProbabilities` against `indices`.
  ///
  /// Shapes are `[batch, classes]` and `[batch]`, or `[classes]` and `[]`, or `[batch, classes, …]`
  /// and `[batch, …]`; the result is `[]`, or the class indices' shape if the reduction is `none`. The
  /// mean of no rows is NaN. Only `logProbabilities` receives a gradient.
  ///
  /// Precondition: both are on one device, each label is one of the classes or `ignoreIndex`, and
  /// there are at most 2²⁴ classes, except for Double. A device reports another label at the next
  /// read, or when the scope of `checked` ends.
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
