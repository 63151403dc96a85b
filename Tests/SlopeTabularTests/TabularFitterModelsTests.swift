import SlopeCore
import SlopeData
import SlopeTraining
import Testing

@testable import SlopeTabular

/// The penalties of linear models.
@Suite struct TabularFitterModelsTests {
  private static func columns(_ count: Int) -> [[Double]] {
    (0..<count).map { uniformNumbers(60, seed: 20 + UInt64($0)) }
  }

  private static let sum: [Double] = {
    let (all, noise) = (columns(2), uniformNumbers(60, seed: 91))
    return (0..<60).map { all[0][$0] - all[1][$0] + 0.2 * noise[$0] }
  }()

  // By NumPy: with 34 columns of noise a ridge of 0.01 divides the error by more than 1.05, with four
  // that tell the target it raises the RMSE, and lowers the MAE by two percent.
  @Test(
    arguments: [
      (34, 92, .rootMeanSquaredError, 0.01), (34, 92, .rSquared, 0.01),
      (30, 90, .rootMeanSquaredError, 0.01), (4, nil, .rootMeanSquaredError, 0),
      (4, nil, .meanAbsoluteError, 0), (4, nil, .rSquared, 0),
    ] as [(Int, UInt64?, Metric, Double)])
  func aRidgeIsKeptWhereItIsClearlyBetter(
    columns: Int, noise: UInt64?, metric: Metric, ridge: Double
  ) throws {
    let target = noise.map { uniformNumbers(60, seed: $0) } ?? Self.sum
    let table = TabularCases.table(Self.columns(columns), Column("y", target))
    var options = TabularCases.options
    options.metric = metric
    let fitter = try TabularFitter<Double>(table, options)
    #expect(try fitter.fit { _ in }.1.ridge == ridge)
    // What is known is not asked again.
    let known = try fitter.refitter(TabularChoices(ridge: 1e-4))
    #expect(try known.fit { _ in }.1.ridge == 1e-4)
  }

  @Test func withManyRowsOrWithoutValidationRowsThereIsNoRidge() throws {
    let noise = Column("y", uniformNumbers(60, seed: 92))
    let columns = Self.columns(34).enumerated().map { Column("x\($0)", $1) } + [noise]
    var options = linearOptions("y")
    options.split = .fractions(training: 0.8, validation: 0, test: 0.2)
    let fitter = try TabularFitter<Double>(Table(columns), options)
    #expect(fitter.hasFewRows)
    #expect(try fitter.fit { _ in }.1.ridge == 0)
  }

  @Test(arguments: [(19, true), (20, false)])
  func tenTimesTheInputsAreManyRows(rows: Int, areFew: Bool) throws {
    var options = linearOptions("y")
    options.split = .fractions(training: 1, validation: 0, test: 0)
    let table = Table([
      Column("a", uniformNumbers(rows, seed: 1)), Column("b", uniformNumbers(rows, seed: 2)),
      Column("y", uniformNumbers(rows, seed: 3)),
    ])
    #expect(try TabularFitter<Double>(table, options).hasFewRows == areFew)
  }

  @Test(arguments: [(99, 3), (100, 1)])
  func aHundredTimesTheInputsNeedOnePenalty(rows: Int, starts: Int) throws {
    let noise = uniformNumbers(130, seed: 5)
    let table = Table([
      Column("x", uniformNumbers(130, seed: 4)),
      Column("part", (0..<130).map { $0 < rows ? "train" : "validation" }),
      Column("y", noise.map { $0 > 0 ? "a" : "b" }),
    ])
    var count = 0
    _ = try TabularModel<Double>.fit(table, TabularCases.options) {
      if $0.epoch == 1, $0.epochCount == 100 { count += 1 }
    }
    #expect(count == starts)
  }

  // MARK: What is not defined

  @Test func aScoreThatIsUndefinedIsNone() throws {
    // The validation rows have one class, and no area under a curve.
    let names = (0..<60).map { $0 % 5 == 3 ? "p" : ["p", "q"][$0 % 2] }
    let columns = [
      Column("x", uniformNumbers(60, seed: 1)), TabularCases.parts(60), Column("y", names),
    ]
    for (metric, isDefined) in [(Metric.rocAUC, false), (.accuracy, true)] {
      let fit = try fitted(columns) { ($0.split, $0.metric) = (.column("part"), metric) }
      #expect((fit.validationScore != nil) == isDefined)
    }
  }

