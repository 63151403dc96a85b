import SlopeCore
import SlopeData
import SlopeTraining
import TestSupport
import Testing

@testable import SlopeTabular

/// Fits of TabM, alone and in a search.
struct TabMFitTests {
  private static let count = TabularCases.count
  private static let (a, b) = (TabularCases.a, TabularCases.b)

  private static var products: Table {
    TabularCases.table([a, b], Column("y", (0..<count).map { 5 + 3 * a[$0] * b[$0] }))
  }

  private static var quadrants: Table {
    TabularCases.table(
      [a, b],
      Column("y", (0..<count).map { a[$0] * b[$0] < 0 ? "other" : a[$0] > 0 ? "high" : "low" }))
  }

  private static func fitter(
    _ table: Table, seed: UInt64 = 7, deadline: Deadline? = nil,
    _ change: (inout TabularOptions) -> Void = { _ in }
  ) throws -> TabularFitter<Float> {
    var options = TabularCases.options
    (options.model, options.quality, options.seed) = (.mlp, .best, seed)
    change(&options)
    let rows = try TabularRows(table, options, generator: Generator(seed: seed))
      .withoutValidation()
    return try TabularFitter(rows, options, Generator(seed: seed), nil, deadline: deadline)
  }

  private static func recipe(epochs: Int = 2) -> TabMRecipe {
    var recipe = TabMRecipe()
    (recipe.members, recipe.hidden, recipe.epochs) = (4, [32, 32], epochs)
    (recipe.bins, recipe.numberEmbedding) = (8, 8)
    return recipe
  }

  private static func fit(
    _ table: Table, epochs: Int = 2, seed: UInt64 = 7
  ) throws -> NetworksFit<Float> {
    let fitter = try fitter(table, seed: seed)
    return try fitter.tabM(recipe(epochs: epochs), folds: fitter.folds(3))
  }

  @Test func whatALinearModelCannotIsLearnt() throws {
    let fitter = try Self.fitter(Self.products)
    let fit = try fitter.tabM(Self.recipe(epochs: 120), folds: fitter.folds(3))
    let outOfFold = try #require(fit.outOfFold)
    #expect(outOfFold.rowCount == 480 && fit.epochs > 16)
    let scores = try TabularScores(
      outOfFold, fitter.rows.truth.taking(fitter.training), baseline: fit.model.schema.baseline)
    #expect((scores.rSquared ?? 0) > 0.8, "\(scores)")
    #expect(try (fitter.scores(fit.model, fitter.rows.parts[.test] ?? []).rSquared ?? 0) > 0.8)
    #expect(fit.model.schema.tabM?.ensembles == 3 && fit.model.schema.realMLP == nil)
  }

  @Test func classesAreLearntAndCalibrated() throws {
    let fitter = try Self.fitter(Self.quadrants)
    let fit = try fitter.tabM(Self.recipe(epochs: 120), folds: fitter.folds(3))
    let outOfFold = try #require(fit.outOfFold)
    let truth = fitter.rows.truth.taking(fitter.training)
    let scores = try TabularScores(outOfFold, truth, baseline: fit.model.schema.baseline)
    #expect((scores.accuracy ?? 0) > 0.8, "\(scores)")
    let shape = try #require(fit.model.schema.tabM)
    #expect(shape.temperature != 1 && shape.range == nil && shape.outputCount == 3)
    #expect((fit.model.network as? TabM<Float>)?.shape == shape)
  }

  @Test func categoriesOfManyLevelsAreLookedUp() throws {
    let names = (0..<Self.count).map { "level \($0 % 41)" }
    let table = Table([
      Column("c", names), Column("x0", Self.a), TabularCases.parts(),
      Column("y", (0..<Self.count).map { Double($0 % 41 % 3) + Self.a[$0] }),
    ])
    let fitter = try Self.fitter(table) { $0.oneHotLimit = TabMRecipe().oneHotLimit }
    let model = try fitter.tabM(Self.recipe(), folds: fitter.folds(3)).model
    #expect(model.schema.tabM?.inputs.levelCounts == [41])
    let new = Table([Column("c", ["never seen", "level 3"]), Column("x0", [0.5, 0.5])])
    #expect(try model.predict(new).numbers.allSatisfy(\.isFinite))
  }

  @Test func manyNumbersHaveShorterEmbeddingsOrNone() throws {
    for (count, embedding, layers) in [(60, 8, 2), (200, 5, 2), (256, 4, 2), (257, nil, 3)]
      as [(Int, Int?, Int)]
    {
      let columns = (0..<count).map { uniformNumbers(20, seed: UInt64($0)) }
      let table = TabularCases.table(columns, Column("y", uniformNumbers(20, seed: 999)))
      let fitter = try Self.fitter(table)
      let shape = fitter.tabMShape(
        Self.recipe(), ensembles: 2, features: try fitter.encoded.tensor(rows: fitter.training))
      #expect(shape.edges.isEmpty == (embedding == nil) && shape.hidden.count == layers)
      #expect(shape.featureCount == count * (embedding ?? 1), "\(count)")
    }
  }

  @Test func oneSeedGivesOneModel() throws {
    let first = try Self.fit(Self.products)
    #expect(try Self.fit(Self.products).outOfFold == first.outOfFold)
    #expect(try Self.fit(Self.products, seed: 8).outOfFold != first.outOfFold)
  }

