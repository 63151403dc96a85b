/// The mean and the standard deviation of numbers, without overflow or lost digits.
package struct ColumnMoments: Sendable, Hashable {
  /// The mean; 0 of no numbers.
  package let mean: Double
  /// The standard deviation with the divisor n; 0 of no numbers, and of numbers that are all equal.
  package let deviation: Double

  /// The moments of finite numbers, in three passes: a mean, its correction, and the squares.
  package init(_ numbers: some Collection<Double>) {
    let count = Double(max(1, numbers.count))
    // Divided by a power of two first, which is exact: neither sum nor difference overflows.
    let magnitude = numbers.reduce(0) { max($0, abs($1)) }
    let first = numbers.first ?? 0
    // A constant column whose mean is rounded must not be taken for one that varies.
    guard numbers.contains(where: { $0 != first }) else {
      (mean, deviation) = (first, 0)
      return
    }
    let unit = Double(sign: .plus, exponent: min(magnitude.exponent, 1022), significand: 1)
    let rough = numbers.reduce(0) { $0 + $1 / unit } / count
    let mean = rough + numbers.reduce(0) { $0 + ($1 / unit - rough) } / count
    let farthest = numbers.reduce(0) { max($0, abs($1 / unit - mean)) }
    self.mean = mean * unit
    let squares = numbers.reduce(0) { sum, number in
      let relative = (number / unit - mean) / farthest
      return sum + relative * relative
    }
    deviation = farthest * (squares / count).squareRoot() * unit
  }
}

/// Quantiles of numbers, with linear interpolation between neighbours, as NumPy's default.
package struct Quantiles: Sendable {
  /// The numbers in ascending order.
  private let sorted: [Double]

  /// The quantiles of finite numbers; nil if there are none.
  package init?(_ numbers: [Double]) {
    guard !numbers.isEmpty else { return nil }
    sorted = numbers.sorted()
  }

  /// The number below which the fraction `level`, in 0...1, of the numbers lies.
  package subscript(level: Double) -> Double {
    let position = level * Double(sorted.count - 1)
    let lower = max(0, min(sorted.count - 1, Int(position)))
    let upper = min(lower + 1, sorted.count - 1)
    let fraction = position - Double(lower)
    guard fraction > 0, sorted[lower] < sorted[upper] else { return sorted[lower] }
    // Not a difference, which may overflow.
    return sorted[lower] * (1 - fraction) + sorted[upper] * fraction
  }
}
