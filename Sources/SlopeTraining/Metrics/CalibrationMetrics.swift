/// Whether events happen as often as their probabilities say, in bins of equal width.
///
/// Bin b of B holds the probabilities in (b/B, (b + 1)/B], the first also 0. Bins without rows, or
/// whose rows have weight 0, are left out.
///
/// ```swift
/// let metrics = try CalibrationMetrics(
///   probabilities: [0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1],
///   isPositive: [false, false, false, false, true, true, true, true, true], binCount: 3)
/// for bin in metrics.bins { print(bin.weight, bin.positiveFraction) }
/// // 3.0 0.0
/// // 2.0 0.5
/// // 4.0 1.0
/// ```
public struct CalibrationMetrics: Hashable, Sendable {
  /// A bin of probabilities: a point of the calibration curve.
  public struct Bin: Hashable, Sendable {
    /// The number of the bin, in 0..<binCount.
    public let index: Int
    /// The weight of the rows; their number if rows have no weights.
    public let weight: Double
    /// The mean of the probabilities.
    public let meanProbability: Double
    /// The fraction of the rows that are positive.
    public let positiveFraction: Double
  }

  /// The bins that have rows, by ascending probability.
  public let bins: [Bin]

  /// The largest number of bins.
  private static let largestBinCount = 1_000_000

  /// Bins the rows by their probabilities.
  ///
  /// - Parameters:
  ///   - probabilities: the probability that each row is positive.
  ///   - isPositive: the truth of each row.
  ///   - weights: what each row counts; each counts 1 if nil.
  ///   - binCount: the number of bins, in 1...1,000,000.
  /// - Throws: `MetricError` if the counts differ, a probability is not in 0...1, a weight is
  ///   negative, or there are no bins.
  public init(
    probabilities: [Double], isPositive: [Bool], weights: [Double]? = nil, binCount: Int = 15
  ) throws {
    let operation = "CalibrationMetrics"
    guard probabilities.count == isPositive.count else {
      throw MetricError(
        operation, "\(probabilities.count) probabilities for \(isPositive.count) rows")
    }
    if let row = probabilities.firstIndex(where: { !(0...1).contains($0) }) {
      throw MetricError(
        operation, "probability \(probabilities[row]) of row \(row), it must be in 0...1")
    }
    let weights = try RowWeights(weights, rowCount: probabilities.count, for: operation)
    try self.init(probabilities: probabilities, weights: weights, binCount: binCount) {
      isPositive[$0]
    }
  }

  /// Bins rows by probabilities in 0...1.
  init(
    probabilities: [Double], weights: RowWeights, binCount: Int, isPositive: (Int) -> Bool
  ) throws {
    guard (1...Self.largestBinCount).contains(binCount) else {
      throw MetricError(
        "CalibrationMetrics", "binCount \(binCount), it must be in 1...\(Self.largestBinCount)")
    }
    struct Sums { var (weight, probability, positive) = (0.0, CompensatedSum(), 0.0) }
    var sums: [Int: Sums] = [:]
    for (row, probability) in probabilities.enumerated() where weights[row] > 0 {
      let bin = Self.bin(of: probability, count: binCount)
      sums[bin, default: Sums()].weight += weights[row]
      sums[bin, default: Sums()].probability.add(weights[row] * probability)
      if isPositive(row) { sums[bin, default: Sums()].positive += weights[row] }
    }
    bins = sums.sorted { $0.key < $1.key }.map { index, sums in
      Bin(
        index: index, weight: sums.weight * weights.scale,
        meanProbability: sums.probability.value / sums.weight,
        positiveFraction: sums.positive / sums.weight)
    }
  }

  /// The number of inner edges below a probability.
  ///
  /// Edges are computed as NumPy's `linspace` does, so that 0.3 is in the same bin.
  private static func bin(of probability: Double, count: Int) -> Int {
    let width = 1 / Double(count)
    var bin = min(Int(probability * Double(count)), count - 1)
    while bin > 0, Double(bin) * width >= probability { bin -= 1 }
    while bin < count - 1, Double(bin + 1) * width < probability { bin += 1 }
    return bin
  }

  /// The expected calibration error, Σ weight·|positive fraction − mean probability| / Σ weight.
  ///
  /// Nil without rows. Source: M. P. Naeini et al., Obtaining Well Calibrated Probabilities Using
  /// Bayesian Binning, 2015.
  public var expectedCalibrationError: Double? {
    guard let largest = bins.map(\.weight).max() else { return nil }
    let weights = bins.map { $0.weight / largest }
    let errors = zip(bins, weights).map { abs($0.positiveFraction - $0.meanProbability) * $1 }
    return errors.reduce(0, +) / weights.reduce(0, +)
  }

  /// The largest |positive fraction − mean probability| of a bin; nil without rows.
  public var maximumCalibrationError: Double? {
    bins.map { abs($0.positiveFraction - $0.meanProbability) }.max()
  }
}
