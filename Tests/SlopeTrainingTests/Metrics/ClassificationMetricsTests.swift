import Slope
import Testing

@Suite struct ClassificationMetricsTests {
  private func metrics(_ stored: MetricCases.Classification) throws -> ClassificationMetrics {
    try ClassificationMetrics(
      probabilities: stored.probabilities, classes: stored.classes, classCount: stored.classCount,
      weights: stored.weights)
  }

  @Test(arguments: try MetricCases.stored.get().classification)
  func everyNumberIsScikitLearns(stored: MetricCases.Classification) throws {
    let metrics = try metrics(stored)
    let expected = stored.expected
    #expect(metrics.rowCount == stored.classes.count)
    #expect(agree(metrics.accuracy, expected.accuracy))
    #expect(agree(metrics.balancedAccuracy, expected.balanced))
    #expect(agree(metrics.logLoss, expected.logLoss))
    #expect(agree(metrics.brierScore, expected.brier))
    #expect(agree(metrics.confusion.rows, expected.confusion))
    #expect(agree(metrics.confusion.normalizedByRows().rows, expected.normalized))
    #expect(agree(metrics.expectedCalibrationError, expected.ece))
    #expect(agree(try metrics.calibration(binCount: 4)?.expectedCalibrationError, expected.ece4))
  }

  @Test(arguments: try MetricCases.stored.get().classification)
  func everyScoreOfAClassIsScikitLearns(stored: MetricCases.Classification) throws {
    let (confusion, expected) = (try metrics(stored).confusion, stored.expected)
    let scores = confusion.scoresOfClasses
    #expect(agree(scores.map(\.precision), expected.precision))
    #expect(agree(scores.map(\.recall), expected.recall))
    #expect(agree(scores.map(\.f1), expected.f1))
    #expect(agree(scores.map(\.support), expected.support))
    let averages: [(ClassAveraging, [Double])] = [
      (.macro, expected.macro), (.weighted, expected.weighted), (.micro, expected.micro),
    ]
    for (averaging, numbers) in averages {
      let scores = confusion.scores(averaging)
      #expect(agree([scores?.precision, scores?.recall, scores?.f1], numbers), "\(averaging)")
    }
  }

