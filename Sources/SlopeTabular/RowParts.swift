import SlopeCore
import SlopeData

/// The part that a row belongs to.
public enum TablePart: String, Sendable, CaseIterable {
  /// Rows that the model is fitted to.
  case training = "train"
  /// Rows for choosing among models.
  case validation
  /// Rows that judge the model.
  case test
}

/// The rows of each part of a table.
struct RowParts {
  private(set) var rows: [TablePart: [Int]] = [:]

  subscript(part: TablePart) -> [Int] { rows[part] ?? [] }

  /// Divides the table's rows by `split`; random splits draw from `generator`.
  init(_ table: Table, _ split: TabularOptions.Split, generator: Generator) throws {
    switch split {
    case .fractions(let training, let validation, let test):
      let fractions = [training, validation, test]
      guard fractions.allSatisfy({ $0 >= 0 }), abs(fractions.reduce(0, +) - 1) < 1e-9 else {
        throw TabularError.unusable("the parts \(fractions) are not fractions that sum to 1")
      }
      let parts = randomSplit(
        RowNumbers(count: table.rowCount), fractions, generator: generator)
      for (part, subset) in zip(TablePart.allCases, parts) { rows[part] = subset.indices }
    case .column(let name):
      for (row, text) in try table.text(name).enumerated() {
        guard let part = TablePart(rawValue: text) else {
          let found = text.isEmpty ? "nothing" : text.quotedForMessage
          throw TabularError.unusable(
            "\(table.place(ofRow: row)): column \(name.quotedForMessage): \(found) where "
              + "train, validation or test is expected")
        }
        rows[part, default: []].append(row)
      }
    }
    guard !self[.training].isEmpty else {
      throw TabularError.unusable("\(table.source): no rows to train on")
    }
  }
}

/// Row numbers as a data set, from which a split of a table is drawn.
private struct RowNumbers: Dataset {
  let count: Int
  subscript(row: Int) -> [Int] { [row] }
  func taking(_ indices: [Int]) -> [Int] { indices }
}
