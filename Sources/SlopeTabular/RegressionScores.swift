/// Errors of predictions, in the target's unit.
///
/// All but the number of rows are nil if there are no rows.
public struct RegressionScores: Hashable, Sendable {
  /// The number of rows.
  public let rowCount: Int
  /// The mean of the squared errors, (1/n)·Σ(prediction − target)².
  public let meanSquaredError: Double?
  /// The mean of the absolute errors, (1/n)·Σ|prediction − target|.
  public let meanAbsoluteError: Double?
  /// The coefficient of determination R²; nil if all targets are equal.
  ///
  /// It is 1 − Σ(prediction − target)² / Σ(target − mean)², with the mean of these rows' targets.
  public let rSquared: Double?
  /// The mean squared error of a constant prediction, the mean of the training part.
  public let baselineMeanSquaredError: Double?

  /// The square root of the mean squared error.
  public var rootMeanSquaredError: Double? { meanSquaredError?.squareRoot() }

  /// The scores of predictions; `baseline` is the training part's mean.
  init(predictions: [Double], truth: [Double], baseline: Double) {
    self.init(truth: truth, baseline: baseline, rowsAtOnce: max(1, truth.count)) { rows in
      rows.upperBound <= predictions.count ? Array(predictions[rows]) : []
    }
  }

  /// The scores of the predictions that `predictions` returns, block by block of rows.
  init(
    truth: [Double], baseline: Double, rowsAtOnce: Int,
    predictions: (Range<Int>) -> [Double]
  ) {
    let rowCount = truth.count
    guard rowCount > 0 else {
      self.init(rowCount: 0)
      return
    }
    let count = Double(rowCount)
    let mean = truth.reduce(0, +) / count
    var squares = 0.0
    var distances = 0.0
    var baselineSquares = 0.0
    var spread = 0.0
    for start in stride(from: 0, to: rowCount, by: rowsAtOnce) {
      let rows = start..<min(start + rowsAtOnce, rowCount)
      let found = predictions(rows)
      guard found.count == rows.count else {
        self.init(rowCount: truth.count)
        return
      }
      for (prediction, value) in zip(found, truth[rows]) {
        let error = prediction - value
        squares += error * error
        distances += abs(error)
        baselineSquares += (baseline - value) * (baseline - value)
        spread += (value - mean) * (value - mean)
      }
    }
    let isConstant = truth.allSatisfy { $0 == truth[0] }
    self.init(
      rowCount: rowCount, meanSquaredError: squares / count, meanAbsoluteError: distances / count,
      rSquared: isConstant ? nil : 1 - squares / spread,
      baselineMeanSquaredError: baselineSquares / count)
  }

  /// Scores of rows, nil where they are unknown.
  private init(
    rowCount: Int, meanSquaredError: Double? = nil, meanAbsoluteError: Double? = nil,
    rSquared: Double? = nil, baselineMeanSquaredError: Double? = nil
  ) {
    self.rowCount = rowCount
    self.meanSquaredError = meanSquaredError
    self.meanAbsoluteError = meanAbsoluteError
    self.rSquared = rSquared
    self.baselineMeanSquaredError = baselineMeanSquaredError
  }
}
