import Glibc
import SlopeCore
import SlopeData
import SlopeTraining
import Testing

@testable import SlopeTabular

/// By what models are chosen on some rows.
struct TabularFitterScoreTests {
  private static func predictions(_ probabilities: [[Double]]) -> TabularPredictions {
    let task = PredictionTask.classification(classes: ["a", "b", "c"])
    return TabularPredictions(
      outputs: probabilities.flatMap { $0.map { log($0) } }, task: task, mean: 0, deviation: 1)
  }

  @Test func oneErrorMoreIsTheMostProbableOtherClass() {
    let rows = Self.predictions([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    let truth = TargetRows(classes: [0, 2])
    let found = rows.withOneErrorMore(0.5, truth)
    let expected: Double = (2 * 0.5 - (log(0.2) + log(0.3)) / 2) / 3
    #expect(abs(found - expected) < 1e-12)
    // The true class is not another one, also where it is not the most probable.
    let wrong = rows.withOneErrorMore(0.5, TargetRows(classes: [1, 0]))
    let other: Double = (2 * 0.5 - (log(0.7) + log(0.6)) / 2) / 3
    #expect(abs(wrong - other) < 1e-12)
  }

  @Test func weightsCountInTheMeanOfTheError() {
    let rows = Self.predictions([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    let found = rows.withOneErrorMore(0.5, TargetRows(classes: [0, 2], weights: [3, 1]))
    let expected: Double = (2 * 0.5 - (3 * log(0.2) + log(0.3)) / 4) / 3
    #expect(abs(found - expected) < 1e-12)
    #expect(rows.costOfOneError(TargetRows(classes: [0, 2], weights: [0, 0])) == 0)
    #expect(Self.predictions([]).withOneErrorMore(0.5, TargetRows()) == 0.5)
  }

  @Test func certaintyCostsNoMoreThanTheLastBit() {
    let task = PredictionTask.classification(classes: ["a", "b"])
    let sure = TabularPredictions(outputs: [-2000], task: task, mean: 0, deviation: 1)
    let found = sure.withOneErrorMore(0, TargetRows(classes: [0]))
    #expect(abs(found + log(.ulpOfOne) / 2) < 1e-12)
  }

  @Test func onlyTheLogLossHasOneErrorMore() throws {
    let table = TabularCases.table(
      [TabularCases.a, TabularCases.b], Column("y", TabularCases.pairs))
    for (metric, isSame) in [(.logLoss, false), (.brierScore, true), (.accuracy, true)]
      as [(Metric, Bool)]
    {
      var options = TabularCases.options
      options.metric = metric
      let fit = try TabularModel<Double>.fit(table, options)
      let rows = table.taking((0..<600).filter { $0 % 5 == 3 })
      let predictions = try fit.model.predict(rows)
      let cells = try rows["y", as: String.self]
      let plain = try ClassificationMetrics(
        probabilities: predictions.probabilities, classes: cells.map { $0 == "no" ? 0 : 1 },
        classCount: 2, weights: nil)[metric]
      #expect((plain == fit.validationScore) == isSame, "\(metric)")
    }
  }

  @Test func aConfidentModelIsNotChosenForFewRowsWithoutErrors() {
    let truth = TargetRows(classes: [0, 0, 0, 0, 0])
    func judged(_ certainty: Double) -> Double {
      let rows = Array(repeating: [certainty, (1 - certainty) / 2, (1 - certainty) / 2], count: 5)
      return Self.predictions(rows).withOneErrorMore(-log(certainty), truth)
    }
    #expect(judged(0.9) < judged(0.9999) && judged(0.9) < judged(0.5))
  }
}
