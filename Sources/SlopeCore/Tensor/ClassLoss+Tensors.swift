extension ClassLoss {
  /// The loss of `table` `[rows, classes]` for the class indices `labels` `[rows]`: `[]` or
  /// `[rows]`.
  ///
  /// `weights` are those of the classes, `[classes]`, 1 each if nil; they receive no gradient.
  /// An index that is neither a class nor ignored is a failure, which an OpenCL device reports
  /// later.
  package func callAsFunction<Element: FloatingElement>(
    _ table: Tensor<Element>, _ indices: Tensor<Int>, weights: Tensor<Element>?,
    _ classRange: ClassIndexRange
  ) -> Tensor<Element> {
    Tensor(loss(table.value, indices.value, weights: weights?.value, classRange))
  }
}
