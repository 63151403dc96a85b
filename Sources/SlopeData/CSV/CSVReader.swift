import CNumberParsing
import SlopeCore

/// Reads the bytes of a CSV file, round by round, and single records of it.
///
/// A file is never mapped, and a round is bounded, so that memory does not grow with the file.
struct CSVReader {
  /// The bytes of the first round.
  private static let firstByteCount = 1 << 18
  /// The bytes of the later rounds, or less where there is little memory.
  private let roundByteCount: Int
  /// The longest record; anything longer is not a table, and memory must stay bounded.
  private let maximumRecordByteCount: Int
  /// The most fields in a record: with its name and its warnings, a column takes most of a
  /// kibibyte.
  private let maximumFieldCount: Int

  /// Whether records are used as soon as they arrive, without waiting for a full buffer.
  private let isLive: Bool

  private let source: ByteSource
  private(set) var buffer: [UInt8]
  /// The range of bytes that are read but not yet used: `buffer[start..<end]`.
  private(set) var start = 0
  private(set) var end = 0
  private(set) var isAtEnd = false
  /// The line that `buffer[start]` is on.
  private(set) var line = 1
  /// The offsets of a record with a quote that is not closed, and after the bytes known to be so.
  private var openQuote: (record: Int, end: Int)?
  /// The offset of `buffer[0]` in the file.
  private var fileOffset = 0
  /// The byte between fields.
  var delimiter = UInt8.comma

  var file: String { source.name }

  /// Opens `path` (`-` is standard input) and reads its first block; if it is live, its first record.
  init(
    path: String, maximumRecordByteCount: Int = 1 << 24, memory: Int = MachineMemory.remaining,
    roundByteCount: Int = 1 << 23, isLive: Bool = false
  ) throws {
    self.maximumRecordByteCount = maximumRecordByteCount
    self.isLive = isLive
    maximumFieldCount = memory >> 10
    // The cells of a round take at most nine times its bytes.
    self.roundByteCount = max(
      Self.firstByteCount, min(roundByteCount, memory >> 6, maximumRecordByteCount))
    source = try ByteSource(path: path)
    buffer = [UInt8](repeating: 0, count: Self.firstByteCount)
    try refill()
    while isLive, !isAtEnd, end < 8, !buffer[..<end].contains(.lineFeed) { try refill() }
    try checkSignature()
    if isLive { try awaitRecord() }
  }

  private mutating func checkSignature() throws {
    if let kind = FileSignature.kind(of: buffer[..<end]) {
      throw fault("this is not CSV text but \(kind)", line: nil)
    }
    if buffer[..<end].starts(with: FileSignature.byteOrderMark) {
      start = FileSignature.byteOrderMark.count
    }
  }

