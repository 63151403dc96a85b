import SlopeData
import SlopeOptimizers
import Testing

@testable import SlopeTabular

@Suite struct TabularOptionsTests {
  @Test func whatIsNotSaidIsWhatTheDocumentationSays() {
    let options = TabularOptions(target: "y")
    #expect(options.target == "y" && options.features == nil && options.task == nil)
    #expect(options.split == .fractions(training: 0.6, validation: 0.2, test: 0.2))
    #expect(options.scaling == .standard && options.maximumLevels == 64)
    #expect(options.metric == nil && !options.refits && options.seed == 42)
    #expect(options.model == .automatic && options.quality == .good && options.oneHotLimit == 8)
    #expect(options.seconds == nil && options.trials == nil && options.networkEpochs == nil)
    #expect(options.hidden.isEmpty && options.activation == .relu && !options.trainsBySteps)
    #expect(options.epochs == 200 && options.patience == 40 && options.batchSize == .rows(32))
    #expect(options.learningRate == nil && options.momentum == nil && options.optimizer == .sgd)
  }

  @Test func stepsAndHiddenLayersAreForAPlainNetwork() {
    var options = TabularOptions(target: "y")
    #expect(options.kind == .automatic && !options.isSolved)
    options.hidden = [3]
    #expect(options.kind == .linear && !options.isSolved)
    (options.hidden, options.trainsBySteps) = ([], true)
    #expect(options.kind == .linear && !options.isSolved)
    options.model = .mlp
    #expect(options.kind == .mlp && !options.isSolved)
  }

  @Test(
    arguments: [
      (.adam, [], 0.005), (.adamw, [], 0.005), (.rmsprop, [], 0.005), (.adagrad, [], 0.05),
      (.adam, [4], 0.001), (.adamw, [4], 0.001), (.rmsprop, [4], 0.001), (.adagrad, [4], 0.01),
      (.sgd, [], 0.02), (.sgd, [4], 0.005),
    ] as [(OptimizerKind, [Int], Double)])
  func eachOptimizerHasARate(optimizer: OptimizerKind, hidden: [Int], rate: Double) {
    var options = TabularOptions(target: "y")
    (options.optimizer, options.hidden) = (optimizer, hidden)
    #expect(options.defaultLearningRate(inputCount: 1) == rate)
    #expect(options.defaultLearningRate(inputCount: 0) == rate)
  }

  @Test func columnsOfAnotherUseAreThoseThatAreNamed() {
    var options = TabularOptions(target: "y")
    #expect(options.otherUse == ["y"])
    options.weightColumn = "w"
    options.split = .column("p")
    #expect(options.otherUse == ["y", "p", "w"])
    options.split = .groups(column: "g", training: 0.6, validation: 0.2, test: 0.2)
    #expect(options.otherUse == ["y", "g", "w"])
    options.split = .time(column: "t", training: 0.6, validation: 0.2, test: 0.2)
    #expect(options.otherUse == ["y", "t", "w"])
  }

  @Test(
    arguments: [(3, 0.3), (0.05, 0.005), (1e-5, 1e-6), (0.7e30, 0.7e29), (250, 25)]
      as [(Double, Double)])
  func aTenthIsTheNearestNumber(number: Double, tenth: Double) {
    #expect(number.tenth == tenth)
  }

  // MARK: Training by steps

  private static let x = Column("x", uniformNumbers(60, seed: 1))
  private static let y = Column("y", uniformNumbers(60, seed: 2))

  private static func coefficients(
    _ columns: [Column] = [x, y], _ change: (inout TabularOptions) -> Void
  ) throws -> [Double] {
    var options = linearOptions("y")
    (options.trainsBySteps, options.batchSize, options.epochs) = (true, .all, 3)
    options.split = .fractions(training: 1, validation: 0, test: 0)
    change(&options)
    let fit = try TabularModel<Double>.fit(Table(columns), options)
    return try #require(fit.model.coefficients).flatMap { [$0.intercept] + $0.values }
  }

  @Test(arguments: [(.sgd, 0.9, 0), (.rmsprop, 0, 0.9)] as [(OptimizerKind, Double, Double)])
  func theUsualMomentumIsThatOfTheOptimizer(
    optimizer: OptimizerKind, usual: Double, other: Double
  ) throws {
    func coefficients(_ momentum: Double?) throws -> [Double] {
      try Self.coefficients { ($0.optimizer, $0.momentum) = (optimizer, momentum) }
    }
    #expect(try coefficients(nil) == coefficients(usual))
    #expect(try coefficients(nil) != coefficients(other))
  }

  @Test func stepsCountWeightsOfRowsAsTheSolutionDoes() throws {
    let columns = [Self.x, Column("w", (0..<60).map { $0 % 4 }), Self.y]
    let solved = try Self.coefficients(columns) {
      ($0.trainsBySteps, $0.weightColumn) = (false, "w")
    }
    let steps = try Self.coefficients(columns) { ($0.epochs, $0.weightColumn) = (1000, "w") }
    #expect(distance(steps, solved) < 1e-6)
    #expect(try distance(Self.coefficients { $0.trainsBySteps = false }, solved) > 1e-3)
  }

  @Test func stepsCountWeightsOfClasses() throws {
    let table = Table([
      Column("x", TabularCases.a),
      Column(
        "y",
        (0..<600).map { TabularCases.a[$0] + TabularCases.noise[$0] > 0.7 ? "rare" : "usual" }),
    ])
    func recall(_ weights: TabularOptions.ClassWeights?) throws -> Double {
      var options = linearOptions("y")
      (options.trainsBySteps, options.batchSize, options.classWeights) = (true, .all, weights)
      options.split = .fractions(training: 1, validation: 0, test: 0)
      let fit = try TabularModel<Double>.fit(table, options)
      let confusion = try #require(fit.scores[.training]?.confusion)
      return confusion[0][0] / (confusion[0][0] + confusion[0][1])
    }
    #expect(try recall(.balanced) > recall(nil) + 0.1)
  }

  @Test func aModelWorseThanTheBaselineIsWarnedOf() throws {
    let x = Column("x", (0..<40).map { Double($0) + 0.5 })
    let y = Column("y", (0..<40).map { 4.0 - 2 * Double($0) })
    #expect(try !fitted([x, y]).warns("worse than the baseline"))
    // One step at a rate of 50 puts the weight 99 times as far off as it was.
    let far = try fitted([x, y]) {
      ($0.trainsBySteps, $0.batchSize, $0.epochs) = (true, .all, 1)
      ($0.learningRate, $0.momentum) = (50, 0)
      $0.split = .fractions(training: 1, validation: 0, test: 0)
    }
    #expect(far.warns("on its training rows the model is worse than the baseline"))
  }

  @Test func aSampleIsARowOfAnEpoch() throws {
    let fit = try fitted([Self.x, Self.y]) {
      ($0.trainsBySteps, $0.epochs, $0.patience) = (true, 7, nil)
    }
    // 36 of 60 rows.
    let samples = try #require(fit.samplesPerSecond) * fit.seconds
    #expect(abs(samples - 7 * 36) < 1e-6)
  }
}
