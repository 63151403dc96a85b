import SlopeCore
import SlopeData
import Testing

@testable import SlopeTabular

/// Which rows are for training, validation and test, and what each counts.
@Suite struct TabularRowsTests {
  private func rows(
    _ columns: [Column], _ split: TabularOptions.Split, seed: UInt64 = 3,
    _ change: (inout TabularOptions) -> Void = { _ in }
  ) throws -> TabularRows {
    var options = linearOptions("y")
    options.split = split
    change(&options)
    return try TabularRows(Table(columns), options, generator: Generator(seed: seed))
  }

  private func lists(_ rows: TabularRows) -> [[Int]] {
    TablePart.allCases.map { rows.parts[$0] ?? [] }
  }

  private static let numbers = Column("y", (0..<11).map { Double($0) + 0.5 })
  private static let random = TabularOptions.Split.fractions(
    training: 0.6, validation: 0.2, test: 0.2)

  // MARK: Fractions

  @Test func aRandomSplitOfNumbersIsThatOfTheSeed() throws {
    let parts = lists(try rows([Self.numbers], Self.random))
    #expect(parts.map(\.count) == [7, 2, 2])
    #expect(parts.flatMap { $0 } == Generator(seed: 3).permutation(11).map { Int($0) })
    #expect(try lists(rows([Self.numbers], Self.random)) == parts)
    #expect(try lists(rows([Self.numbers], Self.random, seed: 4)) != parts)
  }

  @Test func classesAreInEachPartAsInAllRows() throws {
    let names = (0..<100).map { $0 < 10 ? "few" : $0 < 40 ? "some" : "many" }
    let parts = lists(try rows([Column("y", names)], Self.random))
    #expect(parts.flatMap { $0 }.sorted() == Array(0..<100))
    for (part, expected) in zip(parts, [[6, 18, 36], [2, 6, 12], [2, 6, 12]]) {
      #expect(["few", "some", "many"].map { name in part.count { names[$0] == name } } == expected)
    }
  }

