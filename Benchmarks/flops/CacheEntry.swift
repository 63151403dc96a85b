import Glibc

/// A cache as a processor sees it in /sys/devices/system/cpu.
struct CacheEntry: Hashable {
  let level: Int
  let byteCount: Int
  /// The processors that share the cache, as the kernel lists them.
  let sharers: String

  /// Reads the texts of `level`, `size` and `shared_cpu_list`; nil if one is not as expected.
  init?(level: String, size: String, sharers: String) {
    func line(_ text: String) -> Substring { text.prefix { $0 != "\n" } }
    let size = line(size)
    guard let level = Int(line(level)), let number = Int(size.prefix { $0.isNumber }) else {
      return nil
    }
    switch size.last {
    case "K": byteCount = number << 10
    case "M": byteCount = number << 20
    default: return nil
    }
    self.level = level
    self.sharers = String(line(sharers))
  }

  /// Every cache, once for each processor that shares it.
  static var all: [CacheEntry] {
    (0..<sysconf(Int32(_SC_NPROCESSORS_CONF))).flatMap { processor in
      (0..<8).compactMap { index -> CacheEntry? in
        let folder = "/sys/devices/system/cpu/cpu\(processor)/cache/index\(index)"
        let file = { (name: String) in Machine.contents(of: "\(folder)/\(name)") }
        return CacheEntry(
          level: file("level"), size: file("size"), sharers: file("shared_cpu_list"))
      }
    }
  }

  /// The bytes of the last level; the caches of a processor with several are added up.
  static func lastLevelBytes(of entries: [CacheEntry]) -> Int {
    let last = entries.map(\.level).max() ?? 0
    return Set(entries).filter { $0.level == last }.reduce(0) { $0 + $1.byteCount }
  }
}
