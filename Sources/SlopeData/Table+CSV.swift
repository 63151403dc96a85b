import CNumberParsing
import SlopeCore

extension Table {
  /// Reads a CSV file with a header line.
  ///
  /// The text is UTF-8 and comma-separated, with quotes as in RFC 4180 and lines ended by LF, CR or
  /// CRLF. A byte order mark, blank lines and blanks around fields are skipped. A number is
  /// decimal, with an optional sign (also `+`), point and exponent, and becomes the nearest
  /// `Double`, independent of the locale. Memory is checked while the file is read.
  ///
  /// - Parameters:
  ///   - path: the path of the file; `-` is standard input.
  ///   - columns: the names of the columns that are kept; nil for all. The others may hold
  ///     anything.
  ///   - textColumns: the names of kept columns that hold text, which `text(_:)` returns. Every
  ///     other kept cell must be a number.
  /// - Throws: `FileError`, with line and column, for a cell that is empty or not a finite decimal
  ///   number (`inf`, `0x10`, `1_000`, `1,5`), a row shorter or longer than the header, a faulty
  ///   quote, bytes that are not UTF-8, a file without rows, and a table that does not fit into
  ///   memory. `TableError` for a name in `columns` or `textColumns` that the file does not have.
  public init(
    csv path: String, columns: [String]? = nil, textColumns: [String] = []
  ) throws {
    try self.init(csv: path, columns: columns, textColumns: textColumns, beside: .nothing)
  }

  /// Reads a CSV file for a use that needs memory in addition to the table.
  ///
  /// A table that would leave too little memory for it is refused while it is read.
  package init(
    csv path: String, columns: [String]? = nil, textColumns: [String] = [], beside use: TableUse,
    memory: Int = MachineMemory.remaining
  ) throws {
    var reader = try CSVReader(path: path)
    guard let (record, headerLine) = try reader.nextRecord() else {
      throw reader.fault("the file is empty: no header and no rows", line: nil)
    }
    let written = try record.fields.map {
      try reader.text(of: $0, line: headerLine + $0.lineOffset)
    }
    var header = TableHeader(written)
    if record.fields.allSatisfy({ reader.number(in: $0).status == slope_number_ok }) {
      header.warn(
        "the first line holds only numbers and was read as the names of the columns; "
          + "is the header missing?")
    }
    var plan = try ColumnPlan(
      names: header.names,
      kept: columns?.map { try header.index(of: $0, source: reader.file) },
      text: textColumns.map { try header.index(of: $0, source: reader.file) })

    let storedCount = plan.storedNames.count
    guard storedCount > 0 else { throw TableError("\(reader.file): a table of no columns") }
    let capacity = RowChunk.capacity(columnCount: storedCount)
    let chunkByteCount = capacity * storedCount * MemoryLayout<Double>.stride
    let besideRow = use.byteCount(columnCount: storedCount)
    var chunks: [RowChunk] = []
    var lines = LineMap()
    var rowCount = 0
    /// The error, if there is no memory for `chunkCount` chunks and for what the rows need in
    /// addition.
    func lackOfMemory(chunkCount: Int) -> FileError? {
      let byteCount = chunkCount * chunkByteCount + rowCount * besideRow
      guard byteCount > memory else { return nil }
      let name = use.name.map { ", with memory for \($0)" } ?? ""
      return reader.fault(
        rowCount > 0
          ? "the table does not fit into memory\(name): "
            + "\(rowCount) rows × \(storedCount) columns so far"
          : "the first rows do not fit into memory: \(byteCount) bytes for "
            + "\(capacity) × \(storedCount) columns, of \(memory) left", line: reader.line)
    }
    while true {
      if chunks.last?.isFull ?? true {
        if let error = lackOfMemory(chunkCount: chunks.count + 1) { throw error }
        guard let chunk = RowChunk(columnCount: storedCount, capacity: capacity) else {
          throw reader.fault(
            "no memory for the next \(capacity) rows × \(storedCount) columns", line: reader.line)
        }
        chunks.append(chunk)
      }
      guard let chunk = chunks.last else { break }
      let firstLine = reader.line
      let cleanCount = try reader.readCleanRows(into: chunk, &plan)
      if cleanCount > 0 {
        lines.note(row: rowCount, line: firstLine)
        rowCount += cleanCount
        if chunk.isFull { continue }
      }
      guard let (record, line) = try reader.nextRecord() else { break }
      try reader.check(record, line: line, against: written.count, headerLine, written[0])
      try chunk.appendRows { values in
        for (index, column) in plan.stored {
          values[column] = try reader.value(
            of: record.fields[index], line: line, column: column, &plan)
        }
        return 1
      }
      lines.note(row: rowCount, line: line)
      rowCount += 1
    }
    guard rowCount > 0 else { throw reader.fault("a header but no rows", line: nil) }
    if let error = lackOfMemory(chunkCount: chunks.count) { throw error }
    header.keep(plan.storedNames)
    self.init(
      header: header, chunks: chunks, labels: plan.labels, lines: lines, source: reader.file,
      sourceColumnCount: written.count)
  }
}

/// What a use of a table keeps in memory in addition to it.
package struct TableUse: Sendable {
  /// The name of the use, for messages.
  let name: String?
  private let bytesPerValue: Int
  private let bytesPerRow: Int

  package init(_ name: String?, bytesPerValue: Int, bytesPerRow: Int) {
    self.name = name
    self.bytesPerValue = bytesPerValue
    self.bytesPerRow = bytesPerRow
  }

  /// The table alone.
  package static let nothing = TableUse(nil, bytesPerValue: 0, bytesPerRow: 0)

  /// The additional bytes for a row of `columnCount` columns.
  package func byteCount(columnCount: Int) -> Int { columnCount * bytesPerValue + bytesPerRow }
}

extension CSVReader {
  /// Throws if `record` does not have `count` fields.
  fileprivate func check(
    _ record: CSVRecord, line: Int, against count: Int, _ headerLine: Int, _ firstName: String
  ) throws {
    guard record.fields.count != count else { return }
    let fields = record.fields.count == 1 ? "1 field" : "\(record.fields.count) fields"
    var hint = ""
    if count == 1, firstName.contains(where: { $0 == ";" || $0 == "\t" }) {
      hint = "; columns are separated by commas here, not by semicolons or tabs"
    }
    throw fault(
      "\(fields), but the header (line \(headerLine)) has \(count)\(hint)", line: line)
  }

  /// The value of `field` in the stored column `column`: the number, or the code of the text.
  ///
  /// Throws an error that says what the field holds instead.
  fileprivate func value(
    of field: CSVRecord.Field, line: Int, column: Int, _ plan: inout ColumnPlan
  ) throws -> Double {
    let line = line + field.lineOffset
    if plan.textColumns.contains(column) {
      return plan.code(of: try text(of: field, line: line), column: column)
    }
    let (status, value) = number(in: field)
    if status == slope_number_ok { return value }
    let text = try text(of: field, line: line)
    let message: String
    if status == slope_number_overflow {
      message = "\(text.quotedForMessage) is beyond the range of a Double"
    } else if text.allSatisfy(\.isWhitespace) {
      message = "the value is missing"
    } else if Self.missingWords.contains(text.lowercased()) {
      message = "the value is missing (\(text.quotedForMessage))"
    } else {
      message = "\(text.quotedForMessage) is not a finite decimal number"
    }
    throw fault(message, line: line, column: plan.storedNames[column])
  }

  private static let missingWords: Set<String> = [
    "na", "n/a", "nan", "null", "none", "nil", "-", "?",
  ]
}
