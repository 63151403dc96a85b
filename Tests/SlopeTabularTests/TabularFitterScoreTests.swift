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

  // MARK: What rows cost

  private static func fitter(
    _ target: Column, _ metric: Metric, weights: [Double]? = nil
  ) throws -> TabularFitter<Double> {
    var options = linearOptions("y")
    options.metric = metric
    options.split = .fractions(training: 1, validation: 0, test: 0)
    var columns = [Column("x", [0.5, 2, 1.5, 4, 3.25]), target]
    if let weights {
      columns.append(Column("w", weights))
      options.weightColumn = "w"
    }
    return try TabularFitter(Table(columns), options)
  }

  @Test(
    arguments: [
      (.rootMeanSquaredError, nil, [0.25, 1]), (.meanSquaredError, nil, [0.25, 1]),
      (.rSquared, nil, [0.25, 1]), (.meanAbsoluteError, nil, [0.5, 1]),
      (.medianAbsoluteError, nil, nil), (.maximumError, nil, nil),
      (.meanSquaredError, [1, 9, 3, 9, 9], [0.125, 1.5]),
      (.meanSquaredError, [0, 9, 0, 9, 9], [0.25, 1]),
    ] as [(Metric, [Double]?, [Double]?)])
  func numbersCostTheirErrors(metric: Metric, weights: [Double]?, expected: [Double]?) throws {
    let fitter = try Self.fitter(Column("y", [1.5, 2, 4, 8, 16]), metric, weights: weights)
    let found = TabularPredictions(outputs: [2, 3], task: .regression, mean: 0, deviation: 1)
    #expect(fitter.costs(of: found, rows: [0, 2]) == expected)
  }

  @Test func classesCostTheirLogarithmsAndOneError() throws {
    let names = Column("y", ["a", "b", "c", "a", "b"])
    let found = Self.predictions([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    let costs: [Double] = [-log(0.7), -log(0.6)]
    let error: Double = -(log(0.2) + log(0.3)) / 2
    let fitter = try Self.fitter(names, .logLoss)
    let all = try #require(fitter.costs(of: found, rows: [0, 2]))
    #expect(distance(all, costs + [error]) < 1e-12)
    let rows = try #require(fitter.costs(of: found, rows: [0, 2], countsOneError: false))
    #expect(distance(rows, costs) < 1e-12)
    #expect(try Self.fitter(names, .brierScore).costs(of: found, rows: [0, 2]) == nil)
    let weighted = try Self.fitter(names, .logLoss, weights: [3, 9, 1, 9, 9])
    let weightedError: Double = -(3 * log(0.2) + log(0.3)) / 4
    #expect(
      distance(
        weighted.costs(of: found, rows: [0, 2]) ?? [],
        [1.5 * costs[0], 0.5 * costs[1], weightedError]) < 1e-12)
  }

  @Test(
    arguments: [
      ([0, 2], false), ([1, 3], true), ([-1, -3], false), ([0, 0], false), ([1], true),
      ([-1, 3, -1, 3, 1], true), ([-2, 4, -2, 4, 1], false),
    ] as [([Double], Bool)])
  func lessByMoreThanAStandardErrorIsClear(differences: [Double], isClear: Bool) {
    // The mean 1 of the last two has a standard error of √(16/5) / 2 and √(36/5) / 2.
    let costs = differences.map { _ in 5.0 }
    #expect(costs.areClearlyLess(than: differences.map { 5 + $0 }) == isClear)
  }
}
