import SlopeCore

/// Named columns of equal length, each of one kind, with missing cells: the contents of a CSV file.
///
/// ```swift
/// let table = Table([
///   Column("city", ["Bern", "Basel", "Bern", "Chur"]),
///   Column("rooms", [3, 4, nil, 2]), Column("rent", [1900.5, 2400, 1500, 1100]),
/// ])
/// print(table)
/// //     city  rooms    rent
/// // category integer  number
/// //     Bern      3  1900.5
/// //    Basel      4    2400
/// //     Bern            1500
/// //     Chur      2    1100
/// // 4 rows × 3 columns
/// print(try table["rooms", as: Int.self])
/// // [Optional(3), Optional(4), nil, Optional(2)]
/// let large = try table.filter("rooms") { (rooms: Int) in rooms >= 3 }
/// print(large.rowCount, try large.tensor("rooms", "rent").shape)
/// // 2 [2, 2]
/// ```
///
/// A column holds whole numbers (exact to 64 bits), numbers, true and false, levels of a category,
/// dates, or text. A missing cell is a bit beside the values, not a number: nothing computes with it
/// by accident, and `tensor` throws an error unless it is told what to put there.
///
/// A table is a value. Operations return new tables that share unchanged columns; copies share all.
/// Rows keep the lines of the file that they came from, for messages.
///
/// - SeeAlso: `Pipeline`, which makes inputs of models from tables; `TensorDataset`, for training on
///   them; `TabularModel`, for a whole model.
public struct Table: Sendable {
  /// The columns, in order.
  public private(set) var columns: [Column]
  /// The number of rows.
  public let rowCount: Int
  /// The table's origin: a path, `standard input`, or `table`.
  public let source: String
  /// The number of columns in the source, of which the table may have only some.
  public let sourceColumnCount: Int
  /// What is suspicious in the source but accepted, one line each: unnamed columns, duplicate names,
  /// a first line of numbers, an unusual delimiter, an empty last column.
  public let warnings: [String]

  private let header: TableHeader
  let lines: LineMap
  /// For each row its number in the source; nil if the rows are those of the source.
  let sourceRows: [Int]?
  /// The number of rows of the source, of which the table may have only some.
  let sourceRowCount: Int

  init(
    columns: [Column], header: TableHeader, rowCount: Int, lines: LineMap = LineMap(),
    sourceRows: [Int]? = nil, sourceRowCount: Int? = nil, source: String = "table",
    sourceColumnCount: Int? = nil
  ) {
    self.columns = columns
    self.header = header
    self.rowCount = rowCount
    self.lines = lines
    self.sourceRows = sourceRows
    self.sourceRowCount = sourceRowCount ?? rowCount
    self.source = source
    self.sourceColumnCount = sourceColumnCount ?? columns.count
    warnings = header.warnings
  }

  /// A table of columns that are in memory.
  ///
  /// Precondition: the columns have equally many cells, and no two have the same name. Otherwise it
  /// is a failure, and the table has no columns.
  ///
  /// - Parameter columns: the columns, in order.
  public init(_ columns: [Column]) {
    let names = columns.map(\.name)
    let counts = Set(columns.map(\.count))
    guard counts.count <= 1, Set(names).count == names.count else {
      reportFailure(
        operation: "Table",
        counts.count > 1
          ? "columns of \(counts.sorted()) cells: they must be equally many"
          : "two columns have the same name, of \(names.map(\.quotedForMessage))")
      self.init(columns: [], header: TableHeader(names: []), rowCount: 0)
      return
    }
    self.init(columns: columns, header: TableHeader(names: names), rowCount: counts.first ?? 0)
  }

  /// The columns' names, in order and without duplicates.
  public var columnNames: [String] { columns.map(\.name) }

  /// The number of columns.
  public var columnCount: Int { columns.count }

  /// Whether exactly one column is called `name`.
  public func hasColumn(_ name: String) -> Bool { header.indices[name] != nil }

  /// The index of the column called `name`.
  ///
  /// - Parameter name: the name of a column.
  /// - Returns: the index in `columns`.
  /// - Throws: `TableError` if there is no such column, which lists the names, or if there are
  ///   several.
  public func columnIndex(of name: String) throws -> Int {
    try header.index(of: name, source: source)
  }

  /// The column called `name`.
  ///
  /// - Parameter name: the name of a column.
  /// - Returns: the column, which shares its storage with the table.
  /// - Throws: `TableError` if there is no such column, which lists the names, or if there are
  ///   several.
  public func column(_ name: String) throws -> Column { columns[try columnIndex(of: name)] }

  /// The cells of the column called `name`, nil where they are missing.
  ///
  /// Integers are also available as Double, and every kind as String. Complexity: O(rows).
  ///
  /// - Throws: `TableError` for an unknown or ambiguous name, and for a column of another kind.
  public subscript<Value: TableValue>(name: String, as type: Value.Type) -> [Value?] {
    get throws {
      do {
        return try column(name).cells(as: type)
      } catch let error as TableError where !error.message.hasPrefix(source) {
        throw TableError("\(source): \(error.message)")
      }
    }
  }

  /// The place of row `index` in its source, for messages: `prices.csv:17`, or `table: row 17`.
  package func place(ofRow index: Int) -> String {
    let row = sourceRows?[index] ?? index
    guard let line = lines.line(ofRow: row) else { return "\(source): row \(row + 1)" }
    return "\(source):\(line)"
  }

  /// The table with other columns of as many cells; names are unique.
  func replacing(_ columns: [Column]) -> Table {
    var header = header
    header.keep(columns.map(\.name))
    return Table(
      columns: columns, header: header, rowCount: rowCount, lines: lines, sourceRows: sourceRows,
      sourceRowCount: sourceRowCount, source: source, sourceColumnCount: sourceColumnCount)
  }

  /// The rows at `indices`, in their order; a row may occur several times.
  ///
  /// Precondition: each index is in `0..<rowCount`. Another is a failure, and the result has no rows.
  ///
  /// - Parameter indices: the rows, counted from 0.
  /// - Returns: a table of copies, whose columns keep all levels.
  public func taking(_ indices: [Int]) -> Table {
    if let index = indices.first(where: { !(0..<rowCount).contains($0) }) {
      reportFailure(operation: "taking", "row \(index) of a table of \(rowCount) rows")
      return taking([])
    }
    return Table(
      columns: columns.map { $0.taking(indices) }, header: header, rowCount: indices.count,
      lines: lines, sourceRows: sourceRows.map { rows in indices.map { rows[$0] } } ?? indices,
      sourceRowCount: sourceRowCount, source: source, sourceColumnCount: sourceColumnCount)
  }

  /// Removes and returns a column's storage, so that it can be freed before the table.
  mutating func takeColumn(_ index: Int) -> Column {
    let column = columns[index]
    columns[index] = Column(column.name, .booleans([]), Validity(count: 0))
    return column
  }
}
