import Glibc
import Slope
import SlopeCore

/// Makes the calls, one after another, and tells where it is.
struct Worker {
  let plan: Plan
  let place: SharedPlace

  /// Which calls are made, and how.
  struct Plan {
    var device: Device
    /// How often each entry point is called.
    var callCount: Int
    var seed: UInt64
    /// Bytes of address space beside what is taken when the calls begin; nil: as many as there are.
    var memory: Int?
    var isVerbose: Bool
    /// The entry points, in order.
    var calls: [Call]

    var total: Int { calls.count * callCount }

    /// The entry point of a call by its number, and which of its calls that is.
    func entry(_ number: Int) -> (call: Call, turn: Int) {
      (calls[number / callCount], number % callCount)
    }

    /// The number from which all follows that a call draws.
    func seed(of number: Int) -> UInt64 {
      let (call, turn) = entry(number)
      // Independent of which other entry points there are. FNV-1a, 64 bits.
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in "\(call.name) \(turn) \(seed)".utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
      return hash
    }
  }

  /// From a call on to the last.
  func run(from first: Int) {
    let tensors = TensorPool(on: plan.device, isLimited: plan.memory != nil)
    warm(tensors)
    if let memory = plan.memory { Worker.limit(memory) }
    withDevice(plan.device) {
      // Who watches may be stopped itself.
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

  /// Makes one call; false where it was refused.
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

  /// What libraries take once is taken before memory is limited.
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
