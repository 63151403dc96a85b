import Glibc
import SlopeData

extension Double {
  /// The number for people: a whole number with all digits, any other with four.
  var readable: String {
    if abs(self) < 1e15, self == rounded() { return "\(Int(self))" }
    var buffer = [CChar](repeating: 0, count: 32)
    let count = withVaList([self]) { vsnprintf(&buffer, buffer.count, "%.4g", $0) }
    return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Rows of cells in columns, the first left-aligned, the others right-aligned; no line feed at the
/// end.
func aligned(_ rows: [[String]]) -> String {
  var widths: [Int] = []
  for row in rows {
    for (column, cell) in row.enumerated() {
      if column == widths.count { widths.append(0) }
      widths[column] = max(widths[column], cell.count)
    }
  }
  return rows.map { row in
    row.enumerated().map { column, cell in
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      return column == 0 ? cell + padding : padding + cell
    }.joined(separator: "  ")
  }.joined(separator: "\n")
}

/// The metrics that have a value, one per line.
func metricLines(_ metrics: [Metric], value: (Metric) -> Double?) -> String {
  aligned(metrics.compactMap { metric in value(metric).map { [metric.shortName, $0.readable] } })
}
