/// Rows of text in columns, the first left-aligned, the others right-aligned.
struct AlignedTable {
  let rows: [[String]]

  /// The lines, each with a line feed.
  var text: String {
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
        text += column == 0 ? cell + padding : padding + cell
      }
      text.removeLast(text.reversed().prefix { $0 == " " }.count)
      text += "\n"
    }
    return text
  }
}