  @Test func aRowsPredictionDependsOnNoOther() throws {
    let table = Self.quadrants
    let model = try Self.fit(table).model
    let all = try model.predict(table)
    let places = [5, 17, 599]
    let alone = try model.predict(table.taking(places))
    for (index, place) in places.enumerated() {
      #expect(
        alone.probabilities[(3 * index)..<(3 * index + 3)].elementsEqual(
          all.probabilities[(3 * place)..<(3 * place + 3)]))
    }
  }

  // MARK: Time

  @Test func withoutTimeThereIsNone() throws {
    let fitter = try Self.fitter(Self.products, deadline: Deadline(seconds: 0))
    let folds = try fitter.folds(3)
    #expect(throws: TooFewEpochs.self) {
      try fitter.tabM(Self.recipe(epochs: 64), folds: folds, leastEpochs: 16)
    }
    let fit = try fitter.tabM(Self.recipe(epochs: 64), folds: folds)
    #expect(fit.affordableEpochs == 1 && fit.epochs == 1)
  }

  @Test func aStepTooFarIsAnError() throws {
    let fitter = try Self.fitter(Self.products)
    var recipe = Self.recipe()
    recipe.learningRate = 1e30
    #expect {
      try fitter.tabM(recipe, folds: fitter.folds(3))
    } throws: { error in
      if case .diverged? = error as? TabularError { return true }
      return false
    }
  }

  @Test func whatDoesNotFitIntoMemoryIsRefused() throws {
    let fitter = try Self.fitter(Self.products)
    var recipe = Self.recipe()
    recipe.hidden = [1 << 24, 1 << 24]
    #expect {
      try fitter.tabM(recipe, folds: fitter.folds(3))
    } throws: { "\($0)".contains("parameters do not fit into memory") }
  }

  // MARK: Files

  @Test func aSavedModelPredictsTheSameBits() throws {
    let folder = try TemporaryFolder()
    for (table, other) in [(Self.products, "numbers"), (Self.quadrants, "classes")] {
      let (model, second) = (try Self.fit(table).model, try Self.fit(table, seed: 8).model)
      var schema = model.schema
      (schema.tabM, schema.targetMean, schema.targetDeviation) = (nil, 0, 1)
      schema.ensemble = [
        TabularEnsembleMember(schema: model.schema, weight: 0.5),
        TabularEnsembleMember(schema: second.schema, weight: 0.5),
      ]
      let ensemble = TabularModel(
        schema: schema,
        ensemble: TabularEnsemble(models: [model, second], weights: [0.5, 0.5]))
      for (saved, prefix) in [(model, ""), (ensemble, "models.1.network.")] {
        let path = folder.file(other)
        try saved.save(to: path)
        let file = try TabularModelFile(path: path)
        #expect(file.schema == saved.schema)
        #expect(file.schema.parameterShapes.contains { $0.name == prefix + "layers.0.weight" })
        #expect(try TabularModel(contentsOf: path).predict(table) == saved.predict(table))
      }
      #expect(ensemble.schema.parameterCount == 2 * (model.schema.parameterCount ?? 0))
    }
  }

  @Test func faultySchemasAreRefused() throws {
    let good = try Self.fit(Self.products).model.schema
    #expect(good.fault == nil)
    func fault(_ change: (inout TabularSchema) -> Void) -> String {
      var schema = good
      change(&schema)
      return schema.fault ?? "none"
    }
    #expect(fault { $0.tabM?.members = 0 } == "a part of the network of size 0")
    #expect(
      fault { $0.tabM?.edges = [[1, 0], [0, 1]] } == "the bins of the network's numbers are none")
    #expect(fault { $0.targetIsLogarithm = true } == "none")
    #expect(
      fault {
        $0.realMLP = RealMLPShape(
          members: 1, inputs: NetworkInputs(good.pipeline), hidden: [3], outputCount: 1,
          activation: .mish, numberEmbedding: 1, waves: 1, levelEmbedding: 1, range: [0, 1])
      } == "two kinds of networks")
    #expect(
      fault { $0.ensemble = [TabularEnsembleMember(schema: good, weight: 1)] }
        == "an ensemble that is a network too")
  }

  // MARK: The search

  private static func search(
    _ table: Table, trials: Int, epochs: Int,
    _ change: (inout TabularOptions) -> Void = { _ in }
  ) throws -> TabularFit<Float> {
    var options = TabularCases.options
    (options.model, options.quality) = (.mlp, .best)
    (options.trials, options.networkEpochs) = (trials, epochs)
    change(&options)
    return try TabularModel<Float>.fit(table.taking(Array(0..<120)), options)
  }

  @Test func theSearchTriesTabMInTurn() throws {
    let fit = try Self.search(Self.products, trials: 5, epochs: 1)
    #expect(fit.candidates.map(\.network) == [.realMLP, .tabM, .realMLP, .realMLP, .tabM])
    #expect(fit.candidates.allSatisfy { $0.model == .mlp && $0.validationScore.isFinite })
    let (first, second) = (fit.candidates[1], fit.candidates[4])
    #expect(first.validationScore != second.validationScore)
  }

  @Test func linearModelsAreNoNetworks() throws {
    let fit = try Self.search(Self.quadrants, trials: 2, epochs: 1) { $0.model = .automatic }
    #expect(fit.candidates.map(\.network) == [.realMLP, nil, nil, nil, .tabM])
  }

  @Test func aSearchWithTabMIsSaved() throws {
    let fit = try Self.search(Self.products, trials: 2, epochs: 20)
    let ensemble = try #require(fit.model.network as? TabularEnsemble<Float>)
    #expect(
      ensemble.models.count { $0.network is TabM<Float> }
        == fit.candidates.count { $0.network == .tabM && $0.isChosen })
    let folder = try TemporaryFolder()
    let path = folder.file("model")
    try fit.model.save(to: path)
    let read = try TabularModel(contentsOf: path)
    #expect(try read.predict(Self.products) == fit.model.predict(Self.products))
    #expect(read.schema.training?.candidates == fit.candidates)
  }
}
