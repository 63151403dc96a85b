import SlopeCore
import Testing

@testable import SlopeData

@Suite struct TableDescriptionTests {
  @Test func aTablePrintsItsFirstRows() {
    let table = Table([
      Column("city", ["Bern", nil, "x\u{1B}\n"]), Column("rent", [1900.123456789, 2400, nil]),
    ])
    #expect(
      table.description == """
             city     rent
         category   number
             Bern  1900.12
                      2400
        x\\u{1B}\\n
        3 rows × 2 columns
        """)
  }

  @Test(arguments: [(10, false), (11, true)])
  func moreThanTenRowsAreCut(rows: Int, isCut: Bool) {
    let lines = Table([Column("a", Array(0..<rows))]).description.split(separator: "\n")
    #expect(lines.count == (isCut ? 14 : 13))
    #expect(lines[lines.count - 2].hasSuffix(isCut ? "…" : "9"))
    #expect(lines.last == "\(rows) rows × 1 column")
  }

  @Test func sizesHaveTheirForms() {
    #expect(Table([]).description == "0 rows × 0 columns")
    #expect(Table([Column("a", [1])]).description.hasSuffix("\n1 row × 1 column"))
    #expect(
      Table([Column("a", [Int](repeating: 1, count: 1234))]).description.hasSuffix(
        "\n1,234 rows × 1 column"))
  }

  @Test(arguments: [(10, false), (11, true)])
  func wideTablesAreCutAtHundredCharacters(columns: Int, isCut: Bool) {
    // Eight characters a column, and two between them: ten take 98.
    let table = Table(
      (0..<columns).map { Column("column \($0)".prefix(8).description + "\($0)", [1]) }.map {
        Column(String($0.name.suffix(8)), [1])
      })
    let first = table.description.split(separator: "\n")[0]
    #expect(first.hasSuffix("…") == isCut)
    #expect(first.count <= 103)
  }

  @Test(arguments: [(30, false), (31, true)])
  func longTextsAreCut(length: Int, isCut: Bool) {
    let text = String(repeating: "w", count: length)
    #expect(text.shownCell == (isCut ? String(repeating: "w", count: 30) + "…" : text))
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (-1000, "-1,000"), (1_234_567, "1,234,567"),
    (.min, "-9,223,372,036,854,775,808"),
  ])
  func thousandsAreGrouped(number: Int, text: String) {
    #expect(number.grouped == text)
  }

  // MARK: describe

  private let table = Table([
    Column("n", [4, 1, nil, 2, 3, 2]), Column("x", [nil, nil, nil, nil, nil, nil] as [Double?]),
    Column("b", [true, false, true, nil, true, true]), Column("c", ["q", "p", "q", nil, "p", "r"]),
    Column(
      "d",
      [nil, DateTime("2024-01-02"), DateTime("2023-05-06T07:08"), nil, nil, nil] as [DateTime?]),
    Column("many", ["a", "b", "c", "d", "e", "f"]),
  ])

  @Test func columnsAreSummarised() throws {
    let columns = table.describe().columns
    #expect(columns.map(\.name) == ["n", "x", "b", "c", "d", "many"])
    #expect(columns.map(\.kind) == [.integer, .number, .boolean, .category, .date, .category])
    #expect(columns.map(\.missingCount) == [1, 6, 1, 1, 4, 0])
    #expect(columns.map(\.distinctCount) == [4, 0, 2, 3, 2, 6])
    #expect(columns[0].quantiles == [1, 2, 2, 3, 4])
    #expect(columns[0].mean == 2.4)
    #expect(abs(try #require(columns[0].standardDeviation) - 1.04.squareRoot()) < 1e-15)
    #expect(columns[1].quantiles == nil && columns[1].mean == nil)
    #expect(columns[2].levels.elementsEqual([("true", 4), ("false", 1)], by: ==))
    #expect(columns[3].levels.elementsEqual([("p", 2), ("q", 2), ("r", 1)], by: ==))
    #expect(columns[4].dates?.lowerBound == DateTime("2023-05-06T07:08"))
    #expect(columns[4].dates?.upperBound == DateTime("2024-01-02"))
    #expect(columns[0].levels.isEmpty && columns[0].dates == nil)
    #expect(columns[0] == table.describe().columns[0] && columns[0] != columns[1])
  }

  @Test func theSummaryPrints() {
    #expect(
      table.describe().description == """
        column  kind      missing  distinct  values
        n       integer         1         4  1 … 2 … 2 … 3 … 4, mean 2.4
        x       number          6         0  –
        b       boolean         1         2  true 4, false 1
        c       category        1         3  p 2, q 2, r 1
        d       date            4         2  2023-05-06T07:08:00 … 2024-01-02
        many    category        0         6  a 1, b 1, c 1, d 1, e 1, 1 more
        """)
  }

  @Test(arguments: [(5, "a 1, b 1, c 1, d 1, e 1"), (6, "a 1, b 1, c 1, d 1, e 1, 1 more")])
  func fiveLevelsAreShown(count: Int, text: String) {
    let cells = Array(["a", "b", "c", "d", "e", "f"].prefix(count))
    #expect(Table([Column("x", cells)]).describe().columns[0].values == text)
  }

  @Test func levelsThatOccurInNoRowAreNotCounted() {
    let some = table.taking([0, 2]).describe().columns[3]
    #expect(some.distinctCount == 1 && some.levels.elementsEqual([("q", 2)], by: ==))
  }
}

