/// Named columns of equal length: the contents of a CSV file.
///
/// Columns hold numbers, or text if the reader is asked for it. Numbers are the nearest `Double` to
/// their text, so that a conversion to another element type rounds once more and no more.
///
/// ```swift
/// let table = try Table(csv: "datasets/engel.csv")
/// print(table.columnNames, table.rowCount)
/// // ["income", "foodexp"] 235
/// let income = try table.tensor("income")
/// print(income.shape)
/// // [235, 1]
/// ```
///
/// A table is read only. Copies share their rows. It takes 8 bytes per value, also for text, whose
/// distinct values are stored once.
///
/// - SeeAlso: `TensorDataset` for training on columns, `TabularModel.fit(_:_:progress:)` for a
///   whole regression.
public struct Table: Sendable {
  /// The number of rows.
  public private(set) var rowCount: Int
  /// The table's origin: a path, `standard input`, or `table`.
  public let source: String
  /// The number of columns in the source, of which the table may keep only some.
  public let sourceColumnCount: Int

  let header: TableHeader
  private(set) var chunks: [RowChunk]
  /// The number of rows in each chunk but the last.
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

  /// What is suspicious but accepted: unnamed columns, duplicate names, a first line of numbers.
  public var warnings: [String] { header.warnings }

  /// Whether exactly one column is called `name`.
  public func hasColumn(_ name: String) -> Bool { header.indices[name] != nil }

  /// The index of the column called `name`.
  ///
  /// - Parameter name: the name of a column.
  /// - Returns: the index in `columnNames`.
  /// - Throws: `TableError` if there is no such column, which lists the names, or if there are
  ///   several.
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
  /// - Parameter name: the name of a column of numbers.
  /// - Returns: a copy of the values.
  /// - Throws: `TableError` for an unknown or ambiguous name, and for a column of text.
  public func column(_ name: String) throws -> [Double] {
    let column = try numericColumnIndex(of: name)
    var values: [Double] = []
    values.reserveCapacity(rowCount)
    forEachRow { _, row in values.append(row[column]) }
    return values
  }

  /// The texts of the column called `name`, one per row, without quotes and the blanks around them.
  ///
  /// - Parameter name: the name of a column that was read as text.
  /// - Returns: a copy of the texts.
  /// - Throws: `TableError` for an unknown or ambiguous name, and for a column of numbers.
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

  /// Removes and returns the rows.
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

  /// Calls `body` with the values of row `index`, in the order of the columns.
  ///
  /// The pointer is valid in `body` alone.
  package func withRow<R>(
    _ index: Int, _ body: (UnsafeBufferPointer<Double>) throws -> R
  ) rethrows -> R {
    try chunks[index / chunkCapacity].withRow(index % chunkCapacity, body)
  }

  /// The place of row `index` in its source, for messages: `prices.csv:17`, or `table: row 16`.
  package func place(ofRow index: Int) -> String {
    guard let line = lines.line(ofRow: index) else { return "\(source): row \(index + 1)" }
    return "\(source):\(line)"
  }
}