  /// Goes back to the start of the file; false if the source cannot.
  ///
  /// A file that fits into the first round is still in memory.
  mutating func rewind() throws -> Bool {
    if fileOffset > 0 {
      guard source.rewind() else { return false }
      (fileOffset, end, isAtEnd) = (0, 0, false)
      start = 0
      try refill()
    }
    (start, line) = (0, 1)
    try checkSignature()
    return true
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
    } else if fileOffset > 0, buffer.count < roundByteCount {
      buffer.append(contentsOf: repeatElement(0, count: roundByteCount - buffer.count))
    }
    let count = try source.fill(&buffer, from: end, takesWhatIsThere: isLive)
    isAtEnd = isLive ? count == 0 : end + count < buffer.count
    end += count
  }

  /// The offset in the file of the first byte that is not yet used.
  var offset: Int { fileOffset + start }

  /// Goes to a byte that is still in memory; false if it is not.
  mutating func go(to offset: Int, line: Int) -> Bool {
    guard (fileOffset...(fileOffset + end)).contains(offset) else { return false }
    (start, self.line) = (offset - fileOffset, line)
    return true
  }

  // MARK: Rounds

  /// The bytes of whole records from `start`, at least one unless the file has ended; nil at the
  /// end.
  ///
  /// At the end of the file, and where a record is too long, it is everything that was read.
  mutating func nextRound() throws -> Range<Int>? {
    while true {
      if start == end {
        if isAtEnd { return nil }
        try refill()
        continue
      }
      if isAtEnd { return start..<end }
      if !isInsideQuotes() {
        let whole = buffer[start..<end].withUnsafeBytes { raw in
          slope_last_record_end(raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count)
        }
        if whole > 0 { return start..<(start + whole) }
        if isLive, let lineEnd = endOfFaultyLine() { return start..<lineEnd }
      }
      if end - start >= maximumRecordByteCount { return start..<end }
      try refill()
    }
  }

  /// Counts bytes from `start` as used, which end `lines` lines.
  mutating func skip(byteCount: Int, lines: Int) {
    start += byteCount
    line += lines
  }

  // MARK: Live records

  /// Reads until the first record is whole.
  private mutating func awaitRecord() throws {
    while !isAtEnd, end - start < maximumRecordByteCount {
      do throws(CSVRecord.Fault) {
        _ = try CSVRecord(buffer, from: start, to: end, isLast: false, delimiter: delimiter)
        return
      } catch {
        // The delimiter is not known yet: another fault tells something only of a whole line.
        if case .incomplete = error {} else if endOfLine() != nil { return }
      }
      try refill()
    }
  }

  /// The index after the line that begins at `start`; nil if its end has not arrived.
  func endOfLine() -> Int? {
    let ends: [UInt8] = [.lineFeed, .carriageReturn]
    guard let index = buffer[start..<end].firstIndex(where: ends.contains) else {
      return isAtEnd ? end : nil
    }
    guard buffer[index] == .carriageReturn else { return index + 1 }
    // An LF may follow the CR.
    guard index + 1 < end else { return isAtEnd ? end : nil }
    return buffer[index + 1] == .lineFeed ? index + 2 : index + 1
  }

  /// Whether all bytes since a quote was found open are inside it.
  private mutating func isInsideQuotes() -> Bool {
    guard let open = openQuote, open.record == offset,
      !buffer[(open.end - fileOffset)..<end].contains(.quote)
    else { return false }
    openQuote?.end = fileOffset + end
    return true
  }

  /// The index after the line at `start` if a quote is where none may be, so that waiting for another
  /// one would be in vain.
  private mutating func endOfFaultyLine() -> Int? {
    do throws(CSVRecord.Fault) {
      _ = try CSVRecord(buffer, from: start, to: end, isLast: false, delimiter: delimiter)
      return nil
    } catch {
      guard case .incomplete(let quote) = error else { return endOfLine() }
      openQuote = quote.map { _ in (offset, fileOffset + end) }
      return nil
    }
  }

  // MARK: Record by record

  /// The next record that is not a blank line, and the line it begins on; nil at the end.
  ///
  /// Blank lines are records where `keepsBlankLines`.
  mutating func nextRecord(
    keepsBlankLines: Bool = false
  ) throws -> (record: CSVRecord, line: Int)? {
    while true {
      if start == end {
        if isAtEnd { return nil }
        try refill()
        continue
      }
      do throws(CSVRecord.Fault) {
        let record = try CSVRecord(
          buffer, from: start, to: end, isLast: isAtEnd, delimiter: delimiter,
          maximumFieldCount: maximumFieldCount)
        let (first, isBlank) = (line, record.isBlankLine(from: start, in: buffer))
        start = record.end
        line += record.lineCount
        if keepsBlankLines || !isBlank { return (record, first) }
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

  // MARK: Text

  /// The text of a field of the record last read.
  ///
  /// Throws for bytes that are not text in UTF-8, naming the first.
  func text(of field: CSVRecord.Field, line: Int) throws -> String {
    let bytes = buffer[field.range]
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw textFault(in: field.range, line: line)
    }
    return field.hasDoubledQuotes ? text.replacingDoubledQuotes() : text
  }

  /// The error about the first byte in `range` of the buffer that is no text.
  func textFault(in range: Range<Int>, line: Int) -> FileError {
    if let index = buffer[range].firstIndex(of: 0) { return nul(at: index, line: line) }
    let index = firstInvalidIndex(in: range)
    let hexadecimal = String(buffer[index], radix: 16, uppercase: true)
    return fault(
      "byte \(fileOffset + index) of the file, 0x\(hexadecimal), is not UTF-8 text; "
        + "save the file as UTF-8 (is it Latin-1?)", line: line)
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

  /// Whether a field of the record last read is a decimal number.
  func isNumber(_ field: CSVRecord.Field) -> Bool {
    var value = 0.0
    return buffer[field.range].withUnsafeBytes { raw in
      slope_parse_number(raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, &value)
        == slope_number_ok
    }
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
