import Glibc
import SlopeCore
import TestSupport
import Testing

@testable import SlopeData

@Suite struct TableCSVTests {
  private func table(_ text: String) throws -> Table {
    let folder = try TemporaryFolder()
    return try Table(csv: folder.write(text))
  }

  private func error(_ bytes: [UInt8]) throws -> FileError {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, to: "data.csv")
    return try #require(throws: FileError.self) { try Table(csv: path) }
  }

  private func error(_ text: String) throws -> FileError { try error(Array(text.utf8)) }

  // MARK: What is read

  @Test(arguments: [
    "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "a,b\r\n1,2\n3,4\r",
    "a,b\n1,2\n3,4", "a,b\r1,2\r3,4", "\u{FEFF}a,b\n1,2\n3,4\n", "\n\na,b\n\n1,2\n \t\n3,4\n\n",
    "\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"", " a , b\n 1,\t2\n3 ,4 \n", "a,b\n\" 1 \",2\n3,\"+4\"",
    "\u{FEFF}\"a\",b\n1,2\n3,4\n",
  ])
  func theSameTableInManySpellings(text: String) throws {
    let table = try table(text)
    #expect(table.columnNames == ["a", "b"])
    #expect(table.rowCount == 2)
    #expect(table.columnCount == 2)
    #expect(try table.column("a") == [1, 3])
    #expect(try table.column("b") == [2, 4])
    #expect(table.warnings.isEmpty)
  }

  @Test func quotedNamesKeepCommasQuotesAndLineEnds() throws {
    let table = try table("\"x,1\",\"x \"\"2\"\"\",\"y\n3\"\n1,2,3\n")
    #expect(table.columnNames == ["x,1", "x \"2\"", "y\n3"])
  }

  @Test func rowsAcrossBlocksAndChunksAreAllRead() throws {
    // Longer than a block of the reader and a chunk of the table.
    let count = 140_000
    var text = "a,b\n"
    for row in 0..<count { text += "\(row),\(Double(row) / 8)\r\n" }
    let table = try table(text)
    #expect(table.rowCount == count)
    #expect(try table.column("a") == (0..<count).map(Double.init))
    #expect(try table.column("b") == (0..<count).map { Double($0) / 8 })
    #expect(table.chunks.count == 3)
    #expect(table.withRow(99_999) { $0[0] } == 99_999)
    #expect(table.place(ofRow: 99_999).hasSuffix("data.csv:100001"))
  }

  @Test func everyRowThroughTheSlowPathGivesTheSame() throws {
    var text = "a,b\n"
    for row in 0..<30_000 { text += "\(row),2\n\n" }
    let table = try table(text)
    #expect(table.rowCount == 30_000)
    #expect(try table.column("a") == (0..<30_000).map(Double.init))
    #expect(table.place(ofRow: 2).hasSuffix(":6"))
  }

  @Test func aFieldLongerThanABlockIsRead() throws {
    let table = try table("a,b\n0.\(String(repeating: "3", count: 600_000)),2\n")
    #expect(try table.column("a") == [1.0 / 3])
  }

  @Test func aFIFOIsRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let writer = Thread {
      guard let stream = fopen(path, "w") else { return }
      fputs("a,b\n1,2\n", stream)
      fclose(stream)
    }
    let table = try Table(csv: path)
    writer.join()
    #expect(table.rowCount == 1)
  }

  // MARK: Odd headers

  @Test func unnamedColumnsGetNamesAndAWarning() throws {
    let table = try table("a,,\"\"\n1,2,3\n")
    #expect(table.columnNames == ["a", "column 2", "column 3"])
    #expect(table.warnings.count == 2)
  }

  @Test func duplicateNamesAreToldApartAndAmbiguous() throws {
    let table = try table("x,y,x\n1,2,3\n")
    #expect(table.columnNames == ["x (column 1)", "y", "x (column 3)"])
    #expect(table.warnings.count == 1)
    #expect(try table.column("x (column 3)") == [3])
    let error = try #require(throws: TableError.self) { try table.column("x") }
    #expect(error.description.contains("2 columns are named \"x\""))
    #expect(error.description.contains("\"x (column 3)\""))
  }

  @Test func namesThatDifferInCompositionAloneAreOneName() throws {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    let table = try table("\(composed),y,\(decomposed)\n1,2,3\n")
    #expect(table.columnNames.count == 3 && Set(table.columnNames).count == 3)
    let spelling = #"written as "caf\u{00E9}" and "cafe\u{0301}", which are the same text"#
    #expect(table.warnings.count == 1)
    #expect(table.warnings[0].contains(spelling), "\(table.warnings)")
    for name in [composed, decomposed] {
      let error = try #require(throws: TableError.self) { try table.column(name) }
      #expect(error.description.contains(spelling), "\(error)")
    }
    // A unique name is found in either spelling.
    #expect(try self.table("\(composed)\n1\n").column(decomposed) == [1])
    #expect(!(try self.table("x,x\n1,2\n").warnings[0].contains("written")))
  }

  @Test func namesMadeForDuplicatesNeverCollide() throws {
    let table = try table("x,x,x (column 1),,column 4\n1,2,3,4,5\n")
    #expect(Set(table.columnNames).count == 5)
    #expect(try table.column("x (column 1)") == [3])
    #expect(try table.column("column 4") == [5])
  }

  @Test func aHeaderOfNumbersIsAWarning() throws {
    #expect(try table("1,2.5\n1,2\n").warnings.count == 1)
    #expect(try table("1,b\n1,2\n").warnings.isEmpty)
  }

  @Test func anUnknownNameListsTheColumns() throws {
    let table = try table("a,b\n1,2\n")
    let error = try #require(throws: TableError.self) { try table.columnIndex(of: "c") }
    #expect(error.description.contains("no column is named \"c\"; the columns are \"a\", \"b\""))
    #expect(table.hasColumn("b") && !table.hasColumn("c"))
    #expect(try table.columnIndex(of: "b") == 1)
  }

  // MARK: What is refused, and where

  @Test(arguments: [
    ("a,b\n1,2\n3,x\n", 3, "b", "\"x\" is not a finite decimal number"),
    ("a,b\n\n1,2\n\n3,1_000\n", 5, "b", "\"1_000\" is not"),
    ("a,b\n1,inf\n", 2, "b", "\"inf\" is not a finite"),
    ("a,b\n1,0x10\n", 2, "b", "\"0x10\" is not"),
    ("a,b\n\"1,5\",2\n", 2, "a", "\"1,5\" is not"),
    ("a,b\n1,\n", 2, "b", "the value is missing"),
    ("a,b\n,1\n", 2, "a", "the value is missing"),
    ("a,b\n1,\"\"\n", 2, "b", "the value is missing"),
    ("a,b\n1,NA\n", 2, "b", "the value is missing (\"NA\")"),
    ("a,b\n1,1e999\n", 2, "b", "beyond the range of a Double"),
    ("a,b\n1,\u{1B}[31mred\n", 2, "b", "\"\\u{1B}[31mred\" is not"),
    ("a,b\n1,\"\n\nx\"\n", 2, "b", "\"\\n\\nx\" is not"),
  ])
  func aCellThatIsNoNumberIsNamed(
    text: String, line: Int, column: String, message: String
  ) throws {
    let error = try error(text)
    #expect(error.line == line)
    #expect(error.column == column)
    #expect(error.description.contains(message), "\(error)")
    #expect(error.description.contains("data.csv:\(line): column \"\(column)\": "))
    #expect(!error.description.contains("\n") && !error.description.contains("\u{1B}"))
  }

  @Test(arguments: [
    ("a,b\n1,2\n3\n", 3, "1 field, but the header (line 1) has 2"),
    ("\na,b\n1,2\n3,4,5\n", 4, "3 fields, but the header (line 2) has 2"),
    // Quoted fields span lines.
    ("\"a\n\",b\n1,2\n3\n", 4, "1 field, but the header (line 1) has 2"),
    ("a,b\n1,2,\n", 2, "3 fields, but the header (line 1) has 2"),
    ("a;b\n1,5;2\n", 2, "not by semicolons"),
    ("a,b\n1,2\n3,\"4\n5,6\n", 3, "a quoted field that begins here is never closed"),
    ("a,\"b\n1,2\n", 1, "never closed"),
    ("a,b\n\"1\n\n2\",\"3\n", 4, "never closed"),
    ("a,b\n1,\"2\"x\n", 2, "text after the closing quote of field 2"),
    ("a,b\n1,\"\n2\"x\n", 2, "text after the closing quote"),
    ("a,b\n1,2\"3\n", 2, "a quote inside an unquoted field (field 2)"),
  ])
  func aFaultyRowIsNamed(text: String, line: Int, message: String) throws {
    let error = try error(text)
    #expect(error.line == line)
    #expect(error.column == nil)
    #expect(error.message.contains(message), "\(error)")
  }

  @Test(arguments: [("", "empty"), ("\n\r\n\n", "empty"), ("a,b\n", "no rows"), ("a,b", "no rows")])
  func aFileWithoutRowsSaysSo(text: String, message: String) throws {
    #expect(try error(text).message.contains(message))
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0x00], "UTF-16"), ([0xFE, 0xFF, 0x00, 0x61], "UTF-16"),
      ([0x1F, 0x8B, 0x08], "gzip"), ([0x50, 0x4B, 0x03, 0x04], "zip"),
      ([0x7F, 0x45, 0x4C, 0x46], "program"),
    ] as [([UInt8], String)])
  func otherKindsOfFilesAreRecognised(bytes: [UInt8], kind: String) throws {
    #expect(try error(bytes).message.contains(kind))
  }

  @Test func bytesThatAreNoTextAreNamedByOffsetAndLine() throws {
    let latin = try error(Array("a,b\n1,caf".utf8) + [0xE9] + Array("\n".utf8))
    #expect(latin.line == 2)
    #expect(latin.message.contains("byte 9 of the file, 0xE9, is not UTF-8"))
    let header = try error(Array("a,ä".utf8) + [0xE9] + Array("\n1,2\n".utf8))
    #expect(header.line == 1)
    #expect(header.message.contains("byte 4 of the file, 0xE9"))
    let nul = try error(Array("a,b\n1,2\n1,\u{0}2\n".utf8))
    #expect(nul.line == 3)
    #expect(nul.message.contains("byte 10 of the file is NUL"))
    let endless = try #require(throws: FileError.self) { try Table(csv: "/dev/zero") }
    #expect(endless.message.contains("byte 0 of the file is NUL"))
    let deep = try error(
      Array(("a\n" + String(repeating: "1\n", count: 300_000)).utf8) + [0x80, 0x0A])
    #expect(deep.message.contains("byte 600002 of the file, 0x80"))
  }

  @Test func aFileThatCannotBeReadSaysWhy() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError.self) { try Table(csv: folder.path) }
    let missing = try #require(throws: FileError.self) { try Table(csv: folder.file("none")) }
    #expect(missing.message.contains("No such file"))
    #expect(throws: FileError.self) { try Table(csv: "") }
  }

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

  // MARK: Memory

  private func error(memory: Int, _ rows: Int, beside use: TableUse) throws -> FileError {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "a,b\n" + String(repeating: "1,2\n", count: rows), to: "data.csv")
    return try #require(throws: FileError.self) {
      try Table(csv: path, beside: use, memory: memory)
    }
  }

  @Test func aTableIsRefusedWhereThereIsNoMemoryForItsUse() throws {
    let folder = try TemporaryFolder()
    let rows = 100_000
    let path = try folder.write("a,b\n" + String(repeating: "1,2\n", count: rows), to: "data.csv")
    let use = TableUse("training on it", bytesPerValue: 8, bytesPerRow: 64)
    // Two chunks of a mebibyte, and 80 bytes for each row in addition.
    let needed = 2 << 20 + rows * 80
    #expect(use.byteCount(columnCount: 2) == 80)
    #expect(try Table(csv: path, beside: use, memory: 2 << 20 + rows * 80).rowCount == rows)
    #expect(try Table(csv: path, beside: .nothing, memory: 2 << 20).rowCount == rows)
    let late = try error(memory: needed - 1, rows, beside: use)
    #expect(
      late.message.hasPrefix("the table does not fit into memory, with memory for training on it"))
    #expect(late.message.contains("100000 rows × 2 columns"))
    let early = try error(memory: 1 << 20, rows, beside: use)
    #expect(early.message.contains("65536 rows × 2 columns so far") && early.line == 65_538)
  }

  @Test func theFirstRowsAreCountedToo() throws {
    let none = try error(memory: (1 << 20) - 1, 3, beside: .nothing)
    #expect(
      none.message
        == "the first rows do not fit into memory: 1048576 bytes for 65536 × 2 columns, "
        + "of 1048575 left")
  }

  @Test func fieldsThatMemoryCannotHoldAreAnError() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a,b,c\n1,2,3,4\n", to: "data.csv")
    var reader = try CSVReader(path: path, memory: 3 << 10)
    #expect(try reader.nextRecord()?.record.fields.count == 3)
    let error = try #require(throws: FileError.self) { try reader.nextRecord() }
    #expect(error.line == 2 && error.message == "more than 3 fields do not fit into memory")
  }

  @Test func aTableOfNoColumnsIsRefusedAsSuch() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a,b\n1,2\n", to: "data.csv")
    let error = try #require(throws: TableError.self) { try Table(csv: path, columns: []) }
    #expect(error.description.hasSuffix("data.csv: a table of no columns"))
  }

  @Test func someOfTheMachinesMemoryIsLeft() {
    #expect(MachineMemory.remaining > 1 << 20)
    #expect(MachineMemory.remaining <= MachineMemory.limit)
  }

  // MARK: Tensors

  @Test func columnsBecomeTensorsInTheOrderAsked() throws {
    let table = try table("a,b,c\n1,2,3\n4,5,0.1\n")
    let one = try table.tensor("b")
    #expect(Array(one.shape) == [2, 1] && one.scalars == [2, 5])
    let two = try table.tensor("c", "a", as: Double.self)
    #expect(Array(two.shape) == [2, 2] && two.scalars == [3, 1, 0.1, 4])
    #expect(try table.tensor("c", as: Float.self).scalars == [3, 0.1])
    #expect(try table.tensor("c", as: Float16.self).scalars == [3, 0.1])
    #expect(throws: TableError.self) { try table.tensor("a", "d") }
    #expect(throws: TableError.self) { try table.tensor([]) }
  }

  @Test func valuesBeyondTheElementTypeAreNamed() throws {
    let table = try table("a\n1\n\n-1e39\n")
    let error = try #require(throws: TableError.self) { try table.tensor("a") }
    #expect(error.description.contains("data.csv:4: column \"a\": -1e+39 is beyond the range of"))
    #expect(try table.tensor("a", as: Double.self).scalars == [1, -1e39])
    #expect(throws: TableError.self) { try self.table("a\n65520\n").tensor("a", as: Float16.self) }
    #expect(try self.table("a\n65519\n").tensor("a", as: Float16.self).scalars == [65504])
  }

  @Test func aValueThatFitsAloneIsNotCalledTooLarge() throws {
    let far = ScaledColumns(columns: [0], scales: [ColumnScale(mean: 0, deviation: 1e-30)])
    let error = try #require(throws: TableError.self) {
      try self.table("a\n5e-324\n1e20\n").scalars(far, as: Float.self)
    }
    #expect(error.description.contains("data.csv:3: column \"a\": 1e+20 is too far from the other"))
    // A number below the range of Float becomes 0.
    #expect(try self.table("a\n5e-324\n").tensor("a").scalars == [0])
  }

  private let selection = ScaledColumns(
    columns: [1, 0],
    scales: [ColumnScale(mean: 1, deviation: 2), ColumnScale(mean: 16_777_216, deviation: 1)])

  @Test func scalarsOfSomeRowsAreScaledBeforeTheyAreRounded() throws {
    let table = try table("a,b\n16777217,1\n16777219,2\n16777218,4\n")
    #expect(try table.scalars(selection, rows: 1..<3, as: Float.self) == [0.5, 3, 1.5, 2])
    #expect(try table.scalars(selection, as: Float.self) == [0, 1, 0.5, 3, 1.5, 2])
  }

  @Test func takingScalarsLeavesTheTableEmptyAndItsCopyWhole() throws {
    var table = try table("a,b\n16777217,1\n16777219,2\n16777218,4\n")
    let copy = table
    let other = ScaledColumns(columns: [1], scales: [.identity])
    let (first, second) = try table.takeScalars(selection, other, as: Double.self)
    #expect(first == [0, 1, 0.5, 3, 1.5, 2])
    #expect(second == [1, 2, 4])
    #expect(table.rowCount == 0 && copy.rowCount == 3)
    #expect(try copy.column("b") == [1, 2, 4])
    var large = try self.table("a,b\n1,2\n\n3,1e39\n")
    let error = try #require(throws: TableError.self) {
      try large.takeScalars(other, other, as: Float.self)
    }
    #expect(error.description.contains(":4: column \"b\": 1e+39 is beyond the range of Float"))
  }

  // MARK: Text, and columns left out

  private static let mixed = #"""
    n,part,note
    1,train,x
    2, test ,"y,""z"
    3,"train",
    4,"a ""b""",12
    """#

  @Test func textColumnsKeepTheirText() throws {
    let folder = try TemporaryFolder()
    let table = try Table(
      csv: folder.write(Self.mixed), columns: ["part", "n"], textColumns: ["part"])
    #expect(table.columnNames == ["n", "part"], "in the file's order")
    #expect(table.sourceColumnCount == 3)
    #expect(try table.column("n") == [1, 2, 3, 4])
    #expect(try table.text("part") == ["train", "test", "train", "a \"b\""])
    #expect(throws: TableError.self) { try table.column("part") }
    #expect(throws: TableError.self) { try table.text("n") }
    #expect(throws: TableError.self) { try table.column("note") }
  }

  @Test func columnsLeftOutMayHoldAnything() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Self.mixed)
    #expect(try Table(csv: path, columns: ["n"]).column("n") == [1, 2, 3, 4])
    let error = try #require(throws: FileError.self) { try Table(csv: path) }
    #expect(error.column == "part" && error.line == 2)
    let unknown = try #require(throws: TableError.self) { try Table(csv: path, columns: ["m"]) }
    #expect(unknown.description.contains("no column is named \"m\""))
  }

  @Test func manyRowsOfTextAreReadAcrossBlocks() throws {
    let folder = try TemporaryFolder()
    let words = (0..<60_000).map { ["train", "validation", "test"][$0 % 3] }
    let text = "x,part\n" + words.map { "1,\($0)\n" }.joined()
    let table = try Table(csv: folder.write(text), textColumns: ["part"])
    #expect(try table.text("part") == words)
    #expect(table.labels[1] == ["train", "validation", "test"])
  }

  @Test func textThatIsNotUTF8IsRefused() throws {
    let folder = try TemporaryFolder()
    let bytes = Array("x,part\n1,a\n2,".utf8) + [0xE4] + Array("\n".utf8)
    let path = try folder.write(bytes, to: "data.csv")
    let error = try #require(throws: FileError.self) {
      try Table(csv: path, textColumns: ["part"])
    }
    #expect(error.line == 3 && error.message.contains("byte 13"))
  }
}

/// A thread that runs `body` once.
private final class Thread: @unchecked Sendable {
  private var handle = pthread_t()
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
    let context = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &handle, nil,
      { context in
        if let context { Unmanaged<Thread>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, context)
  }

  func join() { pthread_join(handle, nil) }
}
