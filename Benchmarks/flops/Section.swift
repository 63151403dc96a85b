import ArgumentParser
import Slope

/// A part of the measurements, selected by `--only`.
enum Section: String, CaseIterable, ExpressibleByArgument, Codable {
  case peak
  case matmul
  case elementwise
  case reductions
  case softmax
  case copy
  case random
  case transfer
  case overhead
  case lecture
  case steps
  case convolution
  case graphs
  case soak

  /// The sections that run by default: all but the graphs, which are slow on a device, and the
  /// soak, which measures memory and takes long.
  static let usual = allCases.filter { $0 != .graphs && $0 != .soak }

  var summary: String {
    switch self {
    case .peak:
      "what the device can do: multiply-adds in registers, the triad and a sum over memory"
    case .matmul: "matrix products, by named shapes"
    case .elementwise: "sums, multiply-adds, exp, and sigmoid(a·b + c) as one Pointwise"
    case .reductions: "sums of all, of rows and of columns, and the maximum"
    case .softmax: "softmax of rows"
    case .copy: "copies on the device, straight and of a transpose"
    case .random: "uniform and normal numbers of PyTorch's stream and of Philox, and dropout"
    case .transfer: "copies between the host and the device"
    case .overhead: "the fixed cost of an operation: sums of four elements, launched, waited for"
    case .lecture: "one training step of Linear(1, 1) on 8 rows"
    case .steps: "one training step of larger models"
    case .convolution: "a convolution, its gradients, and training steps of small networks of them"
    case .graphs: "backward passes over 30,000 leaves, 30,000 losses and 50,000 slices"
    case .soak: "resident memory over --steps training steps"
    }
  }

  /// The workloads of the section on elements of one type.
  func workloads(_ dtype: DType, _ size: ArraySize) -> [Workload] {
    parts(dtype, size).map { workload in
      var workload = workload
      workload.section = self
      return workload
    }
  }

  private func parts(_ dtype: DType, _ size: ArraySize) -> [Workload] {
    switch self {
    case .peak, .soak: []
    case .matmul: dtype.numericType.map { Workload.products(of: $0, size) } ?? []
    case .elementwise:
      (dtype.numericType.map { Workload.arithmetic(of: $0, size) } ?? [])
        + (dtype.floatingType.map { Workload.elementary(of: $0, size) } ?? [])
    case .reductions: dtype.numericType.map { Workload.reductions(of: $0, size) } ?? []
    case .softmax: dtype.floatingType.map { Workload.softmax(of: $0, size) } ?? []
    case .copy: dtype.numericType.map { Workload.copies(of: $0, size) } ?? []
    case .random: dtype.floatingType.map { Workload.draws(of: $0, size) } ?? []
    case .transfer: dtype == .float32 ? Workload.transfers(size) : []
    case .overhead: dtype == .float32 ? Workload.overheads : []
    case .lecture: dtype == .float32 ? [.lectureStep] : []
    case .steps: dtype == .float32 ? Workload.trainingSteps : []
    case .convolution: dtype == .float32 ? Workload.convolutions : []
    case .graphs: dtype == .float32 ? Workload.graphs : []
    }
  }

  /// The single workload for a type that is measured only briefly.
  func glance(_ dtype: DType, _ size: ArraySize) -> [Workload] {
    switch self {
    case .matmul: dtype.numericType.map { [Workload.product(.square512, of: $0, size)] } ?? []
    case .elementwise:
      dtype.numericType.map { [Workload.add(size, of: $0, cached: false)] } ?? []
    default: []
    }
  }
}
