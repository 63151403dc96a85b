import SlopeCore

/// Draws of PyTorch's that the library has no use for.
extension Generator {
  /// `count` draws that are true with `probability`.
  func bernoulli(probability: Double, count: Int) -> [Bool] {
    uniformDouble(count: count).map { $0 < probability }
  }
}
