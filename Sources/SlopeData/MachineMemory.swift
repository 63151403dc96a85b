import Glibc

/// How much memory the process can hope for.
package enum MachineMemory {
  /// Three quarters of the machine's memory, or of what the process or its container may take of it:
  /// what needs more ends in an error before it ends in a killed process.
  package static let limit: Int = {
    var limit = Int.max
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let pageByteCount = sysconf(Int32(_SC_PAGESIZE))
    if pages > 0, pageByteCount > 0 { limit = pages * pageByteCount / 4 * 3 }
    var addressSpace = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &addressSpace) == 0,
      let byteCount = Int(exactly: addressSpace.rlim_cur)
    {
      limit = min(limit, byteCount / 4 * 3)
    }
    // Version 2 of control groups, then version 1.
    for file in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      guard let bytes = try? ByteSource(path: file).read(upTo: 32),
        let byteCount = Int(String(decoding: bytes.prefix { $0 != .lineFeed }, as: UTF8.self))
      else { continue }
      limit = min(limit, byteCount / 4 * 3)
    }
    return limit
  }()
}
