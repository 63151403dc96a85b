import SlopeTraining
import Testing

@Suite struct MetricTests {
  @Test func errorsAreBetterWhereTheyAreSmaller() {
    let higher = Metric.allCases.filter(\.isHigherBetter)
    #expect(
      higher == [
        .rSquared, .accuracy, .balancedAccuracy, .precision, .recall, .f1, .rocAUC,
        .averagePrecision,
      ])
    for metric in Metric.allCases {
      #expect(metric.isBetter(2, than: 1) == higher.contains(metric))
      #expect(metric.isBetter(1, than: 2) == !higher.contains(metric))
      #expect(!metric.isBetter(1, than: 1))
      #expect(metric.isBetter(1, than: .nan))
      #expect(!metric.isBetter(.nan, than: 1))
      #expect(!metric.isBetter(.nan, than: .nan))
    }
  }

  @Test func eachIsOfNumbersOrOfClasses() throws {
    let numbers = try RegressionMetrics(predictions: [1, 3], targets: [1, 2])
    let classes = try ClassificationMetrics(
      probabilities: [1, 0, 0.25, 0.75], classes: [0, 1], classCount: 2)
    for metric in Metric.allCases {
      #expect((numbers[metric] != nil) == metric.isRegression, "\(metric)")
      #expect((classes[metric] != nil) == metric.isClassification, "\(metric)")
    }
  }

  @Test func everyRegressionMetricHasAName() throws {
    let metrics = try RegressionMetrics(predictions: [1, 3, 9], targets: [1, 2, 4])
    #expect(metrics[.rootMeanSquaredError] == metrics.rootMeanSquaredError)
    #expect(metrics[.meanSquaredError] == metrics.meanSquaredError)
    #expect(metrics[.meanAbsoluteError] == metrics.meanAbsoluteError)
    #expect(metrics[.medianAbsoluteError] == metrics.medianAbsoluteError)
    #expect(metrics[.maximumError] == metrics.maximumError)
    #expect(metrics[.meanAbsolutePercentageError] == metrics.meanAbsolutePercentageError)
    #expect(metrics[.rSquared] == metrics.rSquared)
  }

  @Test func namesDiffer() {
    #expect(Set(Metric.allCases.map(\.shortName)).count == Metric.allCases.count)
    #expect(Metric(rawValue: "logLoss") == .logLoss)
  }

  @Test func namesAreThoseOfTheLiterature() {
    #expect(
      Metric.allCases.map(\.shortName) == [
        "RMSE", "MSE", "MAE", "median AE", "max error", "MAPE", "R²", "accuracy",
        "balanced accuracy", "precision", "recall", "F1", "AUC", "PR-AUC", "log loss", "Brier",
        "ECE",
      ])
  }

  @Test func someNeedProbabilities() {
    #expect(
      Metric.allCases.filter(\.needsProbabilities)
        == [.rocAUC, .averagePrecision, .logLoss, .brierScore, .expectedCalibrationError])
    #expect(Metric.allCases.prefix(7).allSatisfy { $0.isRegression && !$0.isClassification })
    #expect(Metric.allCases.dropFirst(7).allSatisfy { !$0.isRegression && $0.isClassification })
  }
}
