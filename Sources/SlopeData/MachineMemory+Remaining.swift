import Glibc
import SlopeCore

extension MachineMemory {
  /// Three quarters of the bytes that the process may still allocate.
  package static var remaining: Int {
    let taken = Self.taken
    let left = [
      limit / 3 * 4 - taken.resident,
      Self.bound(RLIMIT_AS) - taken.addresses, Self.bound(RLIMIT_DATA) - taken.data,
    ]
    return max(0, left.min() ?? 0) / 4 * 3
  }

  /// The bytes of memory that the process has.
  package static var resident: Int { taken.resident }

  /// A limit of the process; the largest integer if there is none.
  private static func bound(_ resource: __rlimit_resource) -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return .max }
    return Int(exactly: limit.rlim_cur) ?? .max
  }

  /// The bytes of addresses, of resident memory, and of data and stacks of the process.
  private static var taken: (addresses: Int, resident: Int, data: Int) {
    guard let bytes = try? ByteSource(path: "/proc/self/statm").read(upTo: 256) else {
      return (0, 0, 0)
    }
    let pages = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      .compactMap { Int($0) }
    guard pages.count > 5 else { return (0, 0, 0) }
    let pageByteCount = sysconf(Int32(_SC_PAGESIZE))
    return (pages[0] * pageByteCount, pages[1] * pageByteCount, pages[5] * pageByteCount)
  }
}
