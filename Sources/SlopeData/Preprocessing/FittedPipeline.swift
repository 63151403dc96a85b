public import SlopeCore

/// What a `Pipeline` learnt from training rows, which makes inputs of a model from a table's rows.
///
/// It is applied to tables that have the columns of the training rows, found by name; a missing column,
/// or one whose cells are of another kind, is an error that names it. A row's inputs depend on nothing
/// but the row.
///
/// ```swift
/// let training = Table([Column("size", [50, 70, 90]), Column("kind", ["flat", "house", "flat"])])
/// let fitted = try Pipeline.standard.fit(training)
/// print(fitted)
/// // column  kind                missing  becomes
/// // size    integer, 50 … 90          0  1 input
/// // kind    category, 2 levels        0  2 inputs
/// let new = Table([Column("kind", ["castle"]), Column("size", [70])])
/// print(try fitted.transform(new, as: Double.self), fitted.unseenCounts(in: new))
/// // tensor([[0., 0., 0.]], dtype: float64) ["kind": 1]
/// ```
public struct FittedPipeline: Sendable, Hashable, Codable, CustomStringConvertible {
  /// A column of the training rows.
  package struct Entry: Sendable, Hashable, Codable {
    package let report: ColumnReport
    /// How the column becomes inputs; nil if it is left out.
    package let encoding: ColumnEncoding?
  }

  package let entries: [Entry]

  init(entries: [Entry]) { self.entries = entries }

  /// A pipeline of columns of numbers that are standardised; a missing one is an error.
  package init(standardized columns: [(name: String, mean: Double, deviation: Double)]) {
    entries = columns.map { column in
      let encoding = ColumnEncoding.number(
        NumberEncoding(center: column.mean, scale: column.deviation), flag: false)
      return Entry(
        report: ColumnReport(
          name: column.name, kind: .number, missingCount: 0, levels: [], range: nil, omission: nil,
          outputNames: [column.name], levelCount: 0), encoding: encoding)
    }
  }

  /// What becomes of each column of the training table, in its order.
  public var columns: [ColumnReport] { entries.map(\.report) }

  /// The names of the columns that are read.
  public var inputNames: [String] {
    entries.filter { $0.encoding != nil }.map(\.report.name)
  }

  /// The names of the inputs that `transform` returns, in order.
  public var outputNames: [String] { entries.flatMap(\.report.outputNames) }

  /// The number of inputs that `transform` returns for a row.
  public var outputCount: Int { entries.reduce(0) { $0 + ($1.encoding?.outputCount ?? 0) } }

  /// The columns, their kinds, missing cells and what becomes of them, as a table.
  public var description: String { Self.table(of: columns) }

  /// The text of `description` for some columns.
  package static func table(of columns: [ColumnReport]) -> String {
    var rows = [["column", "kind", "missing", "becomes"]]
    for column in columns {
      rows.append([
        column.name.shownCell, column.summary, column.missingCount.grouped,
        column.outcome.withControlsEscaped,
      ])
    }
    var text = AlignedTable(rows: rows, leftAligned: [0, 1, 3]).text
    text.removeLast()
    return text
  }

  /// The inputs of the rows of a table, `[rows, outputs]`, on the default device.
  ///
  /// Inputs are computed in Double and rounded once to `Element`. A standardised number farther than
  /// 10⁹ deviations from the mean counts as that far.
  ///
  /// - Parameters:
  ///   - table: a table with the columns that are read.
  ///   - element: the element type of the tensor.
  /// - Returns: a new tensor.
  /// - Throws: `TableError` for a column that is absent or of another kind, for a missing number where
  ///   nothing was learnt to replace it, and for a number beyond the range of `Element`.
  public func transform<Element: FloatingElement>(
    _ table: Table, as element: Element.Type = Element.self
  ) throws -> Tensor<Element> {
    try encodedRows(of: table).tensor(rows: nil)
  }

  /// A reader of inputs row by row, for tables whose inputs are not needed all at once.
  package func encodedRows(of table: Table) throws -> EncodedRows {
    try EncodedRows(
      columns: entries.compactMap { entry in
        try entry.encoding.map { try ColumnEncoder($0, entry.report, table) }
      }, width: outputCount, table: table)
  }

