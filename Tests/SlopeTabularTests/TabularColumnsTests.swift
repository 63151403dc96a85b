import SlopeData
import Testing

@testable import SlopeTabular

/// Which columns a model reads, and what it makes of cells that training did not have.
@Suite struct TabularColumnsTests {
  private static let x = Column("x", uniformNumbers(60, seed: 1))
  private static let y = Column("y", uniformNumbers(60, seed: 2))
  private static let part = TabularCases.parts(60)

  private func fit(
    _ column: Column, _ change: (inout TabularOptions) -> Void = { _ in }
  ) throws -> TabularFit<Float> {
    try fitted([Self.x, column, Self.part, Self.y]) {
      $0.split = .column("part")
      change(&$0)
    }
  }

  // MARK: Left out

  @Test func columnsOfOneValueAreLeftOutAndNamed() throws {
    for column in [
      Column("c", [Int](repeating: 7, count: 60)), Column("c", [String](repeating: "k", count: 60)),
      // Constant in the training rows alone.
      Column("c", (0..<60).map { $0 % 5 < 3 ? 7 : $0 }),
    ] {
      let fit = try fit(column)
      #expect(fit.model.schema.features == ["x"])
      #expect(fit.model.schema.pipeline.columns[1].omission == .constant)
      #expect(fit.warns("columns of one value in the training rows are left out: \"c\""))
    }
  }

  @Test func columnsWithoutValuesAreLeftOutAndNamed() throws {
    let fit = try fit(Column("c", (0..<60).map { $0 % 5 < 3 ? nil : $0 }))
    #expect(fit.model.schema.features == ["x"])
    #expect(fit.warns("columns without values in the training rows are left out: \"c\""))
  }

  @Test func identifiersAreLeftOutUnlessTheyAreKept() throws {
    for column in [
      Column("c", (0..<60).map { "name \($0)" }), Column("c", (0..<60).map { 1000 + $0 * 37 % 60 }),
      Column("c", (0..<60).map { 100_000_000_000 + $0 * $0 * 7919 }),
    ] {
      let fit = try fit(column)
      #expect(fit.model.schema.features == ["x"])
      #expect(fit.warns("that tell rows apart (--keep NAME keeps one)", "left out: \"c\""))
      #expect(try self.fit(column) { $0.keep = ["c"] }.model.schema.features == ["x", "c"])
    }
  }

  @Test func manyOmissionsAreCounted() throws {
    let columns = (0..<13).map { Column("c\($0)", [Int](repeating: 1, count: 60)) }
    #expect(try fitted([Self.x, Self.y] + columns).warns("\"c9\" and 3 more"))
    let eleven = try fitted([Self.x, Self.y] + columns.prefix(11))
    #expect(eleven.warns("\"c9\" and 1 more"))
    let ten = try fitted([Self.x, Self.y] + columns.prefix(10))
    #expect(ten.warns("\"c9\"") && !ten.warns(" more"))
  }

  @Test func featuresAndDroppedColumnsAreChosen() throws {
    let z = Column("z", uniformNumbers(60, seed: 3))
    #expect(try fit(z) { $0.features = ["z"] }.model.schema.features == ["z"])
    let dropped = try fit(z) { $0.drop = ["x"] }
    #expect(dropped.model.schema.features == ["z"])
    #expect(dropped.model.schema.pipeline.columns[0].omission == .dropped)
    #expect(!dropped.warns("left out"))
  }