  @Test(arguments: [(0.5, 0.5, 0.5), (-0.5, 1, 0.5), (.nan, 0.5, 0.5)])
  func fractionsSumToOne(a: Double, b: Double, c: Double) {
    let error = #expect(throws: TabularError.self) {
      try rows([Self.numbers], .fractions(training: a, validation: b, test: c))
    }
    #expect(error?.description.contains("are not fractions that sum to 1") == true)
  }

  @Test func withoutTrainingRowsThereIsNoModel() {
    for names in [["test", "validation"], ["test", "test"]] {
      let error = #expect(throws: TabularError.self) {
        try rows([Column("y", [1.5, 2]), Column("part", names)], .column("part"))
      }
      #expect(error?.description == "table: no rows to train on")
    }
  }

  @Test func emptyPartsAreNotedAndHaveNoScores() throws {
    let fit = try fitted([Column("x", [1.5, 2, 4]), Column("y", [2.5, 3, 4])]) {
      $0.split = .fractions(training: 1, validation: 0, test: 0)
    }
    #expect(fit.warns("there are no validation rows") && fit.warns("there are no test rows"))
    #expect(fit.scores[.test]?.rowCount == 0 && fit.scores[.test]?.mainError == nil)
  }

  // MARK: A column of parts

  @Test func theColumnOfPartsDecidesAndIsNoFeature() throws {
    let part = Column("part", ["test", "train", "validation", "train"])
    let columns = [part, Column("y", [1.5, 2, 3, 4]), Column("x", [1.5, 2, 3, 4])]
    #expect(try lists(rows(columns, .column("part"))) == [[1, 3], [2], [0]])
    #expect(try fitted(columns) { $0.split = .column("part") }.model.schema.features == ["x"])
  }

  @Test func otherWordsInTheColumnOfPartsAreNamed() {
    for (word, shown) in [("Test", "\"Test\""), (nil, "nothing"), ("", "\"\"")] {
      let part = Column("part", ["train", word, "train"])
      let error = #expect(throws: TabularError.self) {
        try rows([part, Column("y", [1.5, 2, 3])], .column("part"))
      }
      #expect(
        error?.description
          == "table: row 2: column \"part\": \(shown) where train, validation or test is expected")
    }
  }

  @Test func rowsAreNamedByTheirPlaceInTheSource() {
    let part = Column("part", ["train", "train", "Test"])
    let error = #expect(throws: TabularError.self) {
      try rows([part, Column("y", [nil, 2.5, 3])], .column("part"))
    }
    #expect(error?.description.hasPrefix("table: row 3: ") == true)
  }

  // MARK: Groups

  @Test(arguments: [0, 1, 2] as [UInt64]) func noGroupIsInTwoParts(seed: UInt64) throws {
    let groups = (0..<120).map { "g\($0 * $0 % 23)" }
    let columns = [Column("g", groups), Column("y", (0..<120).map { Double($0) + 0.5 })]
    let split = TabularOptions.Split.groups(
      column: "g", training: 0.6, validation: 0.2, test: 0.2)
    let parts = lists(try rows(columns, split, seed: seed))
    #expect(parts.flatMap { $0 }.sorted() == Array(0..<120))
    let sets = parts.map { Set($0.map { groups[$0] }) }
    #expect(sets.allSatisfy { !$0.isEmpty })
    #expect(sets.reduce(0) { $0 + $1.count } == Set(groups).count)
  }

  @Test func theGroupIsNoFeatureAndHasNoMissingCell() throws {
    let group = Column("g", (0..<40).map { $0 == 7 ? nil : $0 / 2 })
    let x = Column("x", uniformNumbers(40, seed: 1))
    let y = Column("y", uniformNumbers(40, seed: 2))
    let split = TabularOptions.Split.groups(
      column: "g", training: 0.6, validation: 0.2, test: 0.2)
    #expect(
      refusal([x, group, y]) { $0.split = split }
        == "table: row 8: column \"g\": a group is missing")
    let whole = Column("g", (0..<40).map { $0 / 2 })
    #expect(try fitted([x, whole, y]) { $0.split = split }.model.schema.features == ["x"])
  }

  // MARK: Time

  @Test func theLatestRowsAreTheTest() throws {
    let split = TabularOptions.Split.time(
      column: "t", training: 0.5, validation: 0.25, test: 0.25)
    let y = Column("y", (0..<8).map { Double($0) + 0.5 })
    let order = [7, 2, 5, 0, 3, 6, 1, 4]
    let expected = [[1, 3, 4, 6], [2, 7], [0, 5]]
    #expect(try lists(rows([Column("t", order), y], split)) == expected)
    #expect(try lists(rows([Column("t", order.map { Double($0) - 3.5 }), y], split)) == expected)
    let dates = order.map { DateTime(microsecondsSince1970: ($0 - 4) * 3_600_000_000) }
    #expect(try lists(rows([Column("t", dates), y], split)) == expected)
    let words = Column("t", order.map { "2024-\($0)" })
    #expect(try lists(rows([words, y], split)) == expected)
  }

  @Test func rowsThatNoFractionTakesAreForTraining() throws {
    let split = TabularOptions.Split.time(
      column: "t", training: 0.6, validation: 0.2, test: 0.2)
    let columns = [Column("t", Array(0..<11)), Self.numbers]
    #expect(try lists(rows(columns, split)).map(\.count) == [7, 2, 2])
    // Two are left of 13: one for training, one for validation.
    let more = [Column("t", Array(0..<13)), Column("y", (0..<13).map { Double($0) + 0.5 })]
    #expect(try lists(rows(more, split)).map(\.count) == [8, 3, 2])
  }

  /// Parts of half, a quarter and a quarter of eight rows end at the nearest change of the time.
  @Test(arguments: [
    ([7, 7, 7, 7, 7, 7, 7, 7], [[0, 1, 2, 3, 4, 5, 6, 7], [], []]),
    ([1, 1, 1, 2, 2, 2, 2, 3], [[0, 1, 2], [3, 4, 5, 6], [7]]),
    ([1, 2, 2, 2, 2, 3, 3, 3], [[0, 1, 2, 3, 4], [], [5, 6, 7]]),
    ([1, 1, 2, 2, 2, 2, 3, 4], [[0, 1], [2, 3, 4, 5], [6, 7]]),
    ([1, 1, 1, 1, 1, 1, 1, 2], [[0, 1, 2, 3, 4, 5, 6], [], [7]]),
    ([4, 3, 2, 1, 4, 3, 2, 1], [[2, 3, 6, 7], [1, 5], [0, 4]]),
  ]) func rowsOfOneTimeStayTogether(times: [Int], parts: [[Int]]) throws {
    let split = TabularOptions.Split.time(column: "t", training: 0.5, validation: 0.25, test: 0.25)
    let y = Column("y", (0..<8).map { Double($0) + 0.5 })
    #expect(try lists(rows([Column("t", times), y], split)) == parts)
  }

  @Test(arguments: [
    (["2024-07", "2023-12", "2024-01"], true), (["11/1/2023", "12/1/2023", "9/1/2023"], false),
    (["u", "v", "w"], false), (["2024-7", "2024-12", "2024-1"], false),
    (["01.11.2023", "02.11.2023", "03.11.2023"], false),
  ]) func wordsAreTimesOnlyIfTheirOrderIsOne(times: [String], areTimes: Bool) {
    let words = Column("t", (0..<12).map { times[$0 % 3] })
    let columns = [
      Column("x", uniformNumbers(12, seed: 1)), words, Column("y", uniformNumbers(12, seed: 2)),
    ]
    let message = refusal(columns) {
      $0.split = .time(column: "t", training: 0.6, validation: 0.2, test: 0.2)
    }
    #expect(message.contains("its words have no order in time") != areTimes, "\(message)")
  }

  @Test func aMissingTimeIsNamed() {
    #expect(
      refusal([Column("x", [1.5, 2, 3]), Column("t", [1, nil, 3]), Column("y", [1.5, 2, 3])]) {
        $0.split = .time(column: "t", training: 0.6, validation: 0.2, test: 0.2)
      } == "table: row 2: column \"t\": a time is missing")
  }

  // MARK: Weights of rows

  private static let x = Column("x", uniformNumbers(60, seed: 1))
  private static let y = Column("y", uniformNumbers(60, seed: 2))
  private static let whole = TabularOptions.Split.fractions(
    training: 1, validation: 0, test: 0)

  @Test func aWeightCountsAsSoManyRows() throws {
    let weights = (0..<60).map { $0 % 4 }
    let copies = (0..<60).flatMap { Array(repeating: $0, count: weights[$0]) }
    let repeated = Table([Self.x, Self.y]).taking(copies)
    var options = linearOptions("y")
    options.split = Self.whole
    let expected = try TabularModel<Double>.fit(repeated, options)
    options.weightColumn = "w"
    let table = Table([Self.x, Column("w", weights), Self.y])
    let fit = try TabularModel<Double>.fit(table, options)
    #expect(fit.model.schema.features == ["x"])
    let (found, known) = (
      try #require(fit.model.coefficients?.first), try #require(expected.model.coefficients?.first)
    )
    #expect(abs(found.values[0] - known.values[0]) < 1e-12)
    #expect(abs(found.intercept - known.intercept) < 1e-12)
    let (scores, truth) = (
      try #require(fit.scores[.training]), try #require(expected.scores[.training])
    )
    #expect(scores.rowCount == 60)
    for path in [
      \TabularScores.meanSquaredError, \.meanAbsoluteError, \.rSquared, \.baselineMeanSquaredError,
    ] {
      #expect(abs((scores[keyPath: path] ?? 9) - (truth[keyPath: path] ?? 0)) < 1e-12)
    }
  }

  @Test func weightedClassesAreCountedByWeight() throws {
    let columns = [
      Self.x, Column("w", (0..<60).map { $0 % 2 == 0 ? 2.5 : 0.5 }),
      Column("y", (0..<60).map { $0 % 2 == 0 ? "p" : "q" }),
    ]
    let fit = try fitted(columns) {
      $0.weightColumn = "w"
      $0.split = Self.whole
    }
    #expect(abs(fit.model.schema.baseline[0] - 2.5 / 3) < 1e-15)
    let confusion = try #require(fit.scores[.training]?.confusion)
    #expect(confusion.map { $0.reduce(0, +) } == [75, 15])
  }

  @Test(arguments: [1e-300, 1e300]) func onlyRatiosOfWeightsMatter(scale: Double) throws {
    func scores(_ scale: Double) throws -> TabularScores? {
      let weights = Column("w", (0..<60).map { Double(1 + $0 % 3) * scale })
      return try fitted([Self.x, weights, Self.y]) {
        $0.weightColumn = "w"
        $0.split = Self.whole
      }.scores[.training]
    }
    let (one, other) = (try #require(try scores(1)), try #require(try scores(scale)))
    #expect(abs((other.meanSquaredError ?? 9) / (one.meanSquaredError ?? 0) - 1) < 1e-6)
  }

  @Test func weightsThatAreNoneAreNamed() {
    func message(_ weights: [Double?]) -> String {
      refusal([Self.x, Column("w", weights), Self.y]) { $0.weightColumn = "w" }
    }
    let ones = [Double?](repeating: 1, count: 60)
    #expect(
      message([1, -0.5] + ones.dropFirst(2))
        == "table: row 2: column \"w\": -0.5 is negative, which is no weight")
    #expect(
      message([1, 1, nil] + ones.dropFirst(3))
        == "table: row 3: column \"w\": the value is missing, which is no weight")
    #expect(message(ones.map { _ in 0 }) == "table: column \"w\": all weights are 0")
    let words = Column("w", (0..<60).map { _ in "heavy" })
    #expect(
      refusal([Self.x, words, Self.y]) { $0.weightColumn = "w" }.contains("column \"w\" holds"))
  }

  @Test func trainingRowsWithoutWeightAreRefused() {
    for target in [Self.y, Column("y", (0..<60).map { ["p", "q"][$0 / 5 % 2] })] {
      let weights = Column("w", (0..<60).map { $0 % 5 < 3 ? 0.0 : 1 })
      #expect(
        refusal([Self.x, weights, TabularCases.parts(60), target]) {
          $0.weightColumn = "w"
          $0.split = .column("part")
        } == "table: all training rows have the weight 0")
    }
  }

  // MARK: Weights of classes

  private static let rare = [
    Column("x", TabularCases.a), Column("y", TabularCases.a.map { $0 > 0.4 ? "rare" : "usual" }),
  ]

  @Test func balancedClassesAreFoundMoreOften() throws {
    let noisy = [
      Column("x", TabularCases.a),
      Column(
        "y",
        (0..<600).map { TabularCases.a[$0] + TabularCases.noise[$0] > 0.7 ? "rare" : "usual" }),
    ]
    func recall(_ weights: TabularOptions.ClassWeights?) throws -> Double {
      let fit = try fitted(noisy) {
        $0.split = Self.whole
        $0.classWeights = weights
      }
      let confusion = try #require(fit.scores[.training]?.confusion)
      return confusion[0][0] / (confusion[0][0] + confusion[0][1])
    }
    #expect(try recall(nil) < 0.5)
    #expect(try recall(.balanced) > 0.8)
    #expect(try recall(.named(["rare": 100])) > 0.95)
    #expect(try recall(.named(["usual": 100])) == 0)
  }

  @Test func balancedWeightsAreRowsByClassesTimesCount() throws {
    let count = TabularCases.a.count { $0 > 0.4 }
    func coefficients(_ weights: TabularOptions.ClassWeights) throws -> [Double] {
      try fitted(Self.rare) {
        $0.split = Self.whole
        $0.classWeights = weights
      }.model.coefficients?.flatMap { [$0.intercept] + $0.values } ?? []
    }
    let named = try coefficients(.named(["rare": Double(600 - count) / Double(count)]))
    let balanced = try coefficients(.balanced)
    #expect(zip(named, balanced).allSatisfy { abs($0 / $1 - 1) < 1e-5 } && named.count == 2)
  }

  @Test func scoresAndBaselineDoNotCountByClassWeights() throws {
    let fit = try fitted(Self.rare) {
      $0.split = Self.whole
      $0.classWeights = .balanced
    }
    let count = TabularCases.a.count { $0 > 0.4 }
    #expect(fit.model.schema.baseline == [Double(count) / 600, Double(600 - count) / 600])
    #expect(fit.scores[.training]?.confusion?.joined().reduce(0, +) == 600)
  }

  @Test func classWeightsThatDoNotFitAreRefused() {
    #expect(
      refusal(Self.rare) { $0.classWeights = .named(["rara": 2]) }
        == "a weight for \"rara\", which is no class of the target \"y\", did you mean \"rare\"? The "
        + "classes are \"rare\", \"usual\"")
    #expect(
      refusal(Self.rare) { $0.classWeights = .named(["other": 2]) }
        == "a weight for \"other\", which is no class of the target \"y\"; the classes are \"rare\", "
        + "\"usual\"")
    for weight in [0, -1, .nan, .infinity] {
      #expect(
        refusal(Self.rare) { $0.classWeights = .named(["rare": weight]) }
          .contains("which is no positive number"))
    }
    #expect(
      refusal([Self.x, Self.y]) { $0.classWeights = .balanced }.contains(
        "class weights are for classes, but the target \"y\" is predicted as a number"))
  }

  // MARK: Folds

  @Test func foldsOfNumbersAreRandom() throws {
    let rows = try rows([Self.numbers], Self.random)
    func folds(_ count: Int, seed: UInt64 = 1) throws -> [Fold] {
      try rows.folds(count, of: [2, 3, 5, 7, 9], Self.random, Generator(seed: seed))
    }
    let found = try folds(2)
    #expect(found.map(\.validation.count) == [3, 2])
    #expect(found.flatMap(\.validation).sorted() == Array(0..<5))
    #expect(found.allSatisfy { ($0.training + $0.validation).sorted() == Array(0..<5) })
    #expect(try folds(2) == found && (2..<9).contains { try folds(2, seed: $0) != found })
    #expect(try folds(9).count == 5)
    #expect(try rows.folds(4, of: [2], Self.random, Generator(seed: 1)).isEmpty)
    #expect(try rows.folds(4, of: [], Self.random, Generator(seed: 1)).isEmpty)
  }

  @Test func foldsOfClassesHaveEqualShares() throws {
    let names = (0..<40).map { $0 % 4 == 0 ? "few" : "many" }
    let rows = try rows([Column("y", names)], Self.random)
    let some = Array(0..<32)
    for fold in try rows.folds(4, of: some, Self.random, Generator(seed: 1)) {
      #expect(fold.validation.count { names[some[$0]] == "few" } == 2 && fold.validation.count == 8)
    }
    let single = try self.rows([Column("y", ["a", "b", "c"])], Self.random)
    #expect(try single.folds(4, of: [0, 1, 2], Self.random, Generator(seed: 1)).isEmpty)
    #expect(try rows.folds(30, of: some, Self.random, Generator(seed: 1)).count == 24)
  }

  @Test func noGroupIsInTwoFolds() throws {
    let groups = [1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5]
    let split = TabularOptions.Split.groups(
      column: "g", training: 0.6, validation: 0.2, test: 0.2)
    let rows = try rows([Self.numbers, Column("g", groups)], split)
    let some = [10, 0, 3, 2, 1, 4, 5, 6]
    let folds = try rows.folds(9, of: some, split, Generator(seed: 1))
    #expect(folds.count == 4)
    for fold in folds {
      let labels = Set(fold.validation.map { groups[some[$0]] })
      #expect(labels.count == 1 && !fold.training.contains { labels.contains(groups[some[$0]]) })
    }
    #expect(try rows.folds(9, of: [0, 1], split, Generator(seed: 1)).isEmpty)
  }

  @Test func foldsOfTimesAreConsecutive() throws {
    let split = TabularOptions.Split.time(column: "t", training: 0.6, validation: 0.2, test: 0.2)
    let rows = try rows([Self.numbers, Column("t", [5, 9, 1, 7, 3, 8, 2, 6, 4, 11, 10])], split)
    let folds = try rows.folds(3, of: [0, 1, 2, 3, 4, 5], split, Generator(seed: 1))
    // Times 5, 9, 1, 7, 3, 8.
    #expect(folds.map(\.validation) == [[2, 4], [0, 3], [1, 5]])
    #expect(folds[0].training == [0, 1, 3, 5])
  }
}
