import SlopeCore
import TestSupport
import Testing

@testable import SlopeData

@Suite struct TableWritingTests {
  @Test(arguments: [
    ("x", "x"), ("", "\"\""), ("a,b", "\"a,b\""), ("a;b", "\"a;b\""), ("a\tb", "\"a\tb\""),
    ("a|b", "\"a|b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""),
    ("a\r\nb", "\"a\r\nb\""), (" a", "\" a\""), ("a ", "\"a \""), ("a b", "a b"),
    ("\u{FEFF}a", "\"\u{FEFF}a\""), ("\"", "\"\"\"\""), ("é", "é"), ("007", "007"),
  ])
  func aFieldIsQuotedWhereItMustBe(text: String, field: String) {
    #expect(text.csvField == field)
  }

  @Test(arguments: [
    (1.0, "1"), (-2, "-2"), (0.5, "0.5"), (0.1 + 0.2, "0.30000000000000004"), (0, "0"),
    (-0.0, "-0.0"), (9_007_199_254_740_991, "9007199254740991"),
    (9_007_199_254_740_992, "9007199254740992.0"), (1e300, "1e+300"),
    (.leastNonzeroMagnitude, "5e-324"),
  ])
  func aNumberIsTheShortestTextThatReadsBack(number: Double, text: String) {
    #expect(number.cellText == text)
    #expect(Double(text) == number)
  }

  @Test func aTableIsWrittenWithItsHeader() {
    let table = Table([
      Column("a", [1, nil, Int.max]), Column("b,c", ["x\"y", nil, "z"]),
      Column("d", [true, false, nil]), Column("e", [DateTime("2024-02-29T18:30"), nil, nil]),
    ])
    #expect(
      table.csvText == "a,\"b,c\",d,e\n1,\"x\"\"y\",true,2024-02-29T18:30:00\n,,false,\n"
        + "9223372036854775807,z,,\n")
    #expect(Table([]).csvText == "\n")
  }

  @Test func ofOneColumnAMissingCellIsWritten() throws {
    let table = Table([Column("a", [1, nil, nil])])
    #expect(table.csvText == "a\n1\nNA\nNA\n")
    #expect(try read(table.csvText)["a", as: Int.self] == [1, nil, nil])
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let count = 20_000
    var random = TestRandom(1)
    func cells<Value>(_ value: (inout TestRandom) -> Value) -> [Value?] {
      (0..<count).map { _ in
        Int.random(in: 0..<5, using: &random) == 0 ? nil : value(&random)
      }
    }
    let words = [
      "a", "b,c", "d\"e", "f\ng", " h ", "i;j", "k|l", "m\tn", "o\r\np", "é", "\r", "x y",
    ]
    let table = Table([
      Column("integer", cells { Int.random(in: .min ... .max, using: &$0) }),
      Column(
        "number",
        cells { Double(bitPattern: $0.next() & ~(1 << 62) | 1) }.map { $0 ?? 0.5 }),
      Column("boolean", cells { Bool.random(using: &$0) }),
      Column("word", cells { words.randomElement(using: &$0) ?? "" }),
      Column("text", cells { "t\($0.next())\"" }),
      Column(
        "date",
        cells {
          DateTime(
            microsecondsSince1970: Int.random(
              in: -60_000_000_000_000_000...200_000_000_000_000_000, using: &$0))
        }),
    ])
    let folder = try TemporaryFolder()
    let path = folder.file("table.csv")
    try table.write(csv: path)
    let back = try Table(csv: path)
    #expect(back.columnNames == table.columnNames && back.warnings.isEmpty)
    for (column, original) in zip(back.columns, table.columns) {
      #expect(column.kind == original.kind, "\(column.name)")
      #expect(column.missingCount == original.missingCount)
      #expect(
        try column.cells(as: String.self) == original.cells(as: String.self), "\(column.name)")
    }
    #expect(try back["number", as: Double.self] == table["number", as: Double.self])
    #expect(try String(decoding: bytes(of: path), as: UTF8.self) == table.csvText)
  }

  private func bytes(of path: String) throws -> [UInt8] {
    try ByteSource(path: path).read(upTo: 1 << 24)
  }

  @Test func aFileThatCannotBeWrittenIsNamed() throws {
    let table = Table([Column("a", [1])])
    let error = try #require(throws: FileError.self) { try table.write(csv: "/nowhere/a.csv") }
    #expect(error.file == "/nowhere/a.csv")
  }
}
