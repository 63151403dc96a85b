extension ClassLoss {
  /// The loss of `table` `[rows, classes]` against `labels` `[rows]`: `[]` or `[rows]`.
  ///
  /// A label that is neither a class nor ignored is a failure, which a device reports later.
  package func callAsFunction<E: FloatingElement>(
    _ table: Tensor<E>, _ labels: Tensor<Int>, _ numbers: ClassNumbers
  ) -> Tensor<E> {
    Tensor(loss(table.value, labels.value, numbers))
  }
}
