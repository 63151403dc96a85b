import SlopeCore
import TestSupport
import Testing

@testable import SlopeData

@Suite struct TypeInferenceTests {
  /// A column `x` of cells, in a file with a second column, so that empty cells are not blank lines.
  private func column(_ cells: [String], _ options: CSVOptions = CSVOptions()) throws -> Column {
    try read(file(cells), options).column("x")
  }

  private func columnFault(
    _ cells: [String], _ options: CSVOptions = CSVOptions()
  ) throws -> FileError {
    try fault(file(cells), options)
  }

  private func file(_ cells: [String]) -> String {
    "x,y\n" + cells.map { "\($0),z\n" }.joined()
  }

  private func cells(_ column: Column) throws -> [String] {
    try column.cells(as: String.self).map { $0 ?? "·" }
  }

  // MARK: Kinds

  @Test(
    arguments: [
      (["1", "-2", "+3", "0"], .integer, ["1", "-2", "3", "0"]),
      (["1", "2.5"], .number, ["1", "2.5"]),
      (["1", "2."], .number, ["1", "2"]),
      (["1", "2e3"], .number, ["1", "2000"]),
      (["-0", "1"], .number, ["-0.0", "1"]),
      ([".5", "-.25", "1E-3"], .number, ["0.5", "-0.25", "0.001"]),
      (
        ["9223372036854775807", "-9223372036854775808"], .integer,
        ["9223372036854775807", "-9223372036854775808"]
      ),
      (
        ["9007199254740993", "-9007199254740993"], .integer,
        ["9007199254740993", "-9007199254740993"]
      ),
      (["9223372036854775808", "1"], .number, ["9.223372036854776e+18", "1"]),
      (["-9223372036854775809", "1"], .number, ["-9.223372036854776e+18", "1"]),
      (["10000000000000000000000", "1"], .number, ["1e+22", "1"]),
      (["true", "false", "TRUE", "False"], .boolean, ["true", "false", "true", "false"]),
      (["true", ""], .boolean, ["true", "·"]),
      (["true", "yes"], .category, ["true", "yes"]),
      (["t", "f"], .category, ["t", "f"]),
      (["true", "1"], .category, ["true", "1"]),
      (["2024-02-29", "2023/12/31"], .date, ["2024-02-29", "2023-12-31"]),
      (["2024-02-29T18:30", "NA"], .date, ["2024-02-29T18:30:00", "·"]),
      (["2024-02-29", "2023-02-29"], .category, ["2024-02-29", "2023-02-29"]),
      (["2024-02-29", "soon"], .category, ["2024-02-29", "soon"]),
      (["2024-02-29", "20240229"], .category, ["2024-02-29", "20240229"]),
      (["007", "12"], .category, ["007", "12"]),
      (["00", "1"], .category, ["00", "1"]),
      (["\"007\"", "12"], .category, ["007", "12"]),
      (["0", "12"], .integer, ["0", "12"]),
      (["0.5", "00.5"], .number, ["0.5", "0.5"]),
      (["+07", "-07"], .integer, ["7", "-7"]),
      (["0x10", "1"], .category, ["0x10", "1"]),
      (["1_000", "1"], .category, ["1_000", "1"]),
      (["", "NA"], .number, ["·", "·"]),
      (["a", "b", "a"], .category, ["a", "b", "a"]),
      (["inf", "a"], .category, ["inf", "a"]),
      (["\"1\"", "\" 2 \""], .integer, ["1", "2"]),
    ] as [([String], ColumnKind, [String])])
  func theKindFollowsFromAllCells(cells: [String], kind: ColumnKind, values: [String]) throws {
    for cells in [cells, cells + cells] {
      let column = try column(cells)
      #expect(column.kind == kind)
      #expect(try self.cells(column) == (cells.count > values.count ? values + values : values))
    }
  }

