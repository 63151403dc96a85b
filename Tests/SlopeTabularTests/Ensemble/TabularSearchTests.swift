import Glibc
import SlopeCore
import SlopeData
import SlopeTraining
import Testing

@testable import SlopeTabular

/// Fits of the quality `.best`: many models, of which a weighted mean is kept.
struct TabularSearchTests {
  private static let count = TabularCases.count
  private static let a = TabularCases.a
  private static let b = TabularCases.b

  private static func options(trials: Int = 1, epochs: Int = 8) -> TabularOptions {
    var options = TabularCases.options
    options.model = .automatic
    options.quality = .best
    (options.trials, options.networkEpochs) = (trials, epochs)
    return options
  }

  private static var products: Table {
    TabularCases.table([a, b], Column("y", (0..<count).map { 5 + 3 * a[$0] * b[$0] }))
  }

  private static var line: Table {
    TabularCases.table([a, b], Column("y", TabularCases.target))
  }

  @Test func networksLearnWhatALinearModelCannot() throws {
    let fit = try TabularModel<Float>.fit(Self.products, Self.options(epochs: 160))
    #expect(fit.candidates.map(\.model) == [.mlp, .linear])
    #expect(fit.candidates[0].isChosen && fit.candidates[0].weight ?? 0 > 0.9)
    #expect((fit.scores[.test]?.rSquared ?? 0) > 0.9)
    let ensemble = try #require(fit.model.network as? TabularEnsemble<Float>)
    let networks = try #require(ensemble.models[0].network as? RealMLP<Float>)
    #expect(networks.shape.members == 8)
  }

  @Test func aLineIsLeftToTheLinearModel() throws {
    let fit = try TabularModel<Float>.fit(Self.line, Self.options(epochs: 2))
    #expect(fit.candidates.map(\.isChosen) == [false, true])
    #expect(fit.candidates.map(\.weight) == [0, 1])
    let ensemble = try #require(fit.model.network as? TabularEnsemble<Float>)
    #expect(ensemble.models.count == 1 && ensemble.models[0].coefficients != nil)
    // It is the one of training and validation rows together.
    var options = TabularCases.options
    options.model = .linear
    options.refits = true
    let linear = try TabularModel<Float>.fit(Self.line, options)
    #expect(try fit.model.predict(Self.line) == linear.model.predict(Self.line))
  }

  @Test func eachRowIsJudgedByModelsThatHaveNotLearntFromIt() throws {
    // Noise that no column tells: a model that has learnt from a row knows more than it should.
    let noise = TabularCases.table([Self.a, Self.b], Column("y", TabularCases.noise))
    let fit = try TabularModel<Float>.fit(noise, Self.options(epochs: 60))
    let score = try #require(fit.scores[.validation])
    #expect(score.rowCount == 480 && fit.scores[.training]?.rowCount == 480)
    #expect(fit.scores[.test]?.rowCount == 120)
    let (error, baseline) = (
      try #require(score.meanSquaredError), try #require(score.baselineMeanSquaredError)
    )
    #expect(error > 0.95 * baseline)
    #expect(fit.validationScore == score.rootMeanSquaredError)
    #expect(fit.candidates.allSatisfy { $0.validationScore >= 0.99 * (fit.validationScore ?? 9) })
  }

  @Test func classesHaveALinearModelForEachPenalty() throws {
    let table = TabularCases.table([Self.a, Self.b], Column("y", TabularCases.triples))
    let fit = try TabularModel<Float>.fit(table, Self.options(epochs: 12))
    #expect(fit.candidates.map(\.model) == [.mlp, .linear, .linear, .linear])
    #expect(Set(fit.candidates.dropFirst().map(\.validationScore)).count == 3)
    #expect(fit.metric == .logLoss)
    // One error more is counted.
    #expect((fit.validationScore ?? 0) > (fit.scores[.validation]?.logLoss ?? 9))
    let weights = fit.candidates.compactMap(\.weight)
    #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
    #expect(fit.candidates.allSatisfy { $0.isChosen == (($0.weight ?? 0) > 0) })
    let best = try #require(fit.candidates.map(\.validationScore).min())
    #expect((fit.validationScore ?? 9) <= best)
    let (test, baseline) = (
      fit.scores[.test]?.logLoss ?? 9, fit.scores[.test]?.baselineLogLoss ?? 0
    )
    #expect(test < 0.8 * baseline)
  }