  @Test(arguments: try MetricCases.stored.get().classification)
  func everyAreaIsScikitLearns(stored: MetricCases.Classification) throws {
    let (metrics, expected) = (try metrics(stored), stored.expected)
    #expect(
      agree(
        [
          metrics.rocAUC(.oneVersusRest), metrics.rocAUC(.oneVersusRestWeighted),
          metrics.rocAUC(.oneVersusOne),
        ], expected.auc))
    let averages: [ClassAveraging] = [.macro, .weighted, .micro]
    #expect(
      agree(averages.prefix(expected.ap.count).map { metrics.averagePrecision($0) }, expected.ap))
  }

  @Test func everyMetricHasAName() throws {
    let stored = try MetricCases.stored.get().classification[3]
    let (metrics, expected) = (try metrics(stored), stored.expected)
    #expect(metrics[.accuracy] == metrics.accuracy)
    #expect(metrics[.balancedAccuracy] == metrics.balancedAccuracy)
    #expect(agree(metrics[.precision], expected.macro[0]))
    #expect(agree(metrics[.recall], expected.macro[1]))
    #expect(agree(metrics[.f1], expected.macro[2]))
    #expect(agree(metrics[.rocAUC], expected.auc[0]))
    #expect(agree(metrics[.averagePrecision], expected.ap[0]))
    #expect(metrics[.logLoss] == metrics.logLoss)
    #expect(metrics[.brierScore] == metrics.brierScore)
    #expect(agree(metrics[.expectedCalibrationError], expected.ece))
    #expect(metrics[.rSquared] == nil)
  }

  @Test func probabilitiesOfTheSecondClassAreEnough() throws {
    let some = try ClassificationMetrics(
      positiveProbabilities: [0.25, 0.75, 0.5], classes: [0, 1, 1], weights: [1, 2, 1],
      classNames: ["no", "yes"])
    let all = try ClassificationMetrics(
      probabilities: [0.75, 0.25, 0.25, 0.75, 0.5, 0.5], classes: [0, 1, 1], classCount: 2,
      weights: [1, 2, 1])
    for metric in Metric.allCases { #expect(some[metric] == all[metric]) }
    #expect(some.confusion.classNames == ["no", "yes"])
  }

  @Test func predictedClassesHaveNoProbabilities() throws {
    let metrics = try ClassificationMetrics(
      predictions: [0, 1, 1], classes: [0, 1, 2], classCount: 3, weights: [1, 1, 2])
    #expect(metrics.accuracy == 0.5)
    #expect(metrics.rowCount == 3)
    #expect(metrics.classCount == 3)
    for metric in Metric.allCases where metric.needsProbabilities {
      #expect(metrics[metric] == nil)
    }
    #expect(metrics.rocAUC(.oneVersusOne) == nil)
    #expect(metrics.averagePrecision(.micro) == nil)
    #expect(metrics.ranking(ofClass: 1) == nil)
    #expect(try metrics.calibration(ofClass: 1) == nil)
  }

  @Test func aClassHasItsOwnCurves() throws {
    let metrics = try ClassificationMetrics(
      probabilities: [0.5, 0.5, 0, 0.25, 0.25, 0.5, 0.25, 0.75, 0], classes: [0, 2, 1],
      classCount: 3)
    #expect(metrics.ranking(ofClass: 1)?.precisionRecallCurve()?.thresholds == [0.25, 0.5, 0.75])
    #expect(metrics.ranking(ofClass: 2)?.rocAUC == 1)
    let bins = try metrics.calibration(ofClass: 0, binCount: 2)?.bins
    #expect(bins?.map(\.weight) == [3])
    #expect(bins?.map(\.meanProbability) == [1.0 / 3])
    #expect(bins?.map(\.positiveFraction) == [1.0 / 3])
  }

  @Test(arguments: [[], [0.0]])
  func nothingIsDefinedWithoutRowsThatCount(weights: [Double]) throws {
    for count in [2, 3] {
      let metrics = try ClassificationMetrics(
        probabilities: weights.flatMap { _ in [1] + [Double](repeating: 0, count: count - 1) },
        classes: weights.map { _ in 0 }, classCount: count, weights: weights)
      for metric in Metric.allCases { #expect(metrics[metric] == nil, "\(metric)") }
      #expect(metrics.rocAUC(.oneVersusOne) == nil)
      #expect(metrics.averagePrecision(.micro) == nil)
      #expect(metrics.description == "")
    }
  }

  @Test func oneClassIsAlwaysRight() throws {
    let metrics = try ClassificationMetrics(
      probabilities: [1, 1], classes: [0, 0], classCount: 1)
    #expect(metrics.accuracy == 1)
    #expect(metrics.brierScore == 0)
    #expect(metrics.rocAUC() == nil)
    #expect(metrics.averagePrecision() == 1)
  }

  @Test func aSumMayBeOffByTheRoundingOfFloats() throws {
    let metrics = try ClassificationMetrics(
      probabilities: [1.0000002, -1e-8, 0.5, 0.5003], classes: [0, 1], classCount: 2)
    #expect(metrics.accuracy == 1)
    #expect(try metrics.calibration()?.bins.last?.meanProbability == 1)
  }

  @Test func printsWhatIsDefined() throws {
    let metrics = try ClassificationMetrics(
      predictions: [0, 1, 1], classes: [0, 1, 0], classCount: 2)
    #expect(
      metrics.description == """
        accuracy           0.6667
        balanced accuracy    0.75
        precision            0.75
        recall               0.75
        F1                 0.6667
        """)
  }

  @Test func invalidArgumentsAreErrors() {
    func failure(_ probabilities: [Double], _ classes: [Int], _ count: Int = 2) -> String? {
      message {
        try ClassificationMetrics(
          probabilities: probabilities, classes: classes, classCount: count)
      }
    }
    let name = "ClassificationMetrics: "
    #expect(failure([1, 0, 0], [0]) == name + "3 probabilities for 1 rows of 2 classes")
    #expect(failure([1, 0], [0, 1]) == name + "2 probabilities for 2 rows of 2 classes")
    #expect(failure([1, 0], [2]) == name + "class 2 of row 0, it must be in 0..<2")
    #expect(failure([], [], -1) == name + "classCount -1, it must be in 1...1048576")
    #expect(failure([], [], .min) == name + "classCount \(Int.min), it must be in 1...1048576")
    #expect(
      failure([1, 0, 0.5, .nan], [0, 1])
        == name + "probability nan of class 1 in row 1, it must be in 0...1")
    #expect(
      failure([1.1, -0.1], [0]) == name + "probability 1.1 of class 0 in row 0, it must be in 0...1"
    )
    #expect(
      failure([1, 0, 0.5, 0.25], [0, 1])
        == name + "the probabilities of row 1 sum to 0.75, not to 1")
    // Off by more than the square root of a float's rounding, 0.000345.
    #expect(failure([0.5, 0.5003], [0]) == nil && failure([0.5, 0.5004], [0]) != nil)
    #expect(failure([0.5, 0.4997], [0]) == nil && failure([0.5, 0.4996], [0]) != nil)
    #expect(failure([1.0003, -0.0003], [0]) == nil && failure([1.0004, -0.0004], [0]) != nil)
    #expect(
      message {
        try ClassificationMetrics(positiveProbabilities: [0.5], classes: [0], weights: [-1])
      } == name + "weight -1.0 of row 0, it must be finite and not negative")
    #expect(
      message { try ClassificationMetrics(predictions: [3], classes: [0], classCount: 3) }
        == name + "predicted class 3 of row 0, it must be in 0..<3")
  }
}
