import SlopeCore
import SlopeData
import SlopeTraining
import TestSupport
import Testing

@testable import SlopeTabular

/// Training by steps, and options without sense.
@Suite struct TabularFitTests {
  private static let line = [
    Column("x", (0..<40).map { Double($0) + 0.5 }),
    Column("y", (0..<40).map { 4.0 - 2 * Double($0) }),
  ]

  private var steps: TabularOptions {
    var options = linearOptions("y")
    options.trainsBySteps = true
    return options
  }

  private func fit(_ options: TabularOptions) throws -> TabularFit<Double> {
    try TabularModel<Double>.fit(Table(Self.line), options)
  }

  // MARK: Progress

  @Test func progressComesOncePerEpochInTheTargetsUnit() throws {
    var options = steps
    options.epochs = 7
    options.batchSize = .all
    options.learningRate = 1e-12
    var seen: [TabularProgress] = []
    let fit = try TabularModel<Double>.fit(Table(Self.line), options) { seen.append($0) }
    #expect(seen.map(\.epoch) == Array(1...7))
    #expect(seen.allSatisfy { $0.epochCount == 7 && $0.errorName == "RMSE" })
    let error = try #require(fit.scores[.training]?.rootMeanSquaredError)
    #expect(abs((seen.last?.trainingError ?? 0) / error - 1) < 1e-6)
    let validation = try #require(fit.scores[.validation]?.rootMeanSquaredError)
    #expect(abs((seen.last?.validationScore ?? 0) / validation - 1) < 1e-6)
  }

  @Test func theProgressOfASolutionEndsWithItsScores() throws {
    for target in ["y", "t"] {
      let table = Table(Self.line + [Column("t", (0..<40).map { $0 % 7 < 3 ? "a" : "b" })])
      var seen: [TabularProgress] = []
      let fit = try TabularModel<Double>.fit(table, linearOptions(target)) {
        seen.append($0)
      }
      let last = try #require(seen.last)
      #expect(last.epoch == last.epochCount && last.epoch == fit.model.schema.training?.epochs)
      #expect(last.errorName == (target == "y" ? "RMSE" : "log loss"))
      #expect(last.trainingError == fit.scores[.training]?.mainError)
      #expect(last.validationScore == fit.validationScore)
      #expect(last.bestEpoch == nil && fit.model.schema.training?.bestEpoch == nil)
    }
  }

  // MARK: The best epoch

  private var overfitting: TabularOptions {
    var options = TabularCases.options
    options.hidden = [32]
    options.optimizer = .adam
    options.learningRate = 0.03
    options.epochs = 60
    return options
  }

  private static let noisy = TabularCases.table(
    (0..<8).map { uniformNumbers(60, seed: 20 + $0) },
    Column("y", uniformNumbers(60, seed: 30)))

