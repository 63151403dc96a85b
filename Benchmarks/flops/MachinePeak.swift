import CProbes

/// The measured peak of a device: the best of several tries, which take turns with the workloads.
protocol DevicePeak: AnyObject {
  /// Operations or bytes a second, in billions.
  var best: [Peak: Double] { get }

  /// Measures every yardstick once more.
  func run()

  /// What people read about a yardstick.
  func title(_ peak: Peak) -> String
}

extension DevicePeak {
  /// The results, which have no share of themselves.
  var results: [Result] {
    Peak.allCases.compactMap { peak in
      best[peak].flatMap { value in
        value > 0
          ? Result(
            name: peak.rawValue, title: title(peak), value: value,
            unit: peak == .triadCore || peak == .triadAll ? "GB/s" : "GFLOP/s") : nil
      }
    }
  }
}

/// The measured peak of the processor.
final class MachinePeak: DevicePeak {
  private(set) var best: [Peak: Double] = [:]

  private let threads: Int
  private let seconds: Double
  private let triad: OpaquePointer?

  /// - Parameter threads: how many the library uses too.
  init(threads: Int, seconds: Double) {
    self.threads = threads
    self.seconds = seconds
    triad = probe_triad_make(MachinePeak.triadBytes(lastLevelCache: Machine.lastLevelCacheBytes))
  }

  deinit {
    if let triad { probe_triad_free(triad) }
  }

  /// Bytes of each of the triad's arrays: four times the last cache, within what a machine can spare.
  static func triadBytes(lastLevelCache: Int) -> Int {
    min(max(4 * lastLevelCache, 64 << 20), 256 << 20)
  }

  static var instructions: String { String(cString: probe_instructions()) }

  func run() {
    for peak in Peak.allCases { note(peak, measure(peak) / 1e9) }
  }

  private func note(_ peak: Peak, _ value: Double) {
    best[peak] = max(best[peak] ?? 0, value)
  }

  private func measure(_ peak: Peak) -> Double {
    switch peak {
    case .floatCore: probe_multiply_add(false, 1, seconds)
    case .floatAll: probe_multiply_add(false, Int32(threads), seconds)
    case .doubleCore: probe_multiply_add(true, 1, seconds)
    case .doubleAll: probe_multiply_add(true, Int32(threads), seconds)
    case .triadCore: bandwidth(threads: 1)
    case .triadAll: bandwidth(threads: threads)
    }
  }

  /// Stores past the caches are the faster on most machines, not on all: the better of both.
  private func bandwidth(threads: Int) -> Double {
    guard let triad else { return 0 }
    return max(
      probe_triad_run(triad, Int32(threads), true), probe_triad_run(triad, Int32(threads), false))
  }

  func title(_ peak: Peak) -> String {
    let all = "\(threads) thread" + (threads == 1 ? "" : "s")
    return switch peak {
    case .floatCore: "peak of Float multiply-adds, 1 thread"
    case .floatAll: "peak of Float multiply-adds, \(all)"
    case .doubleCore: "peak of Double multiply-adds, 1 thread"
    case .doubleAll: "peak of Double multiply-adds, \(all)"
    case .triadCore: "peak of memory (triad), 1 thread"
    case .triadAll: "peak of memory (triad), \(all)"
    }
  }
}