  @Test func integersBeyondDoubleStayExact() throws {
    let all = [9_007_199_254_740_993, Int.max, Int.max - 1, Int.min, Int.min + 1, -1]
    #expect(try column(all.map(String.init)).cells(as: Int.self) == all)
    #expect(try column(["9007199254740993"]).cells(as: Double.self) == [9_007_199_254_740_992])
  }

  @Test(arguments: [
    ("1234567890123456789", 1_234_567_890_123_456_789), ("+12", 12), ("-1", -1), ("0", 0),
    ("9999999999999999999", nil), ("18446744073709551617", nil), ("9223372036854775808", nil),
  ])
  func anIntegerHas64Bits(text: String, value: Int?) throws {
    let column = try column([text])
    #expect(column.kind == (value == nil ? .number : .integer))
    if let value { #expect(try column.cells(as: Int.self) == [value]) }
  }

  @Test(arguments: [
    "0.1", "0.30000000000000004", "123456789.987654321", "9007199254740993.0", "1e-320",
    "1.7976931348623157e308", "2.2250738585072011e-308", "0.00000000000000000000000000000001",
    "123456789012345678901234567890", "1234567890.1234567890", "900719925474099.25", "5e-324",
  ])
  func numbersBecomeTheNearestDouble(text: String) throws {
    for spelling in [text, "-\(text)", "+\(text)"] {
      #expect(try column([spelling]).cells(as: Double.self) == [Double(spelling)])
    }
    let comma = text.replacing(".", with: ",")
    let read = try column(["\"\(comma)\"", "\"0,5\""], options { $0.decimalMark = .comma })
    #expect(try read.cells(as: Double.self) == [Double(text), 0.5])
  }

  @Test(arguments: [
    (20, 20, true), (20, 21, true), (21, 41, false), (21, 42, true), (30, 60, true),
  ])
  func textIsACategoryUpTo20LevelsOrHalfOfTheCells(levels: Int, cells: Int, isCategory: Bool) throws
  {
    let all = (0..<cells).map { "w\($0 % levels)" } + ["", "NA"]
    #expect(try column(all).kind == (isCategory ? .category : .text))
    #expect(Column("x", all.dropLast(2).map { $0 }).kind == (isCategory ? .category : .text))
  }

  // MARK: Missing cells

  @Test(arguments: [
    "", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "?", "-", "\"NA\"",
  ])
  func wordsForMissing(word: String) throws {
    #expect(try column(["1", word]).cells(as: Int.self) == [1, nil])
    #expect(try column(["1.5", word]).cells(as: Double.self) == [1.5, nil])
    #expect(try column(["a", word]).cells(as: String.self) == ["a", nil])
    #expect(try column(["a", word]).levels == ["a"])
    #expect(try column(["true", word]).cells(as: Bool.self) == [true, nil])
    #expect(try column(["2024-01-01", word]).kind == .date)
  }

  @Test(arguments: [
    "na", "Na", "NAN", "Null", "none", "NONE", "??", "--", ".", "n.a.", "#N/A", "NA.",
  ])
  func otherWordsAreNotMissing(word: String) throws {
    #expect(try column(["a", word]).cells(as: String.self) == ["a", word])
  }

  @Test func moreWordsForMissingCanBeNamed() throws {
    let unknown = options { $0.missingWords = ["unknown", "-999"] }
    #expect(try column(["1", "unknown", "-999"], unknown).cells(as: Int.self) == [1, nil, nil])
    #expect(
      try column(["1.5", "-999", "-999.0", "NA"], unknown).cells(as: Double.self)
        == [1.5, nil, nil, nil])
    #expect(
      try column(["a", "unknown", "-999"], unknown).cells(as: String.self) == ["a", nil, nil])
    #expect(try column(["a", "-999", "5"], unknown).cells(as: String.self) == ["a", nil, "5"])
    #expect(try column(["true", "-999"], unknown).cells(as: Bool.self) == [true, nil])
    #expect(try column(["2024-01-01", "-999"], unknown).kind == .date)
    #expect(try column(["a", "b"], unknown).missingCount == 0)
  }

  @Test func numbersForMissingAreComparedAsIntegersWhereTheyAre() throws {
    let cells = ["9007199254740993", "9007199254740992", "9007199254740994"]
    let column = try column(cells, options { $0.missingWords = ["9007199254740993"] })
    #expect(try column.cells(as: Int.self) == [nil, 9_007_199_254_740_992, 9_007_199_254_740_994])
    #expect(
      try self.column(["5", "1"], options { $0.missingWords = ["5.0"] })
        .cells(as: Int.self) == [nil, 1])
  }

  @Test func numbersForMissingAreNotCountedAmongWords() throws {
    // Nine numbers of ten cells, but no number.
    let cells = [String](repeating: "-1", count: 9) + ["a"]
    #expect(try columnFault(cells).line == 11)
    #expect(try column(cells, options { $0.missingWords = ["-1"] }).levels == ["a"])
  }

  // MARK: Mixed columns

  /// `numbers` numbers and `words` different words, the words last.
  private func mixed(_ numbers: Int, _ words: Int) -> [String] {
    (0..<numbers).map { "\($0 % 7)" } + (0..<words).map { "w\($0)" }
  }

  @Test(arguments: [
    (89, 11, false), (90, 10, true), (91, 9, true), (9, 1, true), (8, 1, false), (17, 2, false),
    (18, 2, true), (1, 1, false), (999, 1, true),
  ])
  func ninetyPercentOfNumbersMakeAnotherCellAnError(
    numbers: Int, words: Int, isError: Bool
  ) throws {
    for missing in [[], ["", "NA", "NA"]] {
      let cells = missing + mixed(numbers, words)
      if isError {
        let error = try columnFault(cells)
        #expect(error.line == 2 + missing.count + numbers && error.column == "x")
        #expect(
          error.message
            == "\"w0\" is not a number, as the other cells are; "
            + "--missing=w0 counts it as missing, --categorical x reads the column as words")
      } else {
        let column = try column(cells)
        #expect(column.kind.isText)
        #expect(try column.cells(as: String.self).suffix(words + 1).first == "\((numbers - 1) % 7)")
      }
      let words = try column(cells, options { $0.categorical = ["x"] })
      #expect(words.kind == .category)
      #expect(try self.cells(words) == cells.map { ["", "NA"].contains($0) ? "·" : $0 })
    }
  }

  @Test func theFirstWordInTheFileIsNamedAlsoWhereItRepeats() throws {
    let cells = ["1", "2", "b", "3"] + [String](repeating: "4", count: 30) + ["a", "b"]
    let error = try columnFault(cells)
    #expect(error.line == 4 && error.message.hasPrefix("\"b\""))
    // A word counts once for each of its cells.
    #expect(
      try column(["1", "2", "3", "4"] + [String](repeating: "w", count: 3)).kind == .category)
  }

  @Test func aMixedColumnKeepsTheSpellingOfItsNumbers() throws {
    let text = "x,y\n1.50,1\n1e3,2\n+4,3\n\"  5\",4\na,5\n1.50,6\n"
    let table = try read(text)
    #expect(try table.texts("x") == ["1.50", "1e3", "+4", "  5", "a", "1.50"])
    #expect(try table["y", as: Int.self] == [1, 2, 3, 4, 5, 6])
    #expect(
      (0..<6).map { table.place(ofRow: $0).suffix(2) } == [":2", ":3", ":4", ":5", ":6", ":7"])
  }

  @Test func leadingZerosMakeAllOfTheirColumnText() throws {
    let column = try column((1...99).map(String.init) + ["007"])
    #expect(column.kind == .text)
    #expect(try column.cells(as: String.self)[99] == "007")
    // Not of every number of numbers, so that a word beside them is no error.
    #expect(try self.column((1...99).map(String.init) + ["007", "w"]).kind == .text)
  }

  @Test func aMixedColumnOfAPipeIsRefusedWhereItIsTooLongToKeep() throws {
    let folder = try TemporaryFolder()
    let short = "x,y\n1,a\nb,c\n"
    let read = try throughFIFO(short, at: folder.file("short")) {
      try Table(csv: folder.file("short"))
    }
    #expect(try read.texts("x") == ["1", "b"])
    let long = short + String(repeating: "1,a\nb,c\n", count: 50_000)
    let error = try #require(throws: FileError.self) {
      try throughFIFO(long, at: folder.file("long")) { try Table(csv: folder.file("long")) }
    }
    #expect(error.column == "x")
    #expect(
      error.message
        == "numbers and other text are mixed, and this source cannot be read twice; "
        + "say --categorical x, or use a file")
    let told = try throughFIFO(long, at: folder.file("told")) {
      try Table(csv: folder.file("told"), options: options { $0.categorical = ["x"] })
    }
    #expect(told.rowCount == 100_002)
    #expect(try SlopeDataTests.read(long).column("x").levels == ["1", "b"], "a file is read again")
  }

  // MARK: What is no number

  @Test(arguments: [
    ("1_000", "\"1_000\" is not a number, as the other cells are; --missing=1_000 counts"),
    ("0x10", "\"0x10\" is not a number"), ("1 2", "--missing=\"1 2\" counts it as missing"),
    ("inf", "\"inf\" is not finite; --missing=inf counts it as missing"),
    ("-Infinity", "\"-Infinity\" is not finite"), ("+INF", "\"+INF\" is not finite"),
    ("1e999", "\"1e999\" is beyond the range of a Double; --missing=1e999 counts it as missing"),
    ("-1e309", "\"-1e309\" is beyond the range of a Double"),
    ("\u{1B}[31mred", "\"\\u{1B}[31mred\" is not a number"),
    ("\"\n\nx\"", "\"\\n\\nx\" is not a number"), ("--", "--missing=\"--\" counts it as missing"),
  ])
  func aCellThatIsNoNumberIsNamed(cell: String, message: String) throws {
    let error = try columnFault(["1", "\n2", "3", cell] + [String](repeating: "4", count: 20))
    #expect(error.line == 6)
    #expect(error.column == "x")
    #expect(error.description.contains(message), "\(error)")
    #expect(error.description.contains("data.csv:6: column \"x\": "))
    #expect(!error.description.contains("\n") && !error.description.contains("\u{1B}"))
  }

  @Test(arguments: [(60, true), (61, false)])
  func aLongWordIsNoAdvice(length: Int, isAdvice: Bool) throws {
    let word = String(repeating: "w", count: length)
    let error = try columnFault([String](repeating: "1", count: 20) + [word])
    #expect(error.message.contains("--missing") == isAdvice)
    #expect(error.message.contains("…") == !isAdvice)
  }

  @Test(arguments: [(60, true), (61, false)])
  func aLongNameIsNoAdvice(length: Int, isAdvice: Bool) throws {
    let name = String(repeating: "n", count: length)
    let error = try fault("\(name),y\n" + String(repeating: "1,z\n", count: 20) + "w,z\n")
    #expect(error.message.contains("--categorical") == isAdvice)
    #expect(error.message.contains("--missing=w counts it as missing"))
  }

  @Test(arguments: [(["1", "inf"], true), (["inf"], true), (["a", "inf"], false)])
  func infinitiesAreNumbersThatAreRefused(cells: [String], isError: Bool) throws {
    if isError {
      #expect(try columnFault(cells).message.contains("is not finite"))
    } else {
      #expect(try column(cells).kind == .category)
    }
  }

  // MARK: Decimal commas

  @Test func aDecimalCommaIsAnErrorThatNamesTheOption() throws {
    let error = try columnFault(["\"1,5\"", "\"2,25\"", "3"])
    #expect(error.line == 2 && error.column == "x")
    #expect(
      error.message
        == "\"1,5\" is not a number; if the comma is its decimal point, say --decimal comma, "
        + "if the column holds words, --categorical x")
    #expect(try fault("x;y\n1;2\n3,5;4\n").line == 3)
    #expect(
      try column(["\"1,5\"", "\"2,25\""], options { $0.categorical = ["x"] }).levels == [
        "1,5", "2,25",
      ])
  }

  @Test(arguments: [(89, 11, false), (90, 10, true), (9, 1, true), (8, 1, false)])
  func commasCountAsNumbersForNinetyPercent(commas: Int, words: Int, isError: Bool) throws {
    let cells = (0..<commas).map { "\"\($0),5\"" } + (0..<words).map { "w\($0)" }
    if isError {
      #expect(try columnFault(cells).message.contains("--decimal comma"))
    } else {
      #expect(try column(cells).kind.isText)
    }
  }

  @Test func withADecimalCommaCommasArePoints() throws {
    let comma = options { $0.decimalMark = .comma }
    let table = try read("a;b;c\n1,5;-,25;1\n2;+3,5e2;2\n", comma)
    #expect(try table["a", as: Double.self] == [1.5, 2])
    #expect(try table["b", as: Double.self] == [-0.25, 350])
    #expect(table.columns.map(\.kind) == [.number, .number, .integer])
    // Between commas, only quotes make a comma part of a number.
    let quoted = try read("a,b\n\"1,5\",2\n3,4\n", comma)
    #expect(try quoted["a", as: Double.self] == [1.5, 3])
    #expect(try quoted["b", as: Int.self] == [2, 4])
    // A point is then part of no number.
    #expect(try read("a;b\n1.5;1\n2.5;2\n", comma).column("a").kind == .category)
  }

  // MARK: What is asked for

  @Test func numericColumnsMustHoldNumbers() throws {
    let numeric = options { $0.numeric = ["x"] }
    #expect(try columnFault(["a", "b", "1"], numeric).line == 2)
    #expect(try columnFault(["1", "2024-01-01", "b"], numeric).line == 3)
    #expect(try columnFault(["true"], numeric).message.hasPrefix("\"true\" is not a number"))
    #expect(try column(["1", "", "NA"], numeric).cells(as: Int.self) == [1, nil, nil])
    #expect(try column(["007", "\"012\"", "1"], numeric).cells(as: Int.self) == [7, 12, 1])
    #expect(try column(["00.5", "007"], numeric).cells(as: Double.self) == [0.5, 7])
  }

  @Test func dateColumnsMustHoldDates() throws {
    let dates = options { $0.dates = ["x"] }
    #expect(try column(["2024-01-02", "NA"], dates).kind == .date)
    #expect(try column(["", "NA"], dates).kind == .date)
    for bad in ["5", "1.5", "soon", "2024-13-01"] {
      let error = try columnFault(["2024-01-02", bad], dates)
      #expect(error.line == 3)
      #expect(error.message == "\"\(bad)\" is not a date as 2024-02-29 or 2024/02/29")
    }
    let zero = options { ($0.dates, $0.missingWords) = (["x"], ["0"]) }
    #expect(try column(["2024-01-02", "0"], zero).missingCount == 1)
  }

  @Test func categoricalColumnsHoldTheWordsOfTheFile() throws {
    let words = options { ($0.categorical, $0.missingWords) = (["x"], ["9"]) }
    let column = try column(["1.0", "1", "007", "", "9", "true", "2024/01/01"], words)
    #expect(column.kind == .category)
    #expect(try cells(column) == ["1.0", "1", "007", "·", "·", "true", "2024/01/01"])
    let many = (0..<100).map(String.init)
    #expect(try self.column(many, words).kind == .category, "however many levels there are")
  }

  @Test func columnsThatAreNotUsedMayMixNumbersAndWords() throws {
    let column = try column(mixed(99, 1), options { $0.unused = ["x"] })
    #expect(column.kind == .category)
  }
}
