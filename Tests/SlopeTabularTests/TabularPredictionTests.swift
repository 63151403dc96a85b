import SlopeCore
import SlopeData
import TestSupport
import Testing

@testable import SlopeTabular

/// A row's prediction depends on the row and the model alone, to the last bit.
@Suite struct TabularPredictionTests {
  private static let count = 300

  /// A table with columns of all kinds and missing cells, and targets of numbers and classes.
  private static let table: Table = {
    let rows = Array(0..<count)
    return Table([
      Column("x", rows.map { $0 % 11 == 0 ? nil : TabularCases.a[$0] }),
      Column("n", rows.map { $0 * $0 % 17 }),
      Column("c", rows.map { $0 % 13 == 0 ? nil : ["p", "q", "r", "s"][$0 * $0 % 7 % 4] }),
      Column("flag", rows.map { $0 % 3 == 0 }),
      Column(
        "day", rows.map { DateTime(microsecondsSince1970: ($0 * 37 % 900) * 86_400_000_000) }),
      TabularCases.parts(count),
      Column("number", rows.map { TabularCases.target[$0] + Double($0 % 4) }),
      Column("pair", rows.map { TabularCases.pairs[$0] }),
      Column("triple", rows.map { TabularCases.triples[$0] }),
    ])
  }()

  private static let targets = ["number", "pair", "triple"]

  private func fit<Element: FloatingElement>(
    _ target: String, _ hidden: [Int], _ table: Table = table, as element: Element.Type
  ) throws -> TabularFit<Element> {
    var options = linearOptions(target)
    options.split = .column("part")
    options.drop = Self.targets.filter { $0 != target }
    options.hidden = hidden
    options.epochs = 3
    return try TabularModel<Element>.fit(table, options)
  }

  /// Predictions row by row: a number, or the probabilities.
  private func rows(_ predictions: TabularPredictions) -> [[Double]] {
    let count = max(1, predictions.task.classes.count)
    let values = predictions.task.isClassification ? predictions.probabilities : predictions.numbers
    return (0..<predictions.rowCount).map { Array(values[($0 * count)..<(($0 + 1) * count)]) }
  }

