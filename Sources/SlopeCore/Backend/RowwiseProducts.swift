/// Whether an element of a matrix product depends on nothing but its row of the left operand and its
/// column of the right one, to the last bit.
///
/// BLAS computes the rows of a product in groups by kernels that round differently, so that a
/// sum may differ in the last bit by its place. Our own loops add the products of every element
/// in one order; on large products they take about four times as long.
enum RowwiseProducts {
  @TaskLocal static var isOn = false
}

/// Runs `body` with products whose rows and columns have the same bits wherever they stand.
package func withRowwiseProducts<Result>(_ body: () throws -> Result) rethrows -> Result {
  try RowwiseProducts.$isOn.withValue(true, operation: body)
}
