import SlopeCore

/// The rows of a CSV file as tables of some rows each, so that memory does not grow with the file.
///
/// The options must tell the kind of each column, or that of a table is the kind of its rows.
package struct TableStream {
  /// Some consecutive rows.
  package struct Rows {
    /// The columns that are read.
    package let table: Table
    /// The cells of all columns as the file has them; nil if they are not asked for.
    package let written: WrittenRows?
  }

  private var file: TableFile
  private let hasWrittenRows: Bool
  private let isLive: Bool
  /// The names of the columns of `Rows.written`: those of the file without an unnamed last one whose
  /// cells are all empty.
  package private(set) var writtenColumnNames: [String]
  /// For each column whose kind the options do not tell, the kind of the rows before.
  private var kinds: [String: ColumnKind] = [:]
  private let options: CSVOptions
  private var hasRows = false

  /// Opens the file at `path`; `-` is standard input.
  ///
  /// - Parameters:
  ///   - path: the path of the file.
  ///   - options: how it is read.
  ///   - hasWrittenRows: whether the cells as they are written are asked for. If the last column has no name,
  ///     a file is read twice.
  ///   - isLive: whether rows are wanted as soon as they arrive. An unnamed last column is then kept.
  ///   - memory: the bytes that may be taken.
  /// - Throws: `FileError` if the file cannot be read or has no header, `TableError` for a column that it
  ///   does not have.
  package init(
    csv path: String, options: CSVOptions, hasWrittenRows: Bool = false, isLive: Bool = false,
    memory: Int = MachineMemory.remaining
  ) throws {
    file = try TableFile(path: path, options, memory: memory, isLive: isLive)
    self.options = options
    self.hasWrittenRows = hasWrittenRows
    self.isLive = isLive
    writtenColumnNames = file.header.names
    if hasWrittenRows, !isLive, try lastColumnIsEmpty(path, memory) {
      writtenColumnNames.removeLast()
    }
  }

  /// The file's path, or `standard input`.
  package var source: String { file.reader.file }

  /// What is suspicious in the file's header but accepted, one line each.
  package var warnings: [String] { file.header.warnings }

  /// Whether the lines of a file with a header end in a delimiter.
  private func lastColumnIsEmpty(_ path: String, _ memory: Int) throws -> Bool {
    guard let last = writtenColumnNames.last, file.headerLine != nil, writtenColumnNames.count > 1,
      file.header.isUnnamed(last)
    else { return false }
    var options = CSVOptions()
    options.delimiter = Character(Unicode.Scalar(file.reader.delimiter))
    options.columns = [last]
    options.isVerbatim = true
    var stream = try TableStream(csv: path, options: options, memory: memory)
    while let rows = try stream.next() {
      if rows.table.columns.contains(where: { $0.missingCount < $0.count }) { return false }
    }
    return true
  }

  /// The next rows, at least one; nil at the end of the file.
  ///
  /// Throws `FileError` as `Table.init(csv:options:)`, and for a column whose kind changes.
  package mutating func next() throws -> Rows? {
    while let range = try file.reader.nextRound() {
      let (rows, lineCount) = try self.rows(in: range)
      try checkKinds(of: rows.table)
      file.reader.skip(byteCount: range.count, lines: lineCount)
      hasRows = hasRows || rows.table.rowCount > 0
      if rows.table.rowCount > 0 { return rows }
    }
    guard hasRows else { throw file.noRows }
    return nil
  }

  private mutating func rows(in range: Range<Int>) throws -> (Rows, lineCount: Int) {
    // The reader is where the range begins until its bytes are used.
    let (table, lineCount) = try file.rows(in: range)
    guard hasWrittenRows else { return (Rows(table: table, written: nil), lineCount) }
    let (reader, fieldCount) = (file.reader, file.header.names.count)
    let written = try WrittenRows(
      range, of: reader, fieldCount: fieldCount, columnCount: writtenColumnNames.count)
    return (Rows(table: table, written: written), lineCount)
  }

  /// Throws if a column whose kind the options do not tell is of another kind than before.
  private mutating func checkKinds(of table: Table) throws {
    let told = options.numeric.union(options.categorical).union(options.dates)
    for column in table.columns
    where !told.contains(column.name) && column.missingCount < column.count {
      let kind = column.kind.isNumeric ? .number : column.kind
      let before = kinds.updateValue(kind, forKey: column.name) ?? kind
      guard before != kind else { continue }
      let row = (0..<column.count).first { column.validity[$0] } ?? 0
      throw FileError(
        file: source, line: table.lines.line(ofRow: row), column: column.name,
        message: "\(column.kind.plural) after rows with \(before.plural)")
    }
  }
}

