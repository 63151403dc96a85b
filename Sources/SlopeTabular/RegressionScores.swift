/// How far predictions are from the truth, in the target's unit. Nil where there are no rows to
/// tell.
public struct RegressionScores: Hashable, Sendable {
  /// The number of rows.
  public let rowCount: Int
  /// The mean of the squared errors.
  public let meanSquaredError: Double?
  /// The mean of the errors without their sign.
  public let meanAbsoluteError: Double?
  /// 1 − squared errors / squared distances of the truth from its own mean; nil if all targets are
  /// equal.
  public let rSquared: Double?
  /// The mean squared error of always predicting the training part's mean.
  public let baselineMeanSquaredError: Double?

  /// The root of the mean squared error.
  public var rootMeanSquaredError: Double? { meanSquaredError?.squareRoot() }

  /// Compares predictions with the truth; `baseline` is the training part's mean.
  init(predictions: [Double], truth: [Double], baseline: Double) {
    self.init(truth: truth, baseline: baseline, rowsAtOnce: max(1, truth.count)) { rows in
      rows.upperBound <= predictions.count ? Array(predictions[rows]) : []
    }
  }

  /// Compares with the truth what `predictions` gives for some rows after others.
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

  /// Scores of rows of which no more is known.
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