  /// The inputs that are made of a column's cells; none of a column that is not read.
  ///
  /// Throws `TableError` for cells of another kind than those of the training rows.
  package func inputs(of column: Column) throws -> ColumnInputs {
    var start = 0
    for entry in entries {
      guard let encoding = entry.encoding else { continue }
      if entry.report.name == column.name {
        let encoder = try ColumnEncoder(encoding, entry.report, Table([column]))
        let values = EncodedRows(
          columns: [encoder], width: encoder.outputCount, table: Table([column])
        ).values(0..<column.count)
        return ColumnInputs(places: start..<(start + encoder.outputCount), values: values)
      }
      start += encoding.outputCount
    }
    return ColumnInputs(places: 0..<0, values: [])
  }

  /// For each column of categories the number of cells whose level the training rows do not have;
  /// columns without any are not in it.
  public func unseenCounts(in table: Table) -> [String: Int] {
    var counts: [String: Int] = [:]
    for entry in entries {
      guard case .levels = entry.encoding, let column = try? table.column(entry.report.name),
        let encoder = try? ColumnEncoder(entry.encoding ?? .presence, entry.report, table)
      else { continue }
      let count = (0..<column.count).count { column.validity[$0] && encoder.isUnseen($0) }
      if count > 0 { counts[entry.report.name] = count }
    }
    return counts
  }

  /// What an output is to a network.
  package enum OutputKind: Hashable {
    /// A number, scaled.
    case number
    /// One of two values: a level or not, missing or not, true or false.
    case indicator
    /// The number of a level, of so many, or −1.
    case code(levelCount: Int)
  }

  /// What each output is.
  package var outputKinds: [OutputKind] {
    entries.flatMap { entry -> [OutputKind] in
      guard let encoding = entry.encoding else { return [] }
      switch encoding {
      case .number(_, let flag):
        let kind: OutputKind = entry.report.kind == .boolean ? .indicator : .number
        return [kind] + (flag ? [.indicator] : [])
      case .presence: return [.indicator]
      case .levels(let levels):
        return levels.isCode
          ? [.code(levelCount: levels.count)] : Array(repeating: .indicator, count: levels.count)
      case .date(let parts, _, let flag):
        return parts.map { _ in .number } + (flag ? [.indicator] : [])
      }
    }
  }

  /// How each output is `(x − center) / scale` of a number x; nil if one is clipped.
  package var linearScales: [(center: Double, scale: Double)]? {
    var scales: [(center: Double, scale: Double)] = []
    for entry in entries {
      guard let encoding = entry.encoding else { continue }
      var numbers: [NumberEncoding] = []
      switch encoding {
      case .number(let number, _): numbers = [number]
      case .date(_, let parts, _): numbers = parts
      case .presence, .levels: break
      }
      if numbers.contains(where: \.isClipped) { return nil }
      scales += numbers.map { ($0.center, $0.scale) }
      scales += (numbers.count..<encoding.outputCount).map { _ in (0, 1) }
    }
    return scales
  }

  /// Why a pipeline from a file cannot be used; nil if it can.
  package var fault: String? {
    let names = entries.map(\.report.name)
    if Set(names).count != names.count { return "two of its columns share a name" }
    if outputCount == 0 { return "it has no features" }
    for entry in entries {
      let name = entry.report.name.quotedForMessage
      var numbers: [NumberEncoding] = []
      guard (entry.encoding == nil) == (entry.report.omission != nil),
        entry.report.outputNames.count == entry.encoding?.outputCount ?? 0
      else { return "the inputs of column \(name) are not those that are named" }
      switch entry.encoding {
      case .number(let number, _): numbers = [number]
      case .date(let parts, let encodings, _):
        guard parts.count == encodings.count else {
          return "the parts of column \(name) have no scales"
        }
        numbers = encodings
      case .levels(let levels):
        guard Set(levels.levels).count == levels.levels.count else {
          return "a level of column \(name) occurs twice"
        }
      case .presence, nil: break
      }
      for number in numbers {
        guard number.center.isFinite, number.fill?.isFinite ?? true else {
          return "the scale of column \(name) is not finite"
        }
        guard number.scale > 0, number.scale.isFinite else {
          return "the deviation of column \(name) is not positive"
        }
      }
    }
    return nil
  }
}
