import Glibc

/// Runs workers until all calls are made: one that traps or hangs is noted, and the next continues
/// after it.
struct Watcher {
  let plan: Worker.Plan
  let place: SharedPlace
  /// The arguments of a worker, before the number of its first call.
  let arguments: [String]
  /// The time that a call may take.
  let seconds: Double

  /// A call that did not return.
  struct Fault {
    let number: Int
    let end: String
  }

  /// The calls that did not return.
  func run() throws -> [Fault] {
    var faults: [Fault] = []
    var first = 0
    while first < plan.total {
      place[.call] = first
      let end = try runWorker(from: first)
      guard let end else { break }
      let fault = Fault(number: place[.call], end: end)
      let (call, turn) = plan.entry(fault.number)
      print("\(call.name) #\(turn): \(end) (\(call.place))")
      faults.append(fault)
      // A kind that fails repeatedly does not hide others.
      let again = faults.count { plan.entry($0.number).call.place == call.place }
      first = again < 3 ? fault.number + 1 : (fault.number / plan.callCount + 1) * plan.callCount
    }
    return faults
  }

  /// Waits for a worker's end; returns what went wrong, or nil.
  private func runWorker(from first: Int) throws -> String? {
    let process = try spawn(arguments + ["--from", "\(first)"])
    var status: Int32 = 0
    var seen = -1
    var since = (wall: ContinuousClock.now, processor: 0.0)
    while waitpid(process, &status, WNOHANG) == 0 {
      usleep(20_000)
      let processor = processorSeconds(process)
      if place[.call] != seen {
        seen = place[.call]
        since = (.now, processor)
        continue
      }
      let wall = (ContinuousClock.now - since.wall) / .seconds(1)
      // On a busy machine a call waits for the processor; a call that waits for itself takes no
      // processor time.
      guard wall > seconds && processor - since.processor > seconds || wall > 20 * seconds else {
        continue
      }
      // The first call also waits for what is initialised once.
      if seen == first, wall < 120 { continue }
      kill(process, SIGKILL)
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
      return "did not come back in \(seconds) s"
    }
    let signal = status & 0x7F
    if signal != 0 { return "signal \(signal)" }
    let code = status >> 8 & 0xFF
    return code == 0 ? nil : "exit code \(code)"
  }

  private func spawn(_ arguments: [String]) throws -> pid_t {
    let command = ["/proc/self/exe"] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    // A backtrace of each trap takes seconds.
    setenv("SWIFT_BACKTRACE", "enable=no", 1)
    var process = pid_t()
    let code = posix_spawn(&process, "/proc/self/exe", nil, nil, pointers, environ)
    guard code == 0 else {
      throw SharedPlace.Failure(description: "no process: \(String(cString: strerror(code)))")
    }
    return process
  }

  /// The processor time of a process and its threads.
  private func processorSeconds(_ process: pid_t) -> Double {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return 0 }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 1024)
    guard fgets(&text, 1024, file) != nil else { return 0 }
    let line = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    // After the name, which may contain anything but a last parenthesis.
    let fields = line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
      return 0
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
