import CNumberParsing
import Glibc
import Testing

@testable import SlopeData

/// `slope_parse_cells`, with `CSVRecord` as its slow reference.
@Suite struct CellParsingTests {
  /// What was read of a text: rows of cells, and where reading stopped.
  private struct Reading: Equatable {
    var rows: [[String]] = []
    /// The line that each row begins on, from 0.
    var lines: [Int] = []
    var byteCount = 0
    var lineCount = 0
  }

  private func format(_ delimiter: Character = ",", _ decimal: Character = ".") -> slope_text_format
  {
    slope_text_format(
      delimiter: CChar(delimiter.asciiValue ?? 0), decimal: CChar(decimal.asciiValue ?? 0))
  }

  /// The cells as texts: `i 5`, `n 1.5`, `w text`, `p 007`, `·`, or nothing where they are skipped.
  private func parse(
    _ text: [UInt8], _ format: slope_text_format, _ uses: [slope_column_use]
  ) throws -> Reading {
    try text.withUnsafeBytes { bytes in
      let chunk = try #require(
        CellChunk(bytes, format, uses: uses.map { UInt8($0.rawValue) }))
      var reading = Reading()
      reading.rows = [[String]](repeating: [], count: chunk.rowCount)
      for (column, use) in uses.enumerated() {
        let cells = chunk.columns[column]
        let words = chunk.wordNumbers(ofColumn: column, in: nil).indices.map {
          chunk.text(ofWord: $0, inColumn: column) ?? ""
        }
        guard use != slope_column_skipped, let values = cells.values, let tags = cells.tags else {
          #expect(cells.values == nil)
          continue
        }
        var counts = [Int](repeating: 0, count: 5)
        for row in 0..<chunk.rowCount {
          counts[Int(tags[row])] += 1
          let value = values[row]
          let cell =
            switch ColumnBuilder.Tag(rawValue: tags[row]) {
            case .integer: "i \(Int(bitPattern: UInt(value)))"
            case .number: "n \(Double(bitPattern: value))"
            case .word: "w \(words[Int(value)])"
            case .padded: "p \(words[Int(value)])"
            default: "·"
            }
          reading.rows[row].append(cell)
        }
        #expect(counts == cells.tagCounts)
      }
      var map = LineMap()
      for step in chunk.lineSteps { map.note(row: step.row, line: step.line) }
      reading.lines = (0..<chunk.rowCount).map { map.line(ofRow: $0) ?? -1 }
      reading.byteCount = chunk.byteCount
      reading.lineCount = chunk.lineCount
      return reading
    }
  }

  /// The same by `CSVRecord`.
  private func reference(
    _ text: [UInt8], _ format: slope_text_format, _ uses: [slope_column_use]
  ) -> Reading {
    var reading = Reading()
    let delimiter = UInt8(bitPattern: format.delimiter)
    while reading.byteCount < text.count {
      guard
        let record = try? CSVRecord(
          text, from: reading.byteCount, to: text.count, isLast: true, delimiter: delimiter)
      else { break }
      if !record.isBlankLine(from: reading.byteCount, in: text) || uses.count == 1 {
        guard record.fields.count == uses.count else { break }
        reading.rows.append(
          zip(record.fields, uses).compactMap { field, use in
            use == slope_column_skipped ? nil : cell(text, field, format, use)
          })
        reading.lines.append(reading.lineCount)
      }
      reading.byteCount = record.end
      // The last line may lack its end.
      let isEnded = [0x0A, 0x0D].contains(text[record.end - 1])
      reading.lineCount += record.lineCount - (isEnded ? 0 : 1)
    }
    return reading
  }

  private func cell(
    _ text: [UInt8], _ field: CSVRecord.Field, _ format: slope_text_format, _ use: slope_column_use
  ) -> String {
    var content = String(decoding: text[field.range], as: UTF8.self)
    if field.hasDoubledQuotes { content = content.replacing("\"\"", with: "\"") }
    let trimmed = content.drop { $0 == " " || $0 == "\t" }.reversed()
      .drop { $0 == " " || $0 == "\t" }.reversed()
    let number = String(trimmed)
    if number.isEmpty { return "·" }
    let isPadded = content.count > 1 && content.first == "0" && content.allSatisfy(\.isNumber)
    guard use != slope_column_words, !field.hasDoubledQuotes,
      !(use == slope_column_any && number.count > 1 && number.first == "0"
        && number.allSatisfy(\.isNumber))
    else { return (isPadded ? "p " : "w ") + content }
    let isWhole = number.allSatisfy { $0.isNumber || $0 == "-" || $0 == "+" }
    if let integer = Int(number), isWhole, !(integer == 0 && number.first == "-") {
      return "i \(integer)"
    }
    // A decimal mark that is also the delimiter can only come in quotes.
    let decimal = Character(Unicode.Scalar(UInt8(bitPattern: format.decimal)))
    let isDecimal = number.allSatisfy { $0.isNumber || "+-eE".contains($0) || $0 == decimal }
    let point = String(number.map { $0 == decimal ? "." : $0 })
    if isDecimal, let value = strictNumber(point) { return "n \(value)" }
    return (isPadded ? "p " : "w ") + content
  }

  private func strictNumber(_ text: String) -> Double? {
    var value = 0.0
    var text = text
    let status = text.withUTF8 { bytes in
      slope_parse_number(
        UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), bytes.count,
        &value)
    }
    return status == slope_number_ok ? value : nil
  }

  // MARK: One line a case

  private let any = slope_column_any
  private let words = slope_column_words

  @Test(arguments: [
    ("1,2\n", ["i 1", "i 2"]), ("-1,+2\n", ["i -1", "i 2"]), ("1.5,2.\n", ["n 1.5", "n 2.0"]),
    (",\n", ["·", "·"]), (" ,\t\n", ["·", "·"]), ("\"\",\" \"\n", ["·", "·"]),
    ("a,b c\n", ["w a", "w b c"]), (" a , b \n", ["w a", "w b"]),
    ("\" a \",b\n", ["w  a ", "w b"]),
    ("007,00\n", ["p 007", "p 00"]), ("\"007\",0\n", ["p 007", "i 0"]),
    ("-0,0\n", ["n -0.0", "i 0"]),
    ("1e3,1E-2\n", ["n 1000.0", "n 0.01"]), ("1e,1e+\n", ["w 1e", "w 1e+"]),
    (".,-\n", ["w .", "w -"]),
    ("1 2,1a\n", ["w 1 2", "w 1a"]), ("inf,nan\n", ["w inf", "w nan"]),
    ("1e999,0x1\n", ["w 1e999", "w 0x1"]), ("1.2.3,1..2\n", ["w 1.2.3", "w 1..2"]),
    ("\"1\"\"2\",\"\"\"\"\n", ["w 1\"2", "w \""]), ("\" 1 \",\"1 2\"\n", ["i 1", "w 1 2"]),
    ("1,2", ["i 1", "i 2"]), ("1,", ["i 1", "·"]), ("1,2\r", ["i 1", "i 2"]),
  ])
  func aCellIsWhatItsTextSays(text: String, cells: [String]) throws {
    let reading = try parse(Array(text.utf8), format(), [any, any])
    #expect(reading.rows == [cells])
    #expect(reading.byteCount == text.utf8.count)
    #expect(reading.lineCount == (text.last?.isNewline == true ? 1 : 0))
  }

  @Test func usesSayHowAColumnIsRead() throws {
    let text = Array("1,1,007,\"x\ny\"\n2,2.50,8,z".utf8)
    let uses = [slope_column_skipped, words, slope_column_numbers, slope_column_skipped]
    let reading = try parse(text, format(), uses)
    #expect(reading.rows == [["w 1", "i 7"], ["w 2.50", "i 8"]])
    #expect(reading.lines == [0, 2])
  }

  @Test(arguments: [
    ("1,2\n3\n", 4), ("1,2\n3,4,5\n", 4), ("1,2\n\"3,4\n", 4), ("1,2\n3\"4,5\n", 4),
    ("1,2\n\"3\"4,5\n", 4), ("1,2\n \n3,4\n", 4), ("1\n", 0), ("1,2\n\n3\n", 5), ("1,2\n3,\"4", 4),
  ])
  func readingStopsBeforeARowThatIsNone(text: String, byteCount: Int) throws {
    let reading = try parse(Array(text.utf8), format(), [any, any])
    #expect(reading.byteCount == byteCount)
    #expect(reading.rows.count == (byteCount > 0 ? 1 : 0))
    #expect(reading.lineCount == text.utf8.prefix(byteCount).count { $0 == 0x0A })
  }

  @Test func aDecimalMarkThatDividesFieldsNeedsQuotes() throws {
    let text = Array("1,5\n\"1,5\",2\n1.5,2\n1e2,-3\n".utf8)
    let reading = try parse(text, format(",", ","), [any, any])
    #expect(
      reading.rows == [["i 1", "i 5"], ["n 1.5", "i 2"], ["w 1.5", "i 2"], ["n 100.0", "i -3"]])
    let semicolon = try parse(
      Array("1,5;1.5;,5;-,\n".utf8), format(";", ","), [any, any, any, any])
    #expect(semicolon.rows == [["n 1.5", "w 1.5", "n 0.5", "w -,"]])
  }

  @Test func manyWordsKeepTheirNumbers() throws {
    // More than the hash table begins with, of all lengths around its blocks of eight bytes.
    let texts = (0..<5000).map { "\(String(repeating: "ab", count: $0 % 20))\($0)x" }
    let text = (texts + texts.reversed()).map { "\($0)\n" }.joined()
    let reading = try parse(Array(text.utf8), format(), [any])
    #expect(reading.rows.map { $0[0] } == (texts + texts.reversed()).map { "w \($0)" })
  }

  // MARK: Random texts

  /// A text of pieces that matter to a reader; most are tables, some are broken.
  private func randomText(
    _ random: inout TestRandom, _ columns: Int, _ delimiter: String, _ isBroken: Bool
  ) -> String {
    let cells = [
      "1", "-2", "0", "007", "00", "1.5", "1,5", ".5", "-0", "+3", "1e3", "1e999", "inf", "NA", "",
      " ", "\t", "a", "b c", " x ", "9223372036854775807", "9223372036854775808", "é", "\"\"",
      "\"a\"", "\"a,b;\tc|\"", "\"a\nb\"", "\"a\r\nb\"", "\"a\rb\"", "\"x\"\"y\"", "\" 5 \"",
      "\"1,5\"", "\"\"\"\"", " \"q\" ", "\"007\"", "\"\n\n\"", "12345678901234567890", "1.", "-",
      "0.1234567890123456789", "-9223372036854775808", "123456789.25", "\"1\"\"\"",
    ]
    let ends = ["\n", "\r\n", "\r", "\n\n", "\r\r", "\n\r\n"]
    let broken = ["\"", "x\"y", "\"a\"b", delimiter, "\n \n", "\"a", "\r", delimiter + delimiter]
    let uniform = Bool.random(using: &random) ? ends.randomElement(using: &random) : nil
    var text = ""
    for row in 0..<Int.random(in: 0...8, using: &random) {
      if row > 0 || Int.random(in: 0..<4, using: &random) == 0 {
        text += uniform ?? ends.randomElement(using: &random) ?? ""
      }
      for column in 0..<columns {
        if column > 0 { text += delimiter }
        var cell = cells.randomElement(using: &random) ?? ""
        // Outside quotes the delimiter would be one.
        if !cell.contains("\"") { cell = cell.replacing(delimiter, with: "") }
        text += cell
      }
      if isBroken, Int.random(in: 0..<8, using: &random) == 0 {
        text += broken.randomElement(using: &random) ?? ""
      }
    }
    if Bool.random(using: &random) { text += uniform ?? "\n" }
    return text
  }

  @Test(arguments: 0..<16)
  func randomTextsAreReadAsTheReferenceDoes(seed: Int) throws {
    var random = TestRandom(UInt64(seed))
    var (rows, faults) = (0, 0)
    for _ in 0..<500 {
      let columns = Int.random(in: 1...4, using: &random)
      let delimiter = [",", ";", "\t", "|"].randomElement(using: &random) ?? ","
      let decimal: Character = Int.random(in: 0..<4, using: &random) == 0 ? "," : "."
      let text = Array(
        randomText(&random, columns, delimiter, Bool.random(using: &random)).utf8)
      let uses = (0..<columns).map { _ in
        [any, any, any, words, slope_column_numbers, slope_column_skipped]
          .randomElement(using: &random) ?? any
      }
      let form = format(Character(delimiter), decimal)
      let (found, expected) = (try parse(text, form, uses), reference(text, form, uses))
      #expect(
        found == expected, "\(String(decoding: text, as: UTF8.self).debugDescription) \(uses)")
      rows += expected.rows.count
      faults += expected.byteCount < text.count ? 1 : 0
    }
    #expect(rows > 500 && faults > 50, "the texts are tables, and faulty ones")
  }

  @Test(arguments: 0..<8)
  func recordsEndWhereTheReferenceSays(seed: Int) {
    var random = TestRandom(UInt64(100 + seed))
    for _ in 0..<300 {
      let columns = Int.random(in: 1...3, using: &random)
      let text = Array(randomText(&random, columns, ",", false).utf8)
      // The ends of the records that are complete whatever follows the text.
      var ends: [Int] = []
      var index = 0
      while index < text.count,
        let record = try? CSVRecord(text, from: index, to: text.count, isLast: false)
      {
        index = record.end
        ends.append(index)
      }
      text.withUnsafeBytes { bytes in
        let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        #expect(slope_last_record_end(start, text.count) == ends.last ?? 0)
        for from in 0...text.count {
          let isOpen = slope_has_odd_quotes(start, from)
          #expect(isOpen == !text.prefix(from).count { $0 == 0x22 }.isMultiple(of: 2))
          // At or after the byte: a record that ends at `from` ended before.
          let expected = ends.first { $0 > from } ?? text.count
          #expect(slope_next_record_end(start, text.count, from, isOpen) == expected)
        }
      }
    }
  }
}
