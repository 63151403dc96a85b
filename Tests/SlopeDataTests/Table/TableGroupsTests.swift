import SlopeCore
import Testing

@testable import SlopeData

@Suite struct TableGroupsTests {
  private let table = Table([
    Column("city", ["b", "a", "b", nil, "a", "b"]), Column("year", [2, 1, 1, 1, 1, nil]),
    Column("rent", [10, 20, nil, 40, 60, 15.0]),
    Column("pets", [true, nil, false, true, true, true]),
  ])

  @Test func groupsAreInTheOrderOfTheirKeys() throws {
    let groups = try table.grouped(by: "city")
    #expect(groups.count == 2)
    #expect(try groups[0].texts("city") == ["a", "a"])
    #expect(groups.rows == [[1, 4], [0, 2, 5]])
    #expect(try table.grouped(by: "city", "year").rows == [[1, 4], [2], [0]])
    #expect(try table.grouped(by: "year", "city").rows == [[1, 4], [2], [0]])
    #expect(try table.grouped(by: "pets").rows == [[2], [0, 3, 4, 5]])
    #expect(throws: TableError.self) { try table.grouped(by: "m") }
    for index in [-1, 2] {
      #expect(throws: TensorError.self) { try checked { groups[index] } }
    }
  }

  @Test(
    arguments: [
      (.count, [2, 2]), (.sum, [80, 25]), (.mean, [40, 12.5]), (.median, [40, 12.5]),
      (.minimum, [20, 10]), (.maximum, [60, 15]),
      (.standardDeviation, [800.squareRoot(), 12.5.squareRoot()]),
    ] as [(TableAggregate, [Double])])
  func cellsThatArePresentAreAggregated(aggregate: TableAggregate, expected: [Double]) throws {
    let result = try table.grouped(by: "city").aggregate("rent", aggregate)
    #expect(result.columnNames == ["city", "rent"])
    #expect(try result.texts("city") == ["a", "b"])
    let values = try result["rent", as: Double.self]
    #expect(zip(values, expected).allSatisfy { abs(($0 ?? .nan) - $1) < 1e-12 }, "\(values)")
  }

  @Test(
    arguments: [
      (.count, 0), (.sum, 0), (.mean, nil), (.median, nil), (.minimum, nil), (.maximum, nil),
      (.standardDeviation, nil),
    ] as [(TableAggregate, Double?)])
  func aGroupWithoutNumbersHasNoMean(aggregate: TableAggregate, expected: Double?) throws {
    let table = Table([Column("k", [1, 1]), Column("x", [nil, nil] as [Double?])])
    #expect(
      try table.grouped(by: "k").aggregate("x", aggregate)["x", as: Double.self] == [expected])
  }

  @Test(
    arguments: [
      ([1.0], nil), ([1.0, 3.0], 2.0.squareRoot()), ([1.0, 2.0, 3.0], 1), ([5.0, 5.0], 0),
    ] as [([Double], Double?)])
  func theDeviationIsThatOfASample(numbers: [Double], expected: Double?) {
    let value = TableAggregate.standardDeviation(numbers)
    #expect((value == nil) == (expected == nil))
    if let value, let expected { #expect(abs(value - expected) < 1e-15) }
  }

  @Test(
    arguments: [([3.0, 1, 2], 2.0), ([4.0, 1, 2, 3], 2.5), ([7.0], 7)] as [([Double], Double)])
  func theMedianIsTheMiddle(numbers: [Double], expected: Double) {
    #expect(TableAggregate.median(numbers) == expected)
  }

  @Test func severalColumnsAndOtherKindsAreAggregated() throws {
    let groups = try table.grouped(by: "city")
    let means = try groups.aggregate("rent", "pets", with: .mean)
    #expect(try means["pets", as: Double.self] == [1, 2.0 / 3])
    #expect(try groups.aggregate("pets", .count)["pets", as: Double.self] == [1, 3])
    #expect(
      try table.grouped(by: "year").aggregate("city", .count)["city", as: Double.self] == [3, 1])
    #expect(throws: TableError.self) { try groups.aggregate("city", .sum) }
  }

  // MARK: Pivot

  private let long = Table([
    Column("day", [2, 1, 1, nil, 2]), Column("series", ["x", "y", "x", "x", nil]),
    Column("value", [7, 6, 5, 4, 3]),
  ])

  @Test func aPivotIsWide() throws {
    let wide = try long.pivot(index: "day", columns: "series", values: "value")
    #expect(wide.columnNames == ["day", "x", "y"])
    #expect(try wide["day", as: Int.self] == [1, 2])
    #expect(try wide["x", as: Double.self] == [5, 7])
    #expect(try wide["y", as: Double.self] == [6, nil])
  }

  @Test func aMissingValueLeavesAMissingCell() throws {
    let long = Table([
      Column("i", [1, 2]), Column("c", [true, false]), Column("v", [nil, 4.5]),
    ])
    let wide = try long.pivot(index: "i", columns: "c", values: "v")
    #expect(wide.columnNames == ["i", "false", "true"] && wide.rowCount == 2)
    #expect(try wide["false", as: Double.self] == [nil, 4.5])
    #expect(try wide["true", as: Double.self] == [nil, nil])
  }

  @Test func severalValuesNeedAnAggregate() throws {
    let long = Table([
      Column("i", [1, 1, 1]), Column("c", ["p", "p", "q"]), Column("v", [2, 4, 9]),
    ])
    let error = try #require(throws: TableError.self) {
      try long.pivot(index: "i", columns: "c", values: "v")
    }
    #expect(
      error.message
        == "table: row 2: a second value for \"i\" 1 and \"c\" p; say how several become one (aggregate)"
    )
    for (aggregate, value) in [(TableAggregate.mean, 3.0), (.sum, 6), (.count, 2), (.maximum, 4)] {
      let wide = try long.pivot(index: "i", columns: "c", values: "v", aggregate: aggregate)
      #expect(try wide["p", as: Double.self] == [value])
    }
    #expect(throws: TableError.self) { try long.pivot(index: "i", columns: "c", values: "c") }
    #expect(throws: TableError.self) { try long.pivot(index: "i", columns: "m", values: "v") }
    let clash = Table([Column("i", [1]), Column("c", ["i"]), Column("v", [2])])
    #expect(throws: TableError.self) { try clash.pivot(index: "i", columns: "c", values: "v") }
  }
}
