/// One line of the report, and one object in the JSON file.
struct Result: Codable, Equatable {
  /// The device's name, as `mltrain devices` prints it.
  var device = "cpu"
  /// The stable name.
  var name: String
  /// The section that the result belongs to.
  var section: String?
  /// The title in the report.
  var title: String
  /// The label of the point in the plot.
  var label: String?
  var dtype: String?
  var value: Double
  var unit: String
  /// The median of a peak's tries, whose best is the value: far below it if others use the machine.
  var median: Double?
  /// The smallest and the largest of the rounds, in the unit.
  var lowest: Double?
  var highest: Double?
  /// Billions of operations and of bytes per second, if they are counted.
  var gigaflopsPerSecond: Double?
  var gigabytesPerSecond: Double?
  /// The percentage of the device's roof, and the result that measured the roof.
  var percentOfPeak: Double?
  var peak: String?
  /// Whether memory would be the limit if no cache held the data; no percentage is printed then.
  var isCached: Bool?
  /// The first repetition, in seconds.
  var firstSeconds: Double?
  /// Kernels launched, and waits of the host, in one repetition on an OpenCL device.
  var launches: Double?
  var waits: Double?
}

extension Result {
  /// The result of a measured workload, compared with the device's roofs.
  init(_ workload: Workload, _ timing: Timing, roofs: Roofs, _ size: ArraySize) {
    let values = timing.batches.map { workload.value(seconds: $0) }
    self.init(
      name: workload.name, section: workload.section?.rawValue, title: workload.title,
      label: workload.label,
      dtype: workload.dtype.name, value: workload.value(seconds: timing.median),
      unit: workload.unit, lowest: values.min(), highest: values.max(),
      firstSeconds: timing.firstSeconds, launches: timing.launches, waits: timing.waits)
    if workload.operations > 0 { gigaflopsPerSecond = workload.operations / timing.median / 1e9 }
    if workload.bytes > 0 { gigabytesPerSecond = workload.bytes / timing.median / 1e9 }
    guard let roof = workload.roof else { return }
    guard roof != .memory || size.isBeyondCache(bytes: workload.bytes) else {
      isCached = true
      return
    }
    let rate = roof == .memory ? gigabytesPerSecond : gigaflopsPerSecond
    guard let height = roofs[roof], let rate else { return }
    percentOfPeak = 100 * rate / height.value
    peak = height.source
  }

  /// Operations per byte that must be moved.
  var intensity: Double? {
    guard let gigaflopsPerSecond, let gigabytesPerSecond, gigabytesPerSecond > 0 else { return nil }
    return gigaflopsPerSecond / gigabytesPerSecond
  }
}
