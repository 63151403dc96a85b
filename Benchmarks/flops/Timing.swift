import Slope

/// The duration and the number of measurements.
struct Effort {
  /// The shortest time of one batch of repetitions, in seconds.
  let seconds: Double
  /// The number of batches of each workload, which alternate.
  let rounds: Int
}

/// The times of one workload.
struct Timing {
  /// The first repetition, which compiles programs, wakes threads and faults pages in.
  let firstSeconds: Double
  /// The seconds of one repetition, as the mean of each batch.
  var batches: [Double] = []
  /// Kernels launched and waits of the host in one repetition, on devices that count them.
  var launches: Double?
  var waits: Double?

  var median: Double { flops.median(batches) }
}

/// The median of the numbers; NaN if there are none.
func median(_ numbers: [Double]) -> Double {
  guard !numbers.isEmpty else { return .nan }
  let sorted = numbers.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The seconds that `body` takes.
func seconds(of body: () -> Void) -> Double {
  let duration = ContinuousClock().measure(body).components
  return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
}

/// A workload that is being measured on one device.
struct Measurement {
  let workload: Workload
  private let body: (Int) -> Void
  private let repetitions: Int
  private(set) var timing: Timing

  /// Runs the workload once, then finds how many repetitions fill a batch.
  init(_ workload: Workload, _ effort: Effort, on device: Device, _ operands: Operands) {
    self.workload = workload
    let run = withDevice(device) { workload.prepare(operands) }
    // A device works ahead of the host: a batch ends when the device is done.
    let body = { (repetitions: Int) in
      withDevice(device) {
        run(repetitions)
        device.synchronize()
      }
    }
    self.body = body
    timing = Timing(firstSeconds: seconds { body(1) })
    repetitions = Measurement.repetitions(filling: effort.seconds) { count in
      seconds { body(count) }
    }
    guard device != .cpu else { return }
    let count = min(repetitions, 10)
    let before = device.statistics
    body(count)
    let after = device.statistics
    timing.launches = Double(after.launches - before.launches) / Double(count)
    // The wait that ends the batch is not the workload's.
    timing.waits = Double(after.waits - before.waits - 1) / Double(count)
  }

  /// Measures one batch.
  mutating func run() {
    let (body, repetitions) = (body, repetitions)
    timing.batches.append(seconds { body(repetitions) } / Double(repetitions))
  }

  /// The number of repetitions that take at least `target` seconds, and not much longer.
  static func repetitions(filling target: Double, time: (Int) -> Double) -> Int {
    var count = 1
    while target > 0 {
      let elapsed = time(count)
      if elapsed >= target * 0.8 {
        return max(Int((Double(count) * target / elapsed).rounded(.up)), 1)
      }
      // Growing by at most ten guards against a first time that is below the clock's resolution.
      let wanted = elapsed > 0 ? target / elapsed : 10
      count = Int((Double(count) * min(max(wanted, 1.5), 10)).rounded(.up))
    }
    return count
  }
}
