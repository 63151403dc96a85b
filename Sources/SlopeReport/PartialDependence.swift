import SlopeData
import SlopeTabular

/// What a model predicts on average if all rows had the same value in a column, by that value.
///
/// Source: J. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of
/// Statistics 29, 2001, section 8.2.
struct PartialDependence: Sendable {
  /// The columns that a report shows.
  static let columnCount = 4
  /// The rows that are averaged, of models that are not slow.
  static let rowCount = 100
  private static let valueCount = 16
  private static let levelCount = 10
  /// The most classes that have a curve.
  static let classCount = 5

  let column: String
  /// The values of a column of numbers, or of dates the seconds since 1970.
  let numbers: [Double]
  /// Whether the values are dates.
  let areTimes: Bool
  /// The levels of another column.
  let levels: [String]
  /// For each class, or for numbers once, the mean prediction for each value.
  let curves: [(name: String?, means: [Double])]

  /// The rows whose predictions are averaged, at equal distances.
  static func some(_ table: Table, _ most: Int) -> Table {
    let count = min(most, table.rowCount)
    return table.taking((0..<count).map { $0 * table.rowCount / count })
  }

  /// The dependence on a column; nil of one without two values.
  ///
  /// - Parameters:
  ///   - schema: that of the model.
  ///   - report: what the model knows of the column.
  ///   - known: the cells from which values are chosen.
  ///   - count: the number of rows that are averaged.
  ///   - predictions: the predictions for these rows with other cells in the column, for each of columns.
  /// - Throws: `TableError` for values that are no numbers where the model knows numbers, and what
  ///   `predictions` throws.
  init?(
    _ schema: TabularSchema, _ report: ColumnReport, values known: Column, rowCount count: Int,
    predictions: ([Column]) throws -> [TabularPredictions]
  ) throws {
    let name = report.name
    column = name
    areTimes = report.kind == .date
    var columns: [Column] = []
    switch report.kind {
    case .integer, .number:
      let known = try known.cells(as: Double.self).compactMap { $0 }
      let values = Self.values(of: known, unit: report.kind == .integer ? 1 : nil)
      (numbers, levels) = (values, [])
      columns = values.map { value in
        report.kind == .integer
          ? Column(name, [Int](repeating: Self.whole(value), count: count))
          : Column(name, [Double](repeating: value, count: count))
      }
    case .boolean:
      (numbers, levels) = ([], ["false", "true"])
      columns = [false, true].map { Column(name, [Bool](repeating: $0, count: count)) }
    case .category, .text:
      (numbers, levels) = ([], Array(report.levels.prefix(Self.levelCount)))
      columns = levels.map { Column(name, [String](repeating: $0, count: count)) }
    case .date:
      let known = try known.cells(as: DateTime.self).compactMap { $0 }
      // Of days without a time of day the values are days too.
      let values = Self.values(
        of: known.map { Double($0.microsecondsSince1970) / 1e6 },
        unit: known.allSatisfy(\.isMidnight) ? 86_400 : 1)
      (numbers, levels) = (values, [])
      columns = values.map { value in
        let moment = DateTime(microsecondsSince1970: Int(value) * 1_000_000)
        return Column(name, [DateTime](repeating: moment, count: count))
      }
    }
    guard columns.count > 1 else { return nil }
    curves = Self.curves(try predictions(columns), schema)
  }

  /// Values at quantiles of some numbers, rounded to multiples of a unit.
  private static func values(of known: [Double], unit: Double?) -> [Double] {
    guard let quantiles = Quantiles(known) else { return [] }
    var values: [Double] = []
    for index in 0..<valueCount {
      // Without the outermost twentieths, where there are few rows.
      let level = 0.05 + 0.9 * Double(index) / Double(valueCount - 1)
      let value = unit.map { (quantiles[level] / $0).rounded() * $0 } ?? quantiles[level]
      if value != values.last { values.append(value) }
    }
    return values
  }

  /// The integer of a rounded number, which may lie at the ends of the integers.
  private static func whole(_ number: Double) -> Int {
    Int(exactly: number) ?? (number < 0 ? .min : .max)
  }

  /// The mean predictions for each value: of numbers one curve, of two classes the second's, else those of the
  /// commonest classes.
  private static func curves(
    _ predictions: [TabularPredictions], _ schema: TabularSchema
  ) -> [(name: String?, means: [Double])] {
    let classes = schema.task.classes
    guard !classes.isEmpty else {
      return [(nil, predictions.map { $0.numbers.reduce(0, +) / Double($0.rowCount) })]
    }
    let shares = schema.baseline
    let shown =
      classes.count == 2
      ? [1]
      : shares.indices.sorted { (shares[$1], $0) < (shares[$0], $1) }.prefix(classCount).sorted()
    return shown.map { index in
      let means = predictions.map { prediction in
        let sum = (0..<prediction.rowCount).reduce(0) {
          $0 + prediction.probabilities[$1 * classes.count + index]
        }
        return sum / Double(prediction.rowCount)
      }
      return (classes[index], means)
    }
  }
}
