import SlopePlot

/// The roofline plot: the rates that operations reach, by their operations per byte.
///
/// The roofs are set by arithmetic and memory. There is a panel for each device, with the same
/// axes.
///
/// S. Williams, A. Waterman, D. Patterson, "Roofline: an insightful visual performance model for
/// multicore architectures", 2009. doi:10.1145/1498765.1498785
struct RooflinePlot {
  /// An operation in a panel.
  struct Mark {
    let label: String
    /// Operations per byte, and billions of operations per second.
    let intensity: Double
    let rate: Double
    let roof: Roof
  }

  /// The contents of one device's panel.
  struct Panel {
    let device: DeviceRecord
    let marks: [Mark]
    /// Copies, which do no operations: their names and billions of bytes per second.
    let copies: [(name: String, rate: Double)]
    /// Training steps: their names, and their times, launches and waits.
    let steps: [(name: String, figure: String)]
    let color: (float32: Paint, float64: Paint)

    func height(_ roof: Roof) -> Double? { device.roofs.first { $0.roof == roof }?.value }

    func color(_ roof: Roof) -> Paint { roof == .float64 ? color.float64 : color.float32 }
  }

  /// Dark enough to be read as text on white; neighbours differ in hue and in lightness.
  private static let colors = [
    (Paint("#0b5fc1"), Paint("#c2410c")), (Paint("#0a7a55"), Paint("#8527b5")),
    (Paint("#b0185c"), Paint("#6b6a00")), (Paint("#27727b"), Paint("#7a4a21")),
  ]

  let panels: [Panel]
  let subtitles: [String]

  init(_ report: Report) {
    panels = report.devices.enumerated().map { index, device in
      Panel(
        device: device, results: report.results.filter { $0.device == device.name },
        color: RooflinePlot.colors[index % RooflinePlot.colors.count])
    }
    subtitles = [
      report.machine.title,
      report.circumstances + ". Points are the library's operations, roofs what probes measured.",
    ]
  }

  /// The drawing as the text of a file.
  var svg: String { drawing.document(title: RooflinePlot.title) }

  static let title = "What Slope's operations reach of each device"
}

extension RooflinePlot.Panel {
  init(device: DeviceRecord, results: [Result], color: (Paint, Paint)) {
    self.device = device
    self.color = color
    marks = results.compactMap { result in
      guard let label = result.label, let intensity = result.intensity,
        let rate = result.gigaflopsPerSecond, result.isCached != true,
        let roof = result.dtype.flatMap({ Roof(rawValue: $0) }), intensity > 0, rate > 0
      else { return nil }
      return RooflinePlot.Mark(label: label, intensity: intensity, rate: rate, roof: roof)
    }
    copies = [
      ("copy_float32", "copy"), ("transpose_float32", "copy of a transpose"),
      ("upload", "host to device"), ("download", "device to host"),
    ].compactMap { name, title in
      results.first { $0.name == name }?.gigabytesPerSecond.map { (title, $0) }
    }
    steps = results.filter(\.isTrainingStep).map { ($0.title, $0.figure) }
  }
}
