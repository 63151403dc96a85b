/// The unit of a result, and how it follows from the seconds of one repetition.
enum Quantity: Equatable, Sendable {
  /// Billions of floating-point operations a second, of `operations` in one repetition.
  case gigaflops(operations: Double)
  /// Billions of bytes a second, of `bytes` read and written in one repetition.
  case gigabytes(bytes: Double)
  case nanoseconds
  case microseconds
  /// Nanoseconds for each of `elements`.
  case nanosecondsPerElement(elements: Double)

  var unit: String {
    switch self {
    case .gigaflops: "GFLOP/s"
    case .gigabytes: "GB/s"
    case .nanoseconds: "ns"
    case .microseconds: "us"
    case .nanosecondsPerElement: "ns/element"
    }
  }

  func value(seconds: Double) -> Double {
    switch self {
    case .gigaflops(let operations): operations / seconds / 1e9
    case .gigabytes(let bytes): bytes / seconds / 1e9
    case .nanoseconds: seconds * 1e9
    case .microseconds: seconds * 1e6
    case .nanosecondsPerElement(let elements): seconds * 1e9 / elements
    }
  }
}

/// A yardstick: the best that the machine was seen to do.
enum Peak: String, CaseIterable {
  case floatCore = "fma_float_core"
  case floatAll = "fma_float_all"
  case doubleCore = "fma_double_core"
  case doubleAll = "fma_double_all"
  case triadCore = "triad_core"
  case triadAll = "triad_all"
}

/// Something to measure.
struct Workload: Sendable {
  /// The stable name in the JSON file.
  let name: String
  /// What people read.
  let title: String
  let quantity: Quantity
  /// Bytes read and written in one repetition, where the rate is worth telling beside a time.
  var bytes: Double?
  /// What the result, or the rate of `bytes`, is held against.
  var peak: Peak?
  /// Builds what is measured; the result runs as many repetitions as it is told.
  let prepare: @Sendable () -> (_ repetitions: Int) -> Void
}
