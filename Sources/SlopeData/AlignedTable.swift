/// Rows of text in aligned columns.
package struct AlignedTable {
  private let rows: [[String]]
  /// The columns that are left-aligned; the others are right-aligned.
  private let leftAligned: Set<Int>

  /// A table of rows, the first of which is usually the columns' names.
  package init(rows: [[String]], leftAligned: Set<Int> = [0]) {
    self.rows = rows
    self.leftAligned = leftAligned
  }

  /// The lines, each with a line feed.
  package var text: String {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    var text = ""
    for row in rows {
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        if column > 0 { text += "  " }
        text += leftAligned.contains(column) ? cell + padding : padding + cell
      }
      text.removeLast(text.reversed().prefix { $0 == " " }.count)
      text += "\n"
    }
    return text
  }
}
