#if OpenCL
  import Slope
  import SlopeCore

  /// The measured peak of an OpenCL device, by kernels that only measure.
  final class OpenCLPeak: DevicePeak {
    /// The assumed last cache of a GPU, since drivers report that of one multiprocessor, or
    /// nothing.
    static let cacheBytesOfGPU = 64 << 20

    private(set) var tries: [Peak: [Double]] = [:]
    let size: ArraySize
    private let probe: OpenCLProbe
    private let seconds: Double
    private lazy var arrays = probe.arrays(byteCount: size.byteCount)

    /// The peak of a device; nil for one that is not an OpenCL device.
    init?(_ device: Device, _ machine: Machine, seconds: Double) {
      guard let probe = OpenCLProbe(device) else { return nil }
      self.probe = probe
      self.seconds = seconds
      size = ArraySize(
        cacheBytes: probe.isProcessor ? machine.lastLevelCacheBytes : OpenCLPeak.cacheBytesOfGPU,
        memoryBytes: probe.memoryByteCount)
    }

    var title: String { probe.title + (probe.isProcessor ? " (on the processor)" : "") }

    var whole: String { "all units" }

    func run() {
      note(.floatAll, probe.multiplyAdds(isDouble: false, duration: seconds))
      note(.doubleAll, probe.multiplyAdds(isDouble: true, duration: seconds))
      runMemory()
    }

    func runMemory() {
      guard let arrays else { return }
      for _ in 0..<2 {
        note(.triadAll, probe.triad(arrays))
        note(.readAll, probe.read(arrays))
      }
    }

    private func note(_ peak: Peak, _ value: Double) {
      tries[peak, default: []].append(value / 1e9)
    }
  }
#endif
