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
    rowCount = truth.count
    guard rowCount > 0, predictions.count == truth.count else {
      meanSquaredError = nil
      meanAbsoluteError = nil
      rSquared = nil
      baselineMeanSquaredError = nil
      return
    }
    let count = Double(rowCount)
    let mean = truth.reduce(0, +) / count
    var squares = 0.0
    var distances = 0.0
    var baselineSquares = 0.0
    var spread = 0.0
    for (prediction, value) in zip(predictions, truth) {
      let error = prediction - value
      squares += error * error
      distances += abs(error)
      baselineSquares += (baseline - value) * (baseline - value)
      spread += (value - mean) * (value - mean)
    }
    meanSquaredError = squares / count
    meanAbsoluteError = distances / count
    baselineMeanSquaredError = baselineSquares / count
    let isConstant = truth.allSatisfy { $0 == truth[0] }
    rSquared = isConstant ? nil : 1 - squares / spread
  }
}
