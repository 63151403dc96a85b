import Foundation
import SlopeCore
import SlopeData
import SlopeNN
import SlopeTraining
import TestSupport
import Testing

@testable import SlopeTabular

/// Fits of networks for tables, on tables where a linear model fails.
struct RealMLPFitTests {
  private static let count = TabularCases.count
  private static let a = TabularCases.a
  private static let b = TabularCases.b

  private static func options(
    _ quality: TabularOptions.Quality = .fast, epochs: Int = 60
  ) -> TabularOptions {
    var options = TabularCases.options
    options.model = .mlp
    options.quality = quality
    options.networkEpochs = epochs
    return options
  }

  private static func products() -> Table {
    TabularCases.table([a, b], Column("y", (0..<count).map { 5 + 3 * a[$0] * b[$0] }))
  }

  private static func quadrants() -> Table {
    TabularCases.table(
      [a, b],
      Column("y", (0..<count).map { a[$0] * b[$0] > 0 ? "same" : a[$0] > 0 ? "plus" : "minus" }))
  }

  @Test(arguments: [TabularOptions.Quality.fast, .good])
  func aProductOfColumnsIsLearnt(quality: TabularOptions.Quality) throws {
    let fit = try TabularModel<Float>.fit(Self.products(), Self.options(quality))
    let r2 = try #require(fit.scores[.test]?.rSquared)
    #expect(r2 > 0.97, "\(quality): \(r2)")
    #expect(fit.model.coefficients == nil)
    #expect((fit.model.network as? RealMLP<Float>)?.shape.members == (quality == .fast ? 1 : 4))
  }

  @Test(arguments: [TabularOptions.Quality.fast, .good])
  func quadrantsAreLearnt(quality: TabularOptions.Quality) throws {
    let fit = try TabularModel<Float>.fit(Self.quadrants(), Self.options(quality))
    let accuracy = try #require(fit.scores[.test]?.accuracy)
    #expect(accuracy > 0.9, "\(quality): \(accuracy)")
    let shape = try #require(fit.model.schema.realMLP)
    #expect(shape.outputCount == 3 && shape.range == nil && shape.temperature != 1)
    // No other temperature fits the validation rows better, with one error more.
    let network = try #require(fit.model.network as? RealMLP<Float>)
    let rows = Self.quadrants().taking((0..<Self.count).filter { $0 % 5 == 3 })
    func cost(_ model: TabularModel<Float>) throws -> Double {
      let names = try #require(rows.columns.last).cells(as: String.self)
      let classes = try names.map {
        try #require(model.task.classes.firstIndex(of: $0 ?? ""))
      }
      return try model.predict(rows).withOneErrorMore(
        try #require(try model.evaluate(rows).logLoss), TargetRows(classes: classes))
    }
    let least = try cost(fit.model)
    #expect(abs(least - (fit.validationScore ?? 0)) < 1e-9)
    for factor in [0.75, 1.35] {
      var (schema, other) = (fit.model.schema, shape)
      other.temperature *= factor
      schema.realMLP = other
      #expect(
        try cost(TabularModel(schema: schema, network: network.with(other))) > least,
        "\(quality) \(factor)")
    }
  }

  @Test func theBetterModelOnValidationRowsIsKept() throws {
    let line = TabularCases.table([Self.a, Self.b], Column("y", TabularCases.target))
    for (table, isLinear) in [(Self.products(), false), (line, true), (Self.quadrants(), false)] {
      var options = Self.options(epochs: 20)
      options.model = .automatic
      let fit = try TabularModel<Float>.fit(table, options)
      #expect(fit.candidates.map(\.model) == [.linear, .mlp])
      #expect(fit.candidates.map(\.isChosen) == [isLinear, !isLinear])
      #expect((fit.model.schema.realMLP == nil) == isLinear && fit.model.schema.hidden.isEmpty)
      let kept = try #require(fit.candidates.first { $0.isChosen })
      let other = try #require(fit.candidates.first { !$0.isChosen })
      #expect(kept.validationScore < other.validationScore)
      #expect(kept.validationScore == fit.validationScore)
      options.model = other.model
      let alone = try TabularModel<Float>.fit(table, options)
      #expect(alone.validationScore == other.validationScore)
      if alone.metric == .rootMeanSquaredError {
        #expect(alone.scores[.validation]?.mainError == other.validationScore)
      }
      #expect(alone.candidates.isEmpty)
    }
  }

  @Test func manyNumbersAreNotEmbedded() throws {
    for (count, embedding) in [(500, 4), (501, 1)] {
      let columns = (0..<count).map { uniformNumbers(20, seed: UInt64($0)) }
      let table = TabularCases.table(columns, Column("y", uniformNumbers(20, seed: 999)))
      let fitter = try TabularFitter<Float>(table, Self.options(.good))
      #expect(fitter.realMLPShape(fitter.recipe).numberEmbedding == embedding)
    }
  }

