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
  /// cells are all empty, if it can be read twice.
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
  ///     a file is read twice; that of a pipe is kept.
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
    let canBeReadTwice = !isLive && path != "-" && isRegularFile(path)
    if hasWrittenRows, canBeReadTwice, try lastColumnIsEmpty(path, memory) {
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
      let row =
        (0..<column.count).first {
          column.text(ofRow: $0).map { !before.isWritten(by: $0) } ?? false
        }
        ?? 0
      let text = column.text(ofRow: row) ?? ""
      throw FileError(
        file: source, line: table.lines.line(ofRow: row), column: column.name,
        message: "\(text.quotedForMessage) after rows with \(before.plural)")
    }
  }
}

extension ColumnKind {
  /// Whether a cell of such a column may be this text.
  fileprivate func isWritten(by text: String) -> Bool {
    switch self {
    case .integer, .number: Double(text) != nil
    case .boolean: ["true", "false"].contains(text.lowercased())
    case .date: DateTime(text) != nil
    case .category, .text: false
    }
  }
}

// MARK: Live

extension TableStream {
  /// Gives the rows that have arrived to `answer`, and what it returns to `put`, until the file ends.
  ///
  /// Where rows cannot be read or answered, fewer are taken together, down to the one at fault, whose error
  /// `put` gets, in the order of the rows.
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
        try followParts(until: offset + range.count, answer, isOfRows: isOfRows, put)
      }
    }
  }

  /// The most records that are taken together after a fault, so that memory stays bounded.
  private static var mostRecordsAfterFault: Int { 1 << 13 }

  /// Some records, or one with a fault.
  private struct Part {
    var range: Range<Int>
    var lineCount = 0
    var recordCount = 0
    /// The fields of the last record; nil of one with a fault.
    var fieldCount: Int?
  }

  /// At most `recordCount` records from the first byte that is not used, or one with a fault.
  private func part(of recordCount: Int, until limit: Int) -> Part {
    let reader = file.reader
    var part = Part(range: reader.start..<reader.start)
    while part.recordCount < recordCount, part.range.upperBound < limit {
      guard
        let record = try? CSVRecord(
          reader.buffer, from: part.range.upperBound, to: limit, isLast: true,
          delimiter: reader.delimiter)
      else {
        guard part.recordCount == 0 else { break }
        return Part(
          range: reader.start..<(reader.endOfLine() ?? limit), lineCount: 1, recordCount: 1)
      }
      part = Part(
        range: reader.start..<record.end, lineCount: part.lineCount + record.lineCount,
        recordCount: part.recordCount + 1, fieldCount: record.fields.count)
    }
    return part
  }

  /// Takes single records, and after each that is not at fault twice as many together.
  private mutating func followParts<Answer>(
    until end: Int, _ answer: (Rows) throws -> Answer, isOfRows: (any Error) -> Bool,
    _ put: (Result<Answer, any Error>, _ refused: WrittenRows?) throws -> Void
  ) throws {
    var recordCount = 1
    while file.reader.offset < end {
      let (offset, line) = (file.reader.offset, file.reader.line)
      let part = part(of: recordCount, until: file.reader.start + end - offset)
      var written: WrittenRows?
      let result = Result { () throws -> Answer? in
        if part.fieldCount == nil {
          try file.throwFirstFault(before: part.range.lowerBound, lines: 0)
        }
        if part.recordCount == 1, hasWrittenRows, part.fieldCount == file.header.names.count {
          written = try WrittenRows(
            part.range, of: file.reader, fieldCount: file.header.names.count,
            columnCount: writtenColumnNames.count)
        }
        let (rows, _) = try self.rows(in: part.range)
        return rows.table.rowCount > 0 ? try answer(rows) : nil
      }
      var (next, nextLine) = (offset + part.range.count, line + part.lineCount)
      switch result {
      case .success(let answer):
        recordCount = min(2 * recordCount, Self.mostRecordsAfterFault)
        if let answer { try put(.success(answer), nil) }
      case .failure(let error):
        guard isOfRows(error) else { throw error }
        if part.recordCount > 1 {
          (next, nextLine) = (offset, line)
        } else {
          try put(.failure(error), written)
        }
        recordCount = 1
      }
      guard file.reader.go(to: next, line: nextLine) else {
        throw FileError(file: source, line: line, message: "a record that cannot be passed over")
      }
    }
  }
}
