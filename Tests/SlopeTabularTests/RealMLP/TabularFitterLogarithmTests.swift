import Foundation
import SlopeCore
import SlopeData
import SlopeTraining
import TestSupport
import Testing

@testable import SlopeTabular

/// Targets whose logarithm is learnt.
struct TabularFitterLogarithmTests {
  private static let (a, b) = (TabularCases.a, TabularCases.b)
  /// From e⁻⁶ to e⁶, with factors that multiply.
  private static let skewed = (0..<TabularCases.count).map { exp(3 * a[$0] + 3 * b[$0]) }

  private func table(_ target: [Double]) -> Table {
    TabularCases.table([Self.a, Self.b], Column("y", target))
  }

  private func options(_ epochs: Int = 40, _ logarithm: Bool? = nil) -> TabularOptions {
    var options = TabularCases.options
    (options.model, options.quality, options.networkEpochs) = (.mlp, .fast, epochs)
    options.targetLogarithm = logarithm
    return options
  }

  @Test func aSkewedTargetIsLearntByItsLogarithm() throws {
    var seen: [TabularProgress] = []
    let fit = try TabularModel<Float>.fit(table(Self.skewed), options(256)) { seen.append($0) }
    let schema = fit.model.schema
    #expect(schema.targetIsLogarithm == true)
    // The trials are not shown.
    #expect(seen.map(\.epoch) == Array(1...seen.count) && seen.count <= 256)
    #expect(seen.allSatisfy { $0.errorName == "RMSE of logarithms" })
    let training = (0..<TabularCases.count).filter { $0 % 5 < 3 }.map { Self.skewed[$0] }
    let moments = ColumnMoments(training.map { log($0) })
    #expect(abs(schema.targetMean - moments.mean) < 1e-12)
    #expect(abs(schema.targetDeviation - moments.deviation) < 1e-12)
    // Scores and baseline are those of the target itself.
    #expect(abs((schema.baseline.first ?? 0) - training.reduce(0, +) / 360) < 1e-9)
    let score = try #require(fit.scores[.test])
    #expect((score.rSquared ?? 0) > 0.95, "\(score)")
    let predictions = try fit.model.predict(table(Self.skewed)).numbers
    #expect(predictions.allSatisfy { $0 > 0 })
    #expect(predictions.max() ?? .infinity <= (training.max() ?? 0) * (1 + 1e-5))
    let plain = try TabularModel<Float>.fit(table(Self.skewed), options(256, false))
    #expect(plain.model.schema.targetIsLogarithm == nil)
    let other = try #require(plain.scores[.validation]?.rootMeanSquaredError)
    #expect((fit.validationScore ?? .infinity) < other)
  }

  @Test func otherTargetsAreNotAsked() throws {
    let shifted = Self.skewed.map { $0 - 1 }
    let even = Self.a.map { $0 + 5 }
    let left = Self.skewed.map { 500 - $0 }
    for target in [shifted, even, left] {
      var count = 0
      let fitter = try TabularFitter<Float>(table(target), options(2))
      #expect(try !fitter.learnsLogarithm())
      _ = try TabularModel<Float>.fit(table(target), options(2)) { _ in count += 1 }
      #expect(count == 2)
    }
    // Neither are classes, nor what no row can decide.
    let classes = TabularCases.table([Self.a], Column("y", TabularCases.pairs))
    #expect(try !TabularFitter<Float>(classes, options(2)).learnsLogarithm())
    do {
      _ = try TabularModel<Float>.fit(classes, options(2, true))
      Issue.record("no refusal")
    } catch {
      #expect("\(error)".hasSuffix("\"y\" is predicted as classes, which have no logarithm"))
    }
    var alone = options(2)
    alone.split = .fractions(training: 0.8, validation: 0, test: 0.2)
    #expect(try !TabularFitter<Float>(table(Self.skewed), alone).learnsLogarithm())
    alone.targetLogarithm = true
    #expect(try TabularFitter<Float>(table(Self.skewed), alone).learnsLogarithm())
    #expect(try !TabularFitter<Float>(table(Self.skewed), options(2, false)).learnsLogarithm())
  }

