import SlopeCore
import SlopeData
import TestSupport
import Testing

@testable import SlopeTabular

@Suite struct TabularFitTests {
  private func table(_ text: String, textColumns: [String] = []) throws -> Table {
    let folder = try TemporaryFolder()
    return try Table(csv: folder.write(text), textColumns: textColumns)
  }

  // MARK: Standardising

  private func scale(_ table: Table, rows: [Int]) throws -> ColumnScale {
    try #require(try Standardization.scales(of: [0], rows: rows, in: table).first)
  }

  @Test func columnsAreScaledByTheGivenRowsWithDivisorN() throws {
    let table = try table("x\n1\n100\n3\n5\n7\n")
    let scale = try scale(table, rows: [0, 2, 3, 4])
    #expect(scale.mean == 4)
    #expect(abs(scale.deviation - 5.0.squareRoot()) < 1e-15)
  }

  @Test(arguments: ["0.1", "1e300", "-7", "0", "1e-300"])
  func aConstantColumnHasDeviationOne(text: String) throws {
    let table = try table("x\n" + String(repeating: "\(text)\n", count: 10))
    let scale = try scale(table, rows: Array(0..<10))
    #expect(scale.deviation == 1)
    #expect(abs(scale.mean - (Double(text) ?? .nan)) <= abs(scale.mean) * 1e-15)
  }

  /// The sum of 600 tenths is off by more than the distance that counts as rounding.
  @Test func theMeanOfManyEqualNumbersIsTheNumber() throws {
    let table = try table("x\n" + String(repeating: "0.1\n", count: 600))
    let scale = try scale(table, rows: Array(0..<600))
    #expect(scale.mean == 0.1 && scale.deviation == 1)
  }

  /// A distance from the mean of at most 1e-15 of it is rounding; beyond that the column varies.
  @Test(arguments: [("1.0000000000000004", nil), ("1.000000000000004", 1.9984e-15)])
  func numbersNextToEachOtherAreConstantUpToRounding(text: String, deviation: Double?) throws {
    let table = try table("x\n1\n\(text)\n-7\n")
    for sign in [1.0, -1.0] {
      let signed = sign > 0 ? table : try self.table("x\n-1\n-\(text)\n")
      let scale = try scale(signed, rows: [0, 1])
      if let deviation {
        #expect(abs(scale.deviation / deviation - 1) < 0.01)
      } else {
        #expect(scale.deviation == 1)
      }
    }
  }

  @Test(arguments: [1e-200, 1, 1e150, 1e200])
  func largeAndSmallValuesNeitherOverflowNorVanish(unit: Double) throws {
    let table = try table("x\n\(-unit)\n\(unit)\n")
    let scale = try scale(table, rows: [0, 1])
    #expect(abs(scale.deviation / unit - 1) < 1e-15)
  }

  @Test func aSmallSpreadAroundALargeMeanIsKept() throws {
    let table = try table("x\n1000000000.25\n1000000000.75\n")
    let scale = try scale(table, rows: [0, 1])
    #expect(scale.mean == 1_000_000_000.5)
    #expect(scale.deviation == 0.25)
  }

  // MARK: Parts

  @Test func aRandomSplitIsThatOfTheSeed() throws {
    let table = try table("x\n" + (0..<11).map { "\($0)\n" }.joined())
    let split = TabularOptions.Split.fractions(training: 0.6, validation: 0.2, test: 0.2)
    let parts = try RowParts(table, split, generator: Generator(seed: 3))
    let again = try RowParts(table, split, generator: Generator(seed: 3))
    #expect(TablePart.allCases.map { parts[$0].count } == [7, 2, 2])
    #expect(TablePart.allCases.flatMap { parts[$0] }.sorted() == Array(0..<11))
    #expect(parts[.training] == again[.training])
    let expected = Generator(seed: 3).permutation(11).map { Int($0) }
    #expect(TablePart.allCases.flatMap { parts[$0] } == expected)
  }

  // MARK: Scores

