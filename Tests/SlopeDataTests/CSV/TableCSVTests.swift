import Glibc
import SlopeCore
import TestSupport
import Testing

@testable import SlopeData

@Suite struct TableCSVTests {
  // MARK: What is read

  @Test(arguments: [
    "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "a,b\r\n1,2\n3,4\r",
    "a,b\n1,2\n3,4", "a,b\r1,2\r3,4", "\u{FEFF}a,b\n1,2\n3,4\n", "\n\na,b\n\n1,2\n\r\n3,4\n\n",
    "\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"", " a , b\n 1,\t2\n3 ,4 \n", "a,b\n\" 1 \",2\n3,\"+4\"",
    "\u{FEFF}\"a\",b\n1,2\n3,4\n", "a,b\n1,2\n3,\"\t4\t\"\t \n", "a,b\n1 , 2 \n 3\t,\t4",
  ])
  func theSameTableInManySpellings(text: String) throws {
    let table = try read(text)
    #expect(table.columnNames == ["a", "b"])
    #expect(table.rowCount == 2 && table.columnCount == 2)
    #expect(try table["a", as: Int.self] == [1, 3])
    #expect(try table["b", as: Int.self] == [2, 4])
    #expect(table.warnings.isEmpty)
  }

  @Test func quotedNamesKeepCommasQuotesAndLineEnds() throws {
    let table = try read("\"x,1\",\"x \"\"2\"\"\",\"y\n3\"\n1,2,3\n")
    #expect(table.columnNames == ["x,1", "x \"2\"", "y\n3"])
  }

  @Test(arguments: [
    ("\"x\"\"y\"", "x\"y"), ("\"\"\"\"", "\""), ("\"\"\"\"\"\"", "\"\""), ("\"a,b\"", "a,b"),
    ("\"a\nb\"", "a\nb"), ("\"a\r\nb\"", "a\r\nb"), ("\" x \"", " x "), (" x y ", "x y"),
    (" \"x\" ", "x"), ("ä\u{1F600}", "ä\u{1F600}"), ("\"x\"\"\"", "x\""), ("\"\"\"x\"", "\"x"),
  ])
  func aFieldIsTheTextThatRFC4180Says(field: String, text: String) throws {
    #expect(try read("a,b\n\(field),1\n")["a", as: String.self] == [text])
    #expect(try read("b,a\n1,\(field)")["a", as: String.self] == [text])
  }

  @Test func blankLinesAreSkippedAndLinesStillCount() throws {
    let table = try read("a,b\n1,2\n\n\n3,\"x\ny\"\n5,6\n")
    #expect(table.rowCount == 3)
    #expect((0..<3).map { table.place(ofRow: $0).suffix(2) } == [":2", ":5", ":7"])
  }

  @Test func ofOneColumnABlankLineIsAMissingCell() throws {
    let table = try read("\na\n1\n\n3\n \n\n")
    #expect(try table["a", as: Int.self] == [1, nil, 3, nil, nil])
    #expect(table.place(ofRow: 2).hasSuffix(":5"))
    #expect(try read("a\r\n\r\n7\r\n")["a", as: Int.self] == [nil, 7])
    #expect(try read("a\r\r7\r\r")["a", as: Int.self] == [nil, 7, nil])
    #expect(try read("a\n\"\"\n5")["a", as: Int.self] == [nil, 5])
  }

  @Test func ofOneColumnAmongManyThatAreNotReadBlankLinesAreSkipped() throws {
    let table = try read("a,b\n1,2\n\n3,4\n", options { $0.columns = ["b"] })
    #expect(try table["b", as: Int.self] == [2, 4])
  }

  @Test(arguments: [" ", "\t", "  \t "])
  func aLineOfBlanksAmongSeveralColumnsIsAnError(blanks: String) throws {
    let error = try fault("a,b\n1,2\n\(blanks)\n3,4\n", options { $0.delimiter = "," })
    #expect(error.line == 3 && error.message == "1 field, but the header (line 1) has 2")
  }

