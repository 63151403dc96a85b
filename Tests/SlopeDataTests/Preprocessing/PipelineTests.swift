import SlopeCore
import Testing

@testable import SlopeData

/// The smallest number above 0.
private let tiny = Double.leastNonzeroMagnitude

/// What a pipeline learns from training rows.
@Suite struct PipelineTests {
  private func fit(_ column: Column, _ pipeline: Pipeline = .standard) throws -> FittedPipeline {
    // A second column, so that one always remains.
    let other = Column("other", (0..<column.count).map { Double($0) * 0.5 + 0.25 })
    return try pipeline.fit(Table([column, other]))
  }

  private func report(_ column: Column, _ pipeline: Pipeline = .standard) throws -> ColumnReport {
    try fit(column, pipeline).columns[0]
  }

  /// The inputs that a column alone becomes.
  private func inputs(_ column: Column, _ pipeline: Pipeline) throws -> [Double] {
    let fitted = try pipeline.fit(Table([column]))
    return try fitted.transform(Table([column]), as: Double.self).scalars
  }

  // MARK: What is left out

  @Test(
    arguments: [
      (Column("x", [nil, nil, nil] as [Double?]), .empty), (Column("x", [5, 5, 5]), .constant),
      (Column("x", ["a", "a", "a"]), .constant), (Column("x", [true, true, true]), .constant),
      (Column("x", [0.5, nil, 0.5]), nil), (Column("x", ["a", nil, "a"]), nil),
      (Column("x", [0.0, -0.0, 0.0]), .constant), (Column("x", [5, 5, 6]), nil),
      (
        Column("x", [DateTime(microsecondsSince1970: 9), DateTime(microsecondsSince1970: 9)]),
        .constant
      ),
    ] as [(Column, ColumnReport.Omission?)])
  func columnsWithoutInformationAreLeftOut(
    column: Column, omission: ColumnReport.Omission?
  ) throws {
    #expect(try report(column).omission == omission)
    #expect(try fit(column).inputNames.contains("x") == (omission == nil))
  }

  @Test(arguments: [
    (19, 20, true), (18, 20, false), (95, 100, true), (94, 100, false), (2, 2, true),
  ])
  func textThatIsDistinctIn95PercentOfTheRowsIsAnIdentifier(
    levels: Int, rows: Int, isOmitted: Bool
  ) throws {
    let column = Column("x", (0..<rows).map { "w\(min($0, levels - 1))" })
    #expect(try report(column).omission == (isOmitted ? .identifier : nil))
    #expect(try report(column, .keeping("x")).omission == nil)
    // A missing cell is a row that the text does not tell apart.
    let missing = Column("x", (0..<rows).map { $0 < levels ? "w\($0)" : nil })
    #expect(try report(missing).omission == (isOmitted ? .identifier : nil))
  }

  @Test(
    arguments: [
      // Nine tenths of the numbers from the least to the largest are rows, or fewer.
      (Array(1...90) + [100], .identifier), (Array(1...90) + [102], nil),
      (Array(1...9) + [10], .identifier),
      (Array(1...9) + [11], .identifier), (Array(1...9) + [12], nil), ([7, 8], .identifier),
      ([-1, 0, 1], .identifier), ([1, 2, 3, 3], nil), ([.min, .max], .identifier),
      ([.min, 0, 5], nil),
      // Twelve digits, or eleven.
      ([100_000_000_000, 400_000_000_000], .identifier), ([99_999_999_999, 400_000_000_000], nil),
      ([-100_000_000_000, 400_000_000_000], .identifier),
      ([100_000_000_000, 400_000_000_000, 400_000_000_000], nil),
    ] as [([Int], ColumnReport.Omission?)])
  func countersAndLongNumbersAreIdentifiers(
    numbers: [Int], omission: ColumnReport.Omission?
  ) throws {
    #expect(try report(Column("x", numbers)).omission == omission)
    #expect(try report(Column("x", numbers), .keeping("x")).omission == nil)
  }

