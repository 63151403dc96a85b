import Glibc

/// Where tensors live and are computed: the CPU, or an OpenCL device.
///
/// ```swift
/// let x = Tensor<Float>.uniform([4]).to(try Device.gpu)
/// ```
public struct Device: Sendable, Hashable, CustomStringConvertible {
  package let backend: any Backend

  package init(_ backend: any Backend) { self.backend = backend }

  /// The processor and the memory of the process, with `cpuThreadCount` threads.
  ///
  /// OpenBLAS is loaded when the first larger product of Float or Double is computed, on one thread. Where the
  /// process uses it itself, with more threads, it has one during our calls only.
  public static let cpu = Device(CPUBackend.shared)

  /// The device that the innermost `withDevice` names.
  @TaskLocal fileprivate static var named: Device?

  /// The device on which tensors are made.
  package static var current: Device { named ?? initial }

  /// Where no `withDevice` names one. A SLOPE_DEVICE that is no device stops the program: computing
  /// elsewhere in silence would be worse.
  private static let initial: Device = {
    do { return try ofEnvironment.get() } catch { fatalError("\(error)") }
  }()

  /// The device named by the environment's SLOPE_DEVICE, else the CPU. Looked for when first asked, and
  /// only then: who names another device does not need it.
  package static let ofEnvironment: Result<Device, DeviceError> = {
    guard let name = getenv("SLOPE_DEVICE").map({ String(cString: $0) }), !name.isEmpty else {
      return .success(.cpu)
    }
    do throws(DeviceError) {
      return .success(try Device(named: name))
    } catch {
      return .failure(DeviceError(name, "\(error.message) (named by SLOPE_DEVICE)"))
    }
  }()

  /// The device on which tensors are made here: that of the innermost `withDevice`, else the one that
  /// the environment's SLOPE_DEVICE names when one is first needed, else the CPU.
  public static var `default`: Device { current }

  /// Whether both are the same device; two backends of one kind are not.
  public static func == (left: Device, right: Device) -> Bool { left.backend === right.backend }

  /// Hashes the identity of the device.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(backend)) }

  /// The name of the device: `cpu`, or `opencl:0:1` for the second device of the first platform.
  public var description: String { backend.name }

  /// The element types that the device can hold and compute.
  public var dtypes: [DType] { backend.dtypes }

  /// What the device has moved and done so far.
  public var statistics: DeviceStatistics { backend.deviceStatistics }

  /// Waits until the device has done all work given to it, and reports what went wrong in it.
  public func synchronize() { backend.synchronize() }

  /// Gives memory that is kept for later tensors back to the device.
  public func trim() { backend.trim() }

  /// What the CPU's pool of memory holds and has done.
  public static var memoryStatistics: MemoryStatistics { CPUBackend.shared.pool.statistics }

  /// Gives the CPU's memory that is kept for later tensors back to the system.
  public static func trim() { CPUBackend.shared.pool.trim() }
}

/// Runs `body` with another default device: tensors that are made in it live there.
public func withDevice<Result>(_ device: Device, _ body: () throws -> Result) rethrows -> Result {
  try Device.$named.withValue(device, operation: body)
}

/// Runs an asynchronous `body` with another default device.
public func withDevice<Result>(
  isolation: isolated (any Actor)? = #isolation, _ device: Device,
  _ body: () async throws -> Result
) async rethrows -> Result {
  try await Device.$named.withValue(device, operation: body)
}

/// Why a device cannot be had.
public struct DeviceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was asked for, such as `gpu`.
  public let device: String
  /// Why it cannot be had, and what to do.
  public let message: String

  /// An error about a device by its name.
  public init(_ device: String, _ message: String) {
    self.device = device
    self.message = message
  }

  /// `device gpu: …`.
  public var description: String { "device \(device): \(message)" }
}

extension Device {
  /// A device by name: `cpu`, `gpu`, `auto`, or `opencl:PLATFORM:DEVICE` by the numbers that
  /// `mltrain devices` prints. `auto` is the CPU.
  ///
  /// `opencl:0:0:simt` and `opencl:0:0:wide` choose the variant of the kernels, for tests: GPUs do best with
  /// the first, CPUs with the second, and each gets its own by default.
  ///
  /// - Throws: `DeviceError` where there is no such device.
  public init(named name: String) throws(DeviceError) {
    switch name {
    case "cpu", "auto": self = .cpu
    case "gpu": self = try .gpu
    default:
      guard let parts = Device.openCLParts(name) else {
        throw DeviceError(name, Device.nameSyntax)
      }
      self = try Device.opencl(
        platform: parts.platform, device: parts.device, variant: parts.variant)
    }
  }

  /// What names of devices look like.
  public static let nameSyntax = "the devices are auto, cpu, gpu and opencl:PLATFORM:DEVICE"

  /// Whether a text has the syntax of a device's name, be there such a device or not.
  public static func isName(_ text: String) -> Bool {
    ["cpu", "auto", "gpu"].contains(text) || openCLParts(text) != nil
  }

  private static func openCLParts(
    _ name: String
  ) -> (platform: Int, device: Int, variant: String?)? {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3 || parts.count == 4, parts[0] == "opencl",
      let platform = Int(parts[1]), let device = Int(parts[2])
    else { return nil }
    return (platform, device, parts.count == 4 ? String(parts[3]) : nil)
  }

  /// Every device of this machine that can be used: the CPU, then the OpenCL devices.
  public static var all: [Device] {
    [.cpu] + openCLDevices
  }

  /// The best OpenCL device: a GPU before any other, then the one with the most compute units and
  /// memory.
  ///
  /// - Throws: `DeviceError` where there is none, which says what is missing.
  public static var gpu: Device {
    get throws(DeviceError) { try bestOpenCLDevice() }
  }

  /// An OpenCL device by the numbers that `mltrain devices` prints.
  ///
  /// - Throws: `DeviceError` where there is no such device.
  public static func opencl(platform: Int, device: Int) throws(DeviceError) -> Device {
    try opencl(platform: platform, device: device, variant: nil)
  }
}
