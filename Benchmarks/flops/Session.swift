/// Measures workloads, which take turns with each other and with their yardsticks.
struct Session {
  private let workloads: [Workload]
  private let effort: Effort
  private let peak: MachinePeak?
  private let progress: (String) -> Void

  init(
    _ selection: Selection, _ effort: Effort, threads: Int, progress: @escaping (String) -> Void
  ) {
    workloads = selection.chosen
    self.effort = effort
    self.progress = progress
    peak =
      selection.needsPeak ? MachinePeak(threads: threads, seconds: effort.seconds) : nil
  }

  func run() -> [Result] {
    if workloads.isEmpty, peak == nil { return [] }
    var measurements: [Measurement] = []
    for workload in workloads {
      progress("preparing \(workload.title)")
      measurements.append(Measurement(workload, effort))
    }
    for round in 1...effort.rounds {
      progress("round \(round) of \(effort.rounds)")
      peak?.run()
      for index in measurements.indices { measurements[index].run() }
    }
    let peaks = peak?.best ?? [:]
    return (peak?.results ?? [])
      + measurements.map { Result($0.workload, $0.timing, peaks: peaks) }
  }
}
