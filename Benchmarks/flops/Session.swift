import Slope

/// Measures workloads on one device, which alternate with each other and with the probes.
struct Session {
  /// The number of element types that are in memory at the same time.
  static let residentTypes = 5

  private let device: Device
  private let effort: Effort
  private let size: ArraySize
  private let workloads: [Workload]
  private let peak: (any DevicePeak)?
  private let progress: Progress

  init(
    _ selection: Selection, _ effort: Effort, on device: Device, _ machine: Machine,
    progress: Progress
  ) {
    self.device = device
    self.effort = effort
    self.progress = progress
    let candidate = Session.peak(of: device, machine, seconds: effort.seconds)
    size = candidate.size
    workloads = selection.workloads(size, on: device.dtypes)
    peak = selection.needsPeak(workloads) ? candidate : nil
    title = candidate.title
    progress.expect(workloads.count * (effort.rounds + 1))
  }

  /// The title of the device.
  let title: String

  private static func peak(
    of device: Device, _ machine: Machine, seconds: Double
  ) -> any DevicePeak {
    #if OpenCL
      if let peak = OpenCLPeak(device, machine, seconds: seconds) { return peak }
    #endif
    return MachinePeak(machine, seconds: seconds)
  }

  /// The workloads in parts of few element types, whose operands are in memory together.
  static func parts(of workloads: [Workload]) -> [[Workload]] {
    var dtypes: [DType] = []
    for workload in workloads where !dtypes.contains(workload.dtype) {
      dtypes.append(workload.dtype)
    }
    return stride(from: 0, to: dtypes.count, by: residentTypes).map { start in
      let part = dtypes[start..<min(start + residentTypes, dtypes.count)]
      return workloads.filter { part.contains($0.dtype) }
    }
  }

  func run() -> (record: DeviceRecord, results: [Result]) {
    var timings: [String: Timing] = [:]
    if workloads.isEmpty {
      for _ in 0..<effort.rounds { peak?.run() }
    }
    for part in Session.parts(of: workloads) {
      for measurement in measurements(part) {
        timings[measurement.workload.name] = measurement.timing
      }
      device.trim()
    }
    let roofs = Roofs(probes: peak?.best ?? [:], workloads: yardsticks(timings))
    var results = peak?.results ?? []
    for workload in workloads {
      guard let timing = timings[workload.name] else { continue }
      results.append(Result(workload, timing, roofs: roofs, size))
    }
    for index in results.indices { results[index].device = "\(device)" }
    let record = DeviceRecord(
      name: "\(device)", title: title, lastLevelCacheBytes: size.cacheBytes,
      arrayBytes: size.byteCount, roofs: roofs.heights)
    return (record, results)
  }

  private func measurements(_ workloads: [Workload]) -> [Measurement] {
    let operands = Operands()
    var measurements: [Measurement] = []
    for workload in workloads {
      progress.step("\(device): preparing \(workload.title)")
      measurements.append(Measurement(workload, effort, on: device, operands))
    }
    for round in 1...effort.rounds {
      peak?.run()
      for index in measurements.indices {
        progress.step(
          "\(device): round \(round) of \(effort.rounds), \(measurements[index].workload.title)")
        measurements[index].run()
        // Next to the workload that it is compared with.
        if measurements[index].workload.roof == .memory { peak?.runMemory() }
      }
    }
    return measurements
  }

  /// The fastest batch of every workload that can reach a peak; one that beats the probe replaces
  /// it.
  private func yardsticks(_ timings: [String: Timing]) -> [Reached] {
    workloads.compactMap { workload in
      guard workload.showsPeak, let roof = workload.roof,
        let fastest = timings[workload.name]?.batches.min()
      else { return nil }
      return Reached(roof: roof, name: workload.name, value: workload.value(seconds: fastest))
    }
  }
}
