import CNumberParsing

/// Which columns of a file a table stores, in the file's order.
///
/// For those that hold text it also has the texts so far.
struct ColumnPlan {
  /// A `slope_column_kind` for each column of the file.
  let kinds: [UInt8]
  /// The indices of each stored column in the file and in the table.
  let stored: [(file: Int, table: Int)]
  /// The names of the stored columns.
  let storedNames: [String]
  /// The stored columns that hold text.
  let textColumns: [Int]
  /// The texts of each text column, in the order in which they first occur.
  ///
  /// A text's code, which the table stores, is its index.
  private(set) var labels: [Int: [String]] = [:]
  private var codes: [Int: [String: Int]] = [:]

  /// A plan that stores the columns `kept` (nil: all), of which `text` hold text.
  init(names: [String], kept: [Int]?, text: [Int]) {
    let kept = Set(kept ?? Array(names.indices)).union(text).sorted()
    var kinds = names.map { _ in UInt8(slope_column_skipped.rawValue) }
    for column in kept { kinds[column] = UInt8(slope_column_number.rawValue) }
    for column in text { kinds[column] = UInt8(slope_column_text.rawValue) }
    self.kinds = kinds
    stored = kept.enumerated().map { ($1, $0) }
    storedNames = kept.map { names[$0] }
    textColumns = stored.filter { text.contains($0.file) }.map(\.table)
    for column in textColumns {
      labels[column] = []
      codes[column] = [:]
    }
  }

  /// The code of `label` in the stored column `column`.
  mutating func code(of label: String, column: Int) -> Double {
    if let code = codes[column]?[label] { return Double(code) }
    let code = labels[column]?.count ?? 0
    labels[column]?.append(label)
    codes[column]?[label] = code
    return Double(code)
  }
}
