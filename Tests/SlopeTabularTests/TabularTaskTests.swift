import Glibc
import SlopeData
import Testing

@testable import SlopeTabular

/// What is predicted follows from the target's cells, unless it is said.
@Suite struct TabularTaskTests {
  private static let x = Column("x", uniformNumbers(60, seed: 1))

  private func task(_ target: Column, _ task: TabularOptions.Task? = nil) throws -> PredictionTask {
    try fitted([Self.x, target]) { $0.task = task }.model.task
  }

  // MARK: Inference

  @Test func wordsAreClasses() throws {
    let names = (0..<60).map { ["b", "c", "a"][$0 % 3] }
    #expect(try task(Column("y", names)) == .classification(classes: ["a", "b", "c"]))
  }

  @Test func trueAndFalseAreClasses() throws {
    #expect(
      try task(Column("y", (0..<60).map { $0 % 2 == 0 }))
        == .classification(classes: ["false", "true"]))
  }

  @Test func manyDistinctWholeNumbersAreNumbers() throws {
    #expect(try task(Column("y", (0..<60).map { $0 % 11 })) == .regression)
    #expect(
      try task(Column("y", (0..<60).map { $0 % 10 }))
        == .classification(classes: (0..<10).map(String.init)))
  }

  @Test func fractionsAreNumbers() throws {
    #expect(try task(Column("y", (0..<60).map { $0 % 2 == 0 ? 0.5 : 1 })) == .regression)
  }

  @Test func wholeDoublesAreClassesInAscendingOrder() throws {
    #expect(
      try task(Column("y", (0..<60).map { [10.0, 9, -1][$0 % 3] }))
        == .classification(classes: ["-1", "9", "10"]))
  }

  @Test func fewWholeNumbersAsClassesAreNoted() throws {
    let numbers = Column("y", (0..<60).map { $0 % 3 })
    #expect(
      try fitted([Self.x, numbers]).warns(
        "the target \"y\" has 3 distinct whole numbers", "taken for classes", "--task regress"))
    for task in TabularOptions.Task.allCases {
      #expect(try !fitted([Self.x, numbers]) { $0.task = task }.warns("distinct whole numbers"))
    }
    let words = Column("y", (0..<60).map { ["p", "q"][$0 % 2] })
    #expect(try !fitted([Self.x, words]).warns("distinct"))
  }

  // MARK: What is said

  @Test func theTaskCanBeSaid() throws {
    #expect(try task(Column("y", (0..<60).map { $0 % 3 }), .regress) == .regression)
    #expect(try task(Column("y", (0..<60).map { $0 % 2 == 0 }), .regress) == .regression)
    #expect(
      try task(Column("y", (0..<60).map { Double($0 % 12) + 0.5 }), .classify).classes.count == 12)
  }

  @Test func booleansAsNumbersAreZeroAndOne() throws {
    let columns = [Self.x, Column("y", (0..<60).map { $0 % 4 == 0 })]
    let fit = try fitted(columns) {
      $0.task = .regress
      $0.split = .fractions(training: 1, validation: 0, test: 0)
    }
    #expect(fit.model.schema.baseline == [0.25])
    #expect(try fit.model.evaluate(Table(columns)) == fit.scores[.training])
  }

  @Test func tasksThatDoNotFitAreRefused() {
    let dates = Column("y", (0..<60).map { DateTime(microsecondsSince1970: $0 * 86_400_000_000) })
    #expect(refusal([Self.x, dates]).contains("the target \"y\" holds dates"))
    let words = Column("y", (0..<60).map { ["p", "q"][$0 % 2] })
    #expect(
      refusal([Self.x, words]) { $0.task = .regress }
        .contains("the target \"y\" holds categories, not numbers"))
    let names = Column("y", (0..<60).map { "name \($0)" })
    #expect(refusal([Self.x, names]).contains("has 60 classes in 60 rows"))
    let numbers = Column("y", (0..<60).map { Double($0) })
    #expect(
      refusal([Self.x, numbers]) { $0.task = .classify }
        .contains("60 classes in 60 rows; --task regress predicts numbers"))
    #expect(
      refusal([Self.x, Column("y", [Int](repeating: 7, count: 60))])
        .contains("the target \"y\" has one value, \"7\": there is nothing to learn"))
    #expect(refusal([Column("x", [1]), Column("y", [2])]).contains("one row with a target"))
    let none = Column("y", [Double?](repeating: nil, count: 60))
    #expect(refusal([Self.x, none]).contains("no row with a target"))
  }

  @Test(arguments: [(20, 20, true), (21, 42, true), (21, 41, false), (30, 60, true)])
  func classesAreAtMostTwentyOrHalfOfTheRows(classes: Int, rows: Int, areClasses: Bool) {
    let names = Column("y", (0..<rows).map { "c\($0 % classes)" })
    let message = refusal([Column("x", uniformNumbers(rows, seed: 1)), names]) {
      $0.split = .fractions(training: 1, validation: 0, test: 0)
    }
    let expected = "table: the target \"y\" has \(classes) classes in \(rows) rows"
    #expect(message == (areClasses ? "no refusal" : expected))
  }

  // MARK: Classes

  @Test(arguments: [[1_000_000_000, -5], [Int.max, Int.min], [1 << 53, (1 << 53) + 1]])
  func labelsOfAnySizeAreTwoClasses(labels: [Int]) throws {
    let fit = try fitted([Self.x, Column("y", (0..<60).map { labels[$0 % 2] })])
    #expect(fit.model.task.classes == labels.sorted().map(String.init))
    #expect(fit.model.task.outputCount == 1)
    #expect(fit.model.schema.parameterCount == 2)
  }

  @Test func threeClassesHaveThreeOutputs() throws {
    let fit = try fitted([Self.x, Column("y", (0..<60).map { ["p", "q", "r"][$0 % 3] })])
    #expect(fit.model.task.outputCount == 3)
    #expect(fit.model.coefficients?.map(\.name) == ["p", "q", "r"])
  }

  @Test func twoClassesHaveTheLogitOfTheSecond() throws {
    let fit = try fitted([Self.x, Column("y", (0..<60).map { ["p", "q"][$0 % 2] })])
    let coefficients = try #require(fit.model.coefficients?.first)
    #expect(fit.model.coefficients?.count == 1 && coefficients.name == "q")
    let predictions = try fit.model.predict(Table([Self.x]))
    for (row, x) in TabularCases.a.prefix(60).enumerated() {
      let logit = coefficients.intercept + coefficients.values[0] * x
      let odds = predictions.probabilities[2 * row + 1] / predictions.probabilities[2 * row]
      #expect(abs(odds.logarithm - logit) < 1e-6)
      #expect(predictions.classes[row] == (logit > 0 ? "q" : "p"))
    }
  }

  @Test func aThousandClassesAreTrained() throws {
    let count = 2000
    let fit = try fitted([
      Column("x", uniformNumbers(count, seed: 4)), Column("y", (0..<count).map { $0 % 1000 }),
    ]) {
      $0.task = .classify
      $0.split = .fractions(training: 1, validation: 0, test: 0)
    }
    #expect(fit.model.task.classes.count == 1000)
    #expect(fit.scores[.training]?.confusion == nil)
    #expect(fit.scores[.training]?.logLoss ?? .nan <= 6.9078)
  }

  @Test func aClassOfOneRowIsTrainedOnAndNoted() throws {
    let fit = try fitted([
      Self.x, Column("y", (0..<60).map { $0 == 30 ? "rare" : ["p", "q"][$0 % 2] }),
    ])
    #expect(fit.model.task.classes == ["p", "q", "rare"])
    #expect(fit.warns("class \"rare\" has one row: it is trained on, and nothing judges it"))
    #expect(fit.scores[.training]?.confusion?[2].reduce(0, +) == 1)
    #expect(fit.scores[.test]?.confusion?[2].reduce(0, +) == 0)
  }

  @Test func aClassInNoTrainingRowIsRefused() {
    for (count, words) in [
      (1, "1 row, which is in no training part"), (2, "2 rows, which are in no"),
    ] {
      let names = (0..<60).map { $0 < 5 * count && $0 % 5 == 4 ? "lost" : ["p", "q"][$0 % 2] }
      let message = refusal([Self.x, TabularCases.parts(60), Column("y", names)]) {
        $0.split = .column("part")
      }
      #expect(message.contains("class \"lost\" of the target \"y\" has \(words)"), "\(message)")
    }
  }

  @Test func missingTargetsAreLeftOutAndCounted() throws {
    let names = (0..<60).map { $0 % 6 == 0 ? nil : ["p", "q"][$0 % 2] }
    let fit = try fitted([Self.x, Column("y", names)])
    #expect(fit.droppedRowCount == 10 && fit.model.schema.training?.rowCount == 50)
    #expect(fit.warns("10 rows whose target \"y\" is missing are left out"))
    #expect(fit.scores.values.reduce(0) { $0 + $1.rowCount } == 50)
    let one = try fitted([Self.x, Column("y", (0..<60).map { $0 == 9 ? nil : $0 % 3 })])
    #expect(
      one.droppedRowCount == 1 && one.warns("1 row whose target \"y\" is missing is left out"))
    #expect(one.model.task.classes == ["0", "1", "2"])
  }

  @Test func theBaselineOfClassesIsTheirFrequencyInTraining() throws {
    let fit = try fitted([
      Self.x, TabularCases.parts(60), Column("y", (0..<60).map { $0 % 5 == 0 ? "p" : "q" }),
    ]) { $0.split = .column("part") }
    #expect(fit.model.schema.baseline == [12.0 / 36, 24.0 / 36])
    let test = try #require(fit.scores[.test])
    #expect(test.baselineAccuracy == 1)
    #expect(abs((test.baselineLogLoss ?? 0) - 0.405_465_108_108_164_4) < 1e-14)
  }
}

extension Double {
  /// The natural logarithm.
  fileprivate var logarithm: Double { log(self) }
}
