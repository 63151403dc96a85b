import Glibc
import TestSupport
import Testing

@testable import SlopeData

@Suite struct TableStreamTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// All tables of a file.
  private func tables(_ text: String, _ options: CSVOptions = CSVOptions()) throws -> [Table] {
    var stream = try TableStream(csv: folder.write(text), options: options)
    var all: [Table] = []
    while let rows = try stream.next() { all.append(rows.table) }
    return all
  }

  /// Cells that a file can write in several ways.
  private static let cells = [
    "1", "2.50", "-0", "", " ", "NA", "word", " blanks ", "\"quoted\"", "\"a, b\"",
    "\"two\nlines\"",
    "\"say \"\"yes\"\"\"", "\"  \"", "\" x \"", "é", "\u{A0}y\u{A0}", "a;b", "1|2", "-", "007",
    "+5", "\"\"",
    "\"tab\there\"", "\"crlf\r\nhere\"",
  ]

  private func randomText(rows: Int, columns: Int, seed: UInt64, end: String = "\n") -> String {
    var random = TestRandom(seed)
    var text = (0..<columns).map { "c\($0)" }.joined(separator: ",") + end
    for _ in 0..<rows {
      let row = (0..<columns).map { _ in
        Self.cells[Int.random(in: 0..<Self.cells.count, using: &random)]
      }
      // A blank line would be no row.
      text += (row == [""] || row == [" "] ? ["z"] : row).joined(separator: ",") + end
    }
    return text
  }

  @Test(arguments: ["\n", "\r\n", "\r"], [1, 2, 5])
  func cellsAreWrittenAsAVerbatimTableIs(end: String, columns: Int) throws {
    let text = randomText(rows: 400, columns: columns, seed: UInt64(columns), end: end)
    let path = try folder.write(text)
    let verbatim = try Table(csv: path, options: options { $0.isVerbatim = true })
    var stream = try TableStream(
      csv: path, options: options { $0.categorical = Set(verbatim.columnNames) },
      hasWrittenRows: true)
    #expect(stream.writtenColumnNames == verbatim.columnNames)
    var row = 0
    while let rows = try stream.next() {
      let written = try #require(rows.written)
      #expect(written.count == rows.table.rowCount)
      for index in 0..<written.count {
        var (expected, found) = ("", [UInt8]())
        verbatim.appendCSV(row, to: &expected)
        written.append(index, to: &found)
        #expect(String(decoding: found, as: UTF8.self) == expected, "row \(row)")
        row += 1
      }
    }
    #expect(row == verbatim.rowCount)
  }

  @Test func tablesTogetherAreTheTableAndKnowTheirLines() throws {
    // Some rounds: the first has 256 KiB, the later ones 2 MiB. A quoted cell spans lines.
    var text = "n,w\n"
    for row in 0..<260_000 {
      text += "\(row).25,\(row % 1000 == 7 ? "\"two\nlines\"" : "w\(row % 13)")\n"
      if row % 5000 == 0 { text += "\n" }
    }
    let told = options {
      $0.numeric = ["n"]
      $0.categorical = ["w"]
    }
    let whole = try Table(csv: folder.write(text), options: told)
    let parts = try tables(text, told)
    #expect(parts.count > 2)
    #expect(parts.reduce(0) { $0 + $1.rowCount } == whole.rowCount)
    var row = 0
    for part in parts {
      let (numbers, words) = (try part["n", as: Double.self], try part.texts("w"))
      for index in 0..<part.rowCount where index % 97 == 0 || index == part.rowCount - 1 {
        #expect(numbers[index] == Double(row + index) + 0.25)
        #expect(words[index] == (try whole.column("w").text(ofRow: row + index)))
        #expect(part.place(ofRow: index) == whole.place(ofRow: row + index))
      }
      row += part.rowCount
    }
  }

  @Test func faultsAreThoseOfTheTable() throws {
    let told = options { $0.numeric = ["a"] }
    for (text, message) in [
      ("a,b\n1,2\n3\n", ":3: 1 field, but the header (line 1) has 2"),
      (
        "a,b\n1,2\nx,3\n",
        ":3: column \"a\": \"x\" is not a number; --missing=x counts it as missing"
      ),
      ("a,b\n1,\"2\n3,4\n", ":2: a quoted field that begins here is never closed"),
      ("a,b\n", ": a header but no rows"), ("", ": the file is empty: no header and no rows"),
    ] {
      let path = try folder.write(text)
      let error = try #require(throws: FileError.self) { _ = try tables(text, told) }
      #expect(error.description == path + message)
    }
    // In the last of several rounds.
    let text = "a,b\n" + String(repeating: "1.5,word\n", count: 400_000) + "x,y\n"
    let error = try #require(throws: FileError.self) { _ = try tables(text, told) }
    #expect(error.line == 400_002 && error.column == "a")
  }

  @Test func aColumnOfAnotherKindThanBeforeIsAnError() throws {
    let rows = String(repeating: "true,1\n", count: 400_000)
    let told = options { $0.numeric = ["b"] }
    #expect(try tables("a,b\n" + rows + ",1\nFALSE,2\n", told).count > 1)
    for (other, cell) in [
      ("0,1\n", "0"), ("true,1\n,2\nmaybe,1\n", "maybe"), ("2024-01-02,1\n", "2024-01-02"),
    ] {
      let text = "a,b\n" + rows + other + rows
      let error = try #require(throws: FileError.self) { _ = try tables(text, told) }
      #expect(error.column == "a" && error.line == (other.hasPrefix("true") ? 400_004 : 400_002))
      #expect(error.message == "\"\(cell)\" after rows with true and false")
    }
  }

  @Test func bytesThatAreNoTextAreFoundInEveryWrittenColumn() throws {
    let bytes = Array("a,b\n\"1\n\",x\n2,".utf8) + [0xFF] + Array("\n".utf8)
    let path = try folder.write(bytes, to: "latin.csv")
    let told = options { $0.columns = ["a"] }
    var read = try TableStream(csv: path, options: told)
    #expect(try read.next()?.table.rowCount == 2)
    var written = try TableStream(csv: path, options: told, hasWrittenRows: true)
    let error = try #require(throws: FileError.self) { _ = try written.next() }
    #expect(error.line == 4 && error.message.hasPrefix("byte 13 of the file, 0xFF, is not UTF-8"))
  }

  @Test func anEmptyLastColumnWithoutANameIsNotWritten() throws {
    func names(_ text: String) throws -> [String] {
      try TableStream(csv: folder.write(text), options: CSVOptions(), hasWrittenRows: true)
        .writtenColumnNames
    }
    #expect(try names("a,b,\n1,2,\n3,4, \n") == ["a", "b"])
    #expect(try names("a,b,\n1,2,\n3,4,x\n") == ["a", "b", "column 3"])
    #expect(try names("a,b,c\n1,2,\n") == ["a", "b", "c"])
    let far = String(repeating: "1,2,\n", count: 200_000)
    #expect(try names("a,b,\n" + far + "1,2,3\n") == ["a", "b", "column 3"])
  }
}
