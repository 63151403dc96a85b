extension Table: CustomStringConvertible {
  /// The first ten rows with the columns' names and kinds, and the table's size.
  ///
  /// Numbers have six significant digits, long texts are cut, and so is a table that is wider than
  /// 100 characters. Control codes are escaped.
  public var description: String {
    let shown = head(10)
    var cells: [[String]] = []
    var width = 0
    var isCut = false
    for column in shown.columns {
      let texts =
        [column.name.shownCell, column.kind.rawValue]
        + (0..<shown.rowCount).map { column.shownText(ofRow: $0) }
      width += 2 + (texts.map(\.count).max() ?? 0)
      if width > 102, !cells.isEmpty {
        isCut = true
        break
      }
      cells.append(texts)
    }
    if isCut { cells.append([String](repeating: "…", count: shown.rowCount + 2)) }
    var rows = (0..<(shown.rowCount + 2)).map { row in cells.map { $0[row] } }
    if rowCount > shown.rowCount { rows.append(cells.map { _ in "…" }) }
    let size =
      "\(rowCount.grouped) \(rowCount == 1 ? "row" : "rows") × \(columnCount.grouped) "
      + (columnCount == 1 ? "column" : "columns")
    return (cells.isEmpty ? "" : AlignedTable(rows: rows, leftAligned: []).text) + size
  }

  /// What the columns hold: for each its kind, missing cells, and levels or quantiles.
  ///
  /// Complexity: O(rows · log(rows)) for each column of numbers.
  public func describe() -> TableDescription {
    TableDescription(columns: columns.map(TableDescription.ColumnSummary.init), rowCount: rowCount)
  }
}

/// A summary of each column of a table, which prints as a table.
///
/// ```swift
/// let table = Table([Column("city", ["Bern", "Chur", "Bern"]), Column("rent", [1900, nil, 2100])])
/// print(table.describe())
/// // column  kind      missing  distinct  values
/// // city    category        0         2  Bern 2, Chur 1
/// // rent    integer         1         2  1900 … 1950 … 2000 … 2050 … 2100, mean 2000
/// ```
public struct TableDescription: Sendable, Hashable, CustomStringConvertible {
  /// What one column holds.
  public struct ColumnSummary: Sendable, Hashable {
    /// The column's name.
    public let name: String
    /// What the cells are.
    public let kind: ColumnKind
    /// The number of missing cells.
    public let missingCount: Int
    /// The number of distinct values.
    public let distinctCount: Int
    /// The levels of a category, a text or a boolean column with the numbers of their cells, the most
    /// frequent first; empty for other kinds.
    public let levels: [(name: String, count: Int)]
    /// Minimum, lower quartile, median, upper quartile and maximum of numbers; nil without any.
    public let quantiles: [Double]?
    /// The mean of numbers; nil without any.
    public let mean: Double?
    /// The standard deviation of numbers with the divisor n; nil without any.
    public let standardDeviation: Double?
    /// The earliest and the latest date; nil without any.
    public let dates: ClosedRange<DateTime>?

    init(_ column: Column) {
      name = column.name
      kind = column.kind
      missingCount = column.missingCount
      let present = (0..<column.count).filter { column.validity[$0] }
      var numbers: [Double]?
      var dates: ClosedRange<DateTime>?
      var counts: [(name: String, count: Int)] = []
      switch column.values {
      case .integers(let all):
        numbers = present.map { Double(all[$0]) }
        distinctCount = Set(present.map { all[$0] }).count
      case .numbers(let all):
        numbers = present.map { all[$0] }
        distinctCount = Set(present.map { all[$0] }).count
      case .dates(let all):
        let moments = present.map { DateTime(microsecondsSince1970: all[$0]) }
        if let first = moments.min(), let last = moments.max() { dates = first...last }
        distinctCount = Set(moments).count
      case .booleans(let all):
        let trueCount = present.count { all[$0] }
        counts = [("true", trueCount), ("false", present.count - trueCount)]
          .filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }
        distinctCount = counts.count
      case .texts(let codes, let levels, _):
        var cells = [Int](repeating: 0, count: levels.count)
        for row in present { cells[Int(codes[row])] += 1 }
        counts = levels.indices.filter { cells[$0] > 0 }
          .sorted { (cells[$0], levels[$1]) > (cells[$1], levels[$0]) }
          .map { (levels[$0], cells[$0]) }
        distinctCount = counts.count
      }
      levels = counts
      self.dates = dates
      let quantiles = numbers.flatMap { Quantiles($0) }
      self.quantiles = quantiles.map { found in [0, 0.25, 0.5, 0.75, 1].map { found[$0] } }
      let moments = numbers.flatMap { $0.isEmpty ? nil : ColumnMoments($0) }
      mean = moments?.mean
      standardDeviation = moments?.deviation
    }

    /// The levels or the range, in a few words.
    var values: String {
      if let quantiles, let mean {
        return quantiles.map(\.shortened).joined(separator: " … ") + ", mean \(mean.shortened)"
      }
      if let dates { return "\(dates.lowerBound) … \(dates.upperBound)" }
      if levels.isEmpty { return "–" }
      let shown = levels.prefix(5).map { "\($0.name.shownCell) \($0.count)" }
      return shown.joined(separator: ", ")
        + (levels.count > 5 ? ", \((levels.count - 5).grouped) more" : "")
    }

    /// Whether two columns have the same summary.
    public static func == (left: Self, right: Self) -> Bool {
      left.name == right.name && left.kind == right.kind
        && left.missingCount == right.missingCount && left.distinctCount == right.distinctCount
        && left.levels.elementsEqual(right.levels, by: ==) && left.quantiles == right.quantiles
        && left.mean == right.mean && left.standardDeviation == right.standardDeviation
        && left.dates == right.dates
    }

    /// Feeds the summary to a hasher.
    public func hash(into hasher: inout Hasher) {
      hasher.combine(name)
      hasher.combine(missingCount)
      hasher.combine(quantiles)
    }
  }

  /// One summary for each column, in order.
  public let columns: [ColumnSummary]
  /// The number of rows.
  public let rowCount: Int

  /// One line for each column.
  public var description: String {
    var rows = [["column", "kind", "missing", "distinct", "values"]]
    for column in columns {
      rows.append([
        column.name.shownCell, column.kind.rawValue, column.missingCount.grouped,
        column.distinctCount.grouped, column.values,
      ])
    }
    var text = AlignedTable(rows: rows, leftAligned: [0, 1, 4]).text
    text.removeLast()
    return text
  }
}

extension Column {
  /// The text of a cell for people; empty if it is missing.
  fileprivate func shownText(ofRow row: Int) -> String {
    if case .numbers(let all) = values { return validity[row] ? all[row].shortened : "" }
    return (text(ofRow: row) ?? "").shownCell
  }
}

extension String {
  /// This text with controls escaped, cut after 30 characters.
  package var shownCell: String {
    let head = prefix(30)
    return String(head).withControlsEscaped + (head.endIndex == endIndex ? "" : "…")
  }
}

extension Int {
  /// The digits with a comma after each thousand.
  package var grouped: String {
    var text = ""
    for (place, digit) in "\(magnitude)".reversed().enumerated() {
      if place > 0, place.isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + String(text.reversed())
  }
}
