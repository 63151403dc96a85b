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
  private let table: Table
  private let truth: TargetRows

  /// The rows that are predicted for all columns and orders together, at most.
  private static var budget: Int { 100_000 }

  init(model: TabularModel<Element>, rows: JudgedRows, weights: String?) {
    self.model = model
    let columns = model.schema.features.count
    let most = max(50, Self.budget / max(1, columns * TabularReport.repeatCount))
    // Rows at equal distances: the file may be sorted.
    let some =
      rows.count <= most
      ? Array(0..<rows.count)
      : (0..<most).map { Int(Double($0) * Double(rows.count) / Double(most)) }
    table = rows.table.taking(some)
    truth = rows.truth.taking(some)
  }

  /// The importance of each column, the largest first, and the number of rows that tell it.
  func importances() throws -> ([TabularReport.Importance], rowCount: Int) {
    guard let base = try error(table) else { return ([], table.rowCount) }
    // The same orders for each column, and in each report.
    let generator = Generator(seed: 0)
    let orders = (0..<TabularReport.repeatCount).map { _ in
      generator.permutation(table.rowCount).map { Int($0) }
    }
    let all = try model.schema.features.map { name -> TabularReport.Importance in
      let column = try table.column(name)
      let growths = try orders.compactMap { order in
        try error(table.adding(column.taking(order))).map { $0 - base }
      }
      let mean = growths.reduce(0, +) / Double(max(1, growths.count))
      return TabularReport.Importance(
        column: name, mean: mean, range: (growths.min() ?? 0)...(growths.max() ?? 0))
    }
    return (all.sorted { ($1.mean, $0.column) < ($0.mean, $1.column) }, table.rowCount)
  }

  private func error(_ table: Table) throws -> Double? {
    try TabularScores(try model.predict(table), truth, baseline: model.schema.baseline).mainError
  }

  /// What the model predicts on average if all rows had some value in a column, for columns.
  func dependences(of names: [String]) throws -> [PartialDependence] {
    try names.compactMap { name in
      guard let report = model.schema.pipeline.columns.first(where: { $0.name == name }) else {
        return nil
      }
      return try PartialDependence(model, report, table)
    }
  }
}
