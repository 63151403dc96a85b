import SlopeCore
import Testing

@testable import SlopeData

@Suite struct TableTests {
  private let table = Table([
    Column("n", [3, 1, nil, 2]), Column("x", [0.5, nil, -1, 0.5]),
    Column("b", [true, false, nil, true]), Column("c", ["é", "a", "Z", "a"]),
    Column("d", [DateTime("2024-01-02"), nil, DateTime("2023-12-31"), DateTime("2024-01-01")]),
  ])

  @Test func aTableHasItsColumns() throws {
    #expect(table.columnNames == ["n", "x", "b", "c", "d"])
    #expect(table.rowCount == 4 && table.columnCount == 5 && table.sourceColumnCount == 5)
    #expect(table.columns.map(\.kind) == [.integer, .number, .boolean, .category, .date])
    #expect(table.columns.map(\.missingCount) == [1, 1, 1, 0, 1])
    #expect(table.columns.map(\.count) == [4, 4, 4, 4, 4])
    #expect(try table.column("c").levels == ["é", "a", "Z"])
    #expect(try table.column("n").levels.isEmpty)
    #expect(table.source == "table" && table.warnings.isEmpty)
    #expect(table.place(ofRow: 2) == "table: row 3")
    #expect(Table([]).rowCount == 0 && Table([]).columnCount == 0)
  }

  @Test func cellsAreAvailableAsTheirTypeAndAsText() throws {
    #expect(try table["n", as: Int.self] == [3, 1, nil, 2])
    #expect(try table["n", as: Double.self] == [3, 1, nil, 2])
    #expect(try table["x", as: Double.self] == [0.5, nil, -1, 0.5])
    #expect(try table["b", as: Bool.self] == [true, false, nil, true])
    #expect(try table["d", as: DateTime.self][3] == DateTime("2024-01-01"))
    #expect(try table.texts("n") == ["3", "1", "·", "2"])
    #expect(try table.texts("x") == ["0.5", "·", "-1", "0.5"])
    #expect(try table.texts("b") == ["true", "false", "·", "true"])
    #expect(try table.texts("d") == ["2024-01-02", "·", "2023-12-31", "2024-01-01"])
  }

  @Test func cellsOfAnotherKindAreAnError() throws {
    for read: () throws -> Void in [
      { _ = try table["x", as: Int.self] }, { _ = try table["b", as: Int.self] },
      { _ = try table["b", as: Double.self] }, { _ = try table["c", as: Double.self] },
      { _ = try table["d", as: Int.self] }, { _ = try table["n", as: Bool.self] },
      { _ = try table["n", as: DateTime.self] },
    ] {
      #expect(throws: TableError.self) { try read() }
    }
    let error = try #require(throws: TableError.self) { try table["c", as: Int.self] }
    #expect(error.description == "table: column \"c\" holds categories, which are not Int")
  }

  @Test func numbersThatAreNotFiniteAreMissing() throws {
    let column = Column("x", [1.5, .nan, .infinity, -.infinity])
    #expect(try column.cells(as: Double.self) == [1.5, nil, nil, nil])
    #expect(column.missingCount == 3)
  }

