import SlopeCore

/// How the numbers of a group become one.
public enum TableAggregate: String, Sendable, Hashable, CaseIterable {
  /// The number of cells that are not missing.
  case count
  /// The sum.
  case sum
  /// The arithmetic mean.
  case mean
  /// The median, the mean of the middle two for an even number.
  case median
  /// The least number.
  case minimum
  /// The largest number.
  case maximum
  /// The standard deviation of a sample, with the divisor n − 1, as pandas.
  case standardDeviation

  /// The number for `numbers`; nil where it is undefined.
  func callAsFunction(_ numbers: [Double]) -> Double? {
    switch self {
    case .count: return Double(numbers.count)
    case .sum: return numbers.reduce(0, +)
    case .minimum: return numbers.min()
    case .maximum: return numbers.max()
    case .median: return Quantiles(numbers)?[0.5]
    case .mean: return numbers.isEmpty ? nil : ColumnMoments(numbers).mean
    case .standardDeviation:
      guard numbers.count > 1 else { return nil }
      let count = Double(numbers.count)
      return ColumnMoments(numbers).deviation * (count / (count - 1)).squareRoot()
    }
  }
}

/// The rows of a table that have the same cells in some columns, group by group.
///
/// ```swift
/// let table = Table([
///   Column("city", ["Bern", "Chur", "Bern"]), Column("rent", [1900, 1100, 2100]),
/// ])
/// let groups = try table.grouped(by: "city")
/// print(groups.count, try groups.aggregate("rent", .mean)["rent", as: Double.self])
/// // 2 [Optional(2000.0), Optional(1100.0)]
/// ```
///
/// Groups are in the order of their cells, as `sorted(by:)`; rows with a missing cell in a key are in
/// none.
public struct TableGroups: Sendable {
  private let table: Table
  private let keys: [String]
  /// The rows of each group.
  let rows: [[Int]]

  init(_ table: Table, by names: [String]) throws {
    self.table = table
    keys = names
    let columns = try names.map { try table.column($0).sortKeys }
    var groups: [[Int]: [Int]] = [:]
    for row in 0..<table.rowCount {
      let key = columns.compactMap { $0[row] }
      if key.count == columns.count { groups[key, default: []].append(row) }
    }
    rows = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
  }

  /// The number of groups.
  public var count: Int { rows.count }

  /// The rows of a group as a table.
  ///
  /// Precondition: `index` is in `0..<count`. Another is a failure, and the table has no rows.
  public subscript(index: Int) -> Table {
    guard rows.indices.contains(index) else {
      reportFailure(operation: "TableGroups", "group \(index) of \(count) groups")
      return table.taking([])
    }
    return table.taking(rows[index])
  }

  /// One row for each group: the key, and an aggregate of each column called in `names`.
  ///
  /// - Parameters:
  ///   - names: names of columns of numbers, booleans as 0 and 1; for `count` of any kind.
  ///   - aggregate: how the cells of a group that are not missing become one number.
  /// - Returns: a table with the columns of the key and those of `names`.
  /// - Throws: `TableError` for an unknown or ambiguous name, and for a column without numbers.
  public func aggregate(_ names: String..., with aggregate: TableAggregate) throws -> Table {
    let firsts = rows.map { $0[0] }
    var columns = try keys.map { try table.column($0).taking(firsts) }
    for name in names {
      let values = try table.numbers(name, orPresence: aggregate == .count)
      columns.append(Column(name, rows.map { rows in aggregate(rows.compactMap { values[$0] }) }))
    }
    return Table(columns)
  }

  /// One row for each group: the key, and an aggregate of the column called `name`.
  public func aggregate(_ name: String, _ aggregate: TableAggregate) throws -> Table {
    try self.aggregate(name, with: aggregate)
  }
}

extension Table {
  /// The rows that have the same cells in the columns called `names`.
  ///
  /// - Parameter names: names of columns of any kind.
  /// - Returns: the groups, in the order of their cells.
  /// - Throws: `TableError` for an unknown or ambiguous name.
  public func grouped(by names: String...) throws -> TableGroups {
    try TableGroups(self, by: names)
  }

