import SlopeCore

extension Tensor where Element: FloatingElement {
  /// The outputs of an embedding of each feature by itself, `[…, features] → […, features · outputs]`.
  ///
  /// `embed` maps `[…, features, rows, 1]` to `[…, features, rows, outputs]`; it may add axes before.
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
    let output = embed(transposed(-2, -1).unsqueezed(at: -1)).transposed(-3, -2)
    let extents = Array(output.shape)
    let width = extents.suffix(2).reduce(1, &*)
    return output.reshaped(to: Shape(extents.dropLast(2) + [width]))
  }
}
