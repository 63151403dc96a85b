import CNumberParsing
import SlopeCore

/// Reads a CSV file block by block.
///
/// Clean rows are read in one pass of `slope_parse_rows`, everything else record by record, so that
/// a fault can be located.
struct CSVReader {
  private static let blockByteCount = 1 << 18
  /// The longest record; anything longer is not a table, and memory must stay bounded.
  private let maximumRecordByteCount: Int

  /// The most fields in a record: with its name and its warnings, a column takes most of a
  /// kibibyte.
  private let maximumFieldCount: Int

  private let source: ByteSource
  private var buffer = [UInt8](repeating: 0, count: blockByteCount)
  /// The range of bytes that are read but not yet used: `buffer[start..<end]`.
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  /// The line that `buffer[start]` is on.
  private(set) var line = 1
  /// The offset of `buffer[0]` in the file.
  private var fileOffset = 0

  var file: String { source.name }

  /// Opens `path` (`-` is standard input) and reads its first block.
  init(
    path: String, maximumRecordByteCount: Int = 1 << 24, memory: Int = MachineMemory.remaining
  ) throws {
    self.maximumRecordByteCount = maximumRecordByteCount
    maximumFieldCount = memory >> 10
    source = try ByteSource(path: path)
    try refill()
    if let kind = FileSignature.kind(of: buffer[..<end]) {
      throw fault("this is not CSV text but \(kind)", line: nil)
    }
    if buffer[..<end].starts(with: FileSignature.byteOrderMark) {
      start = FileSignature.byteOrderMark.count
    }
  }

  func fault(_ message: String, line: Int?, column: String? = nil) -> FileError {
    FileError(file: file, line: line, column: column, message: message)
  }

  /// Reads more: unused bytes move to the front, and the buffer grows when it is full of them.
  private mutating func refill() throws {
    if start > 0 {
      buffer.withUnsafeMutableBytes { bytes in
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      }
      fileOffset += start
      end -= start
      start = 0
    }
    if end == buffer.count {
      buffer.append(contentsOf: repeatElement(0, count: buffer.count))
    }
    let count = try source.fill(&buffer, from: end)
    isAtEnd = end + count < buffer.count
    end += count
  }

  // MARK: Record by record

  /// The next record that is not a blank line, and the line it begins on; nil at the end.
  mutating func nextRecord() throws -> (record: CSVRecord, line: Int)? {
    while true {
      if start == end {
        if isAtEnd { return nil }
        try refill()
        continue
      }
      do throws(CSVRecord.Fault) {
        let record = try CSVRecord(
          buffer, from: start, to: end, isLast: isAtEnd,
          maximumFieldCount: maximumFieldCount)
        let first = line
        start = record.end
        line += record.lineCount
        if !record.isBlank(in: buffer) { return (record, first) }
      } catch {
        guard case .incomplete(let openQuote) = error else { throw fault(error) }
        if isAtEnd || end - start >= maximumRecordByteCount {
          throw incompleteRecord(openQuote: openQuote)
        }
        try refill()
      }
    }
  }

  private func incompleteRecord(openQuote: Int?) -> FileError {
    if let index = buffer[start..<end].firstIndex(of: 0) { return nul(at: index, line: line) }
    let limit = "longer than \(maximumRecordByteCount >> 20) MiB"
    guard let openQuote else { return fault("a record \(limit); is this a table?", line: line) }
    return fault(
      isAtEnd
        ? "a quoted field that begins here is never closed"
        : "a quoted field that begins here is \(limit); is its closing quote missing?",
      line: line + openQuote)
  }

  private func fault(_ fault: CSVRecord.Fault) -> FileError {
    switch fault {
    case .incomplete(let openQuote): incompleteRecord(openQuote: openQuote)
    case .bareQuote(let field, let lineOffset):
      self.fault(
        "a quote inside an unquoted field (field \(field + 1)); "
          + "quote the whole field and double the quotes in it", line: line + lineOffset)
    case .tooManyFields:
      self.fault("more than \(maximumFieldCount) fields do not fit into memory", line: line)
    case .textAfterQuote(let field, let lineOffset):
      self.fault(
        "text after the closing quote of field \(field + 1), which begins here",
        line: line + lineOffset)
    }
  }

  private func nul(at index: Int, line: Int) -> FileError {
    fault(
      "byte \(fileOffset + index) of the file is NUL: binary data, or UTF-16 text?", line: line)
  }

  /// The text of a field of the record last read.
  ///
  /// Throws for bytes that are not text in UTF-8, naming the first.
  func text(of field: CSVRecord.Field, line: Int) throws -> String {
    let bytes = buffer[field.range]
    if let index = bytes.firstIndex(of: 0) {
      throw nul(at: index, line: line)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let index = firstInvalidIndex(in: field.range)
      let hexadecimal = String(buffer[index], radix: 16, uppercase: true)
      throw fault(
        "byte \(fileOffset + index) of the file, 0x\(hexadecimal), is not UTF-8 text; "
          + "save the file as UTF-8 (is it Latin-1?)", line: line)
    }
    return field.hasDoubledQuotes ? text.replacingDoubledQuotes() : text
  }

  /// The index of the first byte that begins no character: the longest valid prefix ends there.
  private func firstInvalidIndex(in range: Range<Int>) -> Int {
    var index = range.lowerBound
    while index < range.upperBound {
      let lead = buffer[index]
      let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      let next = min(index + length, range.upperBound)
      if String(validating: buffer[index..<next], as: UTF8.self) == nil { return index }
      index = next
    }
    return range.lowerBound
  }

  /// The number in a field of the record last read, and the parser's status.
  func number(in field: CSVRecord.Field) -> (status: slope_number_status, value: Double) {
    var bytes = buffer[field.range]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    var value = 0.0
    let status = bytes.withUnsafeBytes { raw in
      slope_parse_number(raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, &value)
    }
    return (status, value)
  }

  // MARK: Many rows at once

  /// Reads clean rows into `chunk`, and returns their number.
  ///
  /// Stops when the chunk is full, before a row that must be read as a record, or at the end.
  mutating func readCleanRows(into chunk: RowChunk, _ plan: inout ColumnPlan) throws -> Int {
    let before = chunk.rowCount
    while !chunk.isFull {
      var result = slope_rows()
      let free = chunk.capacity - chunk.rowCount
      try chunk.appendRows { values in
        result = buffer[start..<end].withUnsafeBytes { raw in
          slope_parse_rows(
            raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, plan.kinds,
            plan.kinds.count, values.baseAddress, free)
        }
        for row in 0..<result.row_count {
          for column in plan.textColumns {
            let index = row * chunk.columnCount + column
            let range = slope_text_range_of(values[index])
            let field = start + range.offset
            let label = try text(
              of: CSVRecord.Field(range: field..<(field + range.count)), line: line + row)
            values[index] = plan.code(of: label, column: column)
          }
        }
        return result.row_count
      }
      start += result.byte_count
      line += result.row_count
      if result.end != slope_rows_end_of_text || isAtEnd { break }
      try refill()
    }
    return chunk.rowCount - before
  }
}

extension String {
  fileprivate func replacingDoubledQuotes() -> String {
    var result = ""
    var previousWasQuote = false
    for scalar in unicodeScalars {
      previousWasQuote = scalar == "\"" && !previousWasQuote
      if scalar != "\"" || previousWasQuote { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
