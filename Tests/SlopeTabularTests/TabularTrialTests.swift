import SlopeCore
import SlopeData
import SlopeTraining
import Testing

@testable import SlopeTabular

/// Fits to training and validation rows together, after the latter have decided.
@Suite struct TabularTrialTests {
  /// The same table with its validation rows among those for training.
  private static func merged(_ table: Table) throws -> Table {
    let parts = (0..<table.rowCount).map { $0 % 5 < 4 ? "train" : "test" }
    return Table(
      try table.columnNames.map { $0 == "part" ? Column("part", parts) : try table.column($0) })
  }

  @Test func aRefittedLinearModelIsTheOneOfBothParts() throws {
    for target in [Column("y", TabularCases.target), Column("y", TabularCases.triples)] {
      let table = TabularCases.table([TabularCases.a, TabularCases.b], target)
      var options = TabularCases.options
      options.refits = true
      let fit = try TabularModel<Double>.fit(table, options)
      let whole = try TabularModel<Double>.fit(Self.merged(table), TabularCases.options)
      #expect(fit.model.coefficients?.map(\.values) == whole.model.coefficients?.map(\.values))
      #expect(fit.scores[.test]?.mainError == whole.scores[.test]?.mainError)
      #expect(fit.scores[.training]?.rowCount == 480 && fit.scores[.validation]?.rowCount == 0)
      #expect(fit.model.schema.training?.isRefitted == true && fit.validationScore == nil)
      #expect(!fit.warns("there are no validation rows"))
      #expect(whole.warns("there are no validation rows"))
      #expect(whole.model.schema.training?.isRefitted == false)
    }
  }

  @Test func aRefittedNetworkIsTrainedToTheBestEpoch() throws {
    let table = TabularCases.table(
      [TabularCases.a, TabularCases.b], Column("y", TabularCases.triples))
    for model in [TabularOptions.Model.linear, .mlp] {
      var options = TabularCases.options
      (options.model, options.quality, options.networkEpochs) = (model, .fast, 12)
      (options.hidden, options.optimizer, options.epochs) = ([8], .adam, 25)
      options.learningRate = 0.02
      options.refits = true
      var seen: [TabularProgress] = []
      let fit = try TabularModel<Float>.fit(table, options) { seen.append($0) }
      let most = model == .mlp ? 12 : 25
      let best = try #require(seen[most - 1].bestEpoch)
      #expect(seen.map(\.epoch) == Array(1...most) + Array(1...best), "\(model)")
      #expect(seen.last?.epochCount == best && seen.last?.validationScore == nil)
      let training = try #require(fit.model.schema.training)
      #expect(training.epochs == best && training.bestEpoch == best && training.isRefitted == true)
      #expect(fit.scores[.training]?.rowCount == 480)
      #expect((fit.scores[.test]?.logLoss ?? 9) < (fit.scores[.test]?.baselineLogLoss ?? 0))
      options.refits = false
      let first = try TabularModel<Float>.fit(table, options)
      #expect(fit.model.schema.realMLP?.temperature == first.model.schema.realMLP?.temperature)
      #expect(fit.scores[.test] != first.scores[.test])
    }
  }

  @Test func withoutValidationRowsNothingIsFittedAgain() throws {
    let table = TabularCases.table([TabularCases.a], Column("y", TabularCases.target))
    var options = linearOptions("y")
    options.drop = ["part"]
    options.refits = true
    options.split = .fractions(training: 0.8, validation: 0, test: 0.2)
    var count = 0
    let fit = try TabularModel<Float>.fit(table, options) { _ in count += 1 }
    #expect(count == 1 && fit.model.schema.training?.isRefitted == false)
    #expect(fit.warns("there are no validation rows"))
  }

  /// Trials of linear models that see some columns, with a metric.
  private static func trial(
    _ features: [String], _ target: Column, _ metric: Metric? = nil, weights: [Double]? = nil
  ) throws -> TabularTrial<Double> {
    var table = TabularCases.table([TabularCases.a, TabularCases.b, TabularCases.noise], target)
    var options = TabularCases.options
    if let weights {
      table = Table(table.columns + [Column("w", weights)])
      options.weightColumn = "w"
    }
    options.features = features
    options.metric = metric
    return try TabularTrial(table, options, nil) { _ in }
  }

  @Test(
    arguments: [
      .rootMeanSquaredError, .meanSquaredError, .meanAbsoluteError, .rSquared, .medianAbsoluteError,
    ] as [Metric]) func aClearlyBetterModelIsTold(metric: Metric) throws
  {
    let target = Column("y", TabularCases.target)
    let (all, none) = (
      try Self.trial(["x0", "x1"], target, metric), try Self.trial(["x2"], target, metric)
    )
    #expect(try all.isClearlyBetter(than: none))
    #expect(try !none.isClearlyBetter(than: all) && !all.isClearlyBetter(than: all))
  }

