/// A probe: one way to measure a device's peak.
enum Peak: String, CaseIterable {
  case floatCore = "fma_float_core"
  case floatAll = "fma_float_all"
  case doubleCore = "fma_double_core"
  case doubleAll = "fma_double_all"
  case triadCore = "triad_core"
  case triadAll = "triad_all"
  case readCore = "read_core"
  case readAll = "read_all"

  var unit: String {
    switch self {
    case .floatCore, .floatAll, .doubleCore, .doubleAll: "GFLOP/s"
    case .triadCore, .triadAll, .readCore, .readAll: "GB/s"
    }
  }

  fileprivate var isOfOneCore: Bool {
    [.floatCore, .doubleCore, .triadCore, .readCore].contains(self)
  }

  fileprivate var subject: String {
    switch self {
    case .floatCore, .floatAll: "float32 multiply-adds"
    case .doubleCore, .doubleAll: "float64 multiply-adds"
    case .triadCore, .triadAll: "memory, a triad"
    case .readCore, .readAll: "memory, a sum"
    }
  }
}

/// The measured peak of a device: the best of several tries, which alternate with the workloads.
protocol DevicePeak: AnyObject {
  /// The title of the device.
  var title: String { get }

  /// The size of arrays that do not fit into the device's caches.
  var size: ArraySize { get }

  /// The names of the whole device, such as `2 threads`, and of a part of it.
  var whole: String { get }

  /// The result of each try: billions of operations or bytes per second.
  var tries: [Peak: [Double]] { get }

  /// Measures every probe once more.
  func run()

  /// Measures the memory bandwidth of the whole device once more.
  ///
  /// It changes the most over time, since other machines may share the memory.
  func runMemory()
}

extension DevicePeak {
  /// The best try of each probe.
  var best: [Peak: Double] { tries.compactMapValues { $0.max() } }

  /// The results of the probes, which have no percentage of a peak.
  var results: [Result] {
    Peak.allCases.compactMap { peak in
      guard let tries = tries[peak], let value = tries.max(), value > 0 else { return nil }
      return Result(
        name: peak.rawValue,
        title: "peak: \(peak.subject), \(peak.isOfOneCore ? "1 thread" : whole)", value: value,
        unit: peak.unit, median: median(tries))
    }
  }
}

/// What the figures of a device were compared with.
struct DeviceRecord: Codable, Equatable {
  /// The device's name, as `mltrain devices` prints it.
  var name: String
  /// The vendor's name for it, its units and its driver.
  var title: String
  var lastLevelCacheBytes: Int
  /// The bytes of each array that counts as being in memory.
  var arrayBytes: Int
  var roofs: [RoofHeight]
}
