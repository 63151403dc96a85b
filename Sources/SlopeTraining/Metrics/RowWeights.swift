/// The weights of rows, checked, and divided by a power of two so that no sum of them overflows.
struct RowWeights: Hashable, Sendable {
  /// The weights divided by `scale`, at most 2; nil if every row counts once.
  let values: [Double]?
  /// A power of two: the size of the largest weight.
  let scale: Double
  /// The sum of the divided weights, or the number of rows.
  let total: Double

  /// Throws if the weights do not fit the rows, or one is negative or not finite.
  init(_ weights: [Double]?, rowCount: Int, for operation: String) throws {
    guard let weights else {
      (values, scale, total) = (nil, 1, Double(rowCount))
      return
    }
    guard weights.count == rowCount else {
      throw MetricError(operation, "\(weights.count) weights for \(rowCount) rows")
    }
    var largest = 0.0
    for (row, weight) in weights.enumerated() {
      guard weight >= 0, weight.isFinite else {
        throw MetricError(
          operation, "weight \(weight) of row \(row), it must be finite and not negative")
      }
      largest = max(largest, weight)
    }
    let scale = powerOfTwo(atMost: largest)
    let values = weights.map { $0 / scale }
    self.values = values
    self.scale = scale
    total = CompensatedSum(of: values).value
  }

  /// The divided weight of a row.
  subscript(row: Int) -> Double { values.map { $0[row] } ?? 1 }

  /// Σ weight·value / Σ weight; nil if the weights sum to zero.
  ///
  /// The sum is compensated, and taken in units of the largest value: it overflows only if the mean
  /// does.
  func mean(of list: [Double]) -> Double? {
    guard total > 0 else { return nil }
    let unit = powerOfTwo(atMost: largestMagnitude(of: list))
    guard unit.isFinite else { return .infinity }
    var sum = CompensatedSum()
    // A row without weight may hold a value that is infinite in this unit.
    for (row, value) in list.enumerated() where self[row] > 0 {
      sum.add(self[row] * (value / unit))
    }
    return sum.value / total * unit
  }

  /// The largest magnitude among values of rows that count; 0 if there are none.
  func largestMagnitude(of list: [Double]) -> Double {
    var largest = 0.0
    for (row, value) in list.enumerated() where self[row] > 0 { largest = max(largest, abs(value)) }
    return largest
  }
}

/// The largest power of two that is at most `magnitude`; 1 for zero, infinity for infinity.
func powerOfTwo(atMost magnitude: Double) -> Double {
  guard magnitude > 0, magnitude.isFinite else { return magnitude > 0 ? .infinity : 1 }
  return Double(sign: .plus, exponent: magnitude.exponent, significand: 1)
}

/// A sum that keeps the digits that each addition loses.
///
/// Source: A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen,
/// 1974.
struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  init() {}

  init(of values: [Double]) {
    for value in values { add(value) }
  }

  var value: Double { sum + lost }

  mutating func add(_ value: Double) {
    let next = sum + value
    lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
    sum = next
  }
}
