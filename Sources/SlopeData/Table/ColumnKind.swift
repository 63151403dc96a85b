/// What the cells of a table's column are.
public enum ColumnKind: String, Sendable, Hashable, CaseIterable, Codable {
  /// Whole numbers of 64 bits.
  case integer
  /// Numbers, as Double.
  case number
  /// True or false.
  case boolean
  /// One of some levels: texts of which most occur often.
  case category
  /// Dates, with or without a time of day.
  case date
  /// Texts, of which most occur once.
  case text

  /// Whether the values are numbers.
  public var isNumeric: Bool { self == .integer || self == .number }

  /// Whether the values are texts, of few or of many levels.
  public var isText: Bool { self == .category || self == .text }
}
