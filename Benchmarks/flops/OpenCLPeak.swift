#if OpenCL
  import Slope
  import SlopeCore

  /// The measured peak of an OpenCL device, by kernels that do nothing else.
  final class OpenCLPeak: DevicePeak {
    private(set) var best: [Peak: Double] = [:]
    private let probe: OpenCLProbe
    private let seconds: Double

    /// Nil for a device that is not an OpenCL device.
    init?(_ device: Device, seconds: Double) {
      guard let probe = OpenCLProbe(device) else { return nil }
      self.probe = probe
      self.seconds = seconds
    }

    func run() {
      note(.floatAll, probe.multiplyAdds(isDouble: false, duration: seconds))
      note(.doubleAll, probe.multiplyAdds(isDouble: true, duration: seconds))
      note(.triadAll, probe.triad(byteCount: 128 << 20))
    }

    private func note(_ peak: Peak, _ value: Double) {
      best[peak] = max(best[peak] ?? 0, value / 1e9)
    }

    func title(_ peak: Peak) -> String {
      switch peak {
      case .floatCore, .floatAll: "peak of Float multiply-adds, all units"
      case .doubleCore, .doubleAll: "peak of Double multiply-adds, all units"
      case .triadCore, .triadAll: "peak of memory (triad), all units"
      }
    }
  }
#endif
