import ArgumentParser

/// A part of the measurements, named by `--only`.
enum Section: String, CaseIterable, ExpressibleByArgument {
  case peak
  case matmul
  case add
  case chain
  case rows
  case transfer
  case overhead
  case lecture
  case steps
  case soak

  /// What runs when nothing is named: all but the soak, which measures memory and takes long.
  static let usual = allCases.filter { $0 != .soak }

  var summary: String {
    switch self {
    case .peak: "what this machine can do: multiply-adds in registers, the triad over memory"
    case .matmul: "matrix products, Float and Double"
    case .add: "sums of two tensors, in the cache and in memory"
    case .chain: "sigmoid(a·b + c) as one Pointwise"
    case .rows: "sums, extrema, softmax and a transposing copy over memory"
    case .transfer: "copies between the host and the device"
    case .overhead: "the fixed cost of an operation: sums of four elements"
    case .lecture: "one training step of Linear(1, 1) on 8 rows"
    case .steps: "one training step of larger models"
    case .soak: "resident memory over --steps training steps"
    }
  }

  /// What it measures by time.
  var workloads: [Workload] {
    switch self {
    case .peak, .soak: []
    case .matmul: Workload.products(of: Float.self) + Workload.products(of: Double.self)
    case .add: [.sum(4096, "4k", peak: nil), .sum(Workload.large, "16m", peak: .triadAll)]
    case .chain:
      [.chain(64 << 10, "64k", peak: nil), .chain(Workload.large, "16m", peak: .triadAll)]
    case .rows: Workload.rows
    case .transfer: Workload.transfers
    case .overhead: Workload.overheads
    case .lecture: [.lectureStep]
    case .steps: Workload.trainingSteps
    }
  }
}
