public import SlopeCore
public import SlopeData
public import SlopeTabular
import SlopeTraining

/// A page about a model of a table and how good it is, for people.
///
/// It is one HTML file, which needs no other: what the model is worth in a sentence, scores beside the
/// baseline and the other model that was fitted, the course of the training, charts of predictions and
/// errors, which columns matter and how, the columns, the worst predictions, and what is needed to do it
/// again. It is dark where the reader's screen is, and can be printed.
///
/// ```swift
/// let table = try Table(csv: "datasets/engel.csv")
/// let fit = try TabularModel<Float>.fit(table, target: "foodexp")
/// let report = try TabularReport(fit, table: table)
/// try report.write(to: "engel.html")
/// ```
public struct TabularReport: Sendable {
  /// What a column tells the model.
  public struct Importance: Sendable, Hashable {
    /// The column's name.
    public let column: String
    /// By how much the RMSE or the log loss grows when the column's cells change places, on average of
    /// `repeatCount` orders, or beyond the twenty most important columns (of a slow model five) by one; below 0
    /// where it falls.
    public let mean: Double
    /// The least and the largest of these.
    public let range: ClosedRange<Double>
  }

  /// The orders of the rows by which each column's importance is measured.
  public static let repeatCount = 5

  /// The rows by which the model is judged here.
  let rows: JudgedRows
  let schema: TabularSchema
  /// The scores of the judged rows.
  public let scores: TabularScores
  /// Those of the baseline on the same rows.
  let baseline: TabularScores
  /// The columns that the model reads, the most important first.
  public let importances: [Importance]
  let dependences: [PartialDependence]
  let columns: [ColumnSketch]
  let environment: [(name: String, text: String)]
  /// The rows by which the importances were measured.
  let importanceRowCount: Int
  /// The command that makes the model and the report again; nil for none.
  public var command: String?
  /// What is suspicious about data or result, one line each.
  public var warnings: [String] = []

  /// A report of a fit, on the rows that it has not learnt from: the test rows, or where there are none,
  /// the validation rows, or all.
  ///
  /// - Parameters:
  ///   - fit: the fit.
  ///   - table: the table that it was given.
  ///   - weights: the name of a column with what each row counts; nil for equally much.
  /// - Throws: as `init(_:on:weights:)`.
  public init<Element: FloatingElement>(
    _ fit: TabularFit<Element>, table: Table, weights: String? = nil
  ) throws {
    let counts = try weights.map { try table.column($0).cells(as: Double.self) }
    let part = [TablePart.test, .validation].first { part in
      // Rows that count nothing judge nothing.
      (fit.rows[part] ?? []).contains { row in
        counts.map { row < $0.count && ($0[row] ?? 0) > 0 } ?? true
      }
    }
    let judged = part.flatMap { fit.rows[$0] } ?? Array(0..<table.rowCount)
    if let row = judged.max(), row >= table.rowCount {
      throw TableError(
        "\(table.source): \(table.rowCount.grouped) rows, of which the fit had more; a report needs its table"
      )
    }
    try self.init(fit.model, table, judged, part: part ?? .training, weights)
    warnings = fit.warnings
  }

  /// A report of a model, on the rows of a table whose targets are known.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - table: a table with the columns that the model reads and its target.
  ///   - weights: the name of a column with what each row counts; nil for equally much.
  /// - Throws: as `TabularModel.evaluate(_:weights:)`.
  public init<Element: FloatingElement>(
    _ model: TabularModel<Element>, on table: Table, weights: String? = nil
  ) throws {
    try self.init(model, table, nil, part: nil, weights)
  }

  private init<Element: FloatingElement>(
    _ model: TabularModel<Element>, _ table: Table, _ places: [Int]?, part: TablePart?,
    _ weights: String?
  ) throws {
    let judged = places.map(table.taking) ?? table
    let (kept, truth) = try model.rowsWithTargets(judged, weights: weights)
    let predictions = try model.predict(kept)
    let scores = try TabularScores(predictions, truth, baseline: model.schema.baseline)
    schema = model.schema
    var rows = JudgedRows(table: kept, truth: truth, predictions: predictions, part: part)
    if part == nil { rows.learnt = try Self.learntRows(of: kept, model.schema) }
    self.rows = rows
    self.scores = scores
    baseline = try TabularScores(
      ofBaseline: model.schema.baseline, truth, model.schema.task)
    let search = ImportanceSearch(model: model, rows: rows)
    (importances, importanceRowCount) = try search.importances()
    dependences = try search.dependences(
      of: importances.prefix(PartialDependence.columnCount).filter { $0.mean > 0 }.map(\.column))
    columns = schema.pipeline.columns.map { ColumnSketch($0, table) }
    environment = Machine.description(Element.dtype, on: Device.default)
  }

  /// What is known of the rows of a table that a model has learnt from.
  private static func learntRows(
    of table: Table, _ schema: TabularSchema
  ) throws -> JudgedRows.LearntRows {
    guard let training = schema.training else { return .unknown }
    let count = training.scores[TablePart.training.rawValue]?.rowCount ?? training.rowCount
    if let checksum = training.checksum,
      try checksum == table.checksum(of: schema.features + [schema.target])
    {
      return .certain(count)
    }
    func name(_ path: String) -> Substring? { path.split(separator: "/").last }
    return name(training.source) == name(table.source) && training.rowCount == table.rowCount
      ? .likely(count) : .unknown
  }

  /// Writes the page, whole or not at all.
  ///
  /// - Parameter path: the path of the file.
  /// - Throws: `FileError` if it cannot be written.
  public func write(to path: String) throws { try write(to: try AtomicFile(path: path)) }

  /// Writes the page to a file that has been opened, and commits it.
  package func write(to file: AtomicFile) throws {
    try file.write(html)
    try file.commit()
  }
}
