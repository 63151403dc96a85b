import Glibc
import Slope
import SlopeCore

/// Makes the calls, one after another, and records its progress.
struct Worker {
  let plan: Plan
  let place: SharedPlace

  /// Which calls are made, and how.
  struct Plan {
    var device: Device
    /// The number of calls of each entry point.
    var callCount: Int
    var seed: UInt64
    /// The bytes of address space in addition to what is used when the calls begin; nil for no
    /// limit.
    var memory: Int?
    var isVerbose: Bool
    /// The entry points, in order.
    var calls: [Call]

    var total: Int { calls.count * callCount }

    /// The entry point of a call by its number, and the call's index among that entry point's.
    func entry(_ number: Int) -> (call: Call, turn: Int) {
      (calls[number / callCount], number % callCount)
    }

    /// The number from which everything that a call draws follows.
    func seed(of number: Int) -> UInt64 {
      let (call, turn) = entry(number)
      // Independent of the other entry points. FNV-1a, 64 bits.
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in "\(call.name) \(turn) \(seed)".utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
      return hash
    }
  }

  /// Makes the calls from one to the last.
  func run(from first: Int) {
    let tensors = TensorPool(on: plan.device, isLimited: plan.memory != nil)
    warm(tensors)
    if let memory = plan.memory { Worker.limit(memory) }
    withDevice(plan.device) {
      // The watcher may have been stopped.
      for number in first..<plan.total where getppid() != 1 {
        place[.call] = number
        let start = ContinuousClock.now
        if !passes(number, tensors) { place[.refused] += 1 }
        let microseconds = Int((ContinuousClock.now - start) / .microseconds(1))
        if microseconds > place[.slowest] {
          (place[.slowest], place[.slowestCall]) = (microseconds, number)
        }
        place[.done] += 1
      }
    }
    plan.device.synchronize()
  }

  /// Makes one call; false if it returned an error.
  private func passes(_ number: Int, _ tensors: TensorPool) -> Bool {
    let (call, turn) = plan.entry(number)
    var draw = Draw(seed: plan.seed(of: number), tensors: tensors)
    draw.isVerbose = plan.isVerbose
    if plan.isVerbose { print("\(call.name) #\(turn)") }
    do {
      let body = draw.one(of: call.bodies)
      try checked { try body(&draw) }
      return true
    } catch {
      if plan.isVerbose { print("  refused: \(error)") }
      return false
    }
  }

  /// Memory that libraries allocate once is allocated before the limit is set.
  private func warm(_ tensors: TensorPool) {
    let square = Tensor<Float>.ones([128, 128])
    _ = matmul(square, square).sum().item()
    _ = withDevice(plan.device) {
      matmul(square.to(plan.device), square.to(plan.device)).sum().item()
    }
  }

  private static func limit(_ byteCount: Int) {
    guard let file = fopen("/proc/self/statm", "r") else { return }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 128)
    guard fgets(&text, 128, file) != nil else { return }
    let pages = strtol(text, nil, 10)
    let bytes = rlim_t(pages * 4096 + byteCount)
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  }
}
