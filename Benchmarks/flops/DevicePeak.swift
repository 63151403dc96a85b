/// A probe: one way to see what a device can do at most.
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

/// The measured peak of a device: the best of several tries, which take turns with the workloads.
protocol DevicePeak: AnyObject {
  /// What people read about the device.
  var title: String { get }

  /// The arrays that its caches do not hold.
  var size: ArraySize { get }

  /// What runs on all of it, such as `2 threads`, and on a part.
  var whole: String { get }

  /// What each try gave: operations or bytes a second, in billions.
  var tries: [Peak: [Double]] { get }

  /// Measures every yardstick once more.
  func run()

  /// Measures memory's once more, on all of the device. It changes the most with time, where other
  /// machines share it.
  func runMemory()
}

extension DevicePeak {
  /// The best try of each.
  var best: [Peak: Double] { tries.compactMapValues { $0.max() } }

  /// The results, which have no share of themselves.
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

/// What the figures of a device were held against.
struct DeviceRecord: Codable, Equatable {
  /// The device, as `mltrain devices` names it.
  var name: String
  /// Its maker's name, units and driver.
  var title: String
  var lastLevelCacheBytes: Int
  /// The bytes of each array that is said to be in memory.
  var arrayBytes: Int
  var roofs: [RoofHeight]
}