  /// The logarithm where it is clearly better in the trials, by the metric.
  @Test(arguments: [Metric.rootMeanSquaredError, .rSquared, .meanAbsoluteError])
  func theTrialsDecide(metric: Metric) throws {
    let sums = (0..<TabularCases.count).map { max(0.1, 9 * Self.a[$0] + 3 * Self.b[$0]) }
    for target in [sums, Self.skewed] {
      var given = options(6)
      given.metric = metric
      let fitter = try TabularFitter<Float>(table(target), given)
      func judged(_ isLogarithm: Bool) throws -> (score: Double, costs: [Double]) {
        var options = options(6, isLogarithm)
        options.metric = metric
        let fit = try TabularModel<Float>.fit(table(target), options)
        let numbers = try fit.model.predict(table(target)).numbers
        let errors = fitter.validation.map { abs(numbers[$0] - target[$0]) }
        return (
          try #require(fit.validationScore),
          metric == .meanAbsoluteError ? errors : errors.map { $0 * $0 }
        )
      }
      let (logarithm, plain) = (try judged(true), try judged(false))
      let isBetter = metric.isBetter(logarithm.score, than: plain.score)
      let isClear = logarithm.costs.areClearlyLess(than: plain.costs)
      #expect(try fitter.learnsLogarithm() == (isBetter && isClear))
    }
  }

  @Test func aTargetWithoutALogarithmIsRefused() {
    var target = Self.skewed
    target[10] = 0
    for model in [TabularOptions.Model.mlp, .automatic] {
      var options = options(2, true)
      options.model = model
      do {
        _ = try TabularModel<Float>.fit(table(target), options)
        Issue.record("no refusal")
      } catch {
        #expect("\(error)".contains("the target \"y\" is 0.0, which has no logarithm"), "\(error)")
      }
    }
  }

  @Test func itIsKeptInTheFileAndWhenFittedAgain() throws {
    let folder = try TemporaryFolder()
    var options = options(5, true)
    options.refits = true
    let fit = try TabularModel<Float>.fit(table(Self.skewed), options)
    #expect(fit.model.schema.targetIsLogarithm == true)
    #expect(fit.model.schema.training?.isRefitted == true)
    let path = folder.file("model.safetensors")
    try fit.model.save(to: path)
    let read = try TabularModel<Float>(contentsOf: path)
    #expect(
      try read.predict(table(Self.skewed)).numbers
        == fit.model.predict(table(Self.skewed)).numbers)
    var schema = fit.model.schema
    #expect(schema.fault == nil)
    schema.realMLP = nil
    #expect(schema.fault == "the logarithm of a target that has none")
  }

  @Test func outputsAreLogarithms() {
    let numbers = TabularPredictions(
      outputs: [0, 1, -2, 1e9], task: .regression, mean: 1, deviation: 3, areLogarithms: true
    ).numbers
    #expect(numbers[..<3] == [exp(1), exp(4), exp(-5)] && numbers[3].isFinite)
  }

  // Skewnesses by NumPy; of the third's logarithms it is −4.2, and those of the last have none.
  @Test(
    arguments: [
      ([0.5, 1, 1, 1, 2], false, 0.8675), ([1.0 / 3, 1, 1, 1, 3], true, 1.1731),
      ([1e-200] + Array(repeating: 1, count: 18) + [10, 10], false, 2.7233),
      ([0, 1, 1, 1, 9], false, 1.4472),
    ] as [([Double], Bool, Double)])
  func aTargetIsSkewedWhereItsLogarithmIsLessSo(
    target: [Double], isSkewed: Bool, skewness: Double
  ) throws {
    var options = options()
    options.split = .fractions(training: 1, validation: 0, test: 0)
    options.task = .regress
    let table = Table([
      Column("x", uniformNumbers(target.count, seed: 1)), Column("y", target),
    ])
    let fitter = try TabularFitter<Float>(table, options)
    #expect(fitter.isSkewed == isSkewed, "\(skewness)")
  }
}
