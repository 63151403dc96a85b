import Glibc
import SlopeCore

/// Draws of PyTorch's that the library has no use for.
extension Generator {
  /// `count` draws that are true with `probability`.
  func bernoulli(probability: Double, count: Int) -> [Bool] {
    uniformDouble(count: count).map { $0 < probability }
  }

  /// `count` places of `weights`, none twice, each drawn with a probability in proportion to its
  /// weight among those that are left.
  ///
  /// The places of the largest wᵢ ÷ eᵢ, eᵢ exponential. Precondition: at least `count` weights.
  ///
  /// Source: P. S. Efraimidis and P. G. Spirakis, "Weighted random sampling with a reservoir",
  /// Information Processing Letters 97(5), 2006, doi:10.1016/j.ipl.2005.11.003.
  func multinomial(weights: [Float], count: Int) -> [Int64] {
    precondition(
      count <= weights.count, "multinomial: \(count) places of \(weights.count) weights")
    let exponentials = uniformDouble(count: weights.count).map { Float(-log(1 - $0)) }
    let keys = zip(weights, exponentials).map { $0 / $1 }
    return keys.indices.sorted { keys[$0] > keys[$1] }.prefix(count).map(Int64.init)
  }
}
