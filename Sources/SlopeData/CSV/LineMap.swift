/// The line of its file that each row of a table came from.
///
/// Only the places are stored where a row is not one line after the row before it: blank lines, and
/// quoted fields that span lines.
struct LineMap: Sendable {
  private var steps: [(row: Int, line: Int)] = []

  /// Notes that `row`, which is greater than any row noted before, begins on `line`.
  mutating func note(row: Int, line: Int) {
    if self.line(ofRow: row) != line { steps.append((row, line)) }
  }

  /// The line that `row` begins on; nil if nothing was noted up to it.
  func line(ofRow row: Int) -> Int? {
    // Bisection for the last step at or before the row.
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
