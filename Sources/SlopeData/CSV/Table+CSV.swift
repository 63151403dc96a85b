import CNumberParsing
import SlopeCore

extension Table {
  /// Reads a CSV file.
  ///
  /// The text is UTF-8, with quotes as in RFC 4180 and lines ended by LF, CR or CRLF; a byte order
  /// mark and blanks around fields are skipped. The delimiter is the comma, or where it does not
  /// divide the first lines a semicolon, tab or vertical bar, with a warning. Blank lines are
  /// skipped; in a file of one column they are missing cells, so that no row moves.
  ///
  /// The kind of a column follows from all of its cells:
  /// - integers if all are, to 64 bits, and numbers if all are decimal numbers (a sign, also `+`, a
  ///   point, an exponent), which become the nearest Double;
  /// - booleans if all are `true` or `false`, in any case; dates if all are, see `DateTime`;
  /// - otherwise a category, or text if more than half of the cells and more than 20 are distinct.
  ///   Digits that begin with a zero, such as 007, are text, and with them their column.
  ///
  /// Where 90 % or more of a column's cells are numbers, another cell is an error. Cells that are
  /// empty, `NA`, `N/A`, `n/a`, `NaN`, `nan`, `null`, `NULL`, `None`, `?`, `-` or one of the options'
  /// words are missing. Nothing depends on the locale.
  ///
  /// The file is read once, in blocks that are parsed on all threads, and a second time if a column
  /// mixes numbers and other text. It is never mapped. Memory is checked while it is read.
  ///
  /// - Parameters:
  ///   - path: the path of the file; `-` is standard input. FIFOs work.
  ///   - options: what the file's form does not tell.
  /// - Throws: `FileError`, with line and column, for a cell that does not fit its column, an
  ///   infinity or a number beyond Double, a row shorter or longer than the header, a faulty quote,
  ///   bytes that are not UTF-8, compressed data and other kinds of files, a file without rows, and
  ///   a table that does not fit into memory. `TableError` for a name in the options that the file
  ///   does not have.
  public init(csv path: String, options: CSVOptions = CSVOptions()) throws {
    try self.init(csv: path, options: options, beside: .nothing)
  }

