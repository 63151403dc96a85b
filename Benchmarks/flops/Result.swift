/// One line of the report, and one object of the JSON file.
struct Result: Codable, Equatable {
  /// The device, as `mltrain devices` names it.
  var device = "cpu"
  /// The stable name.
  var name: String
  /// What people read.
  var title: String
  var value: Double
  var unit: String
  /// The smallest and the largest of the rounds, in the unit.
  var lowest: Double?
  var highest: Double?
  /// Billions of bytes a second, beside a time.
  var gigabytesPerSecond: Double?
  /// The share of the measured peak in per cent, and the name of that peak.
  var percentOfPeak: Double?
  var peak: String?
  /// The very first repetition, in seconds.
  var firstSeconds: Double?
  /// Kernels started, and waits of the host, in one repetition on an OpenCL device.
  var launches: Double?
  var waits: Double?
}

extension Result {
  /// The result of a measured workload, held against the machine's peak.
  init(_ workload: Workload, _ timing: Timing, peaks: [Peak: Double]) {
    let quantity = workload.quantity
    let values = timing.batches.map { quantity.value(seconds: $0) }
    self.init(
      name: workload.name, title: workload.title,
      value: quantity.value(seconds: timing.median), unit: quantity.unit,
      lowest: values.min(), highest: values.max(), firstSeconds: timing.firstSeconds,
      launches: timing.launches, waits: timing.waits)
    gigabytesPerSecond = workload.bytes.map { $0 / timing.median / 1e9 }
    if let peak = workload.peak, let most = peaks[peak], most > 0 {
      percentOfPeak = 100 * (gigabytesPerSecond ?? value) / most
      self.peak = peak.rawValue
    }
  }
}
