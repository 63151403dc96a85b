import Glibc
import SlopeCore

// `torch.multinomial` on the CPU, draw for draw.

extension Generator {
  /// `count` places of `weights`, each drawn with a probability in proportion to its weight, by one
  /// uniform number each.
  ///
  /// Precondition: no weight is negative, and their sum is positive and finite.
  package func multinomial(weights: [Double], count: Int) -> [Int] {
    // PyTorch draws a single place as it draws without replacement.
    if count == 1 { return distinctMultinomial(weights: weights, count: 1) }
    var total = 0.0
    var cumulative = weights.map { weight in
      total += weight
      return total
    }
    for place in cumulative.indices { cumulative[place] /= total }
    cumulative[cumulative.count - 1] = 1
    return uniformDouble(count: count).map { number in
      var (low, high) = (0, cumulative.count)
      while low < high {
        let middle = low + (high - low) / 2
        if cumulative[middle] < number { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// `count` places of `weights`, none twice, each drawn with a probability in proportion to its
  /// weight among those that are left.
  ///
  /// The places of the largest wᵢ ÷ eᵢ, eᵢ exponential. Precondition: at least `count` weights.
  ///
  /// Source: P. S. Efraimidis and P. G. Spirakis, "Weighted random sampling with a reservoir",
  /// Information Processing Letters 97(5), 2006, doi:10.1016/j.ipl.2005.11.003.
  package func distinctMultinomial(weights: [Double], count: Int) -> [Int] {
    let keys = zip(weights, uniformDouble(count: weights.count)).map { $0 / -log1p(-$1) }
    guard count > 1 else { return keys.indices.max { keys[$0] < keys[$1] }.map { [$0] } ?? [] }
    // The place decides between equal keys, so that the order does not depend on the sort.
    let order = keys.indices.sorted { (keys[$1], $0) < (keys[$0], $1) }
    return Array(order.prefix(count))
  }
}