  @Test(arguments: [(1e-310, false), (1e-300, true)])
  func aTargetThatHardlyVariesIsNotScaled(unit: Double, isScaled: Bool) throws {
    var options = linearOptions("y")
    options.split = .fractions(training: 1, validation: 0, test: 0)
    let table = Table([Column("x", [0.5, 2, 1.5, 4]), Column("y", [0, unit, 0, 0])])
    let schema = try TabularFitter<Double>(table, options).schema()
    #expect((schema.targetDeviation != 1) == isScaled && schema.targetDeviation > 0)
  }

  @Test func onlyWeightsOfExtremeSizeAreScaled() throws {
    var options = linearOptions("y")
    options.weightColumn = "w"
    for (weights, expected) in [
      ([4, 2], [4, 2]), ([0x1p500, 1], [0x1p500, 1]), ([0x1p501, 0x1p500], [1, 0.5]),
      ([0x1p-501, 0], [1, 0]), ([3 * 0x1p600, 0x1p600], [1.5, 0.5]),
    ] as [([Double], [Double])] {
      #expect(try TabularRows.weights(of: Table([Column("w", weights)]), options) == expected)
    }
  }

  @Test func aFitPrintsItsScores() throws {
    let fit = try fitted([
      Column("x", uniformNumbers(60, seed: 1)), Column("y", uniformNumbers(60, seed: 2)),
    ])
    #expect("\(fit)\n" == TabularScores.table(fit.scores, fit.model.task))
  }

  // MARK: Columns of networks

  @Test(
    arguments: [(8, 64, 8, []), (9, 64, 0, [9]), (40, 64, 0, [40]), (40, 2, 0, [32])]
      as [(Int, Int, Int, [Int])])
  func networksLookUpSixteenTimesAsManyLevels(
    levels: Int, maximum: Int, indicators: Int, codes: [Int]
  ) throws {
    var options = linearOptions("y")
    (options.model, options.maximumLevels) = (.mlp, maximum)
    options.split = .fractions(training: 1, validation: 0, test: 0)
    let table = Table([
      Column("c", (0..<80).map { "l\($0 % levels)" }), Column("y", uniformNumbers(80, seed: 1)),
    ])
    let inputs = NetworkInputs(try TabularFitter<Float>(table, options).pipeline)
    #expect(inputs.indicators.count == indicators && inputs.levelCounts == codes)
  }

  @Test(arguments: [(.fast, 1), (.good, 4), (.best, 4)] as [(TabularOptions.Quality, Int)])
  func aRecipeIsThatOfTheQuality(quality: TabularOptions.Quality, members: Int) throws {
    var options = TabularCases.options
    (options.model, options.quality) = (.mlp, quality)
    let table = TabularCases.table([TabularCases.a], Column("y", TabularCases.target))
    let recipe = try TabularFitter<Float>(table, options).recipe
    #expect(recipe.members == members && recipe.epochs == 256)
    options.networkEpochs = 7
    #expect(try TabularFitter<Float>(table, options).recipe.epochs == 7)
  }

  // MARK: Rows read in blocks

  @Test(arguments: [(0, 8192), (1, 8192), (512, 8192), (1024, 4096), (1 << 16, 64), (1 << 20, 64)])
  func blocksHaveFourMillionNumbersAtMost(inputs: Int, rows: Int) {
    let features = FeatureRows(count: 0, inputs: inputs) { _ in .zeros([0, 0]) }
    #expect(features.blockRows == rows)
  }

  @Test func thePrecisionIsThatOfTheElements() {
    #expect(FeatureRows(Tensor<Double>([[1]])).precision == 0x1p-52)
    #expect(FeatureRows(Tensor<Float>([[1]])).precision == 0x1p-23)
    #expect(FeatureRows(Tensor<Float16>([[1]])).precision == 0x1p-10)
    #expect(FeatureRows(Tensor<BFloat16>.ones([1, 1])).precision == 0x1p-7)
  }
}