  @Test func scoresAreTheTextbooks() {
    let scores = RegressionScores(predictions: [1, 2, 5], truth: [1, 4, 4], baseline: 2)
    #expect(scores.rowCount == 3)
    #expect(scores.meanSquaredError == 5.0 / 3)
    #expect(scores.rootMeanSquaredError == (5.0 / 3).squareRoot())
    #expect(scores.meanAbsoluteError == 1)
    #expect(scores.baselineMeanSquaredError == 3)
    #expect(abs((scores.rSquared ?? 0) - (1 - 5.0 / 6)) < 1e-15)
  }

  @Test func scoresWithoutMeaningAreNil() {
    let none = RegressionScores(predictions: [], truth: [], baseline: 2)
    #expect(none.meanSquaredError == nil && none.rSquared == nil && none.rowCount == 0)
    let constant = RegressionScores(predictions: [1, 2], truth: [3, 3], baseline: 3)
    #expect(constant.rSquared == nil)
    #expect(constant.baselineMeanSquaredError == 0)
  }

  // MARK: Training

  private static let line = "x,y\n" + (0..<40).map { "\($0),\(5 - 2 * $0)\n" }.joined()

  @Test func progressComesOncePerEpochInTheTargetsUnit() throws {
    var options = TabularOptions(target: "y")
    options.epochs = 7
    options.batchSize = .all
    options.learningRate = 1e-12
    var seen: [TabularProgress] = []
    let fit = try TabularModel<Double>.fit(try table(Self.line), options) { seen.append($0) }
    #expect(seen.map(\.epoch) == Array(1...7))
    #expect(seen.allSatisfy { $0.epochCount == 7 })
    let error = try #require(fit.scores[.training]?.meanSquaredError)
    #expect(abs((seen.last?.trainingError ?? 0) / error - 1) < 1e-6)
  }

  @Test func theLearningRateFallsToZero() throws {
    // With one step the rate is not reduced: w − rate · gradient.
    var options = TabularOptions(target: "y")
    options.epochs = 1
    options.batchSize = .all
    options.momentum = 0
    options.learningRate = 0.125
    options.split = .fractions(training: 1, validation: 0, test: 0)
    let table = try table(Self.line)
    func weight() throws -> Double {
      let fit = try TabularModel<Double>.fit(table, options)
      let coefficient = try #require(fit.model.coefficients).features[0]
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

  @Test func theDefaultRateShrinksWithTheColumns() {
    var options = TabularOptions(target: "y")
    #expect(options.defaultLearningRate(featureCount: 1) == 0.02)
    #expect(options.defaultLearningRate(featureCount: 50) == 0.02)
    #expect(options.defaultLearningRate(featureCount: 200) == 0.005)
    options.hidden = [8]
    #expect(options.defaultLearningRate(featureCount: 50) == 0.005)
    #expect(options.defaultLearningRate(featureCount: 1000) == 0.001)
    options.optimizer = .adam
    #expect(options.defaultLearningRate(featureCount: 50) == 0.001)
    options.hidden = []
    #expect(options.defaultLearningRate(featureCount: 200) == 0.005)
  }

  @Test func divergenceNamesTheEpochAndATenthOfTheRate() throws {
    var options = TabularOptions(target: "y")
    options.learningRate = 0.7e30
    let error = try #require(throws: TabularError.self) {
      try TabularModel<Float>.fit(try table(Self.line), options)
    }
    guard case .diverged(let epoch, let learningRate) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(epoch >= 1 && epoch < 5)
    #expect(learningRate == 0.7e29)
  }

  @Test func oddDataIsToldAndTrained() throws {
    let one = try TabularModel<Float>.fit(
      try table("x,y\n1,2\n"), TabularOptions(target: "y"))
    #expect(one.scores[.training]?.rowCount == 1)
    #expect(one.warnings.contains("there are no validation rows"))
    #expect(one.warnings.contains("there are no test rows"))
    let found = try #require(one.model.coefficients)
    #expect(abs(found.intercept + found.features[0] - 2) < 1e-3)
  }

  @Test func aModelThatMemoryCannotHoldIsRefused() throws {
    var options = TabularOptions(target: "y")
    for hidden in [[1_000_000, 1_000_000], [Int.max / 2, 8], [1 << 40, 1 << 40]] {
      options.hidden = hidden
      let error = try #require(throws: TabularError.self) {
        try TabularModel<Float>.fit(try table(Self.line), options)
      }
      #expect(error.description.contains("do not fit into memory"))
    }
  }