  /// A wide table: a row for each value of one column, a column for each value of another.
  ///
  /// ```swift
  /// let long = Table([
  ///   Column("day", [1, 1, 2]), Column("series", ["x", "y", "x"]), Column("value", [5, 6, 7]),
  /// ])
  /// print(try long.pivot(index: "day", columns: "series", values: "value"))
  /// //     day       x       y
  /// // integer  number  number
  /// //       1       5       6
  /// //       2       7
  /// // 2 rows × 3 columns
  /// ```
  ///
  /// The cell at a row and a column is the number in `values` of the rows with both values, or their
  /// aggregate; it is missing where there is none. Rows and columns are in the order of their values.
  /// pandas' counterparts are `pivot` and, with an aggregate, `pivot_table`.
  ///
  /// - Parameters:
  ///   - index: the name of the column whose values are the rows.
  ///   - columns: the name of the column whose values are the new columns' names.
  ///   - values: the name of the column of numbers, or of booleans as 0 and 1.
  ///   - aggregate: how several numbers for one cell become one; nil if there must not be several.
  /// - Returns: the wide table.
  /// - Throws: `TableError` for an unknown or ambiguous name, for values that are not numbers, and
  ///   for several numbers without an aggregate.
  public func pivot(
    index: String, columns: String, values: String, aggregate: TableAggregate? = nil
  ) throws -> Table {
    let (indexColumn, columnColumn) = (try column(index), try column(columns))
    let numbers = try numbers(values, orPresence: aggregate == .count)
    let (rowKeys, columnKeys) = (indexColumn.sortKeys, columnColumn.sortKeys)
    var cells: [Pair: [Double]] = [:]
    var firstRow: [Int: Int] = [:]
    var firstOfColumn: [Int: Int] = [:]
    for row in 0..<rowCount {
      guard let rowKey = rowKeys[row], let columnKey = columnKeys[row] else { continue }
      if firstRow[rowKey] == nil { firstRow[rowKey] = row }
      if firstOfColumn[columnKey] == nil { firstOfColumn[columnKey] = row }
      guard let number = numbers[row] else { continue }
      cells[Pair(rowKey, columnKey), default: []].append(number)
      if aggregate == nil, cells[Pair(rowKey, columnKey)]?.count == 2 {
        throw TableError(
          "\(place(ofRow: row)): a second value for \(index.quotedForMessage) "
            + "\(indexColumn.text(ofRow: row) ?? "") and \(columns.quotedForMessage) "
            + "\(columnColumn.text(ofRow: row) ?? ""); say how several become one (aggregate)")
      }
    }
    let rows = firstRow.sorted { $0.key < $1.key }
    var result = [indexColumn.taking(rows.map(\.value))]
    for (key, row) in firstOfColumn.sorted(by: { $0.key < $1.key }) {
      let name = columnColumn.text(ofRow: row) ?? ""
      guard name != index else {
        throw TableError("\(source): a column of the result would be named as the index, \(name)")
      }
      result.append(
        Column(
          name,
          rows.map { cells[Pair($0.key, key)].flatMap { (aggregate ?? .sum)($0) } }))
    }
    return Table(result)
  }

  /// The numbers of a column, nil where cells are missing; or 1 for each cell of any kind.
  fileprivate func numbers(_ name: String, orPresence: Bool) throws -> [Double?] {
    let column = try column(name)
    if orPresence { return (0..<rowCount).map { column.validity[$0] ? 1 : nil } }
    if case .booleans(let all) = column.values {
      return (0..<rowCount).map { column.validity[$0] ? (all[$0] ? 1 : 0) : nil }
    }
    return try self[name, as: Double.self]
  }
}

private struct Pair: Hashable {
  let row: Int
  let column: Int

  init(_ row: Int, _ column: Int) {
    self.row = row
    self.column = column
  }
}
