import Glibc

/// What is known about a device before it is opened.
///
/// ```swift
/// let (devices, problem) = DeviceDescription.all()
/// for device in devices where device.isUsable { print(device.name, device.title) }
/// if let problem { print(problem) }
/// ```
public struct DeviceDescription: Sendable {
  /// The name that `Device(named:)` takes, such as `opencl:0:1`.
  public let name: String
  /// The manufacturer's name of the device, its kind, and its compute units or threads.
  public let title: String
  /// The size of its memory in bytes, or nil for the CPU, which uses the memory of the process.
  public let memoryByteCount: Int?
  /// The element types that it can store and compute.
  public let dtypes: [DType]
  /// The platform, the driver and its version; empty for the CPU.
  public let driver: String
  /// Features that the library would use and the device lacks.
  public let lacks: [String]
  /// Whether it can be used at all.
  public let isUsable: Bool

  /// Every device of this machine, usable or not, and what hindered the search for more, if
  /// anything.
  ///
  /// Opens none of them. The OpenCL devices are listed once per process.
  public static func all() -> (devices: [DeviceDescription], problem: String?) {
    let threads = CPUBackend.threadCount
    let cpu = DeviceDescription(
      name: "cpu", title: "the processor, \(threads) thread\(threads == 1 ? "" : "s")",
      memoryByteCount: nil, dtypes: DType.allCases, driver: "", lacks: [], isUsable: true)
    #if OpenCL
      switch Device.openCLListing {
      case .failure(let error): return ([cpu], "OpenCL: \(error.message)")
      case .success(let listing):
        return (
          [cpu] + listing.devices.map(DeviceDescription.init),
          listing.problem.map { "OpenCL: \($0)" }
        )
      }
    #else
      return ([cpu], "OpenCL: the package's trait OpenCL is off")
    #endif
  }
}

extension DeviceDescription {
  /// The processor's name as the system gives it; nil if it gives none.
  package static var processorName: String? {
    guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    // The first processor's name is near the beginning.
    while bytes.count < 1 << 16, case let count = fread(&part, 1, part.count, file), count > 0 {
      bytes += part[..<count]
    }
    return processorName(in: String(decoding: bytes, as: UTF8.self))
  }

  /// The first `model name` of the text of /proc/cpuinfo.
  package static func processorName(in text: String) -> String? {
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      var name = line.drop { $0 != ":" }.dropFirst()
      while name.first?.isWhitespace == true { name.removeFirst() }
      while name.last?.isWhitespace == true { name.removeLast() }
      return name.isEmpty ? nil : String(name)
    }
    return nil
  }
}

#if OpenCL
  extension DeviceDescription {
    fileprivate init(_ device: OpenCLDescription) {
      name = device.identifier
      title =
        "\(device.name) (\(device.isGPU ? "GPU" : device.isCPU ? "CPU" : "accelerator"), "
        + "\(device.computeUnits) compute units)"
      memoryByteCount = device.globalByteCount
      dtypes = device.dtypes
      driver = "\(device.platform) \(device.driverVersion), \(device.version)"
      lacks = device.lacks
      isUsable = device.obstacle == nil
    }
  }
#endif
