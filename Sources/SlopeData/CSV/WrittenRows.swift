/// The cells of some rows as their file has them, as fields of a CSV file with commas between them.
package struct WrittenRows: Sendable {
  private var bytes: [UInt8] = []
  /// For each row the index in `bytes` after it.
  private var ends: [Int] = []

  /// The number of rows.
  package var count: Int { ends.count }

  /// Appends the cells of a row to `text`.
  package func append(_ row: Int, to text: inout [UInt8]) {
    text += bytes[(row > 0 ? ends[row - 1] : 0)..<ends[row]]
  }

  /// The rows of whole records in the bytes of a reader, without the last columns beyond `columnCount`.
  ///
  /// Throws `FileError` for a record with a fault and for bytes that are not text. `fieldCount` is the number
  /// of columns of the file: of one column blank lines are rows.
  init(_ piece: Range<Int>, of reader: CSVReader, fieldCount: Int, columnCount: Int) throws {
    var (start, line) = (piece.lowerBound, reader.line)
    while start < piece.upperBound {
      let record: CSVRecord
      do throws(CSVRecord.Fault) {
        record = try CSVRecord(
          reader.buffer, from: start, to: piece.upperBound, isLast: true,
          delimiter: reader.delimiter)
      } catch {
        throw reader.fault("a row that cannot be read", line: line)
      }
      let isBlank = record.isBlankLine(from: start, in: reader.buffer)
      if !isBlank || fieldCount == 1 {
        for (index, field) in record.fields.prefix(columnCount).enumerated() {
          if index > 0 { bytes.append(.comma) }
          try append(field, of: reader, line: line, isAlone: columnCount == 1)
        }
        ends.append(bytes.count)
      }
      start = record.end
      line += record.lineCount
    }
  }

  private mutating func append(
    _ field: CSVRecord.Field, of reader: CSVReader, line: Int, isAlone: Bool
  ) throws {
    let isPlain = !field.isQuoted && reader.buffer[field.range].allSatisfy(\.isPlain)
    if isPlain, !field.range.isEmpty {
      bytes += reader.buffer[field.range]
      return
    }
    let text = try reader.text(of: field, line: line + field.lineOffset)
    if text.utf8.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) {
      // An empty line would end a file of one column differently in some readers.
      if isAlone { bytes += "NA".utf8 }
    } else {
      bytes += text.csvField.utf8
    }
  }
}

extension UInt8 {
  /// Whether a field of such bytes is written as it is, wherever they stand in it.
  fileprivate var isPlain: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default:
      [.init(ascii: "."), .init(ascii: "-"), .init(ascii: "_"), .init(ascii: "+")].contains(self)
    }
  }
}
