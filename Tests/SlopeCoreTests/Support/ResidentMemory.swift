import Glibc
import TestSupport

/// The resident bytes of this process.
func residentByteCount() throws -> Int {
  let text = String(decoding: try readFile("/proc/self/statm"), as: UTF8.self)
  return (Int(text.split(separator: " ")[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
}
