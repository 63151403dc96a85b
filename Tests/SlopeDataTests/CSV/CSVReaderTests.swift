import CNumberParsing
import Glibc
import SlopeCore
import TestSupport
import Testing

@testable import SlopeData

@Suite struct CSVReaderTests {
  // MARK: Delimiters

  @Test(arguments: [
    ("a,b\n1,2\n", ",", false), ("a;b\n1;2\n", ";", true), ("a\tb\n1\t2\n", "\t", true),
    ("a|b\n1|2\n", "|", true), ("a\n1\n", ",", false), ("a", ",", false),
    // The comma wins where it divides all lines, however many fields another makes.
    ("a;b;c,d\n1;2;3,4\n", ",", false),
    // Decimal commas divide only the rows.
    ("a;b\n1,5;2,5\n", ";", true), ("a;b\n1,5;2\n3;4\n", ";", true),
    // The one that makes the most fields.
    ("a|b|c;d\n1|2|3;4\n", "|", true), ("a;b;c|d\n1;2;3|4\n", ";", true),
    // Delimiters in quotes divide nothing.
    ("\"a;b\",c\n\"1;2\",3\n", ",", false), ("\"a,b\";c\n\"1,2\";3\n", ";", true),
    // One that divides the first and half of the others as it does.
    ("a,b\n1,2\n3\n", ",", false), ("a;b\n1;2\n3\n", ";", true), ("a;b\n1;2\n3\n4\n", ",", false),
    ("a;b,c\n1;2\n1;3\n", ";", true), ("\n\na;b\n\n1;2\n", ";", true),
  ])
  func theDelimiterIsFound(text: String, delimiter: String, isWarned: Bool) throws {
    let folder = try TemporaryFolder()
    let reader = try CSVReader(path: folder.write(text))
    let found = reader.detectedDelimiter() ?? .comma
    #expect(Character(Unicode.Scalar(found)) == Character(delimiter))
    guard let table = try? read(text) else { return }
    let name = delimiter == "\t" ? "tab" : delimiter
    #expect(
      table.warnings
        == (isWarned
          ? ["columns are separated by \"\(name)\", not by commas; --delimiter says otherwise"]
          : []))
  }

  @Test(arguments: [",", ";", "\t", "|"] as [Character])
  func aDelimiterThatIsAskedForIsNotWarnedOf(delimiter: Character) throws {
    let asked = options { $0.delimiter = delimiter }
    let table = try read("a\(delimiter)b\n1\(delimiter)\n\" x \"\(delimiter) y \n", asked)
    #expect(table.columnNames == ["a", "b"] && table.warnings.isEmpty)
    #expect(try table.texts("a") == ["1", " x "] && table.texts("b") == ["·", "y"])
  }

  @Test func onlyTheDelimiterThatIsAskedForDivides() throws {
    #expect(try read("a;b\n1;2\n", options { $0.delimiter = "," }).columnNames == ["a;b"])
    #expect(try read("a,b\nx,y\n", options { $0.delimiter = "|" }).columnNames == ["a,b"])
    #expect(try read("a \tb\n1\t \n", options { $0.delimiter = "\t" }).texts("b") == ["·"])
  }

  @Test(arguments: [" ", ":", "\"", "\n", "é"] as [Character])
  func otherDelimitersAreRefused(delimiter: Character) throws {
    #expect(throws: TableError.self) {
      try read("a,b\n1,2\n", options { $0.delimiter = delimiter })
    }
  }

  // MARK: Long files

  @Test func rowsAcrossRoundsAndPiecesAreAllRead() throws {
    // More than a round of 8 MiB, in pieces of 1 MiB that end inside quotes.
    let count = 230_000
    var text = "a,b,c\n"
    for row in 0..<count {
      text +=
        "\(row),\"x\n\r\n\"\"\(row % 10)\n,\",\(Double(row) / 8)\(row % 3 == 0 ? "\r" : "\n\n")"
    }
    #expect(text.utf8.count > 1 << 22)
    let table = try read(
      text + "-1,\"\(String(repeating: "y\n", count: 1 << 22))\",0\n" + text.dropFirst(6))
    #expect(table.rowCount == 2 * count + 1)
    let expected = Array(0..<count)
    let a = try table["a", as: Int.self]
    #expect(a.prefix(count).elementsEqual(expected) && a.suffix(count).elementsEqual(expected))
    #expect(
      try table["c", as: Double.self].prefix(count).elementsEqual(expected.map { Double($0) / 8 }))
    #expect(try table.column("b").levels.count == 11)
    let b = try table["b", as: String.self]
    #expect((0..<count).allSatisfy { b[$0] == "x\n\r\n\"\($0 % 10)\n," })
    #expect((0..<count).allSatisfy { b[count + 1 + $0] == b[$0] })
    // Each row spans four lines, and two thirds are followed by a blank one.
    var line = 2
    for row in 0..<count {
      if row % 997 == 0 { #expect(table.place(ofRow: row).hasSuffix(":\(line)")) }
      line += row % 3 == 0 ? 4 : 5
    }
    #expect(table.place(ofRow: count).hasSuffix(":\(line)"))
    #expect(table.place(ofRow: count + 1).hasSuffix(":\(line + 1 + 1 << 22)"))
  }

  @Test func aFaultInALaterPieceIsNamedByItsLine() throws {
    let rows = String(repeating: "1,\"x\ny\"\n", count: 400_000)
    for (row, message) in [
      ("1\n", "1 field"), ("1,2\"\n", "a quote inside"), ("1,\"2\n", "never closed"),
      ("1,\"2\"x\n", "text after"), ("1,\u{0}\n", "is NUL"), ("1,2,3\n", "3 fields"),
    ] {
      let error = try fault("a,b\n" + rows + row)
      #expect(error.line == 800_002)
      #expect(error.message.contains(message))
      #expect(try fault("a,b\n" + rows + row + "1,z\n1,z\n").line == 800_002)
    }
    let word = try fault("a,b\n" + rows + "w,x\n" + rows)
    #expect(word.line == 800_002 && word.column == "a")
  }

  @Test func aFieldLongerThanABlockIsRead() throws {
    let table = try read("a,b\n0.\(String(repeating: "3", count: 600_000)),2\n")
    #expect(try table["a", as: Double.self] == [1.0 / 3])
    let word = String(repeating: "w", count: 9 << 20)
    #expect(try read("a,b\n1,\(word)\n").texts("b") == [word])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func filesThatEndAtABlockAreWhole(lineEnd: String) throws {
    for extra in -3...3 {
      let first = "a\(lineEnd)"
      let row = "12345\(lineEnd)"
      let count = ((1 << 18) - first.utf8.count) / row.utf8.count
      let used = first.utf8.count + count * row.utf8.count
      let last = String(repeating: "1", count: max(1, (1 << 18) - used + extra))
      let text = first + String(repeating: row, count: count) + last
      #expect(try read(text).rowCount == count + 1)
      #expect(try read(text + lineEnd).rowCount == count + 1)
    }
  }

  // MARK: Endless sources

  @Test func anEndlessRecordEndsInAnError() throws {
    let folder = try TemporaryFolder()
    let limit = 1 << 20
    func error(_ text: String) throws -> FileError {
      var reader = try CSVReader(path: folder.write(text), maximumRecordByteCount: limit)
      return try #require(throws: FileError.self) { while try reader.nextRecord() != nil {} }
    }
    let quote = try error("a,b\n1,2\n\"" + String(repeating: "1\n", count: limit))
    #expect(quote.line == 3)
    // Whether it is closed later is unknown.
    #expect(quote.message.contains("a quoted field that begins here is longer than 1 MiB"))
    let closed = try error("a,b\n\"" + String(repeating: "1", count: 4 * limit) + "\",2\n")
    #expect(closed.line == 2)
    #expect(closed.message.contains("longer than 1 MiB") && !closed.message.contains("never"))
    let long = try error("a,b\n" + String(repeating: "1", count: 2 * limit))
    #expect(long.line == 2)
    #expect(long.message.contains("longer than 1 MiB"))
  }

  @Test func anEndlessRecordOfATableEndsInAnError() throws {
    let error = try fault("a,b\n1,2\n\"" + String(repeating: "1\n", count: 20 << 20))
    #expect(error.line == 3 && error.message.contains("longer than 16 MiB"))
  }

  @Test func fieldsThatMemoryCannotHoldAreAnError() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a,b,c\n1,2,3,4\n", to: "data.csv")
    var reader = try CSVReader(path: path, memory: 3 << 10)
    #expect(try reader.nextRecord()?.record.fields.count == 3)
    let error = try #require(throws: FileError.self) { try reader.nextRecord() }
    #expect(error.line == 2 && error.message == "more than 3 fields do not fit into memory")
  }

  // MARK: Memory

  private func refusal(
    _ text: String, beside use: TableUse = .nothing, memory: Int
  ) throws -> String? {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "data.csv")
    do {
      _ = try Table(csv: path, beside: use, memory: memory)
      return nil
    } catch let error as FileError {
      return error.message
    }
  }

  @Test func aTableIsRefusedWhereThereIsNoMemoryForItsUse() throws {
    let rows = 100_000
    let text = "a,b\n" + String(repeating: "1,2\n", count: rows)
    let use = TableUse("training on it", bytesPerValue: 8, bytesPerRow: 64)
    #expect(use.byteCount(columnCount: 2) == 80)
    // Nine bytes for a cell, and the use.
    #expect(try refusal(text, beside: use, memory: rows * (18 + 80)) == nil)
    let late = try #require(try refusal(text, beside: use, memory: rows * (18 + 80) - 1))
    #expect(
      late == "the table does not fit into memory, with memory for training on it: "
        + "100000 rows × 2 columns so far")
  }

  @Test func aTableIsRefusedBeforeItIsRead() throws {
    let text = "a,b\n" + String(repeating: "1,2\n", count: 1_000_000)
    let early = try #require(try refusal(text, memory: 1 << 20))
    #expect(early.contains("65535 rows × 2 columns so far"), "\(early)")
  }

  @Test func cellsAndValuesOfAColumnAreBothThereWhileItsKindIsFound() throws {
    let rows = 50_000
    let text = "a\n" + String(repeating: "1\n", count: rows)
    #expect(try refusal(text, memory: rows * 18) == nil)
    #expect(try refusal(text, memory: rows * 18 - 1) != nil)
  }

  @Test func wordsCountAsMemory() throws {
    let rows = 50_000
    let long = String(repeating: "w", count: 80)
    let same = "a\n" + String(repeating: "\(long)\n", count: rows)
    let distinct = "a\n" + (0..<rows).map { "\(long)\($0)\n" }.joined()
    #expect(try refusal(same, memory: rows * 20) == nil)
    #expect(try refusal(distinct, memory: rows * 200) != nil)
    let enough = try refusal(distinct, memory: rows * 600)
    #expect(enough == nil)
  }

  @Test func someOfTheMachinesMemoryIsLeft() {
    #expect(MachineMemory.remaining > 1 << 20)
    #expect(MachineMemory.remaining <= MachineMemory.limit)
  }
}