  @Test func aFIFOIsRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("pipe")
    let table = try throughFIFO("a,b\n1,2\n", at: path) { try Table(csv: path) }
    #expect(table.rowCount == 1)
  }

  // MARK: Without a header

  @Test func withoutAHeaderColumnsAreNumbered() throws {
    let table = try read("1,x\n2,y\n", options { $0.hasHeader = false })
    #expect(table.columnNames == ["column 1", "column 2"])
    #expect(try table["column 1", as: Int.self] == [1, 2])
    #expect(try table.texts("column 2") == ["x", "y"])
    #expect(table.warnings.isEmpty)
    #expect(table.place(ofRow: 1).hasSuffix(":2"))
    #expect(try read("\u{FEFF}5", options { $0.hasHeader = false }).texts("column 1") == ["5"])
    #expect(try read("\n5\n", options { $0.hasHeader = false }).texts("column 1") == ["·", "5"])
  }

  @Test func withoutAHeaderTheFirstLineSaysHowManyColumnsThereAre() throws {
    let error = try fault("1,2\n3\n", options { $0.hasHeader = false })
    #expect(error.line == 2 && error.message == "1 field, but the first line has 2")
  }

  // MARK: Odd headers

  @Test func unnamedColumnsGetNamesAndAWarning() throws {
    let table = try read("a,,\"\"\n1,2,3\n")
    #expect(table.columnNames == ["a", "column 2", "column 3"])
    #expect(table.warnings.count == 2)
    #expect(table.warnings[0] == "column 2 has no name and is called \"column 2\"")
  }

  @Test(arguments: [
    ("a,b,\n1,2,\n3,4,\n", ["a", "b"]), ("a,b,\"\"\n1,2,\" \"\n", ["a", "b"]),
    ("a,b,\n1,2,\n3,4,5\n", ["a", "b", "column 3"]), ("a,,b\n1,,2\n", ["a", "column 2", "b"]),
    ("a,b,c\n1,2,\n", ["a", "b", "c"]), ("a,,\n1,,\n", ["a", "column 2"]),
  ])
  func aDelimiterAtTheEndOfEveryLineIsAnEmptyColumn(text: String, names: [String]) throws {
    let table = try read(text)
    #expect(table.columnNames == names)
    let isDropped = table.columnCount < table.sourceColumnCount
    #expect(
      table.warnings.contains(
        "every line ends in a delimiter: the empty last column is left out") == isDropped)
    #expect(table.warnings.contains { $0.contains("\"column 3\"") } == names.contains("column 3"))
  }

  @Test func anUnnamedColumnThatIsAskedForIsKept() throws {
    let table = try read("a,,b\n1,,2\n", options { $0.columns = ["a", "column 2"] })
    #expect(table.columnNames == ["a", "column 2"])
  }

  @Test func duplicateNamesAreToldApartAndAmbiguous() throws {
    let table = try read("x,y,x\n1,2,3\n")
    #expect(table.columnNames == ["x (column 1)", "y", "x (column 3)"])
    #expect(table.warnings.count == 1)
    #expect(try table["x (column 3)", as: Int.self] == [3])
    let error = try #require(throws: TableError.self) { try table.column("x") }
    #expect(
      error.message.hasSuffix(
        ": 2 columns are named \"x\"; say which, as \"x (column 1)\", \"x (column 3)\""))
    let one = try #require(throws: TableError.self) { try table.drop("x (column 1)").column("x") }
    #expect(one.message.hasSuffix(": the column named \"x\" is called \"x (column 3)\""))
  }

  @Test func namesThatDifferInCompositionAloneAreOneName() throws {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    let table = try read("\(composed),y,\(decomposed)\n1,2,3\n")
    #expect(table.columnNames.count == 3 && Set(table.columnNames).count == 3)
    let spelling = #"written as "caf\u{00E9}" and "cafe\u{0301}", which are the same text"#
    #expect(table.warnings.count == 1)
    #expect(table.warnings[0].contains(spelling), "\(table.warnings)")
    for name in [composed, decomposed] {
      let error = try #require(throws: TableError.self) { try table.column(name) }
      #expect(error.description.contains(spelling), "\(error)")
    }
    // A unique name is found in either spelling.
    #expect(try read("\(composed)\n1\n")[decomposed, as: Int.self] == [1])
    #expect(!(try read("x,x\n1,2\n").warnings[0].contains("written")))
  }

  @Test func namesMadeForDuplicatesNeverCollide() throws {
    let table = try read("x,x,x (column 1),,column 4\n1,2,3,4,5\n")
    #expect(Set(table.columnNames).count == 5)
    #expect(try table["x (column 1)", as: Int.self] == [3])
    #expect(try table["column 4", as: Int.self] == [5])
  }

  @Test func aHeaderOfNumbersIsAWarning() throws {
    #expect(try read("1,2.5\n1,2\n").warnings.count == 1)
    #expect(try read("1,2.5\n1,2\n").warnings[0].contains("--no-header"))
    #expect(try read("1,b\n1,2\n").warnings.isEmpty)
  }

  @Test func anUnknownNameListsTheColumns() throws {
    let table = try read("a,b\n1,2\n")
    let error = try #require(throws: TableError.self) { try table.columnIndex(of: "c") }
    #expect(error.description.contains("no column is named \"c\"; the columns are \"a\", \"b\""))
    #expect(table.hasColumn("b") && !table.hasColumn("c"))
    #expect(try table.columnIndex(of: "b") == 1)
  }

  @Test(arguments: [(20, false), (21, true)])
  func aListOfNamesIsCutAfterTwenty(count: Int, isCut: Bool) throws {
    let names = (1...count).map { "n\($0)" }.joined(separator: ",")
    let error = try #require(throws: TableError.self) { try read("\(names)\n\(names)").column("x") }
    #expect(error.message.hasSuffix(isCut ? "\"n20\" and 1 more" : "\"n20\""))
  }

  @Test func namesInTheOptionsMustExist() throws {
    for change: (inout CSVOptions) -> Void in [
      { $0.columns = ["m"] }, { $0.categorical = ["m"] }, { $0.numeric = ["m"] },
      { $0.dates = ["m"] },
    ] {
      let error = try #require(throws: TableError.self) { try read("a,b\n1,2\n", options(change)) }
      #expect(error.description.contains("no column is named \"m\""))
    }
  }

  // MARK: What is refused, and where

  @Test(arguments: [
    ("a,b\n1,2\n3\n", 3, "1 field, but the header (line 1) has 2"),
    ("\na,b\n1,2\n3,4,5\n", 4, "3 fields, but the header (line 2) has 2"),
    // Quoted fields span lines.
    ("\"a\n\",b\n1,2\n3\n", 4, "1 field, but the header (line 1) has 2"),
    ("a,b\n1,2,\n", 2, "3 fields, but the header (line 1) has 2"),
    ("a,b\n1,2\n\n,\n3\n", 5, "1 field, but the header (line 1) has 2"),
    ("a,b,\n1,2,\n1,2\n", 3, "2 fields, but the header (line 1) has 3"),
    ("a\n1\n2,3\n", 3, "2 fields, but the header (line 1) has 1"),
    ("a,b\n1,2\n3,\"4\n5,6\n", 3, "a quoted field that begins here is never closed"),
    ("a,\"b\n1,2\n", 1, "never closed"),
    ("a,b\n\"1\n\n2\",\"3\n", 4, "never closed"),
    ("a,b\n1,\"2\"x\n", 2, "text after the closing quote of field 2"),
    ("a,b\n1,\"\n2\"x\n", 2, "text after the closing quote"),
    ("a,b\n1,2\"3\n", 2, "a quote inside an unquoted field (field 2)"),
    ("a,b\nx,y\n5\",6\n7,\"8\"\n", 3, "a quote inside an unquoted field (field 1)"),
  ])
  func aFaultyRowIsNamed(text: String, line: Int, message: String) throws {
    let error = try fault(text, options { $0.delimiter = "," })
    #expect(error.line == line)
    #expect(error.column == nil)
    #expect(error.message.contains(message), "\(error)")
  }

  @Test(arguments: [("", "empty"), ("\n\r\n\n", "empty"), ("a,b\n", "no rows"), ("a,b", "no rows")])
  func aFileWithoutRowsSaysSo(text: String, message: String) throws {
    #expect(try fault(text).message.contains(message))
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0x00], "UTF-16"), ([0xFE, 0xFF, 0x00, 0x61], "UTF-16"),
      ([0xFF, 0xFE, 0, 0], "UTF-32"), ([0x1F, 0x8B, 0x08], "gzip"), ([0x1F, 0x8B], "gzip"),
      ([0x50, 0x4B, 0x03, 0x04], "zip"), ([0x42, 0x5A, 0x68, 0x39], "bzip2"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
      ([0x7F, 0x45, 0x4C, 0x46], "program"), (Array("PAR1".utf8), "Parquet"),
      (Array("%PDF-1".utf8), "PDF"), ([0x89, 0x50, 0x4E, 0x47], "PNG"),
      ([0xD0, 0xCF, 0x11, 0xE0], "spreadsheet"),
    ] as [([UInt8], String)])
  func otherKindsOfFilesAreRecognised(bytes: [UInt8], kind: String) throws {
    #expect(try fault(bytes).message.contains(kind))
    #expect(try fault(bytes).message.hasPrefix("this is not CSV text but "))
  }

  @Test func bytesThatAreNoTextAreNamedByOffsetAndLine() throws {
    let latin = try fault(Array("a,b\n1,caf".utf8) + [0xE9] + Array("\n".utf8))
    #expect(latin.line == 2)
    #expect(latin.message.contains("byte 9 of the file, 0xE9, is not UTF-8"))
    let header = try fault(Array("a,ä".utf8) + [0xE9] + Array("\n1,2\n".utf8))
    #expect(header.line == 1)
    #expect(header.message.contains("byte 4 of the file, 0xE9"))
    let nul = try fault(Array("a,b\n1,2\n1,\u{0}2\n".utf8))
    #expect(nul.line == 3)
    #expect(nul.message.contains("byte 10 of the file is NUL"))
    let endless = try #require(throws: FileError.self) { try Table(csv: "/dev/zero") }
    #expect(endless.message.contains("byte 0 of the file is NUL"))
    let deep = try fault(
      Array(("a\n" + String(repeating: "1\n", count: 300_000)).utf8) + [0x80, 0x0A])
    #expect(deep.message.contains("byte 600002 of the file, 0x80") && deep.line == 300_002)
    let quoted = try fault(Array("a,b\n1,\"x\n".utf8) + [0xC3] + Array("\"\n".utf8))
    #expect(quoted.line == 2 && quoted.message.contains("byte 9 of the file, 0xC3"))
  }

  @Test func bytesOfColumnsThatAreNotReadMayBeAnything() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      Array("a,b\n1,caf".utf8) + [0xE9, 0] + Array("\n".utf8), to: "data.csv")
    let table = try Table(csv: path, options: options { $0.columns = ["a"] })
    #expect(try table["a", as: Int.self] == [1])
  }

  @Test func aFileThatCannotBeReadSaysWhy() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError.self) { try Table(csv: folder.path) }
    let missing = try #require(throws: FileError.self) { try Table(csv: folder.file("none")) }
    #expect(missing.message.contains("No such file"))
    #expect(throws: FileError.self) { try Table(csv: "") }
  }

  // MARK: Some columns

  private static let mixed = #"""
    n,part,note
    1,train,x
    2, test ,"y,""z"
    3,"train",
    4,"a ""b""",12
    """#

  @Test func someColumnsAreReadInTheFilesOrder() throws {
    let table = try read(Self.mixed, options { $0.columns = ["part", "n"] })
    #expect(table.columnNames == ["n", "part"])
    #expect(table.sourceColumnCount == 3)
    #expect(try table["n", as: Int.self] == [1, 2, 3, 4])
    #expect(try table.texts("part") == ["train", "test", "train", "a \"b\""])
    #expect(throws: TableError.self) { try table["part", as: Double.self] }
    #expect(try table.texts("n") == ["1", "2", "3", "4"])
    #expect(throws: TableError.self) { try table.column("note") }
  }

  @Test func columnsLeftOutMayHoldAnything() throws {
    let text = "n,x\n" + (1...20).map { "\($0),\($0)\n" }.joined() + "21,y\n"
    #expect(try read(text, options { $0.columns = ["n"] }).rowCount == 21)
    let error = try fault(text)
    #expect(error.column == "x" && error.line == 22)
  }

  @Test func aTableOfNoColumnsIsRefusedAsSuch() throws {
    let error = try #require(throws: TableError.self) {
      try read("a,b\n1,2\n", options { $0.columns = [] })
    }
    #expect(error.description.hasSuffix("data.csv: a table of no columns"))
  }
}

/// Runs `body` while `text` is written to a FIFO at `path`.
func throughFIFO<Result>(
  _ text: String, at path: String, _ body: () throws -> Result
) throws -> Result {
  #expect(mkfifo(path, 0o600) == 0)
  let writer = Thread {
    // A reader that stops early must not end the process.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    guard let stream = fopen(path, "w") else { return }
    fputs(text, stream)
    fclose(stream)
  }
  defer { writer.join() }
  return try body()
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
