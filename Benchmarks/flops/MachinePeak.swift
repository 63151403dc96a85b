import CProbes

/// The measured peak of the processor.
final class MachinePeak: DevicePeak {
  private(set) var tries: [Peak: [Double]] = [:]
  let title: String
  let size: ArraySize

  private let threads: Int
  private let seconds: Double
  private lazy var triad = Triad(byteCount: size.byteCount)

  init(_ machine: Machine, seconds: Double) {
    threads = machine.threads
    title = machine.title
    size = ArraySize(cacheBytes: machine.lastLevelCacheBytes, memoryBytes: machine.memoryBytes)
    self.seconds = seconds
  }

  static var instructions: String { String(cString: probe_instructions()) }

  var whole: String { "\(threads) thread" + (threads == 1 ? "" : "s") }

  func run() {
    for peak in Peak.allCases { note(peak) }
  }

  func runMemory() {
    note(.triadAll)
    note(.readAll)
  }

  private func note(_ peak: Peak) { tries[peak, default: []].append(measure(peak) / 1e9) }

  private func measure(_ peak: Peak) -> Double {
    switch peak {
    case .floatCore: probe_multiply_add(false, 1, seconds)
    case .floatAll: probe_multiply_add(false, Int32(threads), seconds)
    case .doubleCore: probe_multiply_add(true, 1, seconds)
    case .doubleAll: probe_multiply_add(true, Int32(threads), seconds)
    case .triadCore: triad?.triad(threads: 1) ?? 0
    case .triadAll: triad?.triad(threads: threads) ?? 0
    case .readCore: triad?.read(threads: 1) ?? 0
    case .readAll: triad?.read(threads: threads) ?? 0
    }
  }
}

/// The arrays of the triad, allocated when first needed.
private final class Triad {
  private let arrays: OpaquePointer

  init?(byteCount: Int) {
    guard let arrays = probe_triad_make(byteCount) else { return nil }
    self.arrays = arrays
  }

  deinit { probe_triad_free(arrays) }

  /// The better of two forms: stores that bypass the caches are faster on most machines, but not on
  /// all.
  func triad(threads: Int) -> Double {
    max(
      probe_triad_run(arrays, Int32(threads), true), probe_triad_run(arrays, Int32(threads), false))
  }

  func read(threads: Int) -> Double {
    max(probe_read_run(arrays, Int32(threads)), probe_read_run(arrays, Int32(threads)))
  }
}
