import FoundationEssentials
import SlopePlot

/// All results, as a table and as JSON.
struct Report: Codable, Equatable {
  var results: [Result]
  var devices: [DeviceRecord] = []
  var machine: Machine
  /// The number of batches of each workload.
  var rounds = 0

  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// The impossible percentages, each with its device and what it was compared with.
  ///
  /// Either the peak was measured under a load that the workload did not have, or the operations
  /// are miscounted.
  var impossibleShares: [String] {
    results.compactMap { result in
      guard let share = result.percentOfPeak, share > 100 else { return nil }
      return
        "\(result.name) on \(result.device): \(fixed(share, 1)) % of \(result.peak ?? "its peak")"
    }
  }

  /// `load average 0.50 before the measurements, 1.20 after; medians of 7 rounds`.
  var circumstances: String {
    "load average \(fixed(machine.loadAverage, 2)) before the measurements"
      + (machine.loadAverageAfter.map { ", \(fixed($0, 2)) after" } ?? "")
      + "; medians of \(rounds) rounds"
  }

  /// The machine, then for each device its roofs and a line for each result.
  var text: String {
    var lines = [machine.title, circumstances]
    let rows = devices.map { device in
      [Report.titles] + results.filter { $0.device == device.name }.map(row)
    }
    // One column width for all devices.
    let table = Report.table(rows.flatMap { $0 })
    var start = 0
    for (device, rows) in zip(devices, rows) {
      lines += ["", "\(device.name): \(device.title)"]
      if !device.roofs.isEmpty { lines.append(Report.roofs(of: device)) }
      lines += table[start..<start + rows.count]
      start += rows.count
    }
    let rest = results.filter { result in !devices.contains { $0.name == result.device } }
    if !rest.isEmpty { lines += [""] + Report.table(rest.map(row)) }
    return lines.joined(separator: "\n")
  }

  /// `peaks: float32 233 GFLOP/s (fma_float_all), …; arrays of 128 MiB`.
  static func roofs(of device: DeviceRecord) -> String {
    let roofs = device.roofs.map {
      "\($0.roof.rawValue) \(short($0.value)) \($0.unit) (\($0.source))"
    }
    return "peaks: \(roofs.joined(separator: ", ")); arrays of \(device.arrayBytes >> 20) MiB, "
      + "last cache \(device.lastLevelCacheBytes >> 20) MiB"
  }

  private static let titles = [
    "", "", "", "range", "GFLOP/s", "GB/s", "of peak", "first", "launches", "waits",
  ]

  private func row(_ result: Result) -> [String] {
    let range =
      if let lowest = result.lowest, let highest = result.highest {
        "\(short(lowest))–\(short(highest))"
      } else {
        result.median.map { "median \(short($0))" } ?? ""
      }
    // The main figure is not printed twice.
    return [
      result.title, short(result.value), result.unit, range,
      result.unit.hasSuffix("OP/s") ? "" : result.gigaflopsPerSecond.map(short) ?? "",
      result.unit == "GB/s" ? "" : result.gigabytesPerSecond.map(short) ?? "",
      result.percentOfPeak.map { fixed($0, 0) + " %" } ?? (result.isCached == true ? "cached" : ""),
      result.firstSeconds.map { short($0 * 1e6) + " us" } ?? "",
      result.launches.map { count($0) } ?? "", result.waits.map { count($0) } ?? "",
    ]
  }

  /// Lines of aligned columns: the first and the units left-aligned, numbers right-aligned.
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