  @Test func unequalColumnsAndRepeatedNamesAreFailures() throws {
    let unequal = try #require(throws: TensorError.self) {
      try checked { Table([Column("a", [1]), Column("b", [1, 2])]) }
    }
    #expect("\(unequal)".contains("columns of [1, 2] cells"))
    #expect(throws: TensorError.self) {
      try checked { Table([Column("a", [1]), Column("a", [2])]) }
    }
  }

  // MARK: Columns

  @Test func columnsAreSelectedInTheOrderAsked() throws {
    #expect(try table.select("c", "n").columnNames == ["c", "n"])
    #expect(try table.select(["x"])["x", as: Double.self] == [0.5, nil, -1, 0.5])
    #expect(try table.select([]).columnCount == 0)
    #expect(try table.select([]).rowCount == 4)
    let twice = try #require(throws: TableError.self) { try table.select("n", "c", "n") }
    #expect(twice.message == "table: column \"n\" is selected twice")
    #expect(throws: TableError.self) { try table.select("m") }
  }

  @Test func columnsAreDropped() throws {
    #expect(try table.drop("x", "d").columnNames == ["n", "b", "c"])
    #expect(try table.drop([]).columnNames == table.columnNames)
    #expect(throws: TableError.self) { try table.drop("m") }
    #expect(throws: TableError.self) { try table.drop("x").column("x") }
  }

  @Test func aColumnIsAddedOrReplaced() throws {
    let more = table.adding(Column("e", [1, 2, 3, 4]))
    #expect(more.columnNames == ["n", "x", "b", "c", "d", "e"])
    #expect(try more["e", as: Int.self] == [1, 2, 3, 4])
    let other = table.adding(Column("x", ["p", "q", "r", "s"]))
    #expect(other.columnNames == table.columnNames)
    #expect(try other.texts("x") == ["p", "q", "r", "s"])
    #expect(Table([]).adding(Column("a", [1, 2])).rowCount == 2)
    #expect(throws: TensorError.self) { try checked { table.adding(Column("e", [1])) } }
  }

  // MARK: Rows

  @Test(arguments: [(0, 0), (1, 1), (4, 4), (5, 4), (-1, 0), (.max, 4)])
  func theHeadHasAtMostSoManyRows(count: Int, rows: Int) {
    #expect(table.head(count).rowCount == rows)
  }

  @Test func rowsAreTakenInTheOrderAskedAndSeveralTimes() throws {
    let taken = table.taking([3, 0, 3])
    #expect(try taken["n", as: Int.self] == [2, 3, 2])
    #expect(try taken["x", as: Double.self] == [0.5, 0.5, 0.5])
    #expect(try taken.texts("c") == ["a", "é", "a"])
    #expect(taken.place(ofRow: 0) == "table: row 4")
    #expect(try taken.taking([1]).column("c").levels == ["é", "a", "Z"], "all levels stay")
    #expect(taken.taking([1]).place(ofRow: 0) == "table: row 1")
    #expect(taken.sourceRowCount == 4)
    #expect(table.head().rowCount == 4)
    for row in [-1, 4] {
      #expect(throws: TensorError.self) { try checked { table.taking([0, row]) } }
    }
  }

  @Test func placesAreThoseOfTheFile() throws {
    let read = try read("a,b\n1,x\n\n2,\"y\nz\"\n3,w\n")
    #expect(read.taking([2, 1]).place(ofRow: 0).hasSuffix("data.csv:6"))
    #expect(try read.sorted(by: "a", descending: true).place(ofRow: 1).hasSuffix("data.csv:4"))
  }

  @Test func rowsAreFilteredByTheirCells() throws {
    #expect(try table.filter("n") { (n: Int) in n >= 2 }.texts("n") == ["3", "2"])
    #expect(try table.filter("x") { (x: Double) in x < 1 }.rowCount == 3, "a missing cell is none")
    #expect(try table.filter("c") { (c: String) in c == "a" }.texts("n") == ["1", "2"])
    #expect(try table.filter("b") { (b: Bool) in !b }.texts("n") == ["1"])
    #expect(throws: TableError.self) { try table.filter("c") { (n: Int) in n > 0 } }
  }

  @Test func rowsWithMissingCellsAreDropped() throws {
    #expect(try table.droppingMissing().texts("n") == ["3", "2"])
    #expect(try table.droppingMissing("n").texts("n") == ["3", "1", "2"])
    #expect(try table.droppingMissing("x", "b").texts("n") == ["3", "2"])
    #expect(throws: TableError.self) { try table.droppingMissing("m") }
  }

  @Test(arguments: [
    ("n", false, [1, 3, 0, 2]), ("n", true, [0, 3, 1, 2]), ("x", false, [2, 0, 3, 1]),
    ("x", true, [0, 3, 2, 1]), ("b", false, [1, 0, 3, 2]), ("b", true, [0, 3, 1, 2]),
    ("c", false, [2, 1, 3, 0]), ("c", true, [0, 1, 3, 2]), ("d", false, [2, 3, 0, 1]),
    ("d", true, [0, 3, 2, 1]),
  ])
  func rowsAreSortedWithMissingCellsLast(name: String, descending: Bool, order: [Int]) throws {
    let sorted = try table.sorted(by: name, descending: descending)
    #expect((0..<4).map { sorted.place(ofRow: $0) } == order.map { "table: row \($0 + 1)" })
  }

  @Test func rowsAreSortedByTheSecondColumnWhereTheFirstIsEqual() throws {
    let table = Table([Column("a", [2, 1, 2, 1]), Column("b", [1, 2, 0, nil])])
    #expect(try table.sorted(by: "a", "b").texts("b") == ["2", "·", "0", "1"])
    #expect(try table.sorted(by: "a", "b", descending: true).texts("b") == ["1", "0", "2", "·"])
  }

  @Test func numbersAreSortedByValueInTheirWholeRange() throws {
    let sorted: [Double] = [
      -.greatestFiniteMagnitude, -1, -.leastNonzeroMagnitude, 0, .leastNonzeroMagnitude, 1, 1.5,
      .greatestFiniteMagnitude,
    ]
    var random = TestRandom(3)
    let table = Table([Column("x", sorted.shuffled(using: &random))])
    #expect(try table.sorted(by: "x")["x", as: Double.self] == sorted)
    let integers = Table([Column("x", [Int.max, 0, Int.min, -1])])
    #expect(try integers.sorted(by: "x")["x", as: Int.self] == [.min, -1, 0, .max])
    // Both zeros are equal, so that the second column decides.
    let zeros = Table([Column("x", [0.0, -0.0]), Column("y", [2, 1])])
    #expect(try zeros.sorted(by: "x", "y").texts("y") == ["1", "2"])
  }
}

@Suite struct ValidityTests {
  @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 129, 1000])
  func eachCellHasItsBit(count: Int) {
    var random = TestRandom(UInt64(count))
    let flags = (0..<count).map { _ in Bool.random(using: &random) }
    let validity = Validity(count: count) { flags[$0] }
    #expect((0..<count).map { validity[$0] } == flags)
    #expect(validity.missingCount == flags.count { !$0 } && validity.count == count)
    let rows = (0..<count).reversed() + (0..<count)
    let taken = validity.taking(Array(rows))
    #expect((0..<(2 * count)).map { taken[$0] } == rows.map { flags[$0] })
  }

  @Test func cellsThatAllHaveValuesAreEqualHoweverTheyWereMade() {
    #expect(Validity(count: 3) == Validity(count: 3) { _ in true })
    #expect(Validity(count: 3) != Validity(count: 4))
    #expect(Validity(count: 3) != Validity(count: 3) { $0 != 1 })
    #expect((Validity(count: 3) { $0 != 1 }).taking([0, 2]) == Validity(count: 2))
  }
}
