import SlopeCore
import Testing

@testable import SlopeData

@Suite struct TableTensorTests {
  private let table = Table([
    Column("n", [1, 2, 3]), Column("x", [0.1, nil, -4]), Column("b", [true, false, nil]),
    Column("c", ["p", "q", "p"]),
  ])

  @Test func columnsBecomeTensorsInTheOrderAsked() throws {
    let table = try read("a,b,c\n1,2,3\n4,5,0.1\n")
    let one = try table.tensor("b")
    #expect(Array(one.shape) == [2, 1] && one.scalars == [2, 5])
    let two = try table.tensor("c", "a", as: Double.self)
    #expect(Array(two.shape) == [2, 2] && two.scalars == [3, 1, 0.1, 4])
    #expect(try table.tensor("c", as: Float.self).scalars == [3, 0.1])
    #expect(try table.tensor("c", as: Float16.self).scalars == [3, 0.1])
    #expect(try table.tensor(["a", "a"]).scalars == [1, 1, 4, 4])
    #expect(throws: TableError.self) { try table.tensor("a", "d") }
    #expect(throws: TableError.self) { try table.tensor([]) }
    #expect(try table.tensor(except: "b").scalars == [1, 3, 4, 0.1])
    #expect(throws: TableError.self) { try table.tensor(except: "a", "b", "c") }
  }

  @Test func missingCellsAreRefusedOrFilled() throws {
    let error = try #require(throws: TableError.self) { try table.tensor("n", "x") }
    #expect(
      error.message
        == "table: row 2: column \"x\": the value is missing; say what it becomes (missing: .fill(0))"
    )
    #expect(try table.tensor("x", "b", missing: .fill(-7)).scalars == [0.1, 1, -7, 0, -4, -7])
    #expect(try table.tensor("n").scalars == [1, 2, 3])
    #expect(throws: TableError.self) { try table.tensor("x", missing: .fill(.nan)) }
  }

  @Test func textIsNoNumber() throws {
    let error = try #require(throws: TableError.self) { try table.tensor("c") }
    #expect(error.message == "table: column \"c\" holds categories, not numbers")
  }

  @Test func valuesBeyondTheElementTypeAreNamed() throws {
    let table = try read("a\n1\n1e39\n-1e39\n")
    let error = try #require(throws: TableError.self) { try table.tensor("a") }
    #expect(
      error.description.contains("data.csv:3: column \"a\": 1e+39 is beyond the range of Float"))
    #expect(try table.tensor("a", as: Double.self).scalars == [1, 1e39, -1e39])
    #expect(throws: TableError.self) { try read("a\n65520\n").tensor("a", as: Float16.self) }
    #expect(try read("a\n65519\n").tensor("a", as: Float16.self).scalars == [65504])
  }

  @Test func theFirstOfManyFaultsIsNamed() throws {
    let rows = 20_000
    var cells = [Double](repeating: 1, count: rows)
    for row in [9000, 9001, 15_000] { cells[row] = 1e300 }
    let table = Table([Column("a", cells), Column("b", cells)])
    let error = try #require(throws: TableError.self) { try table.tensor("a", "b") }
    #expect(error.message.hasPrefix("table: row 9001: column \"a\""))
    #expect(try table.taking(Array(0..<9000)).tensor("b").shape == [9000, 1])
  }

  @Test func manyRowsAreAllThere() throws {
    let rows = 10_000
    let table = Table([Column("a", Array(0..<rows)), Column("b", (0..<rows).map { -Double($0) })])
    let tensor = try table.tensor("a", "b")
    #expect(tensor.scalars == (0..<rows).flatMap { [Float($0), -Float($0)] })
  }

  // MARK: Codes and classes

  @Test func codesAreInTheOrderOfTheFirstCells() throws {
    let (indices, names) = try table.codes("c")
    #expect(indices.scalars == [0, 1, 0] && names == ["p", "q"])
    let numbers = Table([Column("x", [2.5, 1, 2.5])])
    #expect(try numbers.codes("x").indices.scalars == [0, 1, 0])
    #expect(try numbers.codes("x").names == ["2.5", "1"])
    for name in ["x", "b"] {
      #expect(throws: TableError.self) { try table.codes(name) }
      #expect(throws: TableError.self) { try table.classes(name) }
    }
  }

  @Test(
    arguments: [
      (Column("y", ["b", "a", "b"]), [1, 0, 1], ["a", "b"]),
      (Column("y", [10, 9, 100]), [1, 0, 2], ["9", "10", "100"]),
      (Column("y", [1e9, -1, 1e9].map { Int($0) }), [1, 0, 1], ["-1", "1000000000"]),
      (Column("y", [0.5, -2, 0.5]), [1, 0, 1], ["-2", "0.5"]),
      (Column("y", [true, false, true]), [1, 0, 1], ["false", "true"]),
      (Column("y", [-1, 0.0, -0.0]), [0, 1, 1], ["-1", "0"]),
      (Column("y", ["c", "a", "b"]).taking([0, 2]), [1, 0], ["b", "c"]),
    ])
  func classesAreInAscendingOrder(column: Column, indices: [Int], names: [String]) throws {
    let found = try Table([column]).classes("y")
    #expect(found.indices.scalars == indices && found.names == names)
  }
}
