import Slope

/// Measures sections, whose workloads and whose yardsticks take turns.
struct Session {
  private let sections: [Section]
  private let effort: Effort
  private let peak: MachinePeak?
  private let progress: (String) -> Void

  init(
    _ sections: [Section], _ effort: Effort, threads: Int, progress: @escaping (String) -> Void
  ) {
    self.sections = sections
    self.effort = effort
    self.progress = progress
    peak =
      sections.contains(where: \.needsPeak)
      ? MachinePeak(threads: threads, seconds: effort.seconds) : nil
  }

  func run() -> [Result] {
    let workloads = Section.allCases.filter { sections.contains($0) }.flatMap {
      Session.workloads($0)
    }
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

  static func workloads(_ section: Section) -> [Workload] {
    switch section {
    case .peak, .soak: []
    case .matmul: Workload.products(of: Float.self) + Workload.products(of: Double.self)
    case .add: [.sum(4096, "4k", peak: nil), .sum(Workload.large, "16m", peak: .triadAll)]
    case .chain:
      [.chain(64 << 10, "64k", peak: nil), .chain(Workload.large, "16m", peak: .triadAll)]
    case .overhead: Workload.overheads
    case .lecture: [.lectureStep]
    case .steps: Workload.trainingSteps
    }
  }
}