  @Test func labelsAreSmoothedWhereOnlyTheClassCounts() throws {
    for (metric, smoothing) in [
      (nil, 0), (.logLoss, 0), (.rocAUC, 0), (.accuracy, 0.1), (.f1, 0.1),
    ] as [(Metric?, Double)] {
      var options = Self.options(epochs: 4)
      options.metric = metric
      let fitter = try TabularFitter<Float>(Self.quadrants(), options)
      #expect(fitter.recipe.labelSmoothing == smoothing)
    }
    let numbers = try TabularFitter<Float>(Self.products(), Self.options())
    #expect(numbers.recipe.labelSmoothing == 0)
    // Smoothed labels have a larger loss.
    func loss(_ metric: Metric) throws -> Double {
      var options = Self.options(epochs: 30)
      options.metric = metric
      var last: TabularProgress?
      _ = try TabularModel<Float>.fit(Self.quadrants(), options) { last = $0 }
      #expect(last?.metric == metric && last?.errorName == "log loss")
      #expect((0...1).contains(last?.validationScore ?? -1))
      return last?.trainingError ?? .nan
    }
    #expect(try loss(.accuracy) > loss(.rocAUC) + 0.1)
  }

  @Test func theMetricChoosesAmongModels() throws {
    var options = Self.options(epochs: 20)
    options.model = .automatic
    options.metric = .accuracy
    let fit = try TabularModel<Float>.fit(Self.quadrants(), options)
    #expect(fit.candidates.map(\.isChosen) == [false, true])
    #expect(fit.candidates[1].validationScore > fit.candidates[0].validationScore)
    #expect(fit.candidates[1].validationScore == fit.scores[.validation]?.accuracy)
  }

  @Test func withoutValidationRowsNetworksAreKept() throws {
    var options = Self.options(epochs: 2)
    options.model = .automatic
    options.split = .fractions(training: 0.8, validation: 0, test: 0.2)
    let fit = try TabularModel<Float>.fit(Self.products(), options)
    #expect(fit.model.schema.realMLP != nil && fit.candidates.isEmpty)
    #expect(fit.model.schema.training?.epochs == 2)
  }

  @Test func theBestEpochIsKept() throws {
    var (errors, best): ([Double], [Int?]) = ([], [])
    let fit = try TabularModel<Float>.fit(Self.products(), Self.options(epochs: 30)) {
      errors.append($0.validationScore ?? .nan)
      best.append($0.bestEpoch)
    }
    #expect(errors.count == 30)
    let least = try #require(errors.min())
    let last = try #require(errors.lastIndex(of: least))
    #expect(fit.model.schema.training?.bestEpoch == last + 1 && best.last == last + 1)
    #expect(fit.model.schema.training?.epochs == 30)
    let error = try #require(fit.scores[.validation]?.rootMeanSquaredError)
    #expect(abs(error - least) < 1e-4 * least)
  }

  @Test func oneSeedGivesOneModel() throws {
    func weights(_ seed: UInt64) throws -> [Float] {
      var options = Self.options(.good, epochs: 3)
      options.seed = seed
      return try TabularModel<Float>.fit(Self.quadrants(), options).model.network.parameters()
        .flatMap(\.tensor.scalars)
    }
    let first = try weights(1)
    #expect(try weights(1) == first)
    #expect(try weights(2) != first)
  }

