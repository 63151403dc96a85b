import SlopeCore

extension Tensor where Element: FloatingElement {
  /// The outputs of an embedding of each feature by itself, `[…, features] → […, features · outputs]`.
  ///
  /// `embed` maps `[…, features, 1, rows]` to `[…, features, outputs, rows]`; it may add axes before. Rows are
  /// the last axis, and the input's are contiguous, since loops over long runs are the fastest.
  func embeddedByFeature(
    _ name: String, _ featureCount: Int, _ embed: (Tensor) -> Tensor
  ) -> Tensor {
    if isFailed { return self }
    if rank == 1 {
      return unsqueezed(at: 0).embeddedByFeature(name, featureCount, embed).squeezed(at: -2)
    }
    guard shape.last == featureCount else {
      return fail(name, "\(shape) has not \(featureCount) features")
    }
    let output = embed(withRowsAndColumnsExchanged().unsqueezed(at: -2))
    let extents = Array(output.shape)
    let width = extents.suffix(3).dropLast().reduce(1, &*)
    return output.reshaped(to: Shape(extents.dropLast(3) + [width] + extents.suffix(1)))
      .withRowsAndColumnsExchanged()
  }

  /// The last two axes exchanged, in memory of its own: squares of it are copied at once, where loops over a
  /// view would read every element from another line of the cache.
  private func withRowsAndColumnsExchanged() -> Tensor {
    let view = transposed(-2, -1)
    return view.flattened().reshaped(to: view.shape)
  }
}
