/// Whether a row of a matrix product depends on nothing but that row of the left operand and the right
/// operand, to the last bit.
///
/// BLAS computes the rows of a product in groups by kernels that round differently, so that a row's
/// sum may differ in the last bit by the row's place. Our own loops add the products of every element
/// in one order; on large products they take about four times as long.
enum RowwiseProducts {
  @TaskLocal static var isOn = false
}

/// Runs `body` with products whose rows have the same bits wherever they stand.
package func withRowwiseProducts<Result>(_ body: () throws -> Result) rethrows -> Result {
  try RowwiseProducts.$isOn.withValue(true, operation: body)
}