// MARK: Live

extension TableStream {
  /// Gives the rows that have arrived to `answer`, and what it returns to `put`, until the file ends.
  ///
  /// Where rows cannot be read or answered, each is taken by itself, and `put` gets the error of the one at
  /// fault, in the order of the rows.
  ///
  /// - Parameters:
  ///   - answer: is called with rows that arrived together.
  ///   - isOfRows: whether an error is about the rows; another ends the stream.
  ///   - put: is told of each answer, or of the error of one record, with its cells if it has as many as the
  ///     header and they are asked for.
  /// - Throws: what `put` throws, errors that are not of rows, and `FileError` if the file cannot be read.
  package mutating func follow<Answer>(
    _ answer: (Rows) throws -> Answer, isOfRows: (any Error) -> Bool,
    put: (Result<Answer, any Error>, _ refused: WrittenRows?) throws -> Void
  ) throws {
    while let range = try file.reader.nextRound() {
      let (offset, line) = (file.reader.offset, file.reader.line)
      let result = Result { () throws -> (Answer?, Int) in
        let (rows, lineCount) = try self.rows(in: range)
        return (rows.table.rowCount > 0 ? try answer(rows) : nil, lineCount)
      }
      switch result {
      case .success(let (answer, lineCount)):
        file.reader.skip(byteCount: range.count, lines: lineCount)
        if let answer { try put(.success(answer), nil) }
      case .failure(let error):
        guard isOfRows(error), file.reader.go(to: offset, line: line) else { throw error }
        try followEach(until: offset + range.count, answer, isOfRows: isOfRows, put)
      }
    }
  }

  /// Takes each record by itself.
  private mutating func followEach<Answer>(
    until end: Int, _ answer: (Rows) throws -> Answer, isOfRows: (any Error) -> Bool,
    _ put: (Result<Answer, any Error>, _ refused: WrittenRows?) throws -> Void
  ) throws {
    while file.reader.offset < end {
      let (offset, line) = (file.reader.offset, file.reader.line)
      let start = file.reader.start
      let limit = start + end - offset
      let record = try? CSVRecord(
        file.reader.buffer, from: start, to: limit, isLast: true, delimiter: file.reader.delimiter)
      let range = start..<(record?.end ?? file.reader.endOfLine() ?? limit)
      var written: WrittenRows?
      let result = Result { () throws -> Answer? in
        if record == nil { try file.throwFirstFault(before: start, lines: 0) }
        if hasWrittenRows, record?.fields.count == file.header.names.count {
          written = try WrittenRows(
            range, of: file.reader, fieldCount: file.header.names.count,
            columnCount: writtenColumnNames.count)
        }
        let (rows, _) = try self.rows(in: range)
        return rows.table.rowCount > 0 ? try answer(rows) : nil
      }
      guard
        file.reader.go(to: offset + range.count, line: line + (record?.lineCount ?? 1))
      else {
        throw FileError(file: source, line: line, message: "a record that cannot be passed over")
      }
      switch result {
      case .success(let answer): if let answer { try put(.success(answer), nil) }
      case .failure(let error):
        guard isOfRows(error) else { throw error }
        try put(.failure(error), written)
      }
    }
  }
}
