#if OpenCL
  import Glibc

  /// A running process, told from all others that have, had or will have its number.
  struct ProcessIdentity {
    /// The number, when the process started in ticks since the machine did, and this run of the machine.
    let text: String

    /// Nil where no process of that number runs, or nothing can be learnt of it.
    init?(_ process: pid_t) {
      guard let status = systemFile("/proc/\(process)/stat"),
        let boot = systemFile("/proc/sys/kernel/random/boot_id")?.split(separator: "\n").first
      else { return nil }
      // The second field is the program's name in parentheses, which may hold some itself.
      let fields = status[(status.lastIndex(of: ")") ?? status.startIndex)...].split(separator: " ")
      guard fields.count > 20, fields[1] != "Z", fields[1] != "X" else { return nil }
      text = "\(process) \(fields[20]) \(boot)"
    }

    /// Whether a text is that of a process which still runs.
    static func isRunning(_ text: String) -> Bool {
      guard let process = pid_t(text.prefix { $0 != " " }), process > 0 else { return false }
      return ProcessIdentity(process)?.text == text
    }
  }
#endif
