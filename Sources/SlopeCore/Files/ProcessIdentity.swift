#if OpenCL
  import Glibc

  /// A running process, distinguished from all others that ever have its number.
  struct ProcessIdentity {
    /// The number, the start in ticks since the machine's boot, and the identifier of that boot.
    let text: String

    /// Nil if no process of that number runs, or nothing is known about it.
    init?(_ process: pid_t) {
      guard let status = systemFile("/proc/\(process)/stat"),
        let boot = systemFile("/proc/sys/kernel/random/boot_id")?.split(separator: "\n").first
      else { return nil }
      // The second field is the program's name in parentheses, which may contain parentheses.
      let fields = status[(status.lastIndex(of: ")") ?? status.startIndex)...].split(separator: " ")
      guard fields.count > 20, fields[1] != "Z", fields[1] != "X" else { return nil }
      text = "\(process) \(fields[20]) \(boot)"
    }

    /// Whether a text identifies a process that still runs.
    static func isRunning(_ text: String) -> Bool {
      guard let process = pid_t(text.prefix { $0 != " " }), process > 0 else { return false }
      return ProcessIdentity(process)?.text == text
    }
  }
#endif
