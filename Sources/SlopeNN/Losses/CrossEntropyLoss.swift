public import SlopeCore

/// The cross-entropy of unnormalised scores against class labels.
///
/// For a row of scores x with label c among K classes and smoothing ε it is
/// `−(1 − ε)·logSoftmax(x)[c] − ε/K·Σₖ logSoftmax(x)[k]`.
public struct CrossEntropyLoss<Element: FloatingElement>: Loss {
  /// Rows with this label do not count.
  public let ignoreIndex: Int

  /// The share ε of the target that is spread evenly over the classes.
  public let labelSmoothing: Double

  /// How the losses of single rows are reduced; the mean is over the rows that count.
  public let reduction: LossReduction

  private let numbers = ClassNumbers()

  /// The loss under a reduction of the losses of single rows.
  ///
  /// Precondition: `labelSmoothing` lies in 0...1.
  public init(
    ignoreIndex: Int = -100, labelSmoothing: Double = 0, reduction: LossReduction = .mean
  ) {
    if !(0...1).contains(labelSmoothing) {
      reportFailure(
        operation: "CrossEntropyLoss", "labelSmoothing \(labelSmoothing) is not in 0...1")
    }
    self.ignoreIndex = ignoreIndex
    self.labelSmoothing = labelSmoothing
    self.reduction = reduction
  }

  /// The loss of `scores` `[batch, classes]` (or `[classes]`, or `[batch, classes, …]`) against
  /// `labels` `[batch]` (or `[]`, or `[batch, …]`).
  ///
  /// NaN as a mean of no rows. Precondition: each label is one of the classes or `ignoreIndex`.
  public func callAsFunction(_ scores: Tensor<Element>, _ labels: Tensor<Int>) -> Tensor<Element> {
    if scores.isFailed || labels.isFailed { return .failed }
    do {
      let classes = try ClassLabels(table: scores, labels: labels)
      return classes.loss(
        "CrossEntropyLoss", takesScores: true, ignoreIndex: ignoreIndex,
        labelSmoothing: labelSmoothing, reduction, numbers)
    } catch {
      return scores.fail("CrossEntropyLoss", error.message)
    }
  }
}