  @Test(arguments: [Metric.meanAbsoluteError, .rSquared, .maximumError])
  func theMetricDecidesWhichEpochIsTheBest(metric: Metric) throws {
    var options = overfitting
    options.metric = metric
    var seen: [TabularProgress] = []
    let fit = try TabularModel<Double>.fit(Self.noisy, options) { seen.append($0) }
    let scores = try seen.map { try #require($0.validationScore) }
    let best = try #require(metric.isHigherBetter ? scores.max() : scores.min())
    #expect(fit.model.schema.training?.bestEpoch == (scores.lastIndex(of: best) ?? -1) + 1)
    #expect(fit.metric == metric && seen.allSatisfy { $0.metric == metric })
    // Epochs are judged by the library's products, whose last bit may differ from those of predictions.
    let judged = try #require(fit.validationScore)
    #expect(abs(judged - best) < 1e-14 && fit.model.schema.training?.metric == metric)
    #expect(seen.allSatisfy { $0.errorName == "RMSE" })
    // Training ended the patience's epochs after the best.
    #expect(seen.count == min(60, (fit.model.schema.training?.bestEpoch ?? 0) + 40))
    if metric != .maximumError {
      let score = fit.scores[.validation]
      #expect(judged == (metric == .rSquared ? score?.rSquared : score?.meanAbsoluteError))
    }
  }

  @Test func aMetricIsOneOfWhatIsPredicted() throws {
    let words = TabularCases.table([TabularCases.a], Column("y", TabularCases.pairs))
    let numbers = TabularCases.table([TabularCases.a], Column("y", TabularCases.target))
    func message(_ table: Table, _ metric: Metric) -> String {
      var options = TabularCases.options
      options.metric = metric
      do {
        return "\(try TabularModel<Float>.fit(table, options).metric)"
      } catch {
        return "\(error)"
      }
    }
    #expect(message(words, .rocAUC) == "rocAUC" && message(numbers, .rSquared) == "rSquared")
    #expect(
      message(words, .meanAbsoluteError).hasSuffix(
        "the metric MAE is one of numbers, but the target \"y\" is predicted as classes"))
    #expect(
      message(numbers, .accuracy).hasSuffix(
        "the metric accuracy is one of classes, but the target \"y\" is predicted as a number"))
    #expect(message(words, .logLoss) == "logLoss")
  }

  /// With few rows for each input the penalty of softmax regression matters.
  @Test func theMetricDecidesThePenalty() throws {
    let columns = (0..<12).map { uniformNumbers(60, seed: 50 + $0) }
    let classes = (0..<60).map { columns[0][$0] + columns[1][$0] > 0 ? "a" : "b" }
    let table = TabularCases.table(columns, Column("y", classes))
    for metric in [Metric.logLoss, .accuracy, .rocAUC, .brierScore] {
      var options = TabularCases.options
      options.metric = metric
      var last: [Double] = []
      var seen: [TabularProgress] = []
      let fit = try TabularModel<Double>.fit(table, options) { seen.append($0) }
      for (one, next) in zip(seen, seen.dropFirst()) where next.epoch <= one.epoch {
        last.append(one.validationScore ?? .nan)
      }
      #expect(last.count == 3, "\(metric): \(last)")
      // The log loss is that of the rows themselves, although with one error more the penalty 3, the second
      // one, would be better.
      #expect(metric != .logLoss || last[1] < last[0])
      #expect(
        fit.validationScore
          == (metric == .logLoss ? last[0] : metric.isHigherBetter ? last.max() : last.min()))
    }
  }

  @Test func aNetworkHasTheParametersOfItsBestEpoch() throws {
    var seen: [TabularProgress] = []
    let fit = try TabularModel<Double>.fit(Self.noisy, overfitting) { seen.append($0) }
    let errors = try seen.map { try #require($0.validationScore) }
    let least = try #require(errors.min())
    #expect(fit.model.schema.training?.bestEpoch == (errors.lastIndex(of: least) ?? -1) + 1)
    #expect(seen.last?.bestEpoch == fit.model.schema.training?.bestEpoch)
    #expect(fit.scores[.validation]?.rootMeanSquaredError == least)
    #expect(errors.last ?? 0 > least, "the last epoch is not the best")
  }

  @Test func trainingEndsAfterItsPatience() throws {
    var options = overfitting
    options.patience = 3
    let training = try #require(
      try TabularModel<Double>.fit(Self.noisy, options).model.schema.training)
    #expect(training.epochs < 60 && training.epochs == (training.bestEpoch ?? 0) + 3)
    options.patience = nil
    #expect(try TabularModel<Double>.fit(Self.noisy, options).model.schema.training?.epochs == 60)
  }

  @Test func withoutValidationRowsAllEpochsAreRun() throws {
    var options = overfitting
    options.split = .fractions(training: 0.8, validation: 0, test: 0.2)
    options.patience = 1
    let fit = try TabularModel<Double>.fit(Self.noisy.drop("part"), options)
    #expect(fit.model.schema.training?.epochs == 60)
    #expect(fit.model.schema.training?.bestEpoch == nil)
  }

  @Test(arguments: ["pairs", "triples"]) func aNetworkLearnsClasses(kind: String) throws {
    let classes = kind == "pairs" ? TabularCases.pairs : TabularCases.triples
    var options = TabularCases.options
    options.hidden = [16]
    options.optimizer = .adam
    options.epochs = 30
    let fit = try TabularModel<Float>.fit(
      TabularCases.table([TabularCases.a, TabularCases.b], Column("y", classes)), options)
    let score = try #require(fit.scores[.test])
    #expect(score.logLoss ?? 9 < 0.7 * (score.baselineLogLoss ?? 0))
    #expect(fit.model.coefficients == nil)
  }

  // MARK: The learning rate

  @Test func theLearningRateFallsToZero() throws {
    // With one step the rate is not reduced: w − rate · gradient.
    var options = steps
    options.epochs = 1
    options.batchSize = .all
    options.momentum = 0
    options.split = .fractions(training: 1, validation: 0, test: 0)
    func weight() throws -> Double {
      let coefficient = try #require(try fit(options).model.coefficients?.first).values[0]
      // Standardised, the exact weight is −1, and the loss's derivative is 2 (w + 1).
      return coefficient / 2
    }
    options.learningRate = 1e-300
    let initial = try weight()
    options.learningRate = 0.125
    #expect(abs(try weight() - (initial - 0.125 * 2 * (initial + 1))) < 1e-12)
    // Two steps: the second at half the rate, in the middle of the cosine.
    options.epochs = 2
    let first = initial - 0.125 * 2 * (initial + 1)
    #expect(abs(try weight() - (first - 0.0625 * 2 * (first + 1))) < 1e-12)
  }

  @Test func theDefaultRateShrinksWithTheInputs() {
    var options = linearOptions("y")
    #expect(options.defaultLearningRate(inputCount: 1) == 0.02)
    #expect(options.defaultLearningRate(inputCount: 50) == 0.02)
    #expect(options.defaultLearningRate(inputCount: 200) == 0.005)
    options.hidden = [8]
    #expect(options.defaultLearningRate(inputCount: 50) == 0.005)
    #expect(options.defaultLearningRate(inputCount: 1000) == 0.001)
    options.optimizer = .adam
    #expect(options.defaultLearningRate(inputCount: 50) == 0.001)
    options.hidden = []
    #expect(options.defaultLearningRate(inputCount: 200) == 0.005)
    options.optimizer = .adagrad
    #expect(options.defaultLearningRate(inputCount: 200) == 0.05)
  }

  @Test func divergenceNamesTheEpochAndATenthOfTheRate() throws {
    var options = steps
    options.learningRate = 0.7e30
    let error = try #require(throws: TabularError.self) {
      try TabularModel<Float>.fit(Table(Self.line), options)
    }
    guard case .diverged(let epoch, let learningRate) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(epoch >= 1 && epoch < 5)
    #expect(learningRate == 0.7e29)
  }

  // MARK: Without steps

  @Test func aLinearModelIsSolvedUnlessStepsAreAskedFor() {
    var options = linearOptions("y")
    #expect(options.isSolved)
    options.epochs = 3
    options.learningRate = 1
    #expect(options.isSolved)
    options.trainsBySteps = true
    #expect(!options.isSolved)
    options.trainsBySteps = false
    options.hidden = [1]
    #expect(!options.isSolved)
  }

  @Test func withoutEpochsTheModelKeepsItsInitialValues() throws {
    var options = steps
    options.epochs = 0
    var calls = 0
    let fit = try TabularModel<Double>.fit(Table(Self.line), options) { _ in calls += 1 }
    #expect(calls == 0)
    #expect(fit.scores[.training]?.meanSquaredError?.isFinite == true)
    // The same as after one epoch at a learning rate without effect.
    options.epochs = 1
    options.learningRate = 1e-300
    #expect(try self.fit(options).model.coefficients == fit.model.coefficients)
  }

  @Test func theSameSeedGivesTheSameModel() throws {
    var options = steps
    options.epochs = 3
    let fits = try ([1, 1, 2] as [UInt64]).map { seed in
      options.seed = seed
      return try fit(options).model.coefficients
    }
    #expect(fits[0] == fits[1] && fits[0] != fits[2])
  }

  // MARK: Refusals

  @Test func aModelThatMemoryCannotHoldIsRefused() throws {
    for hidden in [[1_000_000, 1_000_000], [Int.max / 2, 8], [1 << 40, 1 << 40]] {
      #expect(refusal(Self.line) { $0.hidden = hidden }.contains("do not fit into memory"))
    }
  }

  @Test func parametersAreCounted() {
    let schema = TabularSchema(
      pipeline: FittedPipeline(standardized: [("a", 0, 1), ("b", 0, 1)]), task: .regression,
      target: "y", targetMean: 0, targetDeviation: 1, hidden: [3, 4], activation: .relu,
      baseline: [0])
    #expect(schema.parameterCount == 2 * 3 + 3 + 3 * 4 + 4 + 4 + 1)
    var wide = schema
    wide.hidden = [Int.max / 2, 8]
    #expect(wide.parameterCount == nil)
  }

  @Test func optionsThatNoTableFitsAreNamed() {
    #expect(refusal(Self.line) { $0.epochs = -1 }.contains("-1 epochs"))
    #expect(refusal(Self.line) { $0.epochs = .min }.contains("epochs"))
    #expect(refusal(Self.line) { $0.hidden = [4, 0] }.contains("a layer of 0 units"))
    #expect(refusal(Self.line) { $0.epochs = -1 }.contains("-1 epochs: there cannot be fewer"))
    #expect(refusal(Self.line) { $0.networkEpochs = -2 }.contains("-2 epochs: there cannot"))
    #expect(refusal(Self.line) { $0.hidden = [-3] }.contains("a layer of -3 units"))
    #expect(refusal(Self.line) { $0.batchSize = .rows(0) }.contains("batches of 0 rows"))
    #expect(refusal(Self.line) { $0.maximumLevels = 1 }.contains("at most 1 levels"))
    #expect(refusal(Self.line) { $0.features = [] }.contains("there are none"))
    #expect(
      refusal(Self.line) { $0.features = ["x", "x"] }.contains("\"x\", \"x\": one is named twice"))
    #expect(
      refusal(Self.line) { $0.features = ["y"] }.contains("target \"y\" is among the features"))
    for change: (inout TabularOptions) -> Void in [
      { $0.features = ["z"] }, { $0.drop = ["z"] }, { $0.keep = ["z"] }, { $0.weightColumn = "z" },
      { $0.split = .column("z") }, { $0.target = "z" },
    ] {
      #expect(refusal(Self.line, change).contains("no column is named \"z\""))
    }
  }

  @Test(arguments: [Double.nan, -1])
  func aRateThatIsNoneIsAFailure(rate: Double) throws {
    var options = steps
    options.learningRate = rate
    #expect(throws: TensorError.self) { try fit(options) }
  }

  // MARK: Devices

  @Test(.enabled(if: Device.all.count > 1))
  func aModelPredictsWhereItWasTrained() throws {
    let device = try Device.gpu
    var options = linearOptions("y")
    options.hidden = [8]
    options.epochs = 2
    let table = Table(Self.line)
    let fit = try withDevice(device) { try TabularModel<Float>.fit(table, options) }
    #expect(fit.model.network.parameters().allSatisfy { $0.tensor.device == device })
    let there = try withDevice(device) { try fit.model.predict(table) }
    let here = try withDevice(.cpu) { try fit.model.predict(table) }
    #expect(here.rowCount == 40 && here == there)
    // Its file is the same as on any device.
    let folder = try TemporaryFolder()
    try withDevice(.cpu) { try TabularModelFile.write(fit.model, to: folder.file("model")) }
    let model = try withDevice(device) {
      try TabularModelFile(path: folder.file("model")).model(as: Float.self)
    }
    #expect(try withDevice(.cpu) { try model.predict(table) } == there)
  }
}
