import CKernels
import COpenBLAS
import Glibc
import SlopeCore

/// The machine that was measured.
struct Machine: Codable, Equatable {
  var processor: String
  /// The threads that the library computes with.
  var threads: Int
  var instructions: String
  /// The kernels that OpenBLAS chose, and whether the environment chose them.
  var blasKernel: String
  var blasKernelIsForced: Bool
  /// The load average of the last minute, before the measurements and after them.
  var loadAverage: Double
  var loadAverageAfter: Double?
  var memoryBytes: Int
  var lastLevelCacheBytes: Int

  static func current() -> Machine {
    Machine(
      processor: DeviceDescription.processorName ?? "unknown processor",
      threads: Int(slope_thread_count()), instructions: MachinePeak.instructions,
      blasKernel: slope_openblas_kernel().map { String(cString: $0) } ?? "unknown",
      blasKernelIsForced: getenv("OPENBLAS_CORETYPE") != nil, loadAverage: currentLoad,
      memoryBytes: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)),
      lastLevelCacheBytes: CacheEntry.lastLevelBytes(of: CacheEntry.all))
  }

  /// The load average of the last minute.
  static var currentLoad: Double {
    var loads = [Double](repeating: 0, count: 1)
    return getloadavg(&loads, 1) == 1 ? loads[0] : 0
  }

  /// The processor, its threads and instructions, and the kernel of OpenBLAS.
  var title: String {
    "\(processor), \(threads) thread\(threads == 1 ? "" : "s"), \(instructions), "
      + "OpenBLAS \(blasKernel)\(blasKernelIsForced ? " (by OPENBLAS_CORETYPE)" : "")"
  }

  /// The resident bytes of this process.
  static var residentBytes: Int {
    residentPages(in: contents(of: "/proc/self/statm")) * sysconf(Int32(_SC_PAGESIZE))
  }

  /// The second number of /proc/self/statm.
  static func residentPages(in text: String) -> Int {
    let fields = text.split(separator: " ")
    return fields.count > 1 ? Int(fields[1]) ?? 0 : 0
  }

  static func contents(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      text += chunk[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }
}