  @Test func withoutAFeatureNothingIsPredicted() {
    let constant = Column("x", [Int](repeating: 1, count: 60))
    #expect(
      refusal([constant, Self.y]).contains("there is no column to predict from: \"x\" left out"))
    #expect(refusal([Self.y]).contains("there is no column to predict from"))
    #expect(refusal([Self.x, Self.y]) { $0.drop = ["x"] }.contains("no column to predict from"))
  }

  // MARK: Inputs

  @Test func missingNumbersHaveAFlagAndTheMedian() throws {
    let column = Column("c", (0..<60).map { $0 % 4 == 0 ? nil : Double($0 * $0) })
    let fit = try fit(column)
    #expect(fit.model.schema.pipeline.outputNames == ["x", "c", "c missing"])
    #expect(fit.missingCellCount == 15)
    let present = (0..<60).filter { $0 % 5 < 3 && $0 % 4 != 0 }
    let median = try #require(present.map { Double($0 * $0) }.median)
    let rows = Table([
      Column("x", [0.25, 0.25]), Column("c", [Double?.none, median]),
    ])
    let inputs = try fit.model.schema.pipeline.transform(rows, as: Double.self)
    #expect(inputs[0, 1].item() == inputs[1, 1].item())
    #expect(inputs[0, 2].item() == 1 && inputs[1, 2].item() == 0)
  }

  @Test func datesBecomeTheirPartsThatVary() throws {
    let day = 86_400_000_000
    let dates = (0..<60).map { DateTime(microsecondsSince1970: (19_000 + $0 * 11) * day) }
    #expect(
      try fit(Column("c", dates)).model.schema.pipeline.outputNames
        == ["x", "c year", "c month", "c day", "c weekday"])
    let hours = (0..<60).map { DateTime(microsecondsSince1970: 19_000 * day + $0 % 20 * day / 24) }
    #expect(
      try fit(Column("c", hours)).model.schema.pipeline.outputNames == ["x", "c hour"])
  }

  @Test func levelsBeyondTheMostFrequentShareAnInput() throws {
    let levels = (0..<60).map { "l\($0 < 40 ? $0 % 4 : 4 + $0 % 9)" }
    let fit = try fit(Column("c", levels)) { $0.maximumLevels = 5 }
    #expect(
      fit.model.schema.pipeline.outputNames == ["x", "c=l0", "c=l1", "c=l2", "c=l3", "c=other"])
  }

  @Test func aLevelThatIsCalledOtherKeepsItsName() throws {
    let levels = (0..<60).map { ["other", "a", "b", "c", "d", "e"][$0 < 48 ? $0 % 3 : $0 % 6] }
    let fit = try fit(Column("c", levels)) { $0.maximumLevels = 4 }
    #expect(
      fit.model.schema.pipeline.outputNames
        == ["x", "c=a", "c=b", "c=other", "c=other levels"])
  }

  @Test func theEffectOfALevelIsFound() throws {
    let levels = (0..<60).map { ["p", "q", "r"][$0 % 3] }
    let effects = ["p": 1.0, "q": -2, "r": 5]
    let target = (0..<60).map { 3 * TabularCases.a[$0] + (effects[levels[$0]] ?? 0) }
    let fit = try TabularModel<Double>.fit(
      Table([Self.x, Column("c", levels), Column("y", target)]), linearOptions("y"))
    let found = try #require(fit.model.coefficients?.first)
    #expect(fit.model.schema.pipeline.outputNames == ["x", "c=p", "c=q", "c=r"])
    #expect(abs(found.values[0] - 3) < 1e-6)
    #expect(abs(found.values[2] - found.values[1] + 3) < 1e-6)
    #expect(abs(found.values[3] - found.values[1] - 4) < 1e-6)
  }

  // MARK: Coefficients in the file's units

  @Test func predictionsAreInterceptAndCoefficientsTimesInputs() throws {
    let x = Column("x", TabularCases.a.map { 1e6 + 1e4 * $0 })
    let z = Column("z", TabularCases.b.map { $0 * 1e-5 })
    let fit = try TabularModel<Double>.fit(
      Table([x, z, Column("y", TabularCases.target.map { 50 * $0 - 1000 })]),
      linearOptions("y"))
    let found = try #require(fit.model.coefficients?.first)
    let predictions = try fit.model.predict(Table([x, z])).numbers
    for row in [0, 1, 77, 599] {
      let expected =
        found.intercept + found.values[0] * (1e6 + 1e4 * TabularCases.a[row])
        + found.values[1] * TabularCases.b[row] * 1e-5
      #expect(abs(predictions[row] - expected) < 1e-8)
    }
    #expect(abs(found.values[0] - 0.01) < 2e-4 && abs(found.values[1] + 5e6) < 1e5)
  }

  // MARK: New rows

  @Test func levelsThatNoTrainingRowHasAreCounted() throws {
    let levels = (0..<60).map { $0 == 3 || $0 == 4 ? "new \($0)" : ["p", "q"][$0 % 2] }
    let fit = try fit(Column("c", levels))
    #expect(fit.warns("column \"c\": 2 cells have levels that no training row has"))
    let rows = Table([Column("x", [0.1, 0.1, 0.1]), Column("c", ["p", "castle", "p"])])
    #expect(
      fit.model.schema.pipeline.unseenNotes(in: rows)
        == ["column \"c\": 1 cell has a level that no training row has"])
    #expect(try fit.model.predict(rows).rowCount == 3)
  }

  @Test func missingCellsThatTrainingDidNotHaveArePredicted() throws {
    let levels = (0..<60).map { ["p", "q"][$0 % 2] }
    let fit = try fit(Column("c", levels))
    let rows = Table([Column("x", [Double?.none, 0.2]), Column("c", [String?.none, nil])])
    #expect(try fit.model.predict(rows).numbers.allSatisfy(\.isFinite))
  }

  @Test func columnsThatAreAbsentOrOfAnotherKindAreNamed() throws {
    let model = try fit(Column("c", (0..<60).map { $0 % 2 == 0 })).model
    func message(_ columns: Column...) -> String {
      do {
        _ = try model.predict(Table(columns))
        return "no refusal"
      } catch {
        return "\(error)"
      }
    }
    let (x, c) = (Column("x", [0.5]), Column("c", [true]))
    #expect(message(x, c) == "no refusal" && message(c, x) == "no refusal")
    #expect(message(x).hasPrefix("table: no column is named \"c\"; the columns are \"x\""))
    #expect(
      message(x, Column("c", ["yes"])).hasPrefix("table: column \"c\" holds categories, but true"))
    #expect(message(Column("x", ["a"]), c).hasPrefix("table: column \"x\" holds categories, but"))
  }
}

extension [Double] {
  fileprivate var median: Double? {
    let sorted = sorted()
    guard !isEmpty else { return nil }
    return (sorted[count / 2] + sorted[(count - 1) / 2]) / 2
  }
}
