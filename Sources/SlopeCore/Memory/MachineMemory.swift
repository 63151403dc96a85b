import Glibc

/// How much memory the process may take.
package enum MachineMemory {
  /// Three quarters of the machine's memory, or of what the process or its container may take.
  ///
  /// A larger request ends in an error instead of a killed process.
  package static let limit: Int = {
    let bounds = [
      physical, bound(RLIMIT_AS), bound(RLIMIT_DATA),
      groupBound(in: "/sys/fs/cgroup", groups: systemFile("/proc/self/cgroup") ?? ""),
    ]
    return (bounds.compactMap { $0 }.min() ?? .max) / 4 * 3
  }()

  private static var physical: Int? {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let pageByteCount = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && pageByteCount > 0 ? pages * pageByteCount : nil
  }

  /// A limit of the process; nil if there is none.
  private static func bound(_ resource: __rlimit_resource) -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return nil }
    return Int(exactly: limit.rlim_cur)
  }

  /// The smallest limit of the process' control groups, of either version; nil if there is none.
  ///
  /// `root` is where they are mounted; `groups` are the lines of /proc/self/cgroup,
  /// `number:controllers:path`.
  static func groupBound(in root: String, groups: String) -> Int? {
    var bounds: [Int] = []
    for line in groups.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let (mounts, file): ([String], String)
      if parts[1].isEmpty {
        (mounts, file) = ([root, "\(root)/unified"], "memory.max")
      } else if parts[1].split(separator: ",").contains("memory") {
        (mounts, file) = (["\(root)/memory"], "memory.limit_in_bytes")
      } else {
        continue
      }
      // Each parent group has a limit, too. In a container the path may be the host's, and the
      // mount the group itself.
      for mount in mounts {
        var folder = mount
        var below = parts[2].split(separator: "/")[...]
        while true {
          let text = systemFile("\(folder)/\(file)")?.prefix { $0 != "\n" }
          if let bound = text.flatMap({ Int($0) }) { bounds.append(bound) }
          guard let name = below.popFirst() else { break }
          folder += "/" + name
        }
      }
    }
    return bounds.min()
  }
}
