import CSlopePredict
import Glibc
import SlopeCore
import SlopeData
import SlopeTabular

/// A model that callers of the C interface have opened.
///
/// Nothing of it changes, so that any number of threads predict at the same time.
final class OpenModel: @unchecked Sendable {
  /// What `slope_model_describe` copies.
  let description: slope_description

  private let columns: [(name: String, kind: ColumnKind)]
  private let classCount: Int
  private let predict: (Table) throws -> TabularPredictions
  private let texts: [UnsafeMutablePointer<CChar>?]
  private let names: UnsafeMutablePointer<UnsafePointer<CChar>?>
  private let kinds: UnsafeMutablePointer<Int32>

  /// The rows that are predicted at a time: more take no more memory.
  private static let rowsAtOnce = 4096

  /// Reads the file at `path`.
  init(path: String) throws {
    let file = try TabularModelFile(path: path)
    predict =
      switch file.dtype {
      case .float64: try file.model(as: Double.self).predict
      default: try file.model(as: Float.self).predict
      }
    let schema = file.schema
    columns = schema.pipeline.columns.filter { $0.omission == nil }.map { ($0.name, $0.kind) }
    classCount = schema.task.classes.count
    // One array of texts: columns, classes, target.
    texts = (columns.map(\.name) + schema.task.classes + [schema.target]).map { strdup($0) }
    names = .allocate(capacity: texts.count)
    names.initialize(from: texts.map { UnsafePointer($0) }, count: texts.count)
    kinds = .allocate(capacity: columns.count)
    kinds.initialize(from: columns.map { Int32($0.kind.constant.rawValue) }, count: columns.count)
    description = slope_description(
      column_count: columns.count, column_names: UnsafePointer(names), column_kinds: kinds,
      target: UnsafePointer(texts.last ?? nil), class_count: classCount,
      class_names: UnsafePointer(names + columns.count), value_count: max(1, classCount))
    guard texts.allSatisfy({ $0 != nil }) else {
      throw Failure(slope_failed, "\(path): no memory for the names of its columns")
    }
  }

  deinit {
    for text in texts { free(text) }
    names.deallocate()
    kinds.deallocate()
  }

  /// Writes the predictions of rows to `values`, [rows, values of a row].
  func predict(
    rowCount: Int, _ cells: UnsafeBufferPointer<slope_column>,
    to values: UnsafeMutablePointer<Double>
  ) throws {
    for start in stride(from: 0, to: rowCount, by: Self.rowsAtOnce) {
      let rows = start..<min(start + Self.rowsAtOnce, rowCount)
      let table = Table(
        try zip(columns, cells).map { try Self.column($0, $1, rows) }, source: "the rows",
        firstRow: start)
      let predictions = try withDevice(.cpu) { try predict(table) }
      let found = classCount > 0 ? predictions.probabilities : predictions.numbers
      let width = max(1, classCount)
      guard found.count == rows.count * width else {
        throw Failure(slope_failed, "\(found.count) predictions of \(rows.count) rows")
      }
      (values + start * width).update(from: found, count: found.count)
    }
  }

  private static func column(
    _ column: (name: String, kind: ColumnKind), _ cells: slope_column, _ rows: Range<Int>
  ) throws -> Column {
    let place = "column \(column.name.quotedForMessage)"
    do throws(Column.CellFault) {
      switch (cells.numbers, cells.texts) {
      case (let numbers?, nil):
        let numbers = Array(
          UnsafeBufferPointer(start: numbers + rows.lowerBound, count: rows.count))
        return try Column(column.name, numbers: numbers, as: column.kind)
      case (nil, let texts?):
        return try Column(column.name, texts: try Self.strings(texts, rows), as: column.kind)
      default: break
      }
    } catch {
      throw Failure(
        slope_invalid_rows,
        "row \(rows.lowerBound + error.row + 1): \(place): \(error.message)".withControlsEscaped)
    }
    let what = cells.numbers == nil ? "neither numbers nor texts" : "both numbers and texts"
    throw Failure(slope_invalid_argument, "\(place): \(what)")
  }

  private static func strings(
    _ texts: UnsafePointer<UnsafePointer<CChar>?>, _ rows: Range<Int>
  ) throws(Column.CellFault) -> [String?] {
    var all: [String?] = []
    for row in rows {
      let text = texts[row].map { String(validatingCString: $0) }
      if case .some(.none) = text {
        throw Column.CellFault(row: row - rows.lowerBound, message: "the text is not UTF-8")
      }
      all.append(text ?? nil)
    }
    return all
  }
}

extension ColumnKind {
  /// The kind in C.
  fileprivate var constant: slope_kind {
    switch self {
    case .integer, .number: slope_numbers
    case .boolean: slope_booleans
    case .category, .text: slope_texts
    case .date: slope_dates
    }
  }
}