/// The smallest number above 0.
private let tiny = Double.leastNonzeroMagnitude

@Suite struct ColumnStatisticsTests {
  @Test(
    arguments: [
      ([2.0, 4], 3, 1), ([5.0, 5, 5], 5, 0), ([0.1, 0.1, 0.1], 0.1, 0), ([0.0, 0], 0, 0),
      ([], 0, 0),
      ([1e15, 1e15 + 2], 1e15 + 1, 1), ([1, 1.0000000000000002, 1, 1], 1, 1.1102230246251565e-16),
      ([-1.0, 1], 0, 1), ([2000 * tiny, 6000 * tiny], 4000 * tiny, 2000 * tiny),
      ([1e308, -1e308], 0, 1e308), ([1.7e308, 1.7e308], 1.7e308, 0),
      ([.greatestFiniteMagnitude, -.greatestFiniteMagnitude], 0, .greatestFiniteMagnitude),
      ([1e300, 1, 1, 1], 2.5e299, 4.330127018922193e299), ([1e-200, -1e-200], 0, 1e-200),
    ] as [([Double], Double, Double)])
  func momentsOfNumbers(numbers: [Double], mean: Double, deviation: Double) {
    let moments = ColumnMoments(numbers)
    #expect(abs(moments.mean - mean) <= abs(mean) * 1e-15)
    #expect(abs(moments.deviation - deviation) <= max(deviation * 1e-14, tiny))
  }

  @Test func momentsOfManyNumbersLoseNoDigits() {
    let numbers = (0..<100_001).map { 1e9 + Double($0 % 3) }
    let moments = ColumnMoments(numbers)
    #expect(abs(moments.mean - (1e9 + 100_000.0 / 100_001)) < 1e-6)
    #expect(abs(moments.deviation - (2.0 / 3).squareRoot()) < 1e-5)
  }

  @Test(
    arguments: [
      (0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (0.75, 3.25), (1, 4), (1.0 / 3, 2), (0.1, 1.3),
    ] as [(Double, Double)])
  func quantilesAreInterpolatedLinearly(level: Double, expected: Double) throws {
    let quantiles = try #require(Quantiles([4, 1, 3, 2]))
    #expect(abs(quantiles[level] - expected) < 1e-15)
  }

  @Test func quantilesOfExtremesDoNotOverflow() throws {
    let quantiles = try #require(Quantiles([-.greatestFiniteMagnitude, .greatestFiniteMagnitude]))
    #expect(quantiles[0.5] == 0 && quantiles[0] == -.greatestFiniteMagnitude)
    #expect(Quantiles([]) == nil)
    let equal = try #require(Quantiles([0.1, 0.1, 0.1, 0.1]))
    #expect([0.1, 0.2, 0.3, 0.7].allSatisfy { equal[$0] == 0.1 })
  }
}
