import FoundationEssentials

/// All that was found, as a table and as JSON.
struct Report: Codable, Equatable {
  var results: [Result]
  var machine: Machine

  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// The machine, then a line for each result.
  var text: String {
    let header = [
      "\(machine.processor), \(machine.threads) threads, \(machine.instructions), "
        + "OpenBLAS \(machine.blasKernel)"
        + (machine.blasKernelIsForced ? " (by OPENBLAS_CORETYPE)" : ""),
      "load average \(fixed(machine.loadAverage, 2)) before the measurements; medians of the rounds",
      "",
    ]
    let titles = ["", "", "", "range", "GB/s", "of peak", "first", "launches", "waits"]
    var rows: [[String]] = []
    for (index, result) in results.enumerated() {
      if index == 0 || results[index - 1].device != result.device {
        rows += (index == 0 ? [] : [[""]]) + [[result.device] + titles.dropFirst()]
      }
      rows.append(row(result))
    }
    return (header + Report.table(rows)).joined(separator: "\n")
  }

  private func row(_ result: Result) -> [String] {
    let range =
      if let lowest = result.lowest, let highest = result.highest {
        "\(short(lowest))–\(short(highest))"
      } else {
        ""
      }
    return [
      result.title, short(result.value), result.unit, range,
      result.gigabytesPerSecond.map(short) ?? "",
      result.percentOfPeak.map { fixed($0, 0) + " %" } ?? "",
      result.firstSeconds.map { short($0 * 1e6) + " us" } ?? "",
      result.launches.map { short($0) } ?? "", result.waits.map { short($0) } ?? "",
    ]
  }

  /// Lines of aligned columns: the first and the units to the left, numbers to the right.
  static func table(_ rows: [[String]]) -> [String] {
    guard let columns = rows.map(\.count).max() else { return [] }
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line +=
          (column == 0 ? "" : "  ") + (column == 0 || column == 2 ? cell + padding : padding + cell)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

/// A number with three digits that count.
func short(_ value: Double) -> String {
  guard value.isFinite else { return "\(value)" }
  let size = abs(value)
  return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
}

/// A number with that many digits after the point.
func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  var scale = 1
  for _ in 0..<digits { scale *= 10 }
  let rounded = Int((abs(value) * Double(scale)).rounded())
  let sign = value < 0 && rounded != 0 ? "-" : ""
  guard digits > 0 else { return sign + "\(rounded)" }
  let fraction = "\(rounded % scale)"
  return sign + "\(rounded / scale)." + String(repeating: "0", count: digits - fraction.count)
    + fraction
}
