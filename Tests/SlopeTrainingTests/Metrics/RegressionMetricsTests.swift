import SlopeTraining
import Testing

@Suite struct RegressionMetricsTests {
  private static let levels = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1]

  @Test(arguments: try MetricCases.stored.get().regression)
  func everyNumberIsScikitLearns(stored: MetricCases.Regression) throws {
    let metrics = try RegressionMetrics(
      predictions: stored.predictions, targets: stored.targets, weights: stored.weights)
    let expected = stored.expected
    #expect(metrics.rowCount == stored.targets.count)
    #expect(agree(metrics.meanAbsoluteError, expected.mae))
    #expect(agree(metrics.meanSquaredError, expected.mse))
    #expect(agree(metrics.rootMeanSquaredError, expected.rmse))
    #expect(agree(metrics.rSquared, expected.r2))
    #expect(agree(metrics.meanAbsolutePercentageError, expected.mape))
    #expect(agree(metrics.maximumError, expected.maximum))
    if let quantiles = expected.quantiles {
      #expect(agree(try metrics.absoluteErrorQuantiles(Self.levels) ?? [], quantiles))
      #expect(agree(metrics.medianAbsoluteError, quantiles[3]))
    }
  }

  private func metrics(
    _ errors: [Double], weights: [Double]? = nil
  ) throws -> RegressionMetrics {
    try RegressionMetrics(
      predictions: errors, targets: errors.map { _ in 0 }, weights: weights)
  }

  @Test func smallErrorsKeepTheirDigits() throws {
    let metrics = try metrics([3e-200, 4e-200])
    #expect(metrics.rootMeanSquaredError == 12.5.squareRoot() * 1e-200)
    #expect(metrics.meanSquaredError == 0)
  }

  @Test func rSquaredKeepsItsDigitsAtAnOffset() throws {
    let targets = [1e15, 1e15 + 1, 1e15 + 2]
    let metrics = try RegressionMetrics(predictions: [1e15, 1e15 + 1, 1e15 + 1], targets: targets)
    #expect(metrics.rSquared == 0.5)
  }

  @Test func aRowOfWeightTwoIsTwoRows() throws {
    let weighted = try metrics([1, 2, 4, 9], weights: [2, 0, 1, 3])
    let repeated = try metrics([1, 1, 4, 9, 9, 9])
    for metric in Metric.allCases { #expect(agree(weighted[metric], repeated[metric])) }
    let levels = [0, 0.2, 1.0 / 3, 0.5, 0.7, 1]
    #expect(try weighted.absoluteErrorQuantiles(levels) == repeated.absoluteErrorQuantiles(levels))
  }

  @Test func aRowWithoutWeightMayBeAnything() throws {
    let metrics = try RegressionMetrics(
      predictions: [1, 1e308], targets: [2, -1e308], weights: [1, 0])
    #expect(metrics.meanSquaredError == 1)
    #expect(metrics.maximumError == 1)
    #expect(metrics.medianAbsoluteError == 1)
  }

  @Test func differencesBeyondTheLargestNumberAreInfinite() throws {
    let metrics = try RegressionMetrics(predictions: [1.7e308, 0], targets: [-1.7e308, 1])
    #expect(metrics.maximumError == .infinity)
    #expect(metrics.meanAbsoluteError == 1.7e308)
    #expect(try metrics.absoluteErrorQuantiles([0.25, 0.5, 1]) == [1, .infinity, .infinity])
  }

  @Test(arguments: [[], [0.0, 0]])
  func nothingIsDefinedWithoutRowsThatCount(weights: [Double]) throws {
    let metrics = try metrics(weights.map { _ in 1 }, weights: weights)
    #expect(metrics.rowCount == weights.count)
    for metric in Metric.allCases { #expect(metrics[metric] == nil) }
    #expect(try metrics.absoluteErrorQuantiles([0.5]) == nil)
    #expect(metrics.description == "")
  }

  @Test func aMillionTermsLoseNoDigits() throws {
    let metrics = try metrics([Double](repeating: 0.1, count: 1_000_000))
    #expect(metrics.meanAbsoluteError == 0.1)
  }

  @Test func printsFourDigits() throws {
    let metrics = try RegressionMetrics(predictions: [1, 2, 4], targets: [1, 2, 3])
    #expect(
      metrics.description == """
        RMSE       0.5774
        MSE        0.3333
        MAE        0.3333
        median AE       0
        max error       1
        MAPE       0.1111
        R²            0.5
        """)
  }

  @Test func invalidArgumentsAreErrors() {
    #expect(
      message { try RegressionMetrics(predictions: [1], targets: [1, 2]) }
        == "RegressionMetrics: 1 predictions for 2 targets")
    #expect(
      message { try RegressionMetrics(predictions: [1, .nan], targets: [1, 2]) }
        == "RegressionMetrics: prediction nan of row 1, it must be finite")
    #expect(
      message { try RegressionMetrics(predictions: [1], targets: [-.infinity]) }
        == "RegressionMetrics: target -inf of row 0, it must be finite")
    #expect(
      message { try metrics([1, 2], weights: [1]) } == "RegressionMetrics: 1 weights for 2 rows")
    for weight in [-1, .nan, .infinity] {
      #expect(
        message { try metrics([1, 2], weights: [1, weight]) }
          == "RegressionMetrics: weight \(weight) of row 1, it must be finite and not negative")
    }
    for level in [-0.1, 1.1, .nan] {
      #expect(
        message { try metrics([1]).absoluteErrorQuantiles([0.5, level]) }
          == "absoluteErrorQuantiles: level \(level), it must be in 0...1")
    }
  }
}
