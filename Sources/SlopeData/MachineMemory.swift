import Glibc

/// How much memory the process can hope for.
package enum MachineMemory {
  /// Three quarters of the machine's memory, or of what the process or its container may take of it:
  /// what needs more ends in an error before it ends in a killed process.
  package static let limit: Int = min(machine, addressSpace ?? .max) / 4 * 3

  /// Three quarters of what is left of it, beside what the process has taken already.
  package static var remaining: Int {
    let taken = Self.taken
    var remaining = max(0, machine - taken.resident)
    if let addressSpace { remaining = min(remaining, max(0, addressSpace - taken.addresses)) }
    return remaining / 4 * 3
  }

  /// The limit of the process's addresses, if there is one.
  private static var addressSpace: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    return Int(exactly: limit.rlim_cur)
  }

  /// Bytes of addresses and of memory that the process has.
  private static var taken: (addresses: Int, resident: Int) {
    guard let bytes = try? ByteSource(path: "/proc/self/statm").read(upTo: 256) else {
      return (0, 0)
    }
    let pages = String(decoding: bytes, as: UTF8.self).split(separator: " ").prefix(2)
      .compactMap { Int($0) }
    guard pages.count == 2 else { return (0, 0) }
    let pageByteCount = sysconf(Int32(_SC_PAGESIZE))
    return (pages[0] * pageByteCount, pages[1] * pageByteCount)
  }

  /// The memory of the machine or of the container.
  private static let machine: Int = {
    var limit = Int.max
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let pageByteCount = sysconf(Int32(_SC_PAGESIZE))
    if pages > 0, pageByteCount > 0 { limit = pages * pageByteCount }
    // Version 2 of control groups, then version 1.
    for file in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      guard let bytes = try? ByteSource(path: file).read(upTo: 32),
        let byteCount = Int(String(decoding: bytes.prefix { $0 != .lineFeed }, as: UTF8.self))
      else { continue }
      limit = min(limit, byteCount)
    }
    return limit
  }()
}
