extension ClassLoss {
  /// The loss of `table` `[rows, classes]` against `labels` `[rows]`: `[]` or `[rows]`.
  ///
  /// A label that is neither a class nor ignored is a failure, which a device reports later.
  package func callAsFunction<Element: FloatingElement>(
    _ table: Tensor<Element>, _ labels: Tensor<Int>, _ numbers: ClassNumbers
  ) -> Tensor<Element> {
    Tensor(loss(table.value, labels.value, numbers))
  }
}
