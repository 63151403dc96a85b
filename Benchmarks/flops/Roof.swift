/// What limits an operation: arithmetic of a precision, or memory.
enum Roof: String, CaseIterable, Codable {
  case float32
  case float64
  case memory

  var unit: String { self == .memory ? "GB/s" : "GFLOP/s" }

  /// The probes that measure the roof.
  fileprivate var probes: [Peak] {
    switch self {
    case .float32: [.floatAll]
    case .float64: [.doubleAll]
    case .memory: [.triadAll, .readAll]
    }
  }
}

/// The height of a device's roof.
struct RoofHeight: Codable, Equatable {
  let roof: Roof
  /// Billions of operations or bytes per second.
  let value: Double
  let unit: String
  /// The result that measured it.
  let source: String
}

/// A rate that was reached, and the workload that reached it.
struct Reached {
  let roof: Roof
  let name: String
  let value: Double
}

/// The roofs of a device: the best of the probes, and of the workloads that can reach a peak
/// (products of matrices, additions over memory) if one is faster.
struct Roofs {
  private(set) var heights: [RoofHeight] = []

  init(probes: [Peak: Double], workloads: [Reached] = []) {
    for roof in Roof.allCases {
      let probed = roof.probes.map {
        Reached(roof: roof, name: $0.rawValue, value: probes[$0] ?? 0)
      }
      let all = probed + workloads.filter { $0.roof == roof }
      guard let best = all.max(by: { $0.value < $1.value }), best.value > 0 else { continue }
      heights.append(
        RoofHeight(roof: roof, value: best.value, unit: roof.unit, source: best.name))
    }
  }

  subscript(roof: Roof) -> RoofHeight? { heights.first { $0.roof == roof } }
}
