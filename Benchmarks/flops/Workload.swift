import Slope

/// The kind of a result's main figure.
enum Quantity: Sendable {
  /// Billions of operations per second.
  case gigaflops
  /// Billions of bytes per second.
  case gigabytes
  case nanoseconds
  case microseconds
}

/// A computation that is measured.
struct Workload: Sendable {
  /// The stable name in the JSON file.
  let name: String
  /// The title in the report.
  let title: String
  /// The section that it belongs to; `Section` sets it.
  var section: Section?
  /// The label in the plot; nil if it is not drawn.
  var label: String?
  var dtype = DType.float32
  let quantity: Quantity
  /// The operations on numbers in one repetition, 0 if they are not counted.
  ///
  /// An elementary function such as exp is one operation.
  var operations = 0.0
  /// The bytes of all operands and results, 0 if they are not counted.
  ///
  /// One repetition must move at least as many.
  var bytes = 0.0
  /// What limits it at best, and what it is compared with.
  var roof: Roof?
  /// Whether its best try can be the device's peak, if no probe is faster: a product of matrices,
  /// or an addition over memory, one of the four loops of STREAM.
  var showsPeak = false
  /// Prepares the computation; the result runs a given number of repetitions.
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

  /// The main figure, if a repetition takes the given seconds.
  func value(seconds: Double) -> Double {
    switch quantity {
    case .gigaflops: operations / seconds / 1e9
    case .gigabytes: bytes / seconds / 1e9
    case .nanoseconds: seconds * 1e9
    case .microseconds: seconds * 1e6
    }
  }
}
