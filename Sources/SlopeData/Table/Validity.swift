/// Which cells of a column have a value: one bit each, and none at all where every cell has one.
struct Validity: Sendable, Hashable {
  /// The number of cells.
  let count: Int
  /// The number of missing cells.
  let missingCount: Int
  /// Bit `row % 64` of word `row / 64` is set where the cell has a value; empty if all have.
  private let words: [UInt64]

  /// The cells of a column of which none is missing.
  init(count: Int) {
    self.count = count
    missingCount = 0
    words = []
  }

  /// The cells for which `isValid` is true.
  init(count: Int, _ isValid: (Int) -> Bool) {
    var words = [UInt64](repeating: 0, count: (count + 63) / 64)
    var missing = 0
    for row in 0..<count {
      if isValid(row) { words[row >> 6] |= 1 << UInt64(row & 63) } else { missing += 1 }
    }
    self.count = count
    missingCount = missing
    self.words = missing == 0 ? [] : words
  }

  /// Whether the cell of `row` has a value.
  @inline(__always)
  subscript(row: Int) -> Bool {
    words.isEmpty || words[row >> 6] >> UInt64(row & 63) & 1 == 1
  }

  /// The cells of `rows`, in their order.
  func taking(_ rows: [Int]) -> Validity {
    words.isEmpty ? Validity(count: rows.count) : Validity(count: rows.count) { self[rows[$0]] }
  }
}
