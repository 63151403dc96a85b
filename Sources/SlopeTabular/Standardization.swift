import SlopeData

/// The means and standard deviations (divisor n) of columns in the rows that train a model.
enum Standardization {
  /// The scale of each of `columns` in `rows` of `table`.
  ///
  /// The standard deviation is 1 where it would be 0 or subnormal.
  ///
  /// Throws `TabularError` for values too large for their mean to be a number.
  static func scales(of columns: [Int], rows: [Int], in table: Table) throws -> [ColumnScale] {
    var isIncluded = [Bool](repeating: false, count: table.rowCount)
    for row in rows { isIncluded[row] = true }
    /// For each column the sum of `term` of its index and values.
    func sums(_ term: (Int, Double) -> Double) -> [Double] {
      var sums = [Double](repeating: 0, count: columns.count)
      table.forEachRow { row, values in
        guard isIncluded[row] else { return }
        for index in columns.indices { sums[index] += term(index, values[columns[index]]) }
      }
      return sums
    }
    let count = Double(max(1, rows.count))
    let rough = sums { _, value in value }.map { $0 / count }
    // The second pass corrects the rounding error of a large sum.
    let rest = sums { index, value in value - rough[index] }
    let means = zip(rough, rest).map { $0 + $1 / count }
    var largest = [Double](repeating: 0, count: columns.count)
    table.forEachRow { row, values in
      guard isIncluded[row] else { return }
      for index in columns.indices {
        let distance = abs(values[columns[index]] - means[index])
        // Not `max`, which may drop a NaN.
        if !(distance <= largest[index]) { largest[index] = distance }
      }
    }
    for index in columns.indices where !means[index].isFinite || !largest[index].isFinite {
      throw TabularError.unusable(
        "\(table.source): column \(table.columnNames[columns[index]].quotedForMessage): "
          + "the values are too large to be standardised")
    }
    // Relative to the largest, so that squares neither overflow nor underflow.
    let squares = sums { index, value in
      guard largest[index] > 0 else { return 0 }
      let relative = (value - means[index]) / largest[index]
      return relative * relative
    }
    return columns.indices.map { index in
      // A constant column whose mean is rounded must not be taken for one that varies.
      let isConstant = largest[index] <= abs(means[index]) * 1e-15
      let deviation = largest[index] * (squares[index] / count).squareRoot()
      return ColumnScale(
        mean: means[index],
        deviation: isConstant || deviation < .leastNormalMagnitude ? 1 : deviation)
    }
  }
}