  @Test func aRowsPredictionDependsOnNoOther() throws {
    let fit = try TabularModel<Float>.fit(Self.quadrants(), Self.options(.good, epochs: 3))
    let table = Self.quadrants()
    let all = try fit.model.predict(table)
    // The same rows in their places among others.
    let places = [5, 17, 599]
    let others = (0..<Self.count).map { places.contains($0) ? $0 : ($0 * 7 + 3) % Self.count }
    let among = try fit.model.predict(table.taking(others))
    let alone = try fit.model.predict(table.taking(places))
    for (index, place) in places.enumerated() {
      let expected = all.probabilities[(3 * place)..<(3 * place + 3)]
      #expect(among.probabilities[(3 * place)..<(3 * place + 3)] == expected)
      #expect(alone.probabilities[(3 * index)..<(3 * index + 3)].elementsEqual(expected))
    }
    let reversed = try fit.model.predict(table.taking((0..<Self.count).reversed()))
    for place in 0..<Self.count {
      let other = 3 * (Self.count - 1 - place)
      #expect(
        reversed.probabilities[other..<(other + 3)].elementsEqual(
          all.probabilities[(3 * place)..<(3 * place + 3)]))
    }
  }

  @Test(arguments: [TabularOptions.Quality.fast, .good])
  func aSavedModelPredictsTheSameBits(quality: TabularOptions.Quality) throws {
    let folder = try TemporaryFolder()
    for table in [Self.products(), Self.quadrants()] {
      let fit = try TabularModel<Float>.fit(table, Self.options(quality, epochs: 2))
      let path = folder.file("m")
      try fit.model.save(to: path)
      let loaded = try TabularModel(contentsOf: path)
      let (before, after) = (try fit.model.predict(table), try loaded.predict(table))
      #expect(before.numbers == after.numbers && before.probabilities == after.probabilities)
      #expect(loaded.schema == fit.model.schema)
      let evaluated = try loaded.evaluate(
        table.taking((0..<Self.count).filter { $0 % 5 == 4 }))
      #expect(evaluated == fit.scores[.test])
    }
  }

  @Test func categoriesOfManyLevelsAreLookedUp() throws {
    let levels = (0..<Self.count).map { $0 % 12 }
    let targets = levels.enumerated().map { row, level in Double(level * level % 7) + Self.a[row] }
    let table = Table([
      Column("c", levels.map { "level \($0)" }), Column("x0", Self.a), TabularCases.parts(),
      Column("y", targets),
    ])
    let fit = try TabularModel<Float>.fit(table, Self.options(epochs: 80))
    #expect(fit.model.schema.realMLP?.inputs.levelCounts == [12])
    let r2 = try #require(fit.scores[.test]?.rSquared)
    #expect(r2 > 0.95, "\(r2)")
    let new = Table([Column("c", ["never seen"]), Column("x0", [0.5])])
    #expect(try fit.model.predict(new).numbers.allSatisfy { (-2...8).contains($0) })
  }

  @Test func predictionsStayInTheRangeOfTheTrainingRows() throws {
    let table = TabularCases.table([Self.a], Column("y", Self.a.map { 100 * $0 }))
    let fit = try TabularModel<Float>.fit(table, Self.options(epochs: 10))
    let far = try fit.model.predict(Table([Column("x0", [-1e6, 1e6])])).numbers
    let training = (0..<Self.count).filter { $0 % 5 < 3 }.map { 100 * Self.a[$0] }
    let (least, largest) = (training.min() ?? 0, training.max() ?? 0)
    #expect(far.allSatisfy { $0 >= least - 1e-3 && $0 <= largest + 1e-3 })
  }

  @Test func withoutValidationRowsTheLastEpochIsKept() throws {
    var options = Self.options(epochs: 5)
    options.split = .fractions(training: 0.8, validation: 0, test: 0.2)
    options.drop = ["part"]
    let fit = try TabularModel<Float>.fit(Self.quadrants(), options)
    #expect(fit.model.schema.training?.bestEpoch == nil)
    #expect(fit.model.schema.realMLP?.temperature == 1)
  }

  @Test func weightsOfRowsCount() throws {
    // Of two contradicting rows the heavier is believed.
    let table = Table([
      Column("x0", (0..<Self.count).map { Double($0 / 2 % 7) }), TabularCases.parts(),
      Column("w", (0..<Self.count).map { $0 % 2 == 0 ? 9.0 : 1 }),
      Column("y", (0..<Self.count).map { $0 % 2 == 0 ? 10.5 : 0.5 }),
    ])
    var options = Self.options(epochs: 150)
    options.weightColumn = "w"
    let fit = try TabularModel<Float>.fit(table, options)
    let predicted = try fit.model.predict(Table([Column("x0", [3.0])])).numbers[0]
    #expect((8.5...10.3).contains(predicted), "\(predicted)")
    options.weightColumn = nil
    options.drop = ["w"]
    let equal = try TabularModel<Float>.fit(table, options)
    let middle = try equal.model.predict(Table([Column("x0", [3.0])])).numbers[0]
    #expect((4.5...6.5).contains(middle), "\(middle)")
  }

  @Test func tinyTablesTrain() throws {
    for rows in [2, 3, 7] {
      let table = Table([
        Column("x", (0..<rows).map { Double($0) + 0.25 }),
        Column("y", (0..<rows).map { Double($0 * $0) + 0.5 }),
      ])
      var options = TabularOptions(target: "y")
      options.model = .mlp
      options.networkEpochs = 2
      options.split = .fractions(training: 1, validation: 0, test: 0)
      let fit = try TabularModel<Float>.fit(table, options)
      #expect(try fit.model.predict(table).numbers.allSatisfy(\.isFinite))
    }
  }
}
