import SlopeCore
import SlopeData
import SlopeTabular
import SlopeTraining

/// What the columns tell a model, by predictions for rows whose cells are changed.
///
/// The error grows where a column's cells change places among the rows. Source: L. Breiman, "Random
/// forests", Machine Learning 45, 2001; for any model A. Fisher, C. Rudin and F. Dominici, "All models
/// are wrong, but many are useful", 2019, arXiv:1801.01489.
struct ImportanceSearch<Element: FloatingElement> {
  private let model: TabularModel<Element>
  private let rows: JudgedRows

  /// The multiply-adds of all predictions of a pass, about: half a second on two cores.
  private static var budget: Double { 2e9 }
  private static var mostRows: Int { 2000 }
  private static var inputCount: Double { 0x1p24 }
  /// Whether fifty rows take more than ten times as long, such as those of a large ensemble.
  private var isSlow: Bool {
    let rowCount = Double(50 * max(1, model.schema.features.count))
    return ChangedColumns.multiplyAdds(of: model) * rowCount > 10 * Self.budget
  }
  private var leastRows: Int { isSlow ? 20 : 50 }
  /// The columns whose importance is measured by several orders.
  private var columnCount: Int { isSlow ? 5 : 20 }

  init(model: TabularModel<Element>, rows: JudgedRows) {
    self.model = model
    self.rows = rows
  }

  /// As many judged rows as `predictionCount` predictions of each allow, at equal distances: the file may be
  /// sorted.
  private func some(_ predictionCount: Int) -> (table: Table, truth: TargetRows) {
    let cost = ChangedColumns.multiplyAdds(of: model) * Double(max(1, predictionCount))
    // The inputs of all rows are in memory at once.
    let inputCount = Double(max(1, model.schema.pipeline.outputCount))
    let affordable = min(Self.budget / max(cost, 1), Self.inputCount / inputCount)
    let most = affordable < 1e6 ? Int(affordable) : Self.mostRows
    let count = max(leastRows, min(most, Self.mostRows))
    guard rows.count > count else { return (rows.table, rows.truth) }
    let places = (0..<count).map { Int(Double($0) * Double(rows.count) / Double(count)) }
    return (rows.table.taking(places), rows.truth.taking(places))
  }

  /// The importance of each column, the largest first, and the number of rows that tell it.
  ///
  /// One order tells which columns are the most important; these are measured by more.
  func importances() throws -> ([TabularReport.Importance], rowCount: Int) {
    let names = model.schema.features
    guard rows.count > 1 else { return ([], rows.count) }
    let first = try importances(of: names, orderCount: 1, some(names.count))
    let best = first.prefix(columnCount).map(\.column)
    let sample = some(best.count * TabularReport.repeatCount)
    let measured = try importances(
      of: best, orderCount: TabularReport.repeatCount, sample)
    return (measured + first.dropFirst(best.count), sample.table.rowCount)
  }

  private func importances(
    of names: [String], orderCount: Int, _ sample: (table: Table, truth: TargetRows)
  ) throws -> [TabularReport.Importance] {
    let (table, truth) = sample
    guard let base = try truth.mainError(model.predict(table)) else { return [] }
    // The same orders for each column, and in each report.
    let generator = Generator(seed: 0)
    let orders = (0..<orderCount).map { _ in
      generator.permutation(table.rowCount).map { Int($0) }
    }
    let columns = try names.map { try table.column($0) }
    let predictions = try ChangedColumns(model, table).predictions(
      replacing: columns.flatMap { column in orders.map { column.taking($0) } })
    let growths = try predictions.map { try truth.mainError($0).map { $0 - base } }
    let all = names.enumerated().map { index, name in
      let own = growths[(index * orderCount)..<((index + 1) * orderCount)].compactMap { $0 }
      return TabularReport.Importance(
        column: name, mean: own.reduce(0, +) / Double(max(1, own.count)),
        range: (own.min() ?? 0)...(own.max() ?? 0))
    }
    return all.sorted { ($1.mean, $0.column) < ($0.mean, $1.column) }
  }

  /// What the model predicts on average if all rows had some value in a column, for columns.
  func dependences(of names: [String]) throws -> [PartialDependence] {
    let some = PartialDependence.some(rows.table, isSlow ? leastRows : PartialDependence.rowCount)
    let changed = try ChangedColumns(model, some)
    return try names.compactMap { name in
      guard let report = model.schema.pipeline.columns.first(where: { $0.name == name }) else {
        return nil
      }
      return try PartialDependence(
        model.schema, report, values: try rows.table.column(name), rowCount: some.rowCount
      ) { try changed.predictions(replacing: $0) }
    }
  }
}