  @Test(
    arguments: [
      ([1e11, 4e11], .identifier), ([1e11, 4e11 + 0.5], nil), ([1.0, 2, 3], nil),
      ([9e10, 4e11], nil),
      ([-1e11, 4e11], .identifier), ([1e20, 4e11], .identifier), ([1.1e20, 4e11], nil),
    ] as [([Double], ColumnReport.Omission?)])
  func numbersAreIdentifiersOnlyWhereTheyAreLong(
    numbers: [Double], omission: ColumnReport.Omission?
  ) throws {
    #expect(try report(Column("x", numbers)).omission == omission)
  }

  @Test func aCounterIsOneOfTheSourcesRowsAlsoInSomeOfThem() throws {
    // Every fourth row of a file, numbered: the numbers fill the file's range.
    let table = Table([
      Column("id", Array(1...100)), Column("x", (0..<100).map { Double($0 * $0 % 17) }),
    ])
    let rows = Array(stride(from: 0, to: 100, by: 4))
    #expect(try Pipeline.standard.fit(table.taking(rows)).columns[0].omission == .identifier)
    let fitted = try Pipeline.standard.fit(table, rows: rows, otherUse: [], dropped: [])
    #expect(fitted.columns[0].omission == .identifier)
  }

  @Test func countersAreKeptWhereNothingElseIsLeft() throws {
    let table = Table([
      Column("a", [1, 2, 3]), Column("b", ["p", "q", "r"]), Column("y", [1, 5, 9]),
    ])
    let fitted = try Pipeline.standard.fit(table, target: "y")
    #expect(fitted.columns.map(\.omission) == [nil, .identifier, .otherUse])
    #expect(fitted.inputNames == ["a"])
  }

