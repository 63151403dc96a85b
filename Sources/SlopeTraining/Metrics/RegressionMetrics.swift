/// How far predicted numbers are from the true ones.
///
/// Every row may have a weight; a row of weight 2 counts as two rows, one of weight 0 as none. What
/// has no value is nil: everything if there are no rows, or none that counts.
///
/// ```swift
/// let metrics = try RegressionMetrics(predictions: [2.5, 0, 2, 8], targets: [3, -0.5, 2, 7])
/// print(metrics.meanAbsoluteError ?? 0, metrics.meanSquaredError ?? 0)
/// // 0.5 0.375
/// print(metrics)
/// // RMSE       0.6124
/// // MSE         0.375
/// // MAE           0.5
/// // median AE     0.5
/// // max error       1
/// // MAPE       0.3274
/// // R²         0.9486
/// ```
///
/// The numbers are scikit-learn's. Sums are compensated and in units of their largest term, so that
/// targets of 1e200, or of 1e15 that differ in the last digit, have a correct root mean squared
/// error and R² too. A metric that exceeds the largest `Double` is infinite.
public struct RegressionMetrics: Hashable, Sendable {
  /// The number of rows, including those of weight 0.
  public let rowCount: Int
  /// The mean of the absolute errors, Σ w·|prediction − target| / Σ w.
  public let meanAbsoluteError: Double?
  /// The mean of the squared errors, Σ w·(prediction − target)² / Σ w.
  public let meanSquaredError: Double?
  /// The square root of the mean of the squared errors; finite where their mean overflows.
  public let rootMeanSquaredError: Double?
  /// The coefficient of determination, R²; nil if the targets are all equal.
  ///
  /// It is 1 − Σ w·(prediction − target)² / Σ w·(target − mean)², with these targets' weighted mean.
  /// For equal targets scikit-learn has 1 if each prediction is right, and otherwise 0; for fewer
  /// than two rows NaN.
  public let rSquared: Double?
  /// The mean of the relative errors, Σ w·|prediction − target| / max(|target|, ε) / Σ w.
  ///
  /// It is a fraction, 0.01 for one percent. ε is 2⁻⁵², as in scikit-learn, so one target of 0
  /// makes it very large.
  public let meanAbsolutePercentageError: Double?
  /// The largest absolute error of a row whose weight is not 0.
  public let maximumError: Double?

  private let absoluteErrors: [Double]
  private let weights: RowWeights

  /// Compares `predictions` with `targets`.
  ///
  /// - Parameters:
  ///   - predictions: the predicted numbers, one per row.
  ///   - targets: the true numbers, one per row.
  ///   - weights: what each row counts; each counts 1 if nil.
  /// - Throws: `MetricError` if the counts differ, a number is not finite, or a weight is negative.
  public init(predictions: [Double], targets: [Double], weights: [Double]? = nil) throws {
    let operation = "RegressionMetrics"
    guard predictions.count == targets.count else {
      throw MetricError(
        operation, "\(predictions.count) predictions for \(targets.count) targets")
    }
    for (name, list) in [("prediction", predictions), ("target", targets)] {
      if let row = list.firstIndex(where: { !$0.isFinite }) {
        throw MetricError(operation, "\(name) \(list[row]) of row \(row), it must be finite")
      }
    }
    let weights = try RowWeights(weights, rowCount: targets.count, for: operation)
    self.weights = weights
    rowCount = targets.count

    // The difference of two large numbers of opposite sign overflows; that of their sixteenths not.
    let largest = max(
      weights.largestMagnitude(of: predictions), weights.largestMagnitude(of: targets))
    let part = largest > 0x1p1000 ? 0.0625 : 1
    let errors = zip(predictions, targets).map { abs($0 * part - $1 * part) }
    absoluteErrors = errors.map { $0 / part }
    meanAbsoluteError = weights.mean(of: errors).map { $0 / part }
    let relativeErrors = zip(errors, targets).map { error, target in
      error / (max(abs(target), .ulpOfOne) * part)
    }
    meanAbsolutePercentageError = weights.mean(of: relativeErrors)

    let largestError = weights.largestMagnitude(of: errors)
    maximumError = weights.total > 0 ? largestError / part : nil
    let unit = powerOfTwo(atMost: largestError)
    let squares = weights.mean(of: errors.map { ($0 / unit) * ($0 / unit) })
    meanSquaredError = squares.map { $0 * (unit / part) * (unit / part) }
    rootMeanSquaredError = squares.map { $0.squareRoot() * (unit / part) }
    rSquared = squares.flatMap { squares in
      weights.spread(of: targets.map { $0 * part }).map { spread in
        1 - squares / spread.meanSquare * (unit / spread.unit) * (unit / spread.unit)
      }
    }
  }

