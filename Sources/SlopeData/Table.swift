/// Named columns of numbers, all of one length: what a CSV file holds.
///
/// Values are kept as `Double`, the exact nearest to the text, so that whatever is computed from
/// them rounds once. Complexity: 8 bytes a value.
public struct Table: Sendable {
  /// The columns' names, in order and without duplicates.
  public let columnNames: [String]
  /// The number of rows.
  public let rowCount: Int
  /// Where the table came from: a path, `standard input`, or `table`.
  public let source: String
  /// What is odd but no fault: unnamed columns, duplicate names, a first line that looks like data.
  public let warnings: [String]

  let chunks: [RowChunk]
  /// Rows in each chunk but the last.
  let chunkCapacity: Int
  let lines: LineMap
  private let indices: [String: Int]
  /// Names that the source gave to several columns, and the names those columns have here.
  private let ambiguous: [String: [String]]

  /// The number of columns.
  public var columnCount: Int { columnNames.count }

  init(
    header: TableHeader, chunks: [RowChunk], lines: LineMap = LineMap(), source: String
  ) {
    columnNames = header.names
    ambiguous = header.ambiguous
    warnings = header.warnings
    self.chunks = chunks
    self.lines = lines
    self.source = source
    chunkCapacity = chunks.first?.capacity ?? 1
    rowCount = chunks.reduce(0) { $0 + $1.rowCount }
    indices = Dictionary(
      zip(header.names, header.names.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Whether `name` names exactly one column.
  public func hasColumn(_ name: String) -> Bool { indices[name] != nil }

  /// The index of the column called `name`.
  ///
  /// Throws `TableError` if there is none, listing the names, or if the file has several.
  public func columnIndex(of name: String) throws -> Int {
    if let index = indices[name] { return index }
    if let columns = ambiguous[name] {
      let list = columns.map(\.quotedForMessage).joined(separator: ", ")
      throw TableError(
        "\(source): \(columns.count) columns are named \(name.quotedForMessage); "
          + "say which, as \(list)")
    }
    let shown = columnNames.prefix(20).map(\.quotedForMessage).joined(separator: ", ")
    let more = columnCount > 20 ? " and \(columnCount - 20) more" : ""
    throw TableError(
      "\(source): no column is named \(name.quotedForMessage); the columns are \(shown)\(more)")
  }

  /// The values of the column called `name`, one per row.
  ///
  /// Throws `TableError` for an unknown or ambiguous name.
  public func column(_ name: String) throws -> [Double] {
    let column = try columnIndex(of: name)
    var values: [Double] = []
    values.reserveCapacity(rowCount)
    forEachRow { _, row in values.append(row[column]) }
    return values
  }

  /// Calls `body` with each row's index and values, in order.
  package func forEachRow(
    _ body: (_ index: Int, _ values: UnsafeBufferPointer<Double>) throws -> Void
  ) rethrows {
    var index = 0
    for chunk in chunks {
      for row in 0..<chunk.rowCount {
        try body(index, chunk.row(row))
        index += 1
      }
    }
  }

  /// The values of row `index`, in the order of the columns; the pointer is valid in `body` alone.
  package func withRow<R>(
    _ index: Int, _ body: (UnsafeBufferPointer<Double>) throws -> R
  ) rethrows -> R {
    let chunk = chunks[index / chunkCapacity]
    defer { withExtendedLifetime(chunk) {} }
    return try body(chunk.row(index % chunkCapacity))
  }

  /// Where row `index` came from, for messages: `prices.csv:17`, or `table: row 16`.
  package func place(ofRow index: Int) -> String {
    guard let line = lines.line(ofRow: index) else { return "\(source): row \(index + 1)" }
    return "\(source):\(line)"
  }
}
