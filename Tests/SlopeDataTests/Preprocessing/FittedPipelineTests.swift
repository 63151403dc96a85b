import Foundation
import SlopeCore
import Testing

@testable import SlopeData

/// What a fitted pipeline makes of other tables.
@Suite struct FittedPipelineTests {
  private let training = Table([
    Column("n", [1, 3, nil, 7, 2]), Column("x", [0.5, 1.5, -1, 4, 0.25]),
    Column("b", [true, false, true, nil, true]), Column("c", ["p", "q", "p", nil, "q"]),
    Column(
      "d",
      [
        DateTime("2024-01-01"), DateTime("2024-02-03"), nil, DateTime("2024-05-06"),
        DateTime("2024-01-09"),
      ]),
    Column("e", [2, 2, 2, 2, 2]),
  ])

  private func fitted() throws -> FittedPipeline { try Pipeline.standard.fit(training) }

  private func replacing(_ column: Column) -> Table { training.adding(column) }

  @Test func columnsAreFoundByName() throws {
    let fitted = try fitted()
    #expect(fitted.inputNames == ["n", "x", "b", "c", "d"])
    #expect(
      fitted.outputNames == [
        "n", "n missing", "x", "b", "b missing", "c=p", "c=q", "c missing", "d month", "d day",
        "d weekday", "d missing",
      ])
    #expect(fitted.outputCount == 12)
    let values = try fitted.transform(training, as: Double.self)
    #expect(values.shape == [5, 12])
    let other = try training.select("e", "d", "c", "b", "x", "n").adding(
      Column("more", [1, 2, 3, 4, 5]))
    #expect(try fitted.transform(other, as: Double.self).scalars == values.scalars)
    #expect(try fitted.transform(training.drop("e"), as: Double.self).scalars == values.scalars)
    #expect(try fitted.transform(training.head(0), as: Float.self).shape == [0, 12])
  }

  @Test(arguments: ["n", "x", "b", "c", "d"])
  func aMissingOrRenamedColumnIsNamed(name: String) throws {
    let fitted = try fitted()
    let error = try #require(throws: TableError.self) {
      try fitted.transform(training.drop(name), as: Float.self)
    }
    #expect(error.message.hasPrefix("table: no column is named \"\(name)\"; the columns are "))
  }

  @Test(
    arguments: [
      (Column("n", ["a", "b", "a", "b", "a"]), "whole numbers"),
      (Column("n", [true, false, true, true, true]), "whole numbers"),
      (Column("x", ["a", "b", "a", "b", "a"]), "numbers"),
      (Column("x", [true, false, true, true, true]), "numbers"),
      (Column("x", [DateTime(microsecondsSince1970: 0), nil, nil, nil, nil]), "numbers"),
      (Column("b", ["yes", "no", "yes", "no", "yes"]), "true and false"),
      (Column("b", [0, 1, 2, 1, 0]), "true and false"),
      (Column("b", [0, 1, 0.5, 1, 0]), "true and false"),
      (Column("d", [1, 2, 3, 4, 5]), "dates"), (Column("d", ["a", "b", "a", "b", "a"]), "dates"),
    ])
  func aRetypedColumnIsNamed(column: Column, expected: String) throws {
    let fitted = try fitted()
    let error = try #require(throws: TableError.self) {
      try fitted.transform(replacing(column), as: Float.self)
    }
    #expect(
      error.message == "table: column \"\(column.name)\" holds \(column.kind.plural), but "
        + "\(expected) in the rows that the model was fitted to")
  }

  @Test func numbersOfEitherKindAreNumbers() throws {
    let fitted = try fitted()
    let halves = replacing(Column("n", [1.5, 3, nil, 7, 2]))
    #expect(
      try fitted.transform(halves, as: Double.self).scalars[12]
        == fitted.transform(training, as: Double.self).scalars[12])
    #expect(throws: Never.self) {
      try fitted.transform(replacing(Column("x", [1, 2, 3, 4, 5])), as: Float.self)
    }
    // True and false may be written as 1 and 0.
    let bits = replacing(Column("b", [1, 0, 1, nil, 1]))
    #expect(
      try fitted.transform(bits, as: Double.self).scalars
        == fitted.transform(training, as: Double.self).scalars)
  }

  @Test(arguments: ["n", "x", "b", "c", "d"])
  func aColumnWithoutAnyCellIsOfEachKind(name: String) throws {
    let fitted = try fitted()
    for column in [
      Column(name, [nil, nil, nil, nil, nil] as [Double?]),
      Column(name, [nil, nil, nil, nil, nil] as [String?]),
      Column(name, [nil, nil, nil, nil, nil] as [DateTime?]),
    ] {
      let values = try fitted.transform(replacing(column), as: Double.self).scalars
      #expect(values.allSatisfy { $0.isFinite })
      if let flag = fitted.outputNames.firstIndex(of: "\(name) missing") {
        #expect((0..<5).allSatisfy { values[$0 * 12 + flag] == 1 })
      }
    }
  }

  @Test func aMissingNumberWithoutAFillIsNamed() throws {
    let fitted = try Pipeline(.scale(.standard)).fit(Table([Column("x", [1, 2, 4])]))
    let error = try #require(throws: TableError.self) {
      try fitted.transform(Table([Column("x", [1, nil])]), as: Float.self)
    }
    #expect(error.message == "table: row 2: column \"x\": the value is missing")
  }

  @Test func aMissingNumberThatTrainingDidNotHaveIsTheMedianToo() throws {
    let fitted = try fitted()
    let values = try fitted.transform(
      replacing(Column("x", [nil, 1.5, -1, 4, 0.5])), as: Double.self
    ).scalars
    let median = try fitted.transform(
      replacing(Column("x", [0.5, 1.5, -1, 4, 0.5])), as: Double.self
    ).scalars
    #expect(values == median)
  }

  // MARK: Levels

  @Test func levelsThatTrainingNeverSawAreCounted() throws {
    let fitted = try fitted()
    let new = replacing(Column("c", ["z", "p", "y", nil, "z"]))
    let values = try fitted.transform(new, as: Double.self).scalars
    let inputs = (0..<5).map { row in Array(values[(row * 12 + 5)..<(row * 12 + 8)]) }
    #expect(inputs == [[0, 0, 0], [1, 0, 0], [0, 0, 0], [0, 0, 1], [0, 0, 0]])
    #expect(fitted.unseenCounts(in: new) == ["c": 3])
    #expect(fitted.unseenCounts(in: training).isEmpty)
    #expect(try fitted.unseenCounts(in: training.drop("c")).isEmpty)
  }

  @Test func withARestUnseenLevelsAreOfIt() throws {
    let table = Table([Column("c", ["a", "a", "a", "b", "b", "c", "d"])])
    let fitted = try Pipeline(.oneHot(maximumLevels: 2)).fit(table)
    #expect(fitted.outputNames == ["c=a", "c=other"])
    let new = Table([Column("c", ["a", "b", "d", "new", nil])])
    #expect(
      try fitted.transform(new, as: Double.self).scalars == [1, 0, 0, 1, 0, 1, 0, 1, 0, 1])
    // A level that shares an input was seen.
    #expect(fitted.unseenCounts(in: new) == ["c": 1])
  }

  @Test func numbersAreLevelsByTheirText() throws {
    let fitted = try Pipeline(.oneHot(maximumLevels: 9)).fit(
      Table([Column("c", ["1", "x", "1", "x"])]))
    let new = Table([Column("c", [1, 2])])
    #expect(try fitted.transform(new, as: Double.self).scalars == [1, 0, 0, 0])
    #expect(fitted.unseenCounts(in: new) == ["c": 1])
  }

  // MARK: Rows

  @Test func someRowsAreThoseOfAll() throws {
    let rows = try fitted().encodedRows(of: training)
    let all = rows.values(0..<5)
    #expect(rows.count == 5 && rows.width == 12)
    #expect(try rows.tensor(rows: nil, as: Double.self).scalars == all)
    #expect(rows.values([4, 0]) == Array(all[48...]) + Array(all[..<12]))
    #expect(rows.values(1..<3) == Array(all[12..<36]))
    #expect(
      try rows.tensor(rows: [2, 2], as: Double.self).scalars == Array(all[24..<36]) + all[24..<36])
  }

  @Test func theFirstInputThatAnElementCannotHoldIsNamed() throws {
    let count = 3000
    var cells = (0..<count).map { Double($0 % 5) }
    let fitted = try Pipeline().fit(Table([Column("x", cells)]))
    for row in [1500, 1501, 2900] { cells[row] = 1e39 }
    let table = Table([Column("x", cells)])
    let error = try #require(throws: TableError.self) {
      try fitted.transform(table, as: Float.self)
    }
    #expect(error.message == "table: row 1501: the input 1e+39 is beyond the range of Float")
    let some = try #require(throws: TableError.self) {
      try fitted.encodedRows(of: table).tensor(rows: [0, 2900, 1500], as: Float.self)
    }
    #expect(some.message.hasPrefix("table: row 2901:"))
    #expect(try fitted.transform(table, as: Double.self).scalars == cells)
  }

  @Test func manyRowsAreEncodedAsFewAre() throws {
    let cells = (0..<5000).map { $0 % 11 == 0 ? nil : Double($0 % 101) }
    let table = Table([Column("x", cells)])
    let fitted = try Pipeline.standard.fit(table)
    let all = try fitted.transform(table, as: Double.self).scalars
    for first in [0, 1023, 1024, 4999] {
      let one = try fitted.transform(table.taking([first]), as: Double.self).scalars
      #expect(one == Array(all[(2 * first)..<(2 * first + 2)]))
    }
  }

  // MARK: Scales

  @Test func scalesOfLinearInputs() throws {
    let scales = try #require(try fitted().linearScales)
    #expect(scales.count == 12)
    #expect(scales[0].center == 3.25 && scales[2].center == 1.05)
    #expect(scales[1] == (0, 1) && scales[5] == (0, 1))
    #expect(try Pipeline(.scale(.robust)).fit(Table([Column("x", [1, 2, 4])])).linearScales == nil)
  }

  // MARK: Files

  @Test func aPipelineSurvivesItsFile() throws {
    for pipeline in [
      Pipeline.standard, Pipeline(.impute(.constant(0.1)), .scale(.robust), .codes, .dates),
      Pipeline(.impute(.mean), .oneHot(maximumLevels: 2), .dates),
    ] {
      let fitted = try pipeline.fit(training)
      let data = try JSONEncoder().encode(fitted)
      let back = try JSONDecoder().decode(FittedPipeline.self, from: data)
      #expect(back == fitted && back.fault == nil)
      #expect(
        try back.transform(training, as: Double.self).scalars
          == fitted.transform(training, as: Double.self).scalars)
    }
  }

  private func withEncoding(_ encoding: ColumnEncoding?, names: [String]? = nil) -> FittedPipeline {
    let report = ColumnReport(
      name: "x", kind: .number, missingCount: 0, levels: [], range: nil,
      omission: encoding == nil ? .constant : nil,
      outputNames: names ?? encoding?.outputNames(of: "x") ?? [], levelCount: 0)
    return FittedPipeline(entries: [FittedPipeline.Entry(report: report, encoding: encoding)])
  }

  @Test func aPipelineThatCannotBeAppliedSaysWhy() throws {
    func number(_ center: Double, _ scale: Double, _ fill: Double? = nil) -> ColumnEncoding {
      .number(NumberEncoding(center: center, scale: scale, fill: fill), flag: false)
    }
    func levels(_ names: [String]) -> ColumnEncoding {
      .levels(LevelEncoding(levels: names, hasRest: false, hasMissing: false, isCode: false))
    }
    #expect(withEncoding(number(0, 1, 0)).fault == nil)
    #expect(withEncoding(levels(["a", "b"])).fault == nil)
    for (encoding, fault) in [
      (nil, "it has no features"), (number(.nan, 1), "the scale of column \"x\" is not finite"),
      (number(0, 1, .infinity), "the scale of column \"x\" is not finite"),
      (number(0, 0), "the deviation of column \"x\" is not positive"),
      (number(0, -1), "the deviation of column \"x\" is not positive"),
      (number(0, .infinity), "the deviation of column \"x\" is not positive"),
      (levels(["a", "a"]), "a level of column \"x\" occurs twice"),
      (.date([.year], [], flag: false), "the parts of column \"x\" have no scales"),
    ] as [(ColumnEncoding?, String)] {
      #expect(withEncoding(encoding).fault == fault)
    }
    #expect(withEncoding(number(0, 1), names: ["x", "y"]).fault != nil)
    let two = FittedPipeline(
      entries: withEncoding(number(0, 1)).entries + withEncoding(number(0, 1)).entries)
    #expect(two.fault == "two of its columns share a name")
  }

  @Test func olderModelsStandardiseTheirColumns() throws {
    let fitted = FittedPipeline(standardized: [("a", 1, 2), ("b", 0, 0.5)])
    let table = Table([Column("b", [1, 2]), Column("a", [3.0, 1])])
    #expect(try fitted.transform(table, as: Double.self).scalars == [1, 2, 0, 4])
    #expect(fitted.outputNames == ["a", "b"] && fitted.fault == nil)
  }

  // MARK: Printing

  @Test func aPipelinePrintsWhatBecomesOfEachColumn() throws {
    let table = Table([
      Column("id", [1, 2, 3]), Column("x\n", [0.5, nil, 2e10]), Column("c", ["a", nil, "a"]),
      Column("d", [DateTime(microsecondsSince1970: 0), nil, DateTime("1970-01-03")]),
      Column("f", [true, false, true]), Column("one", [7, 7, 7]),
      Column("none", [nil, nil, nil] as [Double?]), Column("y", [1, 2, 3]),
      Column("o", [1.5, 2, 5]),
    ])
    let fitted = try Pipeline.standard.fit(table, target: "y", excluding: ["o"])
    #expect(
      fitted.description == """
        column  kind                 missing  becomes
        id      integer, 1 … 3             0  left out: tells rows apart (--keep id)
        x\\n     number, 0.5 … 2e+10        1  1 input, 1 flag
        c       category, 1 level          1  2 inputs
        d       date                       1  2 inputs, 1 flag
        f       boolean, 2 levels          0  1 input
        one     integer, 7 … 7             0  left out: one value
        none    number                     3  left out: no values
        y       integer, 1 … 3             0  not a feature
        o       number, 1.5 … 5            0  left out: not a feature
        """)
  }
}