  /// Reads a CSV file for a use that needs memory in addition to the table.
  ///
  /// A table that would leave too little memory for it is refused while it is read.
  package init(
    csv path: String, options: CSVOptions = CSVOptions(), beside use: TableUse,
    memory: Int = MachineMemory.remaining
  ) throws {
    var file = try TableFile(path: path, options, use: use, memory: memory)
    self = try file.read()
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

/// One reading of a CSV file.
private struct TableFile {
  private let options: CSVOptions
  private let use: TableUse
  private let memory: Int
  private var reader: CSVReader
  private var header: TableHeader
  /// The line of the header; nil without one.
  private var headerLine: Int?
  /// A `slope_column_use` for each column of the file.
  private var uses: [UInt8]
  private var lines = LineMap()
  private var rowCount = 0

  init(path: String, _ options: CSVOptions, use: TableUse, memory: Int) throws {
    self.options = options
    self.use = use
    self.memory = memory
    reader = try CSVReader(path: path)
    var warning: String?
    if let delimiter = options.delimiter {
      guard CSVOptions.delimiters.contains(delimiter), let byte = delimiter.asciiValue else {
        throw TableError("the delimiter \("\(delimiter)".quotedForMessage) is none of , ; tab |")
      }
      reader.delimiter = byte
    } else if let found = reader.detectedDelimiter(), found != .comma {
      reader.delimiter = found
      let name = found == UInt8(ascii: "\t") ? "tab" : "\(Character(Unicode.Scalar(found)))"
      warning =
        "columns are separated by \(name.quotedForMessage), not by commas; --delimiter says otherwise"
    }
    (header, headerLine) = try Self.header(&reader, options)
    if let warning { header.warn(warning) }
    uses = []
    uses = try columnUses()
  }

  /// The names of the columns, and the line that they are on.
  private static func header(
    _ reader: inout CSVReader, _ options: CSVOptions
  ) throws -> (TableHeader, line: Int?) {
    guard let (record, line) = try reader.nextRecord() else {
      throw reader.fault("the file is empty: no header and no rows", line: nil)
    }
    guard options.hasHeader else {
      _ = try reader.rewind()
      return (TableHeader(unnamed: record.fields.count), nil)
    }
    var header = TableHeader(
      try record.fields.map { try reader.text(of: $0, line: line + $0.lineOffset) })
    if record.fields.allSatisfy(reader.isNumber) {
      header.warn(
        "the first line holds only numbers and was read as the names of the columns; "
          + "is the header missing (--no-header)?")
    }
    return (header, line)
  }

  /// What is read of each column: names in the options must exist.
  private func columnUses() throws -> [UInt8] {
    for name in options.namedColumns { _ = try header.index(of: name, source: reader.file) }
    var uses = header.names.map { name in
      UInt8(
        options.categorical.contains(name)
          ? slope_column_words.rawValue : slope_column_any.rawValue)
    }
    if let kept = options.columns {
      let kept = Set(try kept.map { try header.index(of: $0, source: reader.file) })
      for column in uses.indices where !kept.contains(column) {
        uses[column] = UInt8(slope_column_skipped.rawValue)
      }
      guard !kept.isEmpty else { throw TableError("\(reader.file): a table of no columns") }
    }
    return uses
  }

  private func isRead(_ column: Int) -> Bool { uses[column] != slope_column_skipped.rawValue }

  /// Reads the rows, again if the kinds of columns ask for it.
  mutating func read() throws -> Table { try finish(try readBody()) }

  /// The table of the columns' cells, or of those of a second reading.
  private mutating func finish(_ builders: [ColumnBuilder]) throws -> Table {
    let inference = TypeInference(options, file: reader.file)
    // Kinds are found on all threads; the first column's error is thrown.
    let results = ParallelResults<Result<TypeInference.Outcome, any Error>>(count: builders.count)
    let uses = uses
    inParallel(builders.count) { index in
      let builder = builders[index]
      let isWords = uses[builder.index] == slope_column_words.rawValue
      results.set(index, Result { try inference.outcome(of: builder, isWords: isWords) })
    }
    var columns: [Column] = []
    var again: [ColumnBuilder] = []
    for (builder, result) in zip(builders, results.all) {
      switch try result.get() {
      case .column(let column): columns.append(column)
      case .needsWords: again.append(builder)
      }
    }
    guard again.isEmpty else { return try readAgain(again) }
    if headerLine != nil, let last = columns.last, header.isUnnamed(last.name),
      last.missingCount == last.count, columns.count > 1
    {
      header.warn(
        "every line ends in a delimiter: the empty last column is left out", instead: last.name)
      columns.removeLast()
    }
    header.keep(columns.map(\.name))
    return Table(
      columns: columns, header: header, rowCount: rowCount, lines: lines, source: reader.file,
      sourceColumnCount: uses.count)
  }

  /// Reads the file again, with the columns of `builders` as words.
  private mutating func readAgain(_ builders: [ColumnBuilder]) throws -> Table {
    guard try reader.rewind() else {
      let name = builders[0].name
      throw reader.fault(
        "numbers and other text are mixed, and this source cannot be read twice; say "
          + "--categorical \(name.quotedAsArgument), or use a file", line: nil, column: name)
    }
    for builder in builders { uses[builder.index] = UInt8(slope_column_words.rawValue) }
    if headerLine != nil { _ = try reader.nextRecord() }
    (lines, rowCount) = (LineMap(), 0)
    return try finish(try readBody())
  }

  // MARK: Rows

  private mutating func readBody() throws -> [ColumnBuilder] {
    let builders = uses.indices.filter(isRead).map {
      ColumnBuilder(name: header.names[$0], index: $0)
    }
    while let round = try reader.nextRound() {
      let chunks = try parse(round)
      var line = reader.line
      for (piece, chunk) in chunks {
        if chunk.hasTextFault || chunk.byteCount < piece.count {
          try throwFirstFault(before: piece.lowerBound, lines: line - reader.line)
        }
        for step in chunk.lineSteps {
          lines.note(row: rowCount + step.row, line: line + step.line)
        }
        for builder in builders { builder.append(chunk, line: line) }
        rowCount += chunk.rowCount
        line += chunk.lineCount
      }
      reader.skip(byteCount: round.count, lines: line - reader.line)
      try checkMemory(columnCount: builders.count)
    }
    guard rowCount > 0 else {
      throw reader.fault(
        headerLine == nil ? "no rows" : "a header but no rows", line: nil)
    }
    return builders
  }

  /// The pieces of a round and their cells, parsed on all threads.
  private func parse(_ round: Range<Int>) throws -> [(Range<Int>, CellChunk)] {
    let (buffer, uses) = (reader.buffer, uses)
    let format = slope_text_format(
      delimiter: CChar(bitPattern: reader.delimiter),
      decimal: options.decimalMark == .comma
        ? CChar(bitPattern: UInt8(ascii: ",")) : CChar(bitPattern: UInt8(ascii: ".")))
    let (pieces, chunks) = buffer.withUnsafeBytes { bytes in
      let pieces = Self.pieces(of: round, in: bytes)
      let chunks = ParallelResults<CellChunk>(count: pieces.count)
      inParallel(pieces.count) { index in
        let piece = UnsafeRawBufferPointer(rebasing: bytes[pieces[index]])
        if let chunk = CellChunk(piece, format, uses: uses) { chunks.set(index, chunk) }
      }
      return (pieces, chunks.all)
    }
    guard chunks.count == pieces.count else {
      throw reader.fault(
        "no memory for the next \(round.count) bytes of the file", line: reader.line)
    }
    return Array(zip(pieces, chunks))
  }

  /// The bytes of a piece that a thread parses at a time.
  private static let pieceByteCount = 1 << 20

  /// Divides a round after records.
  private static func pieces(of round: Range<Int>, in bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
    let text = UnsafeRawBufferPointer(rebasing: bytes[round])
    guard let start = text.baseAddress?.assumingMemoryBound(to: CChar.self) else { return [] }
    var pieces: [Range<Int>] = []
    var first = 0
    while first < text.count {
      let target = first + pieceByteCount
      var end = text.count
      if target < text.count {
        let isOpen = slope_has_odd_quotes(start + first, pieceByteCount)
        end = slope_next_record_end(start, text.count, target, isOpen)
      }
      pieces.append((round.lowerBound + first)..<(round.lowerBound + end))
      first = end
    }
    return pieces
  }

  /// Throws if the rows so far, with what their use needs, do not fit into memory.
  private func checkMemory(columnCount: Int) throws {
    let byteCount = rowCount * (columnCount * 9 + use.byteCount(columnCount: columnCount))
    guard byteCount > memory else { return }
    let name = use.name.map { ", with memory for \($0)" } ?? ""
    throw reader.fault(
      "the table does not fit into memory\(name): \(rowCount) rows × \(columnCount) columns so far",
      line: reader.line)
  }

  // MARK: Faults

  /// Reads record by record from a byte of the buffer, and throws for the first faulty one.
  private mutating func throwFirstFault(before start: Int, lines: Int) throws {
    reader.skip(byteCount: start - reader.start, lines: lines)
    let count = uses.count
    while let (record, line) = try reader.nextRecord(keepsBlankLines: count == 1) {
      // Bytes that are no text come first: a NUL is often the reason for the number of fields.
      for (column, field) in record.fields.enumerated() where column >= count || isRead(column) {
        _ = try reader.text(of: field, line: line + field.lineOffset)
      }
      guard record.fields.count == count else {
        let fields = record.fields.count == 1 ? "1 field" : "\(record.fields.count) fields"
        let expected =
          headerLine.map { "the header (line \($0)) has \(count)" }
          ?? "the first line has \(count)"
        throw reader.fault("\(fields), but \(expected)", line: line)
      }
    }
    throw reader.fault("a row that cannot be read", line: reader.line)
  }
}
