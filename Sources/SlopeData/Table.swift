/// Named columns of numbers, all of one length: what a CSV file holds.
///
/// Values are kept as `Double`, the exact nearest to the text, so that whatever is computed from
/// them rounds once. Complexity: 8 bytes a value.
public struct Table: Sendable {
  /// The number of rows.
  public private(set) var rowCount: Int
  /// Where the table came from: a path, `standard input`, or `table`.
  public let source: String
  /// The number of columns in the source, of which a table may keep only some.
  public let sourceColumnCount: Int

  let header: TableHeader
  private(set) var chunks: [RowChunk]
  /// Rows in each chunk but the last.
  let chunkCapacity: Int
  let lines: LineMap
  /// The texts of each column that holds text; its values are indices into them.
  let labels: [Int: [String]]

  init(
    header: TableHeader, chunks: [RowChunk], labels: [Int: [String]] = [:],
    lines: LineMap = LineMap(), source: String, sourceColumnCount: Int? = nil
  ) {
    self.header = header
    self.chunks = chunks
    self.labels = labels
    self.lines = lines
    self.source = source
    self.sourceColumnCount = sourceColumnCount ?? header.names.count
    chunkCapacity = chunks.first?.capacity ?? 1
    rowCount = chunks.reduce(0) { $0 + $1.rowCount }
  }

  /// The columns' names, in order and without duplicates.
  public var columnNames: [String] { header.names }

  /// The number of columns.
  public var columnCount: Int { header.names.count }

  /// What is odd but no fault: unnamed columns, duplicate names, a first line that looks like data.
  public var warnings: [String] { header.warnings }

  /// Whether `name` names exactly one column.
  public func hasColumn(_ name: String) -> Bool { header.indices[name] != nil }

  /// The index of the column called `name`.
  ///
  /// Throws `TableError` if there is none, listing the names, or if the file has several.
  public func columnIndex(of name: String) throws -> Int {
    try header.index(of: name, source: source)
  }

  /// The index of the column called `name`, which must hold numbers.
  package func numericColumnIndex(of name: String) throws -> Int {
    let column = try columnIndex(of: name)
    guard labels[column] == nil else {
      throw TableError("\(source): column \(name.quotedForMessage) holds text, not numbers")
    }
    return column
  }

  /// The values of the column called `name`, one per row.
  ///
  /// Throws `TableError` for an unknown or ambiguous name, and for a column of text.
  public func column(_ name: String) throws -> [Double] {
    let column = try numericColumnIndex(of: name)
    var values: [Double] = []
    values.reserveCapacity(rowCount)
    forEachRow { _, row in values.append(row[column]) }
    return values
  }

  /// The texts of the column called `name`, one per row, without quotes and the blanks around them.
  ///
  /// Throws `TableError` for an unknown or ambiguous name, and for a column that was not read as
  /// text.
  public func text(_ name: String) throws -> [String] {
    let column = try columnIndex(of: name)
    guard let labels = labels[column] else {
      throw TableError("\(source): column \(name.quotedForMessage) was read as numbers, not text")
    }
    var texts: [String] = []
    texts.reserveCapacity(rowCount)
    forEachRow { _, row in texts.append(labels[Int(row[column])]) }
    return texts
  }

  /// The rows, which the table then no longer has.
  mutating func takeChunks() -> [RowChunk] {
    defer {
      chunks = []
      rowCount = 0
    }
    return chunks
  }

  /// Calls `body` with each row's index and values, in order.
  package func forEachRow(
    _ body: (_ index: Int, _ values: UnsafeBufferPointer<Double>) throws -> Void
  ) rethrows {
    var index = 0
    for chunk in chunks {
      for row in 0..<chunk.rowCount {
        try chunk.withRow(row) { try body(index, $0) }
        index += 1
      }
    }
  }

  /// The values of row `index`, in the order of the columns; the pointer is valid in `body` alone.
  package func withRow<R>(
    _ index: Int, _ body: (UnsafeBufferPointer<Double>) throws -> R
  ) rethrows -> R {
    try chunks[index / chunkCapacity].withRow(index % chunkCapacity, body)
  }

  /// Where row `index` came from, for messages: `prices.csv:17`, or `table: row 16`.
  package func place(ofRow index: Int) -> String {
    guard let line = lines.line(ofRow: index) else { return "\(source): row \(index + 1)" }
    return "\(source):\(line)"
  }
}
