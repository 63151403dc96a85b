public import SlopeCore

/// The cross-entropy of logits, which are unnormalised scores, against class indices.
///
/// For a row of logits x with class c among K classes and smoothing ε it is
/// `−(1 − ε)·logSoftmax(x)[c] − ε/K·Σₖ logSoftmax(x)[k]`.
public struct CrossEntropyLoss<Element: FloatingElement>: Loss {
  /// Rows of this class do not count.
  public let ignoreIndex: Int

  /// The fraction ε of the target that is spread evenly over the classes.
  public let labelSmoothing: Double

  /// How the losses of single rows are reduced; the mean is over the rows that count.
  public let reduction: LossReduction

  private let classRange = ClassIndexRange()

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

  /// The loss of `logits` `[batch, classes]` (or `[classes]`, or `[batch, classes, …]`) against
  /// `indices` `[batch]` (or `[]`, or `[batch, …]`).
  ///
  /// NaN as a mean of no rows. Precondition: each index is one of the classes or `ignoreIndex`.
  public func callAsFunction(_ logits: Tensor<Element>, _ indices: Tensor<Int>) -> Tensor<Element> {
    if logits.isFailed || indices.isFailed { return .failed }
    do {
      let classes = try ClassTargets(table: logits, indices: indices)
      return classes.loss(
        "CrossEntropyLoss", takesLogits: true, ignoreIndex: ignoreIndex,
        labelSmoothing: labelSmoothing, reduction, classRange)
    } catch {
      return logits.fail("CrossEntropyLoss", error.message)
    }
  }
}