  @Test func oneSeedGivesOneModelOfSoManyTrials() throws {
    let table = TabularCases.table([Self.a, Self.b], Column("y", TabularCases.pairs))
    func fit(_ trials: Int, seed: UInt64 = 3) throws -> TabularFit<Float> {
      var options = Self.options(trials: trials, epochs: 2)
      options.seed = seed
      return try TabularModel<Float>.fit(table, options)
    }
    let (first, second) = (try fit(2), try fit(2))
    #expect(first.scores == second.scores && first.candidates == second.candidates)
    #expect(try first.model.predict(table) == second.model.predict(table))
    #expect(first.candidates.map(\.model) == [.mlp, .linear, .linear, .linear, .mlp])
    // The numbers of a trial do not depend on those after it.
    #expect(
      try fit(1).candidates.map(\.validationScore)
        == first.candidates.prefix(4).map(\.validationScore))
    #expect(try fit(1, seed: 4).candidates[0] != first.candidates[0])
    #expect(first.candidates[0].validationScore != first.candidates[4].validationScore)
    let training = try #require(first.model.schema.training)
    #expect(training.folds == 8 && training.bestEpoch == nil && training.isRefitted == false)
    #expect(training.epochs == 4)
  }

  @Test func progressNamesTheTrial() throws {
    var seen: [TabularProgress] = []
    _ = try TabularModel<Float>.fit(Self.line, Self.options(trials: 2, epochs: 3)) {
      seen.append($0)
    }
    #expect(seen.map(\.trial) == [1, 1, 1, 2, 2, 2] && seen.map(\.epoch) == [1, 2, 3, 1, 2, 3])
    #expect(seen.allSatisfy { $0.epochCount == 3 && $0.validationScore != nil })
  }

  @Test func aSkewedTargetIsLearntOnBothScales() throws {
    let table = TabularCases.table(
      [Self.a, Self.b],
      Column("y", (0..<Self.count).map { exp(2 * (Self.a[$0] + Self.b[$0])) }))
    let fit = try TabularModel<Float>.fit(table, Self.options(trials: 2, epochs: 40))
    #expect(fit.candidates.map(\.model) == [.mlp, .linear, .mlp])
    let ensemble = try #require(fit.model.network as? TabularEnsemble<Float>)
    #expect(ensemble.models.contains { $0.schema.targetIsLogarithm == true })
    for scale in [true, false] {
      var options = Self.options(epochs: 2)
      options.targetLogarithm = scale
      options.model = .mlp
      let fit = try TabularModel<Float>.fit(table, options)
      let ensemble = try #require(fit.model.network as? TabularEnsemble<Float>)
      #expect(ensemble.models.map { $0.schema.targetIsLogarithm == true } == [scale])
      #expect(fit.candidates.map(\.model) == [.mlp])
    }
  }

  @Test func timeBoundsTheSearch() throws {
    var options = Self.options()
    (options.trials, options.networkEpochs, options.seconds) = (nil, nil, 1.5)
    let clock = ContinuousClock()
    var fit: TabularFit<Float>?
    let duration = try clock.measure { fit = try TabularModel<Float>.fit(Self.line, options) }
    // Far from the minutes that 256 epochs of many networks take.
    #expect(duration < .seconds(30))
    #expect((fit?.seconds ?? 0) > 0.5 && fit?.candidates.isEmpty == false)
    #expect(fit?.model.schema.training?.folds == 4 || fit?.model.schema.training?.folds == 8)
  }

  @Test func tooFewRowsForFoldsAreFittedAsUsual() throws {
    let table = Table([
      Column("x0", [1.0, 2, 3, 4, 5, 6]), Column("y", ["a", "b", "c", "a", "b", "c"]),
      Column("part", ["train", "train", "train", "test", "test", "test"]),
    ])
    let fit = try TabularModel<Float>.fit(table, Self.options(epochs: 2))
    #expect(!(fit.model.network is TabularEnsemble<Float>))
    #expect(fit.model.schema.training?.folds == nil)
  }

  @Test func nonsenseIsRefused() {
    for (change, message) in [
      ({ $0.trials = 0 }, "0 networks to try: at least one is needed"),
      ({ $0.seconds = 0 }, "0.0 seconds: a time to fit must be more than 0"),
      ({ $0.seconds = .nan }, "nan seconds: a time to fit must be more than 0"),
      ({ $0.seconds = .infinity }, "inf seconds: a time to fit must be more than 0"),
    ] as [((inout TabularOptions) -> Void, String)] {
      for quality in TabularOptions.Quality.allCases {
        for model in [TabularOptions.Model.mlp, .automatic] {
          #expect(
            refusal([Column("x", [1.0, 2, 3]), Column("y", [1.0, 2.5, 3])]) {
              ($0.quality, $0.model) = (quality, model)
              change(&$0)
            } == message, "\(quality) \(model)")
        }
      }
    }
  }
}
