import Glibc
import SlopeCore
import SlopeData
import SlopePlot

/// The machine and the libraries by which a page is made.
enum Machine {
  /// What they are, by names.
  static func description(_ dtype: DType, on device: Device) -> [(name: String, text: String)] {
    [
      ("Slope", SlopeVersion.description),
      ("device", "\(device), \(dtype.name), \(Device.cpuThreadCount) threads"),
      ("processor", DeviceDescription.processorName ?? "unknown"),
      ("loops", KernelNames.loops),
      ("products", KernelNames.products),
      ("memory", memory.map { "\(fixed($0 / 0x1p30, 1)) GiB" } ?? "unknown"),
      ("operating system", operatingSystem),
    ]
  }

  /// The bytes of the machine's memory; nil if it does not tell.
  private static var memory: Double? {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let pageByteCount = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && pageByteCount > 0 ? Double(pages) * Double(pageByteCount) : nil
  }

  private static var operatingSystem: String {
    let bytes = try? ByteSource(path: "/etc/os-release").read(upTo: 1 << 16)
    let name = systemName(in: String(decoding: bytes ?? [], as: UTF8.self))
    var about = utsname()
    guard uname(&about) == 0 else { return name ?? "unknown" }
    let kernel = text(of: about.sysname) + " " + text(of: about.release)
    return (name.map { "\($0), " } ?? "") + kernel
  }

  /// The name of a system in the text of /etc/os-release; nil if it has none.
  static func systemName(in text: String) -> String? {
    let key = "PRETTY_NAME="
    let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
    let name = line?.dropFirst(key.count).filter { $0 != "\"" }
    return name.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
