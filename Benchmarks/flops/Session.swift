import Slope

/// Measures workloads on one device, which take turns with each other and with their yardsticks.
struct Session {
  private let workloads: [Workload]
  private let effort: Effort
  private let device: Device
  private let peak: (any DevicePeak)?
  private let progress: (String) -> Void

  init(
    _ selection: Selection, _ effort: Effort, on device: Device, threads: Int,
    progress: @escaping (String) -> Void
  ) {
    workloads = selection.chosen
    self.effort = effort
    self.device = device
    self.progress = { progress("\(device): \($0)") }
    peak =
      selection.needsPeak
      ? Session.peak(of: device, threads: threads, seconds: effort.seconds) : nil
  }

  private static func peak(of device: Device, threads: Int, seconds: Double) -> (any DevicePeak)? {
    if device == .cpu { return MachinePeak(threads: threads, seconds: seconds) }
    #if OpenCL
      return OpenCLPeak(device, seconds: seconds)
    #else
      return nil
    #endif
  }

  func run() -> [Result] {
    if workloads.isEmpty, peak == nil { return [] }
    var measurements: [Measurement] = []
    for workload in workloads {
      progress("preparing \(workload.title)")
      measurements.append(Measurement(workload, effort, on: device))
    }
    for round in 1...effort.rounds {
      progress("round \(round) of \(effort.rounds)")
      peak?.run()
      for index in measurements.indices { measurements[index].run() }
    }
    var peaks = peak?.best ?? [:]
    // A product that is faster than the loop of the probe is the better yardstick.
    for measurement in measurements {
      guard let peak = measurement.workload.peak,
        case .gigaflops = measurement.workload.quantity,
        let fastest = measurement.timing.batches.min()
      else { continue }
      peaks[peak] = max(peaks[peak] ?? 0, measurement.workload.quantity.value(seconds: fastest))
    }
    let results =
      (peak?.results ?? []) + measurements.map { Result($0.workload, $0.timing, peaks: peaks) }
    return results.map { result in
      var result = result
      result.device = "\(device)"
      return result
    }
  }
}