  @Test func parametersAreCounted() {
    let column = TabularSchema.Column(name: "x", mean: 0, deviation: 1)
    let schema = TabularSchema(
      features: [column, column], target: column, hidden: [3, 4], activation: .relu)
    #expect(schema.parameterCount == 2 * 3 + 3 + 3 * 4 + 4 + 4 + 1)
  }

  @Test func featuresCanBeChosen() throws {
    var options = TabularOptions(target: "y")
    options.features = ["b"]
    options.epochs = 1
    let table = try table("a,b,y\n1,2,3\n2,3,4\n3,5,5\n")
    let fit = try TabularModel<Float>.fit(table, options)
    #expect(fit.model.schema.features.map(\.name) == ["b"])
    options.features = ["y"]
    #expect(throws: TabularError.self) { try TabularModel<Float>.fit(table, options) }
  }

  // MARK: Options without sense

  @Test func withoutEpochsTheModelKeepsItsInitialValues() throws {
    var options = TabularOptions(target: "y")
    options.epochs = 0
    var calls = 0
    let fit = try TabularModel<Double>.fit(try table(Self.line), options) { _ in calls += 1 }
    #expect(calls == 0)
    #expect(fit.scores[.training]?.meanSquaredError?.isFinite == true)
    // The same as after one epoch at a learning rate without effect.
    options.epochs = 1
    options.learningRate = 1e-300
    let other = try TabularModel<Double>.fit(try table(Self.line), options)
    #expect(fit.model.coefficients?.features == other.model.coefficients?.features)
  }

