/// One column of a table: a name, and a value or nothing for each row.
///
/// All values of a column are of one kind. A missing cell is a bit beside the values, never a
/// number such as NaN.
///
/// ```swift
/// let age = Column("age", [34, nil, 51])
/// print(age.kind, age.count, age.missingCount)
/// // integer 3 1
/// let city = Column("city", ["Bern", "Basel", "Bern"])
/// print(city.kind, city.levels)
/// // category ["Bern", "Basel"]
/// ```
///
/// A column is a value; copies share their storage.
///
/// - SeeAlso: `Table`, which is made of columns of equal length.
public struct Column: Sendable, Hashable {
  /// The column's name.
  public var name: String
  let values: ColumnValues
  let validity: Validity

  init(_ name: String, _ values: ColumnValues, _ validity: Validity) {
    self.name = name
    self.values = values
    self.validity = validity
  }

  /// A column of cells, with nil for those that are missing.
  ///
  /// The kind follows from the type: integers from Int, numbers from Double, booleans, dates from
  /// `DateTime`, and from String a category or, where most values are distinct, text. Complexity:
  /// O(n).
  ///
  /// - Parameters:
  ///   - name: the column's name.
  ///   - cells: one value or nil for each row. A number that is not finite is a missing cell.
  public init<Value: TableValue>(_ name: String, _ cells: [Value?]) {
    (values, validity) = Value.columnValues(cells)
    self.name = name
  }

  /// A column of values, none of them missing.
  ///
  /// - Parameters:
  ///   - name: the column's name.
  ///   - values: one value for each row. A number that is not finite is a missing cell.
  public init<Value: TableValue>(_ name: String, _ values: [Value]) {
    self.init(name, values.map(Optional.some))
  }

  /// What the cells are.
  public var kind: ColumnKind {
    switch values {
    case .integers: .integer
    case .numbers: .number
    case .booleans: .boolean
    case .dates: .date
    case .texts(_, _, let isCategory): isCategory ? .category : .text
    }
  }

  /// The number of cells.
  public var count: Int { validity.count }

  /// The number of missing cells.
  public var missingCount: Int { validity.missingCount }

  /// The levels of a category or the distinct texts of a text column, in the order of their first
  /// cells; empty for other kinds.
  ///
  /// A table made of some rows of another keeps the levels of all.
  public var levels: [String] {
    if case .texts(_, let levels, _) = values { levels } else { [] }
  }

  /// The values as `type`, nil where a cell is missing.
  ///
  /// Integers are also available as Double, rounded to the nearest; every kind is available as
  /// String, as a CSV file would hold it. Complexity: O(n).
  ///
  /// - Parameter type: Int, Double, Bool, String or `DateTime`.
  /// - Returns: a copy of the values.
  /// - Throws: `TableError` if the column's kind has no such values.
  public func cells<Value: TableValue>(as type: Value.Type = Value.self) throws -> [Value?] {
    guard let value = Value.reader(of: self) else {
      throw TableError(
        "column \(name.quotedForMessage) holds \(kind.plural), which are not \(Value.self)")
    }
    return (0..<count).map { validity[$0] ? value($0) : nil }
  }

  /// Whether the cell of a row has a value.
  package func isPresent(_ row: Int) -> Bool { validity[row] }

  /// The cells of `rows`, in their order; a row may occur several times.
  package func taking(_ rows: [Int]) -> Column {
    let taken: ColumnValues =
      switch values {
      case .integers(let all): .integers(rows.map { all[$0] })
      case .numbers(let all): .numbers(rows.map { all[$0] })
      case .booleans(let all): .booleans(rows.map { all[$0] })
      case .dates(let all): .dates(rows.map { all[$0] })
      case .texts(let codes, let levels, let isCategory):
        .texts(codes: rows.map { codes[$0] }, levels: levels, isCategory: isCategory)
      }
    return Column(name, taken, validity.taking(rows))
  }

  /// The text of a cell, as a CSV file would hold it; nil if it is missing.
  package func text(ofRow row: Int) -> String? {
    guard validity[row] else { return nil }
    switch values {
    case .integers(let all): return "\(all[row])"
    case .numbers(let all): return all[row].cellText
    case .booleans(let all): return all[row] ? "true" : "false"
    case .dates(let all): return DateTime(microsecondsSince1970: all[row]).description
    case .texts(let codes, let levels, _): return levels[Int(codes[row])]
    }
  }
}

/// The values of a column; those of missing cells are arbitrary, but of the type.
enum ColumnValues: Sendable, Hashable {
  case integers([Int])
  case numbers([Double])
  case booleans([Bool])
  /// Microseconds since 1970.
  case dates([Int])
  /// For each row the index of its text in `levels`.
  case texts(codes: [Int32], levels: [String], isCategory: Bool)
}

extension ColumnKind {
  /// The name of the values in messages.
  package var plural: String {
    switch self {
    case .integer: "whole numbers"
    case .number: "numbers"
    case .boolean: "true and false"
    case .category: "categories"
    case .date: "dates"
    case .text: "text"
    }
  }

  /// Whether texts make a category instead of text: few levels, or at most one for two cells.
  static func isCategory(levelCount: Int, cellCount: Int) -> Bool {
    levelCount <= 20 || levelCount <= cellCount / 2
  }
}

extension Double {
  /// The shortest text that reads back as this number, without the fraction of a whole number that
  /// Double represents exactly.
  package var cellText: String {
    if self == rounded(), abs(self) < 0x1p53, !(self == 0 && sign == .minus) {
      return "\(Int(self))"
    }
    return "\(self)"
  }
}
