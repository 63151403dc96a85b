public import SlopeCore

/// The cross-entropy of logits against class indices.
///
/// For a row of logits x with label c among K classes and smoothing ε it is
/// `−(1 − ε)·logSoftmax(x)[c] − ε/K·Σₖ logSoftmax(x)[k]`. Logits are `[batch, classes]`, class indices
/// `[batch]`.
///
/// ```swift
/// let loss = CrossEntropyLoss<Float>(reduction: .none)
/// print(loss(Tensor([[2, 0, 0], [0, 0, 2]]), Tensor([0, -100])))
/// // tensor([0.2395, 0.0000])
/// ```
///
/// PyTorch's counterpart is `nn.CrossEntropyLoss` with class indices as targets; there are no class
/// weights, and targets cannot be probabilities.
public struct CrossEntropyLoss<Element: FloatingElement>: Loss {
  /// Rows with this label have the loss 0, and do not count in the mean.
  public let ignoreIndex: Int

  /// The fraction ε of the target that is spread evenly over the classes.
  public let labelSmoothing: Double

  /// How the losses of single rows are reduced; the mean is over the rows that count.
  public let reduction: LossReduction

  private let classRange = ClassIndexRange()

  /// A cross-entropy loss.
  ///
  /// Precondition: `labelSmoothing` is in 0...1.
  ///
  /// - Parameters:
  ///   - ignoreIndex: the label of rows that do not count.
  ///   - labelSmoothing: the fraction of the target that is spread evenly over the classes.
  ///   - reduction: how the losses of single rows are reduced.
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

  /// The loss of `logits` against `indices`.
  ///
  /// Shapes are `[batch, classes]` and `[batch]`, or `[classes]` and `[]`, or `[batch, classes, …]`
  /// and `[batch, …]`; the result is `[]`, or the class indices' shape if the reduction is `none`. The
  /// mean of no rows is NaN. Only `logits` receives a gradient.
  ///
  /// Precondition: both are on one device, each label is one of the classes or `ignoreIndex`, and
  /// there are at most 2²⁴ classes, except for Double. A device reports another label at the next
  /// read, or when the scope of `checked` ends.
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