  private func refusal(
    _ text: String, _ change: (inout TabularOptions) -> Void
  ) throws -> String {
    var options = TabularOptions(target: "y")
    options.epochs = 1
    change(&options)
    let error = try #require(throws: TabularError.self) {
      try TabularModel<Double>.fit(try table(text), options)
    }
    return error.description
  }

  @Test func optionsThatNoTableFitsAreNamed() throws {
    #expect(try refusal(Self.line) { $0.epochs = -1 }.contains("-1 epochs"))
    #expect(try refusal(Self.line) { $0.epochs = .min }.contains("epochs"))
    #expect(try refusal(Self.line) { $0.hidden = [4, 0] }.contains("a layer of 0 units"))
    #expect(try refusal(Self.line) { $0.hidden = [-3] }.contains("a layer of -3 units"))
    #expect(try refusal(Self.line) { $0.batchSize = .rows(0) }.contains("batches of 0 rows"))
    #expect(try refusal(Self.line) { $0.features = [] }.contains("there are none"))
    #expect(
      try refusal(Self.line) { $0.features = ["x", "x"] }.contains(
        "\"x\", \"x\": one is named twice"))
  }

  @Test(arguments: [Double.nan, -1])
  func aRateThatIsNoneIsAFailure(rate: Double) throws {
    var options = TabularOptions(target: "y")
    options.learningRate = rate
    #expect(throws: TensorError.self) {
      try TabularModel<Double>.fit(try table(Self.line), options)
    }
  }

  // MARK: Numbers at the ends of the range

  @Test func targetsWhoseSquaredErrorsOverflowAreNamed() throws {
    for (text, value) in [("1e200", "1e+200"), ("-1e160", "-1e+160")] {
      let message = try refusal("x,y\n1,2\n2,3\n3,\(text)\n4,5\n") {
        $0.split = .fractions(training: 1, validation: 0, test: 0)
      }
      #expect(
        message.contains(
          "data.csv:4: column \"y\": \(value) is so large that squared errors are beyond the range"),
        "\(message)")
    }
    var options = TabularOptions(target: "y")
    options.epochs = 1
    let fit = try TabularModel<Double>.fit(try table("x,y\n1,2e150\n2,3\n3,1e150\n"), options)
    #expect(fit.scores[.training]?.meanSquaredError?.isFinite == true)
    let error = try #require(throws: TableError.self) {
      try TabularModel<Float>.fit(try table("x,y\n1,1e200\n2,1e200\n3,1e200\n"), options)
    }
    #expect(error.description.contains("column \"y\": 1e+200 is beyond the range of Float"))
  }

  @Test func aSpreadOfTheSmallestNumbersIsNone() throws {
    for unit in ["5e-324", "1e-310"] {
      let table = try table("x\n0\n\(unit)\n0\n")
      #expect(try scale(table, rows: [0, 1, 2]).deviation == 1)
    }
    let least = Double.leastNormalMagnitude
    #expect(try scale(try table("x\n0\n\(4 * least)\n"), rows: [0, 1]).deviation == 2 * least)
    var options = TabularOptions(target: "y")
    options.epochs = 1
    let fit = try TabularModel<Float>.fit(try table("x,y\n5e-324,1\n0,2\n0,3\n"), options)
    #expect(fit.scores[.training]?.meanSquaredError?.isFinite == true)
  }

  // MARK: Blocks of rows

  @Test func scoresOfBlocksAreThoseOfTheWhole() {
    let truth = (0..<1000).map { Double($0 * $0 % 101) }
    let predictions = truth.enumerated().map { $1 + 1 / Double($0 + 1) }
    let whole = RegressionScores(predictions: predictions, truth: truth, baseline: 50)
    for rowsAtOnce in [1, 7, 999, 1000, 5000] {
      var blocks: [Int] = []
      let scores = RegressionScores(truth: truth, baseline: 50, rowsAtOnce: rowsAtOnce) {
        blocks.append($0.count)
        return Array(predictions[$0])
      }
      #expect(scores == whole)
      #expect(blocks.reduce(0, +) == 1000 && blocks.allSatisfy { $0 <= rowsAtOnce })
    }
    let short = RegressionScores(truth: truth, baseline: 50, rowsAtOnce: 10) { _ in [1] }
    #expect(short.meanSquaredError == nil && short.rowCount == 1000)
  }

  @Test func wideLayersArePredictedFewRowsAtATime() {
    let column = TabularSchema.Column(name: "x", mean: 0, deviation: 1)
    func rows(_ hidden: [Int]) -> Int {
      TabularModel<Float>(
        schema: TabularSchema(
          features: [column], target: column, hidden: hidden, activation: .relu),
        linears: []
      ).rowsAtOnce
    }
    // 64 MiB of features and three outputs of the widest layer.
    #expect(rows([2000]) == (1 << 26) / (4 * 6001))
    #expect(rows([]) == (1 << 26) / (4 * 4) / 4096 * 4096)
    #expect(rows([1 << 40]) == 1)
  }

  @Test(.enabled(if: Device.all.count > 1))
  func aModelPredictsWhereItWasTrained() throws {
    let device = try Device.gpu
    var options = TabularOptions(target: "y")
    options.hidden = [8]
    options.epochs = 2
    let table = try table(Self.line)
    let fit = try withDevice(device) { try TabularModel<Float>.fit(table, options) }
    #expect(fit.model.network.parameters().allSatisfy { $0.tensor.device == device })
    let there = try withDevice(device) { try fit.model.predictions(for: table) }
    let here = try withDevice(.cpu) { try checked { try fit.model.predictions(for: table) } }
    #expect(here.count == 40 && here == there)
    // Its file is the same as on any device.
    let folder = try TemporaryFolder()
    try withDevice(.cpu) { try TabularModelFile.write(fit.model, to: folder.file("model")) }
    let model = try withDevice(device) {
      try TabularModelFile(path: folder.file("model")).model(as: Float.self)
    }
    #expect(try withDevice(.cpu) { try model.predictions(for: table) } == there)
  }
}
