import SlopeData

@testable import SlopeTabular

/// The exact solution that training must approach: slow, obvious, by Gaussian elimination.
enum LeastSquares {
  /// The numbers of a column that has no missing cells.
  static func numbers(_ table: Table, _ name: String) throws -> [Double] {
    try table[name, as: Double.self].map { $0 ?? .nan }
  }

  /// The intercept, then one coefficient per feature, of `target` on `features` in `rows`.
  static func coefficients(
    _ table: Table, target: String, features: [String], rows: [Int]
  ) throws -> [Double] {
    let columns = try features.map { try numbers(table, $0) }
    let y = try numbers(table, target)
    let scales = columns.map { column in
      let mean = rows.reduce(0) { $0 + column[$1] } / Double(rows.count)
      let squares = rows.reduce(0) { $0 + (column[$1] - mean) * (column[$1] - mean) }
      return (mean: mean, deviation: (squares / Double(rows.count)).squareRoot())
    }
    // Standardised, the normal equations of these data sets lose no more than three digits.
    let width = features.count + 1
    var system = [[Double]](repeating: Array(repeating: 0, count: width + 1), count: width)
    for row in rows {
      let x = [1] + zip(columns, scales).map { ($0[row] - $1.mean) / $1.deviation }
      for i in 0..<width {
        for j in 0..<width { system[i][j] += x[i] * x[j] }
        system[i][width] += x[i] * y[row]
      }
    }
    var result = solve(system)
    for (index, scale) in scales.enumerated() {
      result[index + 1] /= scale.deviation
      result[0] -= result[index + 1] * scale.mean
    }
    return result
  }

  /// The mean squared error of `coefficients` on `rows`.
  static func error(
    _ coefficients: [Double], _ table: Table, target: String, features: [String], rows: [Int]
  ) throws -> Double {
    let columns = try features.map { try numbers(table, $0) }
    let y = try numbers(table, target)
    let squares = rows.map { row in
      let prediction = zip(columns, coefficients.dropFirst()).reduce(coefficients[0]) {
        $0 + $1.0[row] * $1.1
      }
      return (prediction - y[row]) * (prediction - y[row])
    }
    return squares.reduce(0, +) / Double(rows.count)
  }

  private static func solve(_ system: [[Double]]) -> [Double] {
    var system = system
    let width = system.count
    for pivot in 0..<width {
      let best = (pivot..<width).max { abs(system[$0][pivot]) < abs(system[$1][pivot]) } ?? pivot
      system.swapAt(pivot, best)
      for row in 0..<width where row != pivot {
        let factor = system[row][pivot] / system[pivot][pivot]
        for column in pivot...width { system[row][column] -= factor * system[pivot][column] }
      }
    }
    return (0..<width).map { system[$0][width] / system[$0][$0] }
  }
}
