import CNumberParsing
import SlopeCore

/// One reading of a CSV file.
struct TableFile {
  private let options: CSVOptions
  private let use: TableUse
  private let memory: Int
  /// The bytes of a piece that a thread parses at a time.
  private let pieceByteCount: Int
  var reader: CSVReader
  private(set) var header: TableHeader
  /// The line of the header; nil without one.
  private(set) var headerLine: Int?
  /// A `slope_column_use` for each column of the file.
  private var uses: [UInt8]
  private var lines = LineMap()
  private var rowCount = 0

  /// Opens a file whose rows are read together.
  init(path: String, _ options: CSVOptions, use: TableUse, memory: Int) throws {
    try self.init(
      try CSVReader(path: path, memory: memory), options, use: use, memory: memory,
      pieceByteCount: 1 << 20)
  }

  /// Opens a file whose rows are read some at a time; if it is live, as soon as they arrive.
  init(path: String, _ options: CSVOptions, memory: Int, isLive: Bool) throws {
    try self.init(
      try CSVReader(path: path, memory: memory, roundByteCount: 1 << 21, isLive: isLive), options,
      use: .nothing, memory: memory, pieceByteCount: 1 << 18, isLive: isLive)
  }

  private init(
    _ opened: CSVReader, _ options: CSVOptions, use: TableUse, memory: Int, pieceByteCount: Int,
    isLive: Bool = false
  ) throws {
    self.options = options
    self.use = use
    self.memory = memory
    self.pieceByteCount = pieceByteCount
    reader = opened
    var warning: String?
    if let delimiter = options.delimiter {
      guard CSVOptions.delimiters.contains(delimiter), let byte = delimiter.asciiValue else {
        throw TableError("the delimiter \("\(delimiter)".quotedForMessage) is none of , ; tab |")
      }
      reader.delimiter = byte
    } else if let found = reader.detectedDelimiter(
      // What arrives together with the first record depends on chance.
      commaIsDecimal: options.decimalMark == .comma, recordCount: isLive ? 1 : 20),
      found != .comma
    {
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

  /// The unique names of the columns.
  var columnNames: [String] { header.names }

  /// The names of the columns, and the line that they are on.
  private static func header(
    _ reader: inout CSVReader, _ options: CSVOptions
  ) throws -> (TableHeader, line: Int?) {
    guard let (record, line) = try reader.nextRecord() else {
      throw reader.fault("the file is empty: no header and no rows", line: nil)
    }
    guard options.hasHeader else {
      guard try reader.rewind() else {
        throw reader.fault("the first line is too long for a source that is read once", line: line)
      }
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
      let use =
        options.isVerbatim || options.categorical.contains(name) || options.dates.contains(name)
        ? slope_column_words
        : options.numeric.contains(name) ? slope_column_numbers : slope_column_any
      return UInt8(use.rawValue)
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

  /// The columns of the cells, and the builders of those that must be read again as words.
  private func columns(
    of builders: [ColumnBuilder]
  ) throws -> (columns: [Column], mixed: [ColumnBuilder]) {
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
    var mixed: [ColumnBuilder] = []
    for (builder, result) in zip(builders, results.all) {
      switch try result.get() {
      case .column(let column): columns.append(column)
      case .needsWords: mixed.append(builder)
      }
    }
    return (columns, mixed)
  }

  /// The table of the columns' cells, or of those of a second reading.
  private mutating func finish(_ builders: [ColumnBuilder]) throws -> Table {
    var (columns, mixed) = try columns(of: builders)
    guard mixed.isEmpty else { return try readAgain(mixed) }
    if headerLine != nil, builders.last?.index == uses.count - 1, let last = columns.last,
      header.isUnnamed(last.name), last.missingCount == last.count, columns.count > 1
    {
      header.warn(
        "every line ends in a delimiter: the empty last column is left out", instead: last.name)
      columns.removeLast()
    }
    return table(of: columns)
  }

  private func table(of columns: [Column]) -> Table {
    var header = header
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
    let builders = emptyBuilders()
    while let round = try reader.nextRound() {
      let lineCount = try append(round, to: builders)
      reader.skip(byteCount: round.count, lines: lineCount)
      try checkMemory(builders)
    }
    guard rowCount > 0 else { throw noRows }
    return builders
  }

  private func emptyBuilders() -> [ColumnBuilder] {
    uses.indices.filter(isRead).map { ColumnBuilder(name: header.names[$0], index: $0) }
  }

  /// The error about a file that ends before its first row.
  var noRows: FileError {
    reader.fault(headerLine == nil ? "no rows" : "a header but no rows", line: nil)
  }

  /// Appends the cells of whole records, and returns the number of their lines.
  private mutating func append(_ round: Range<Int>, to builders: [ColumnBuilder]) throws -> Int {
    let chunks = try parse(round)
    var line = reader.line
    var starts: [Int] = []
    for (piece, chunk) in chunks {
      if chunk.hasTextFault || chunk.byteCount < piece.count {
        try throwFirstFault(before: piece.lowerBound, lines: line - reader.line)
      }
      for step in chunk.lineSteps {
        lines.note(row: rowCount + step.row, line: line + step.line)
      }
      starts.append(line)
      rowCount += chunk.rowCount
      line += chunk.lineCount
    }
    inParallel(builders.count) { index in
      for ((_, chunk), start) in zip(chunks, starts) {
        builders[index].append(chunk, line: start)
      }
    }
    return line - reader.line
  }

  /// The table of whole records from the first byte that is not used, and the number of their lines.
  ///
  /// A column whose kind the options do not tell has the kind of these rows.
  mutating func rows(in round: Range<Int>) throws -> (table: Table, lineCount: Int) {
    let usesOfFile = uses
    defer { uses = usesOfFile }
    while true {
      (lines, rowCount) = (LineMap(), 0)
      let builders = emptyBuilders()
      let lineCount = try append(round, to: builders)
      let (columns, mixed) = try columns(of: builders)
      if mixed.isEmpty { return (table(of: columns), lineCount) }
      for builder in mixed { uses[builder.index] = UInt8(slope_column_words.rawValue) }
    }
  }

  /// The pieces of a round and their cells, parsed on all threads.
  private func parse(_ round: Range<Int>) throws -> [(Range<Int>, CellChunk)] {
    let (buffer, uses) = (reader.buffer, uses)
    let format = slope_text_format(
      delimiter: CChar(bitPattern: reader.delimiter),
      decimal: options.decimalMark == .comma
        ? CChar(bitPattern: UInt8(ascii: ",")) : CChar(bitPattern: UInt8(ascii: ".")))
    let (pieces, chunks) = buffer.withUnsafeBytes { bytes in
      let pieces = self.pieces(of: round, in: bytes)
      let chunks = ParallelResults<CellChunk>(count: pieces.count)
      inParallel(pieces.count) { index in
        let piece = UnsafeRawBufferPointer(rebasing: bytes[pieces[index]])
        if let chunk = CellChunk(piece, format, uses: uses) { chunks.set(index, chunk) }
      }
      return (pieces, chunks.all)
    }
    guard chunks.count == pieces.count else {
      var fault = reader.fault(
        "no memory for the next \(round.count) bytes of the file", line: reader.line)
      fault.isOfMemory = true
      throw fault
    }
    return Array(zip(pieces, chunks))
  }

  /// A value of 64 bits, and a tag or whether it is valid.
  private static let bytesPerCell = 9

  /// Divides a round after records.
  func pieces(of round: Range<Int>, in bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
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
  private func checkMemory(_ builders: [ColumnBuilder]) throws {
    let columnCount = builders.count
    let cells = columnCount * Self.bytesPerCell
    // Where the kinds are found, each thread has a column's cells and its values.
    let values = min(columnCount, Device.cpuThreadCount) * Self.bytesPerCell
    let rest = max(values, use.byteCount(columnCount: columnCount))
    let words = builders.reduce(0) { $0 + $1.wordByteCount }
    guard rowCount * (cells + rest) + words > memory else { return }
    let name = use.name.map { ", with memory for \($0)" } ?? ""
    throw reader.fault(
      "the table does not fit into memory\(name): \(rowCount) rows × \(columnCount) columns so far",
      line: reader.line)
  }

  // MARK: Faults

  /// Reads record by record from a byte of the buffer, and throws for the first faulty one.
  mutating func throwFirstFault(before start: Int, lines: Int) throws {
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