  @Test(arguments: targets, [[], [5, 3]])
  func otherRowsTheirOrderAndOtherColumnsChangeNothing(target: String, hidden: [Int]) throws {
    let model = try fit(target, hidden, as: Float.self).model
    let expected = rows(try model.predict(Self.table))
    #expect(expected.count == Self.count && Set(expected).count > 50)
    let order = (0..<Self.count).map { $0 * 7 % Self.count }
    #expect(rows(try model.predict(Self.table.taking(order))) == order.map { expected[$0] })
    let reversed = try Self.table.select(Self.table.columnNames.reversed())
    #expect(rows(try model.predict(reversed)) == expected)
    #expect(
      rows(try model.predict(Self.table.select(model.schema.features))) == expected)
    for row in [0, 1, 13, 299] {
      #expect(rows(try model.predict(Self.table.taking([row]))) == [expected[row]])
    }
    // More rows than a batch has.
    let many = Array(repeating: Array(0..<Self.count), count: 8).flatMap { $0 }
    #expect(rows(try model.predict(Self.table.taking(many))) == many.map { expected[$0] })
  }

  @Test(arguments: targets, [[], [5, 3]])
  func aSavedModelPredictsTheSameBits(target: String, hidden: [Int]) throws {
    let folder = try TemporaryFolder()
    let single = try fit(target, hidden, as: Float.self).model
    try single.save(to: folder.file("single"))
    #expect(
      try TabularModel(contentsOf: folder.file("single")).predict(Self.table)
        == single.predict(Self.table))
    let double = try fit(target, hidden, as: Double.self).model
    try double.save(to: folder.file("double"))
    let read = try TabularModelFile(path: folder.file("double")).model(as: Double.self)
    #expect(read.schema == double.schema)
    #expect(try read.predict(Self.table) == double.predict(Self.table))
  }

  @Test(arguments: targets, [[], [5, 3]])
  func evaluationGivesTheScoresOfTheFit(target: String, hidden: [Int]) throws {
    let fit = try fit(target, hidden, as: Float.self)
    let folder = try TemporaryFolder()
    try fit.model.save(to: folder.file("model"))
    let read = try TabularModel(contentsOf: folder.file("model"))
    for part in TablePart.allCases {
      let rows = try Self.table.filter("part") { (name: String) in name == part.rawValue }
      #expect(try fit.model.evaluate(rows) == fit.scores[part])
      #expect(try read.evaluate(rows) == fit.scores[part])
      #expect(read.schema.training?.scores[part.rawValue] == fit.scores[part])
    }
  }

  @Test(arguments: targets) func theOrderOfRowsAndColumnsHardlyChangesASolution(
    target: String
  ) throws {
    let expected = rows(try fit(target, [], as: Double.self).model.predict(Self.table))
    let order = (0..<Self.count).map { $0 * 7 % Self.count }
    let shuffled = try Self.table.select(Self.table.columnNames.reversed()).taking(order)
    let found = rows(try fit(target, [], shuffled, as: Double.self).model.predict(Self.table))
    for (left, right) in zip(found, expected) {
      #expect(zip(left, right).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test func evaluationIsWeightedAsTheFit() throws {
    let weights = Column("w", (0..<Self.count).map { Double(1 + $0 % 3) / 3 })
    let table = Self.table.adding(weights)
    for target in Self.targets {
      var options = linearOptions(target)
      options.features = ["x", "n"]
      options.split = .column("part")
      options.weightColumn = "w"
      let fit = try TabularModel<Float>.fit(table, options)
      let test = try table.filter("part") { (name: String) in name == "test" }
      #expect(try fit.model.evaluate(test, weights: "w") == fit.scores[.test])
      #expect(try fit.model.evaluate(test) != fit.scores[.test])
    }
  }

  @Test func evaluationLeavesOutRowsWithoutATarget() throws {
    let model = try fit("pair", [], as: Float.self).model
    let some = Self.table.adding(
      Column("pair", (0..<Self.count).map { $0 < 100 ? TabularCases.pairs[$0] : nil }))
    #expect(try model.evaluate(some) == model.evaluate(Self.table.head(100)))
    let none = Self.table.adding(Column("pair", [String?](repeating: nil, count: Self.count)))
    #expect(throws: TabularError.unusable("table: no row has a target, \"pair\"")) {
      try model.evaluate(none)
    }
  }

  @Test func targetsThatTheModelDoesNotKnowAreNamed() throws {
    let pairs = try fit("pair", [], as: Float.self).model
    let other = Self.table.adding(
      Column("pair", (0..<Self.count).map { $0 == 4 ? "maybe" : "yes" }))
    #expect(
      throws: TabularError.unusable(
        "table: row 5: column \"pair\": \"maybe\" is no class of the model (\"no\", \"yes\")")
    ) { try pairs.evaluate(other) }
    let numbers = try fit("number", [], as: Float.self).model
    #expect(
      throws: TabularError.unusable("table: the target \"number\" holds categories, not numbers")
    ) {
      try numbers.evaluate(
        Self.table.adding(Column("number", (0..<Self.count).map { "n\($0 % 3)" })))
    }
  }

  // MARK: Probabilities

  @Test(arguments: ["pair", "triple"]) func probabilitiesSumToOneAndTheLargestIsTheClass(
    target: String
  ) throws {
    let predictions = try fit(target, [], as: Float.self).model.predict(Self.table)
    #expect(predictions.numbers.isEmpty && predictions.classes.count == Self.count)
    for (row, probabilities) in rows(predictions).enumerated() {
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-15)
      #expect(probabilities[predictions.classIndices[row]] == probabilities.max())
    }
  }

  @Test func outputsBecomeNumbersAndProbabilities() {
    let numbers = TabularPredictions(outputs: [0, 1, -2], task: .regression, mean: 5, deviation: 3)
    #expect(numbers.numbers == [5, 8, -1] && numbers.probabilities.isEmpty)
    let two = TabularPredictions(
      outputs: [0, 1000, -1000], task: .classification(classes: ["a", "b"]), mean: 0, deviation: 1)
    #expect(two.probabilities == [0.5, 0.5, 0, 1, 1, 0])
    #expect(two.classes == ["a", "b", "a"], "the first of equal ones")
    let three = TabularPredictions(
      outputs: [0, 0, 0, 800, 0, -800], task: .classification(classes: ["a", "b", "c"]), mean: 0,
      deviation: 1)
    #expect(three.probabilities == [1.0 / 3, 1.0 / 3, 1.0 / 3, 1, 0, 0] && three.rowCount == 2)
  }

  @Test func numbersBeyondTheRangeAreItsEnds() {
    let found = TabularPredictions(
      outputs: [1e300, -1e300], task: .regression, mean: 0, deviation: 1e300)
    #expect(found.numbers == [.greatestFiniteMagnitude, -.greatestFiniteMagnitude])
  }

  @Test func aPredictionThatIsNoNumberIsAnError() throws {
    let schema = TabularSchema(
      pipeline: FittedPipeline(standardized: [("x", 0, 1), ("z", 0, 1)]), task: .regression,
      target: "y", targetMean: 0, targetDeviation: 1, hidden: [], activation: .relu, baseline: [0])
    let model = TabularModel<Double>(schema: schema, generator: Generator(seed: 1))
    model.network.parameters()[0].tensor = Tensor<Double>([[1e300, -1e300]])
    let table = Table([Column("x", [0, 1e9]), Column("z", [0, 1e9])])
    #expect(throws: TabularError.unusable("table: row 2: the prediction is not a number")) {
      try model.predict(table)
    }
  }

  @Test func aProbabilityThatIsNoNumberIsAnErrorOfItsRow() throws {
    let schema = TabularSchema(
      pipeline: FittedPipeline(standardized: [("x", 0, 1), ("z", 0, 1)]),
      task: .classification(classes: ["a", "b", "c"]), target: "y", targetMean: 0,
      targetDeviation: 1, hidden: [], activation: .relu, baseline: [0.5, 0.25, 0.25])
    let model = TabularModel<Double>(schema: schema, generator: Generator(seed: 1))
    model.network.parameters()[0].tensor = Tensor<Double>([[1e300, -1e300], [0, 0], [0, 0]])
    let table = Table([Column("x", [0, 0, 1e9]), Column("z", [0, 0, 1e9])])
    #expect(throws: TabularError.unusable("table: row 3: the prediction is not a number")) {
      try model.predict(table)
    }
  }
}
