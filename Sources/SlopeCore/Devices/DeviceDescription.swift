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