  @Test func aHardlyBetterModelIsNotClearlyBetter() throws {
    // Half of the rows are better by as much as the others are worse, but for one.
    let one = Column("y", (0..<600).map { $0 % 2 == 0 ? TabularCases.a[$0] : TabularCases.b[$0] })
    let (first, second) = (try Self.trial(["x0"], one), try Self.trial(["x1"], one))
    let (one1, two) = (first.fit.validationScore ?? 0, second.fit.validationScore ?? 0)
    #expect(abs(one1 - two) < 0.1 * one1 && one1 != two)
    #expect(try !first.isClearlyBetter(than: second) && !second.isClearlyBetter(than: first))
  }

  @Test func weightsCountInWhatRowsCost() throws {
    // Even rows follow x0, odd ones x1; of the weights only those of even rows are not 0.
    let one = Column("y", (0..<600).map { $0 % 2 == 0 ? TabularCases.a[$0] : TabularCases.b[$0] })
    let weights = (0..<600).map { $0 % 2 == 0 ? 2.0 : 0 }
    let first = try Self.trial(["x0"], one, weights: weights)
    let second = try Self.trial(["x1"], one, weights: weights)
    #expect(try first.isClearlyBetter(than: second))
  }

  @Test func classesAreJudgedByTheLogLossOfRowsAndOneError() throws {
    let target = Column("y", TabularCases.triples)
    for metric in [.logLoss, .accuracy] as [Metric] {
      let all = try Self.trial(["x0", "x1"], target, metric)
      let none = try Self.trial(["x2"], target, metric)
      #expect(try all.isClearlyBetter(than: none) && !none.isClearlyBetter(than: all))
    }
    let (fitter, fit) = try {
      var options = TabularCases.options
      options.metric = .logLoss
      let table = TabularCases.table([TabularCases.a, TabularCases.b], target)
      let fitter = try TabularFitter<Double>(table, options)
      return (fitter, try fitter.fit { _ in }.0)
    }()
    let costs = try #require(try fitter.costsOfRows(fit.model))
    #expect(costs.count == 121)
    let mean = costs.reduce(0, +) / 121
    #expect(abs(mean - (fit.validationScore ?? 0)) < 1e-12)
  }

  // MARK: Folds

  /// Trials of networks and of a linear model.
  private static func both(
    _ target: Column, count: Int = 600, quality: TabularOptions.Quality = .fast, epochs: Int = 30
  ) throws -> (networks: TabularTrial<Float>, linear: TabularTrial<Float>) {
    let features = [TabularCases.a, TabularCases.b].map { column in
      (0..<count).map { column[$0 % column.count] }
    }
    let table = TabularCases.table(features, target)
    func trial(_ model: TabularOptions.Model) throws -> TabularTrial<Float> {
      var options = TabularCases.options
      (options.model, options.quality, options.networkEpochs) = (model, quality, epochs)
      return try TabularTrial(table, options, nil) { _ in }
    }
    return (try trial(.mlp), try trial(.linear))
  }

  private static let products = (0..<600).map { TabularCases.a[$0] * TabularCases.b[$0] }

  @Test(arguments: [
    (Column("y", products), true), (Column("y", TabularCases.target), false),
    (Column("y", products.map { $0 > 0 ? "a" : "b" }), true),
    (Column("y", (0..<600).map { TabularCases.a[$0] > 0 ? "a" : "b" }), false),
  ])
  func foldsTellWhichModelIsBetter(target: Column, areNetworks: Bool) throws {
    let (networks, linear) = try Self.both(target)
    var seen: [TabularProgress] = []
    #expect(try networks.isBetterInFolds(than: linear, nil) { seen.append($0) } == areNetworks)
    // The folds' networks are trained to the epoch that was the best one, and are not judged on the way.
    let best = try #require(networks.fit.model.schema.training?.bestEpoch)
    #expect(seen.map(\.epoch) == Array(1...best))
    #expect(seen.allSatisfy { $0.areFolds && $0.validationScore == nil && $0.bestEpoch == nil })
  }

  @Test func foldsAreNotAskedWhereTheyTakeLong() throws {
    let (networks, linear) = try Self.both(Column("y", Self.products), epochs: 3)
    #expect(try networks.isBetterInFolds(than: linear, Deadline(seconds: 0)) { _ in } == nil)
    #expect(try networks.isBetterInFolds(than: linear, Deadline(seconds: 1000)) { _ in } != nil)
    // Four fifths are for training and validation.
    for (count, isAsked) in [(6250, true), (6255, false)] {
      let target = Column("y", (0..<count).map { Self.products[$0 % 600] })
      let (networks, linear) = try Self.both(target, count: count, epochs: 1)
      #expect((try networks.isBetterInFolds(than: linear, nil) { _ in } != nil) == isAsked)
    }
  }

