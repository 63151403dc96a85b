import SlopeData

extension ColumnScale {
  /// The mean and the standard deviation (divisor n) of `column` in `rows`; 1 for the latter where
  /// it is 0.
  ///
  /// Throws `TabularError` for values too large for their mean to be a number.
  init(of column: Int, rows: [Int], in table: Table) throws {
    func sum(_ term: (Double) -> Double) -> Double {
      var sum = 0.0
      for row in rows { sum += table.withRow(row) { term($0[column]) } }
      return sum
    }
    let count = Double(max(1, rows.count))
    // The second pass takes back what the rounding of a large sum cost.
    let rough = sum { $0 } / count
    let mean = rough + sum { $0 - rough } / count
    var largest = 0.0
    _ = sum { value in
      largest = max(largest, abs(value - mean))
      return 0
    }
    guard mean.isFinite, largest.isFinite else {
      throw TabularError.unusable(
        "\(table.source): column \(table.columnNames[column].quotedForMessage): "
          + "the values are too large to be standardised")
    }
    // A constant column whose mean rounds must not pass for one that varies.
    guard largest > abs(mean) * 1e-15 else {
      self.init(mean: mean, deviation: 1)
      return
    }
    // Relative to the largest, so that squares neither overflow nor vanish.
    let squares = sum { value in
      let relative = (value - mean) / largest
      return relative * relative
    }
    self.init(mean: mean, deviation: largest * (squares / count).squareRoot())
  }
}
