import Testing

@testable import SlopeData

struct TableChecksumTests {
  private static let names = ["i", "x", "b", "d", "c"]

  private static func table(
    i: [Int?] = [1, nil, 3], x: [Double?] = [1.5, -2, nil], b: [Bool?] = [true, false, nil],
    d: [DateTime?] = [DateTime("2020-01-01"), nil, DateTime("2021-01-01")],
    c: [String?] = ["p", "q", nil]
  ) -> Table {
    Table([Column("i", i), Column("x", x), Column("b", b), Column("d", d), Column("c", c)])
  }

  @Test func equalCellsHaveEqualOnes() throws {
    let checksum = try Self.table().checksum(of: Self.names)
    #expect(checksum.count == 16 && checksum.allSatisfy(\.isHexDigit))
    #expect(try Self.table().checksum(of: Self.names) == checksum)
    // Whole numbers may be read as others, texts in another order of levels; other columns do not matter.
    let numbers = Table([
      Column("more", [1, 2, 3]), Column("i", [1.0, nil, 3]), Column("x", [1.5, -2, nil]),
      Column("b", [true, false, nil]),
      Column("d", [DateTime("2020-01-01"), nil, DateTime("2021-01-01")]),
      Column("c", ["q", "p", "q", nil]).taking([1, 0, 3]),
    ])
    #expect(try numbers.checksum(of: Self.names) == checksum)
    #expect(throws: TableError.self) { try Self.table().checksum(of: ["none"]) }
  }

  @Test func otherCellsHaveOthers() throws {
    let tables = [
      Self.table(), Self.table(i: [1, 2, 3]), Self.table(i: [nil, 1, 3]),
      Self.table(x: [1.5, 2, nil]), Self.table(b: [true, true, nil]),
      Self.table(b: [nil, false, nil]), Self.table(d: [nil, nil, DateTime("2021-01-01")]),
      Self.table(d: [DateTime("2020-01-02"), nil, DateTime("2021-01-01")]),
      Self.table(c: ["p", "r", nil]), Self.table(c: ["q", "p", nil]),
      Self.table(c: ["p", nil, "q"]),
      Self.table().head(2),
    ]
    var found = Set(try tables.map { try $0.checksum(of: Self.names) })
    // The order of columns and their names count, too.
    found.insert(try Self.table().checksum(of: Self.names.reversed()))
    found.insert(try Self.table().checksum(of: ["i"]))
    let renamed = Table([Column("j", [1, nil, 3])])
    found.insert(try renamed.checksum(of: ["j"]))
    #expect(found.count == tables.count + 3)
  }
}