  @Test func unsureValidationRowsAskTheFolds() throws {
    /// A fit to some rows for training and a validation row of every so many, and what folds say.
    func fit(
      _ target: [Double], validationRowOf step: Int
    ) throws -> (fit: TabularFit<Float>, foldEpochs: Int, areNetworksBetter: Bool?) {
      let parts = (0..<600).map { $0 % step == 3 ? "validation" : $0 % 5 == 4 ? "test" : "train" }
      let table = Table([
        Column("x0", TabularCases.a), Column("x1", TabularCases.b), Column("part", parts),
        Column("y", target),
      ])
      var options = TabularCases.options
      (options.quality, options.networkEpochs) = (.fast, 30)
      func trial(_ model: TabularOptions.Model) throws -> TabularTrial<Float> {
        options.model = model
        return try TabularTrial(table, options, nil) { _ in }
      }
      let areNetworksBetter = try trial(.mlp).isBetterInFolds(than: trial(.linear), nil) { _ in }
      options.model = .automatic
      var epochs = 0
      let fit = try TabularModel<Float>.fit(table, options) { epochs += $0.areFolds ? 1 : 0 }
      return (fit, epochs, areNetworksBetter)
    }
    // Sixty rows make it clear, six do not.
    let clear = try fit(Self.products, validationRowOf: 10)
    #expect(clear.foldEpochs == 0 && clear.fit.model.schema.realMLP != nil)
    for target in [Self.products, TabularCases.target] {
      let unsure = try fit(target, validationRowOf: 100)
      let areNetworks = unsure.areNetworksBetter == true
      #expect(unsure.foldEpochs > 0 && (unsure.fit.model.schema.realMLP != nil) == areNetworks)
      #expect(unsure.fit.candidates.map(\.isChosen) == [!areNetworks, areNetworks])
    }
  }

  @Test func anUndefinedMetricChoosesTheLinearModel() throws {
    // All validation rows are of one class.
    let classes = (0..<600).map { $0 % 5 == 3 || TabularCases.a[$0] > 0 ? "a" : "b" }
    let table = TabularCases.table([TabularCases.a, TabularCases.b], Column("y", classes))
    for model in [TabularOptions.Model.automatic, .linear, .mlp] {
      var options = TabularCases.options
      (options.model, options.quality, options.networkEpochs) = (model, .fast, 2)
      options.metric = .rocAUC
      let fit = try TabularModel<Float>.fit(table, options)
      #expect((fit.model.schema.realMLP != nil) == (model == .mlp))
      #expect(fit.candidates.isEmpty && fit.validationScore == nil)
      #expect(fit.warns("AUC of the validation rows is undefined: nothing is chosen by it"))
      options.metric = .accuracy
      #expect(!(try TabularModel<Float>.fit(table, options).warns("is undefined")))
    }
  }

  @Test func aRefittedChoiceKeepsItsCandidates() throws {
    let table = TabularCases.table([TabularCases.a], Column("y", TabularCases.target))
    var options = TabularCases.options
    (options.model, options.quality, options.networkEpochs) = (.automatic, .fast, 1)
    options.refits = true
    let fit = try TabularModel<Float>.fit(table, options)
    #expect(fit.candidates.map(\.isChosen) == [true, false] && fit.validationScore == nil)
    #expect(fit.candidates.allSatisfy { $0.validationScore > 0 })
    #expect(fit.scores[.training]?.rowCount == 480)
    #expect(fit.model.schema.training?.isRefitted == true)
  }

  /// The penalty is not chosen again, and is the one that was best.
  @Test func aRefittedSoftmaxKeepsItsPenalty() throws {
    // No column tells the classes apart, so that the largest penalty is best.
    let columns = (0..<12).map { uniformNumbers(60, seed: 50 + $0) }
    let classes = uniformNumbers(60, seed: 90).map { $0 > 0 ? "a" : "b" }
    let table = TabularCases.table(columns, Column("y", classes))
    let (_, choices) = try TabularFitter<Double>(table, TabularCases.options).fit { _ in }
    #expect(choices.penalty == 3)
    var options = TabularCases.options
    options.refits = true
    var starts = 0
    let fit = try TabularModel<Double>.fit(table, options) { starts += $0.epoch == 1 ? 1 : 0 }
    #expect(starts == 4)
    let whole = try TabularFitter<Double>(table, TabularCases.options)
      .refitter(TabularChoices(penalty: choices.penalty)).fit { _ in }.0
    let other = try TabularFitter<Double>(table, TabularCases.options)
      .refitter(TabularChoices()).fit { _ in }.0
    #expect(fit.model.coefficients?[0].values == whole.model.coefficients?[0].values)
    #expect(fit.model.coefficients?[0].values != other.model.coefficients?[0].values)
  }
}