  /// The median of the absolute errors; the mean of both where two are in the middle.
  ///
  /// Complexity: O(n log n), like `absoluteErrorQuantiles(_:)`.
  public var medianAbsoluteError: Double? { quantiles([0.5]).first }

  /// Absolute errors that the fractions `levels` of the rows do not exceed.
  ///
  /// The quantile of level q is the smallest absolute error whose rows, with those of smaller
  /// errors, have q of the weight or more; if they have exactly q, the mean of it and the next one.
  /// So a row of weight 2 is the same as two rows. It is NumPy's method `averaged_inverted_cdf`
  /// (R. Hyndman and Y. Fan, Sample Quantiles in Statistical Packages, 1996, definition 2).
  ///
  /// - Parameter levels: fractions in 0...1.
  /// - Returns: a quantile for each level; nil if no row counts.
  /// - Throws: `MetricError` if a level is outside 0...1.
  public func absoluteErrorQuantiles(_ levels: [Double]) throws -> [Double]? {
    if let level = levels.first(where: { !(0...1).contains($0) }) {
      throw MetricError("absoluteErrorQuantiles", "level \(level), it must be in 0...1")
    }
    return weights.total > 0 ? quantiles(levels) : nil
  }

  /// A quantile for each level; none if no row counts.
  private func quantiles(_ levels: [Double]) -> [Double] {
    let rows = absoluteErrors.indices.filter { weights[$0] > 0 }
      .sorted { absoluteErrors[$0] < absoluteErrors[$1] }
    guard let last = rows.last else { return [] }
    var sum = CompensatedSum()
    let sums = rows.map { row in
      sum.add(weights[row])
      return sum.value
    }
    // Rounding in a level, or in weights such as 0.1, must not decide whether two are averaged.
    let tolerance = 4 * Double.ulpOfOne * sum.value
    return levels.map { level in
      let wanted = level * sum.value
      guard let index = sums.firstIndex(where: { $0 >= wanted - tolerance && $0 > tolerance })
      else { return absoluteErrors[last] }
      let error = absoluteErrors[rows[index]]
      guard sums[index] <= wanted + tolerance, index + 1 < rows.count else { return error }
      let next = absoluteErrors[rows[index + 1]]
      return next.isFinite ? error + (next - error) / 2 : next
    }
  }
}

extension RowWeights {
  /// The mean of the squared distances from the mean, in units of `unit`².
  ///
  /// Nil if no value that counts differs from another.
  fileprivate func spread(of list: [Double]) -> (meanSquare: Double, unit: Double)? {
    guard let first = list.indices.first(where: { self[$0] > 0 }) else { return nil }
    // Exact where the values are close to each other, however far they are from zero.
    let distances = list.map { $0 - list[first] }
    guard largestMagnitude(of: distances) > 0, let middle = mean(of: distances) else { return nil }
    let deviations = distances.map { $0 - middle }
    let unit = powerOfTwo(atMost: largestMagnitude(of: deviations))
    return mean(of: deviations.map { ($0 / unit) * ($0 / unit) }).map { ($0, unit) }
  }
}

extension RegressionMetrics: CustomStringConvertible {
  /// The metrics, one per line, with four digits.
  public var description: String {
    metricLines(Metric.allCases.filter(\.isRegression)) { self[$0] }
  }
}
