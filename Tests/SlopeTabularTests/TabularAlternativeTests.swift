import SlopeData
import SlopeTraining
import TestSupport
import Testing

@testable import SlopeTabular

/// What is kept of the models beside the one that a fit keeps.
struct TabularAlternativeTests {
  private static let table = TabularCases.table(
    [TabularCases.a, TabularCases.b], Column("y", TabularCases.target))

  private static func options(_ change: (inout TabularOptions) -> Void) -> TabularOptions {
    var options = TabularCases.options
    (options.quality, options.networkEpochs) = (.fast, 2)
    change(&options)
    return options
  }

  private static func training(
    _ change: (inout TabularOptions) -> Void
  ) throws -> (fit: TabularFit<Float>, training: TabularTraining) {
    let fit = try TabularModel<Float>.fit(table, options(change))
    return (fit, try #require(fit.model.schema.training))
  }

  private static func scores(_ fit: TabularFit<Float>) -> [String: TabularScores] {
    Dictionary(uniqueKeysWithValues: fit.scores.map { ($0.key.rawValue, $0.value) })
  }

  @Test func networksHaveTheLinearModelBesideThem() throws {
    let linear = Self.scores(try Self.training { $0.model = .linear }.fit)
    for change in [
      { $0.model = .mlp }, { ($0.hidden, $0.epochs) = ([3], 2) },
      { ($0.trainsBySteps, $0.epochs) = (true, 2) },
      { ($0.model, $0.seconds) = (.mlp, 60) },
    ] as [(inout TabularOptions) -> Void] {
      var epochs = 0
      let fit = try TabularModel<Float>.fit(Self.table, Self.options(change)) { _ in epochs += 1 }
      let training = try #require(fit.model.schema.training)
      #expect(training.alternative?.model == .linear)
      #expect(training.alternative?.scores == linear)
      #expect(training.candidates == nil && training.otherCurve == nil && training.curve != nil)
      // Only the epochs of what was asked for are told, and the model is the same as ever.
      #expect(epochs == 2)
    }
    let (_, alone) = try Self.training { $0.model = .linear }
    #expect(alone.alternative == nil && alone.curve == nil && alone.otherCurve == nil)
  }

  @Test func whatTakesLongToSolveIsLeftOut() throws {
    // A number, and 300 levels, of which the training rows have most.
    let levels = Column("c", (0..<600).map { "level \($0 % 300)" })
    let small = Table([levels, Column("x", TabularCases.a), Column("y", TabularCases.target)])
    var options = TabularOptions(target: "y")
    (options.model, options.quality, options.networkEpochs) = (.mlp, .fast, 1)
    let fit = try TabularModel<Float>.fit(small, options)
    let schema = fit.model.schema
    let count = Double(try #require(schema.pipeline.columns.first { $0.name == "c" }).levelCount)
    #expect(count > 200)
    #expect(schema.linearOperations(rowCount: 6000) == 6000 * (count + 1) * (count + 1))
    #expect(fit.training?.alternative != nil)
    let large = small.taking((0..<60_000).map { $0 % 600 })
    #expect(try TabularModel<Float>.fit(large, options).training?.alternative == nil)
    let classes = Table([Column("x", TabularCases.a), Column("y", TabularCases.triples)])
    let other = try TabularModel<Float>.fit(classes, options).model.schema
    #expect(other.linearOperations(rowCount: 10) == 10 * 100 * 3)
  }

  @Test func whatCannotBeSolvedIsLeftOut() throws {
    // Only networks take the logarithm of a target.
    let positive = TabularCases.table(
      [TabularCases.a], Column("y", TabularCases.target.map { $0 * $0 + 1 }))
    let fit = try TabularModel<Float>.fit(
      positive, Self.options { ($0.model, $0.targetLogarithm) = (.mlp, true) })
    #expect(fit.model.schema.training?.alternative?.model == .linear)
    #expect(fit.model.schema.targetIsLogarithm == true)
  }

  @Test func bothAreFittedToTheSameRows() throws {
    for refits in [false, true] {
      let linear = Self.scores(
        try Self.training { ($0.model, $0.refits) = (.linear, refits) }.fit)
      let (_, training) = try Self.training { ($0.model, $0.refits) = (.mlp, refits) }
      #expect(training.alternative?.scores == linear)
      #expect(linear["train"]?.rowCount == (refits ? 480 : 360))
      #expect(training.otherCurve?.origin == (refits ? .beforeRefit : nil))
    }
    // Also where networks are kept because they are better.
    let products = TabularCases.table(
      [TabularCases.a, TabularCases.b],
      Column("y", (0..<TabularCases.count).map { 5 + 3 * TabularCases.a[$0] * TabularCases.b[$0] }))
    let fit = try TabularModel<Float>.fit(
      products, Self.options { ($0.model, $0.networkEpochs, $0.refits) = (.automatic, 120, true) })
    #expect(fit.candidates.map(\.isChosen) == [false, true])
    #expect(fit.model.schema.training?.alternative?.scores["train"]?.rowCount == 480)
    #expect(fit.model.schema.training?.otherCurve?.origin == .beforeRefit)
  }

  @Test func withoutValidationRowsTheLinearModelIsBesideNetworks() throws {
    let fit = try TabularModel<Float>.fit(
      Self.table,
      Self.options {
        ($0.model, $0.drop) = (.automatic, ["part"])
        $0.split = .fractions(training: 0.8, validation: 0, test: 0.2)
      })
    #expect(fit.model.schema.realMLP != nil)
    #expect(fit.model.schema.training?.alternative?.model == .linear)
  }

  @Test func theCurveOfNetworksThatAreNotKeptStays() throws {
    let (fit, training) = try Self.training { $0.model = .automatic }
    #expect(fit.candidates.map(\.isChosen) == [true, false])
    #expect(training.alternative?.model == .mlp && training.curve == nil)
    let networks = try #require(try Self.training { $0.model = .mlp }.training.curve)
    #expect(training.otherCurve?.curve == networks && training.otherCurve?.origin == .notKept)
    #expect(networks.validationScores.count == 2)
    #expect([1, 2].contains(training.otherCurve?.bestEpoch))
    // It comes back from a file.
    let folder = try TemporaryFolder()
    try fit.model.save(to: folder.file("model"))
    let again = try TabularModel(contentsOf: folder.file("model"))
    #expect(again.schema.training == training)
  }

  @Test func aSearchKeepsTheLinearModelAndTheBestNetworks() throws {
    let (fit, training) = try Self.training {
      ($0.model, $0.quality, $0.trials, $0.networkEpochs) = (.automatic, .best, 2, 4)
    }
    let other = try #require(training.alternative)
    #expect(other.model == .linear)
    #expect(other.scores["validation"]?.rowCount == 480 && other.scores["test"]?.rowCount == 120)
    // The best of the linear models, whose score is that of rows that it has not learnt from.
    let best = fit.candidates.filter { $0.model == .linear }.map(\.validationScore).min()
    #expect(other.scores["validation"]?.rootMeanSquaredError == best)
    #expect(training.curve == nil && training.otherCurve?.origin == .bestNetworks)
    let networks = fit.candidates.filter { $0.model == .mlp }
    #expect(networks.count == 2)
    let scores = try #require(training.otherCurve?.curve.validationScores.compactMap { $0 })
    let leastScore = try #require(networks.map(\.validationScore).min())
    // By the products of epochs, which may differ in the last bit.
    #expect(abs((scores.min() ?? 0) - leastScore) < 1e-4 * leastScore)
  }

  @Test func aSearchOfNetworksAloneHasTheLinearModelBesideIt() throws {
    let (fit, training) = try Self.training {
      ($0.model, $0.quality, $0.trials, $0.networkEpochs) = (.mlp, .best, 1, 2)
    }
    #expect(fit.candidates.map(\.model) == [.mlp])
    #expect(training.alternative?.model == .linear)
    #expect((training.alternative?.scores["test"]?.rSquared ?? 0) > 0.9)
  }

  @Test func theChecksumIsThatOfTheRows() throws {
    let (fit, training) = try Self.training { $0.model = .linear }
    #expect(fit.model.schema.features == ["x0", "x1"])
    #expect(try training.checksum == Self.table.checksum(of: ["x0", "x1", "y"]))
    #expect(training.choiceName == "RMSE" && Metric.logLoss.choiceName.hasSuffix("one error more"))
  }
}

extension TabularFit {
  fileprivate var training: TabularTraining? { model.schema.training }
}
