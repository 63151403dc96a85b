extension ProbabilityLoss {
  /// The loss of `scores` against `targets`, both `[batch, classes, …]` or `[classes]`: `[]` or
  /// `[batch, …]`.
  ///
  /// `weights` are those of the classes, `[classes]`, 1 each if nil; they receive no gradient.
  /// Precondition: the shapes are equal, and there is an axis of classes.
  package func callAsFunction<Element: FloatingElement>(
    _ scores: Tensor<Element>, _ targets: Tensor<Element>, weights: Tensor<Element>?
  ) -> Tensor<Element> {
    Tensor(loss(scores.value, targets.value, weights: weights?.value))
  }
}
