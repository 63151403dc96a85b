/// What a fitted pipeline makes of a column.
public struct ColumnReport: Sendable, Hashable, Codable {
  /// Why a column is left out.
  public enum Omission: String, Sendable, Hashable, Codable {
    /// The training rows have no value.
    case empty
    /// The training rows have one value.
    case constant
    /// Its values tell rows apart.
    case identifier
    /// It was asked for: the column was dropped, or is no feature.
    case dropped
    /// It has another use: target, part, group, time or weight.
    case otherUse
  }

  /// The column's name.
  public let name: String
  /// What its cells are.
  public let kind: ColumnKind
  /// The number of missing cells in the training rows.
  public let missingCount: Int
  /// The levels of a category in the training rows, those with an input of their own first; of true
  /// and false and of a column that is left out only if they are at most 64.
  public let levels: [String]
  static let shownLevelCount = 64
  /// The least and the largest number in the training rows.
  public let range: [Double]?
  /// Why the column is left out; nil if it is used.
  public let omission: Omission?
  /// The names of the inputs that it becomes.
  public let outputNames: [String]
  /// The number of distinct values of a category or a boolean column in the training rows.
  public let levelCount: Int

  /// What the column becomes, in a few words.
  public var outcome: String {
    switch omission {
    case .empty: return "left out: no values"
    case .constant: return "left out: one value"
    case .identifier: return "left out: tells rows apart (--keep \(name.quotedAsArgument))"
    case .dropped: return "left out: not a feature"
    case .otherUse: return "not a feature"
    case nil:
      let flags = outputNames.count { $0 == "\(name) missing" }
      let inputs = outputNames.count - (kind.isText ? 0 : flags)
      var text = inputs == 1 ? "1 input" : "\(inputs) inputs"
      if !kind.isText, flags > 0 { text = inputs > 0 ? text + ", 1 flag" : "1 flag" }
      return text
    }
  }

  /// The kind with levels or range, in a few words.
  public var summary: String {
    switch kind {
    case .integer, .number:
      guard let range, range.count == 2 else { return kind.rawValue }
      return "\(kind.rawValue), \(range[0].shortened) … \(range[1].shortened)"
    case .category, .text, .boolean:
      return "\(kind.rawValue), \(levelCount.grouped) \(levelCount == 1 ? "level" : "levels")"
    case .date: return kind.rawValue
    }
  }
}
