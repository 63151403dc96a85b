import Slope

/// What the main figure of a result is.
enum Quantity: Sendable {
  /// Billions of operations a second.
  case gigaflops
  /// Billions of bytes a second.
  case gigabytes
  case nanoseconds
  case microseconds
}

/// Something to measure.
struct Workload: Sendable {
  /// The stable name in the JSON file.
  let name: String
  /// What people read.
  let title: String
  /// What it is a part of; `Section` says.
  var section: Section?
  /// What the plot writes beside its point; without one it has none.
  var label: String?
  var dtype = DType.float32
  let quantity: Quantity
  /// Operations on numbers in one repetition, 0 where they are not counted. An elementary function
  /// such as exp is one operation.
  var operations = 0.0
  /// The bytes of all operands and results: what one repetition must move at least. 0 where they
  /// are not counted.
  var bytes = 0.0
  /// What limits it at best, and so what it is held against.
  var roof: Roof?
  /// Whether its best try may be the device's peak, where no probe is faster: a product of matrices, or
  /// an addition over memory, one of the four loops of STREAM.
  var showsPeak = false
  /// Builds what is measured; the result runs as many repetitions as it is told.
  let prepare: @Sendable (Operands) -> (_ repetitions: Int) -> Void

  /// The unit of the main figure.
  var unit: String {
    switch quantity {
    case .gigaflops: dtype.isFloating ? "GFLOP/s" : "GOP/s"
    case .gigabytes: "GB/s"
    case .nanoseconds: "ns"
    case .microseconds: "us"
    }
  }

  /// The main figure, when a repetition takes that long.
  func value(seconds: Double) -> Double {
    switch quantity {
    case .gigaflops: operations / seconds / 1e9
    case .gigabytes: bytes / seconds / 1e9
    case .nanoseconds: seconds * 1e9
    case .microseconds: seconds * 1e6
    }
  }
}
