/// Which line of its file each row of a table came from, stored as the places where rows and lines
/// fall out of step: blank lines, and quoted fields that span lines.
struct LineMap: Sendable {
  private var steps: [(row: Int, line: Int)] = []

  /// Notes that `row`, greater than any row noted before, begins on `line`.
  mutating func note(row: Int, line: Int) {
    if self.line(ofRow: row) != line { steps.append((row, line)) }
  }

  /// The line that `row` begins on; nil if nothing was noted up to it.
  func line(ofRow row: Int) -> Int? {
    // The last step at or before the row, by bisection.
    var low = 0
    var high = steps.count
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].row <= row { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    return steps[low - 1].line + (row - steps[low - 1].row)
  }
}