  @Test func columnsOfAnotherUseAreNoInputs() throws {
    let table = Table([
      Column("a", [1, 5, 9]), Column("b", [2, 4, 8]), Column("c", [3.5, 1, 2]),
      Column("y", [1, 2, 9]),
    ])
    let fitted = try Pipeline.standard.fit(table, target: "y", excluding: ["b"])
    #expect(fitted.columns.map(\.omission) == [nil, .dropped, nil, .otherUse])
    #expect(fitted.outputNames == ["a", "c"])
    #expect(throws: TableError.self) { try Pipeline.standard.fit(table, target: "z") }
    #expect(throws: TableError.self) { try Pipeline.standard.fit(table, excluding: ["z"]) }
    #expect(throws: TableError.self) { try Pipeline(.keep(["z"])).fit(table) }
    let none = try #require(throws: TableError.self) {
      try Pipeline.standard.fit(table, target: "y", excluding: ["a", "b", "c"])
    }
    #expect(
      none.message == "table: there is no column to predict from: \"a\" left out: not a feature; "
        + "\"b\" left out: not a feature; \"c\" left out: not a feature")
  }

  @Test func stepsThatAreNotThereAreMissed() throws {
    for (column, step) in [
      (Column("x", ["a", "b", "a", "b"]), "(.oneHot or .codes)"),
      (Column("x", [1, nil, 3, 9]), "missing cells (.impute)"),
      (
        Column("x", [DateTime(microsecondsSince1970: 0), DateTime("2024-01-01"), nil, nil]),
        "(.dates)"
      ),
    ] {
      let error = try #require(throws: TableError.self) {
        try fit(column, Pipeline(.scale(.standard)))
      }
      #expect(error.message.contains("the pipeline has no step for it"))
      #expect(error.message.contains(step))
    }
  }

  // MARK: Numbers

  private let numbers = Column("x", [1, 2, 3, 4, nil, 100])

  @Test(
    arguments: [
      (.impute(.median), [1, 0, 2, 0, 3, 0, 4, 0, 3, 1, 100, 0]),
      (.impute(.mean), [1, 0, 2, 0, 3, 0, 4, 0, 22, 1, 100, 0]),
      (.impute(.constant(-5)), [1, 0, 2, 0, 3, 0, 4, 0, -5, 1, 100, 0]),
    ] as [(Transform, [Double])])
  func missingNumbersAreReplacedAndFlagged(step: Transform, expected: [Double]) throws {
    #expect(try inputs(numbers, Pipeline(step)) == expected)
    #expect(try Pipeline(step).fit(Table([numbers])).outputNames == ["x", "x missing"])
  }

  @Test func unscaledNumbersAreTakenAsTheyAre() throws {
    let column = Column("x", [-1e300, 1e12, 5.5])
    #expect(try inputs(column, Pipeline()) == [-1e300, 1e12, 5.5])
    #expect(try inputs(Column("x", [true, false]), Pipeline()) == [1, 0])
  }

  @Test func standardisedNumbersHaveMeanZeroAndDeviationOne() throws {
    let scaled = try inputs(Column("x", [1, 3, 1, 3]), Pipeline(.scale(.standard)))
    #expect(scaled == [-1, 1, -1, 1])
    let booleans = try inputs(Column("x", [true, false, false, false, false]), .standard)
    #expect(booleans == [2, -0.5, -0.5, -0.5, -0.5])
    // The fill is scaled as any other number.
    let filled = try inputs(Column("x", [1, 3, nil, 8, nil]), .standard)
    let deviation = (26.0 / 3).squareRoot()
    #expect(
      filled == [
        -3 / deviation, 0, -1 / deviation, 0, -1 / deviation, 1, 4 / deviation, 0, -1 / deviation,
        1,
      ])
  }

  /// The smooth clipping z / √(1 + (z/3)²).
  private func clipped(_ z: Double) -> Double { z / (1 + z * z / 9).squareRoot() }

  @Test(
    arguments: [
      // The median 3 and the quartiles 2 and 4.
      ([1, 2, 3, 4, 1e6], [-1, -0.5, 0, 0.5, (1e6 - 3) / 2]),
      // Equal quartiles: half of the range.
      ([0, 0, 0, 0, 8], [0, 0, 0, 0, 2]), ([1, 1, 1, 1, 1, -7], [0, 0, 0, 0, 0, -2]),
      ([0, 10], [-1, 1]), ([0, 1, 10, 11], [-5.5 / 9.5, -4.5 / 9.5, 4.5 / 9.5, 5.5 / 9.5]),
    ] as [([Double], [Double])])
  func robustScalingIsThatOfTheRecipe(numbers: [Double], z: [Double]) throws {
    let found = try inputs(Column("x", numbers), Pipeline(.scale(.robust)))
    #expect(zip(found, z).allSatisfy { abs($0 - clipped($1)) < 1e-14 }, "\(found)")
    #expect(found.allSatisfy { abs($0) <= 3 })
  }

  @Test(
    arguments: [
      [1e308, -1e308, 0], [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1],
      [tiny, 0, 2 * tiny], [1e308, 1.1e308, 1.2e308], [2000 * tiny, 4000 * tiny, 6000 * tiny],
      [0, 0, 1e308],
      [1e15, 1e15 + 1, 1e15 + 2], [1, 1.0000000000000002, 1],
    ] as [[Double]])
  func extremesStayFinite(numbers: [Double]) throws {
    for scaling in Transform.Scaling.allCases {
      let pipeline = Pipeline(.scale(scaling), .impute(.median))
      let fitted = try pipeline.fit(Table([Column("x", numbers), Column("y", [1.5, 2, 4])]))
      let new = Table([
        Column("x", [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0, 1, nil] as [Double?]),
        Column("y", [1e308, -1e308, 0, 1, nil] as [Double?]),
      ])
      for table in [new.head(3), Table([Column("x", numbers), Column("y", [1.5, 2, 4])])] {
        let values = try fitted.transform(table, as: Float.self).scalars
        #expect(values.allSatisfy { abs($0) <= 1e9 }, "\(scaling) \(values)")
      }
    }
  }

  @Test func aNumberFarFromTheOthersCountsAsABillionDeviations() throws {
    let fitted = try Pipeline(.scale(.standard)).fit(Table([Column("x", [-1, 1])]))
    let new = Table([Column("x", [9e8, 1e9, 1.1e9, 1e300, -1e300])])
    #expect(try fitted.transform(new, as: Double.self).scalars == [9e8, 1e9, 1e9, 1e9, -1e9])
  }

  @Test func oneNumberAndMissingCellsBecomeAFlag() throws {
    let column = Column("x", [7, nil, 7])
    #expect(try inputs(column, .standard) == [0, 1, 0])
    #expect(try report(column).outputNames == ["x missing"])
    #expect(try report(column).outcome == "1 flag")
  }

  // MARK: Categories

  private let words = Column("x", ["b", "a", "b", "c", nil, "b", "a"])

  @Test(
    arguments: [
      (64, ["x=a", "x=b", "x=c", "x missing"]), (4, ["x=a", "x=b", "x=c", "x missing"]),
      (3, ["x=b", "x=other", "x missing"]), (2, ["x=other", "x missing"]),
      (1, ["x=other", "x missing"]), (-5, ["x=other", "x missing"]),
    ])
  func theMostFrequentLevelsHaveInputsOfTheirOwn(maximum: Int, names: [String]) throws {
    let fitted = try Pipeline(.oneHot(maximumLevels: maximum)).fit(Table([words]))
    #expect(fitted.outputNames == names && fitted.outputCount == names.count)
    let values = try fitted.transform(Table([words]), as: Double.self)
    #expect(values.shape == [7, names.count])
    let rows = (0..<7).map { row in
      (0..<names.count).filter { values.scalars[row * names.count + $0] == 1 }.map { names[$0] }
    }
    let expected = ["b", "a", "b", "c", nil, "b", "a"].map { word in
      word.map { names.contains("x=\($0)") ? ["x=\($0)"] : ["x=other"] } ?? ["x missing"]
    }
    #expect(rows == expected)
    #expect(values.scalars.allSatisfy { $0 == 0 || $0 == 1 })
  }

  @Test(arguments: [(2, ["x=a", "x=other"]), (3, ["x=a", "x=b", "x=c"])])
  func withoutMissingCellsAllPlacesAreForLevels(maximum: Int, names: [String]) throws {
    // Equally frequent levels are in the order of their texts.
    let column = Column("x", ["c", "b", "a", "a", "b", "c"])
    #expect(try Pipeline(.oneHot(maximumLevels: maximum)).fit(Table([column])).outputNames == names)
  }

  @Test func codesAreNumbersInTheOrderOfTheTexts() throws {
    let fitted = try Pipeline(.codes).fit(Table([words]))
    #expect(fitted.outputNames == ["x"])
    #expect(try fitted.transform(Table([words]), as: Double.self).scalars == [1, 0, 1, 2, 3, 1, 0])
    let new = Table([Column("x", ["c", "z", nil])])
    #expect(try fitted.transform(new, as: Double.self).scalars == [2, -1, 3])
  }

  @Test func theReportHasAllLevelsOfTheTrainingRows() throws {
    let report = try report(words, Pipeline(.oneHot(maximumLevels: 3), .impute(.median)))
    #expect(report.levels == ["b", "a", "c"] && report.levelCount == 3)
    #expect(report.missingCount == 1 && report.kind == .category && report.range == nil)
    #expect(report.summary == "category, 3 levels" && report.outcome == "3 inputs")
  }

  @Test(arguments: [(64, 64), (65, 64)])
  func sixtyFourLevelsHaveInputsUnlessMoreAreAskedFor(levels: Int, inputs: Int) throws {
    let column = Column("x", (0..<(2 * levels)).map { "w\($0 % levels)" })
    let names = try Pipeline.standard.fit(Table([column])).outputNames
    #expect(names.count == inputs && names.contains("x=other") == (levels > 64))
  }

  @Test(arguments: [(64, 64), (65, 0)])
  func aColumnThatIsLeftOutShowsSixtyFourLevels(levels: Int, shown: Int) throws {
    let column = Column("x", (0..<(2 * levels)).map { "w\($0 % levels)" })
    let other = Column("other", (0..<column.count).map { Double($0) * 0.5 + 0.25 })
    let report = try Pipeline.standard.fit(Table([column, other]), excluding: ["x"]).columns[0]
    #expect(report.levels.count == shown && report.levelCount == levels)
  }

  @Test func atMostFiveReasonsAreNamed() throws {
    let columns = ["a", "b", "c", "d", "e", "f"].map { Column($0, [1, 1]) }
    let error = try #require(throws: TableError.self) { try Pipeline.standard.fit(Table(columns)) }
    #expect(error.message.hasSuffix("; \"e\" left out: one value"))
  }

  // MARK: Dates

  @Test func aDateBecomesThePartsThatVary() throws {
    func dates(_ texts: [String?]) -> Column {
      Column("d", texts.map { $0.flatMap { DateTime($0) } })
    }
    for (texts, names) in [
      (["2023-01-02", "2024-01-02"], ["d year", "d weekday"]),
      (["2024-01-01", "2024-02-05", "2024-03-11"], ["d month", "d day"]),
      (["2024-01-01", "2024-01-08"], ["d day"]),
      (["2024-01-01T10:00", "2024-01-01T11:00"], ["d hour"]),
      (["2024-01-01T10:00", "2024-01-01T10:30", nil], ["d missing"]),
      (["2024-01-01T10:00", "2024-01-01T11:00", nil], ["d hour", "d missing"]),
    ] as [([String?], [String])] {
      let column = dates(texts)
      #expect(try Pipeline.standard.fit(Table([column])).outputNames == names)
      let fitted = try Pipeline(.dates).fit(Table([column]))
      #expect(fitted.outputNames == names)
    }
    let values = try inputs(dates(["2023-04-30T05:00", "2024-12-31T23:00", nil]), Pipeline(.dates))
    #expect(values == [2023, 4, 30, 7, 5, 0, 2024, 12, 31, 2, 23, 0, 2023.5, 8, 30.5, 4.5, 14, 1])
    let scaled = try inputs(dates(["2024-01-01", "2024-01-08", "2024-01-15"]), .standard)
    #expect(abs(scaled[2] - 1.5.squareRoot()) < 1e-15 && scaled[1] == 0)
  }

  // MARK: Leaks

  @Test func rowsThatAreNotTrainedOnChangeNothing() throws {
    let (count, rows) = (60, Array(stride(from: 0, to: 60, by: 2)))
    var random = TestRandom(9)
    func table(_ outside: Int) -> Table {
      func cell<Value>(_ row: Int, _ inside: Value?, _ others: [Value?]) -> Value? {
        row % 2 == 0 ? inside : others[outside % others.count]
      }
      return Table([
        Column("n", (0..<count).map { cell($0, $0 * $0 % 13, [5, nil, .max, .min]) }),
        Column("x", (0..<count).map { cell($0, Double($0 % 7) / 3, [nil, 1e308, -1e308, 0]) }),
        Column("b", (0..<count).map { cell($0, $0 % 3 == 0, [nil, true, false]) }),
        Column("k", (0..<count).map { cell($0, "w\($0 % 5)", ["new", nil, "w0", "z"]) }),
        Column("constant", (0..<count).map { cell($0, 4.5, [1, nil, 9]) }),
        Column("empty", (0..<count).map { cell($0, nil, [1.5, 2.5, 3]) as Double? }),
        Column(
          "d",
          (0..<count).map { row in
            cell(
              row, DateTime(microsecondsSince1970: row * 86_400_000_000),
              [nil, DateTime("9999-12-31T23:59"), DateTime("0000-01-01")])
          }),
      ])
    }
    for pipeline in [
      Pipeline.standard, Pipeline(.impute(.mean), .scale(.robust), .codes, .dates),
      Pipeline(.impute(.median), .oneHot(maximumLevels: 3), .dates),
    ] {
      let fits = try (0..<12).map {
        try pipeline.fit(table($0), rows: rows, otherUse: [], dropped: [])
      }
      #expect(fits.allSatisfy { $0 == fits[0] })
      #expect(fits[0].columns.map(\.omission) == [nil, nil, nil, nil, .constant, .empty, nil])
      // And a row's inputs depend on nothing but the row.
      let all = try fits[0].transform(table(2), as: Double.self).scalars
      let order = Array(0..<count).shuffled(using: &random)
      let shuffled = try fits[0].transform(table(2).taking(order), as: Double.self).scalars
      let width = fits[0].outputCount
      #expect(
        order.enumerated().allSatisfy { place, row in
          (0..<width).allSatisfy { shuffled[place * width + $0] == all[row * width + $0] }
        })
    }
  }
}

extension Pipeline {
  fileprivate static func keeping(_ name: String) -> Pipeline {
    Pipeline(standard.transforms + [.keep([name])])
  }
}
