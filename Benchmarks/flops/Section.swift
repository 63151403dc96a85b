import ArgumentParser

/// A part of the measurements, named by `--only`.
enum Section: String, CaseIterable, ExpressibleByArgument {
  case peak
  case matmul
  case add
  case chain
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
    case .overhead: "the fixed cost of an operation: sums of four elements"
    case .lecture: "one training step of Linear(1, 1) on 8 rows"
    case .steps: "one training step of larger models"
    case .soak: "resident memory over --steps training steps"
    }
  }

  /// Whether results are held against the measured peak.
  var needsPeak: Bool {
    switch self {
    case .peak, .matmul, .add, .chain: true
    case .overhead, .lecture, .steps, .soak: false
    }
  }

  /// Reads `NAME[,NAME]`; nil where a name is not one of a section.
  static func list(_ text: String) -> [Section]? {
    var sections: [Section] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let section = Section(rawValue: String(name)) else { return nil }
      if !sections.contains(section) { sections.append(section) }
    }
    return sections
  }
}
