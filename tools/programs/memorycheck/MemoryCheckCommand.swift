import Glibc
import Slope

/// `memorycheck`: the CPU backend at the limit of memory.
///
/// Run it under `ulimit -v`.
///
/// Each kind of computation runs on growing operands until it is refused; then memory is filled
/// completely, and each runs again on small ones. A refusal is a failure of `checked`; anything
/// else ends the program without its last line, `N done, N refused`.
///
/// Exit codes: 0 if every call returned or was refused; 1 if a result was wrong, or was refused
/// although there is memory.
@main
struct MemoryCheckCommand {
  static func main() {
    var tally = Tally()
    for demand in Demand.all {
      // From a few elements to more than the address space of a test holds.
      for power in [8, 14, 20, 24, 28] { tally.run(demand, 1 << power) }
      Device.trim()
    }
    tally.fillMemory()
    for demand in Demand.all {
      for power in [4, 8, 12, 16] { tally.run(demand, 1 << power) }
    }
    tally.giveBack()
    for demand in Demand.all { tally.run(demand, 1 << 6, mustBeDone: true) }
    print("\(tally.done) done, \(tally.refused) refused")
    if tally.isWrong { exit(1) }
  }
}

/// The calls that returned and those that were refused.
struct Tally {
  private(set) var done = 0
  private(set) var refused = 0
  private(set) var isWrong = false
  private var kept: [Tensor<Float>] = []

  mutating func run(_ demand: Demand, _ count: Int, mustBeDone: Bool = false) {
    do {
      let isRight = try checked { try demand.isRight(count) }
      done += 1
      if !isRight { complain(demand, count, "is wrong") }
    } catch {
      refused += 1
      let text = "\(error)"
      if mustBeDone || !text.contains("no memory") { complain(demand, count, text) }
    }
  }

  private mutating func complain(_ demand: Demand, _ count: Int, _ what: String) {
    isWrong = true
    print("\(demand.name), \(count) elements: \(what)")
  }

  /// Keeps tensors until not even a small one can be allocated.
  mutating func fillMemory() {
    var count = 1 << 26
    while count >= 1 << 10 {
      if let tensor = try? checked({ Tensor<Float>.zeros([count]) }) {
        kept.append(tensor)
        // Without a limit memory cannot be filled.
        if kept.count > 64 { return }
      } else {
        count /= 4
      }
    }
  }

  mutating func giveBack() {
    kept = []
    Device.trim()
  }
}
