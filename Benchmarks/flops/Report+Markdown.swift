import SlopePlot

extension Report {
  /// The results in the short table, in its order.
  static let headlines = [
    "matmul_float32_square_1024", "matmul_float32_tall", "matmul_float32_batched",
    "matmul_float32_vector", "matmul_float32_mlp_784", "matmul_float64_square_1024",
    "add_float32", "multiply_add_float32", "exp_float32", "chain_float32", "sum_float32",
    "sum_columns_float32", "softmax_float32", "copy_float32", "transpose_float32", "upload",
    "download", "launch_latency", "lecture_step", "tabular_mlp_8_64_64_1_b64_adam",
    "mnist_mlp_784_256_128_10_b128_adam", "deep_sigmoid_4x1024_b512",
  ]

  /// A short table with a column for each device, and the machine.
  var markdown: String {
    var lines = [
      "| |" + devices.map { " \($0.name) | of peak |" }.joined(),
      "|---|" + devices.map { _ in "--:|--:|" }.joined(),
    ]
    for roof in Roof.allCases {
      let heights = devices.map { device in device.roofs.first { $0.roof == roof } }
      guard heights.contains(where: { $0 != nil }) else { continue }
      let cells = heights.map { $0.map { " \(short($0.value)) \($0.unit) | |" } ?? " | |" }
      lines.append("| peak, \(roof == .memory ? "memory" : roof.rawValue) |" + cells.joined())
    }
    for name in Report.headlines {
      let found = devices.map { device in
        results.first { $0.name == name && $0.device == device.name }
      }
      guard let title = found.compactMap({ $0?.title }).first else { continue }
      lines.append("| \(title) |" + found.map { $0.map(Report.cells) ?? " | |" }.joined())
    }
    lines += ["", "\(machine.title); \(circumstances)."]
    lines += devices.filter { $0.title != machine.title }.map { "\($0.name): \($0.title)." }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The figure and the percentage of the peak.
  private static func cells(_ result: Result) -> String {
    return " \(result.figure) | \(result.percentOfPeak.map { fixed($0, 0) + " %" } ?? "") |"
  }
}

extension Result {
  /// The figure with a suitable unit, and for a training step the launches and waits, if the device
  /// counts them.
  var figure: String {
    guard unit == "us" else { return "\(short(value)) \(unit)" }
    let time = value < 1000 ? "\(short(value)) µs" : "\(short(value / 1000)) ms"
    guard let launches, let waits, isTrainingStep else { return time }
    return "\(time), \(count(launches)) launches, \(count(waits)) wait\(waits == 1 ? "" : "s")"
  }

  var isTrainingStep: Bool {
    [Section.lecture, .steps, .convolution].map(\.rawValue).contains(section)
  }
}
