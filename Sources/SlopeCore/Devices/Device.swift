import Glibc

/// A device on which tensors are stored and computed: the CPU, or an OpenCL device.
///
/// Every tensor is on one device, and an operation runs where its operands are; operands on
/// different devices are a failure. `Tensor.to(_:)` and `Parameter.move(to:)` copy elements to
/// another device, and `withDevice(_:_:)` chooses the one on which new tensors are created.
///
/// ```swift
/// let device = Device.default                      // the CPU, unless SLOPE_DEVICE says otherwise
/// let x = Tensor<Float>([1, 2, 3]).to(device)
/// let y = withDevice(device) { Tensor<Float>.ones([3]) }
/// print((x + y).device == device)                  // true
/// if let gpu = try? Device.gpu { print(gpu, gpu.dtypes.count) }
/// ```
///
/// **Value semantics.** A device is a struct around a reference to its backend; two are equal if
/// they have the same backend. An OpenCL device is opened when it is first asked for, and stays
/// open until the process ends.
///
/// **When work happens.** On the CPU an operation is complete when its call returns; it uses up to
/// `cpuThreadCount` threads. An OpenCL device has one queue, in order: the host enqueues work and
/// continues, and waits where it reads elements (`item()`, `scalars`, `description`, `to(_:)`),
/// calls `synchronize()`, or is more than a thousand kernels or 256 MiB of uploads ahead.
///
/// **Memory.** Each device keeps freed buffers for later results. What is kept is bounded together
/// with what is in use, by three quarters of the memory of the device or of what the process may
/// use. `trim()` releases it.
///
/// docs/opencl.md describes OpenCL devices. Next: `DeviceDescription`, `DeviceStatistics`.
public struct Device: Sendable, Hashable, CustomStringConvertible {
  package let backend: any Backend

  package init(_ backend: any Backend) { self.backend = backend }

  /// The processor and the memory of the process, with `cpuThreadCount` threads.
  ///
  /// OpenBLAS is loaded when the first larger product of Float or Double is computed, and runs on
  /// one thread. Where the process uses OpenBLAS itself with more threads, it has one during our
  /// calls only.
  public static let cpu = Device(CPUBackend.shared)

  /// The device that the innermost `withDevice` names.
  @TaskLocal fileprivate static var named: Device?

  /// The device on which tensors are created.
  package static var current: Device { named ?? initial }

  /// The device if no `withDevice` names one.
  ///
  /// A SLOPE_DEVICE that is no device stops the program: silently computing elsewhere would be
  /// worse.
  private static let initial: Device = {
    do { return try ofEnvironment.get() } catch { fatalError("\(error)") }
  }()

  /// The device that the environment variable SLOPE_DEVICE names, else the CPU.
  ///
  /// Opened only when it is first needed: a program that names another device does not need it.
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

  /// The device on which tensors are created here.
  ///
  /// It is the one of the innermost `withDevice(_:_:)`; else the one that the environment variable
  /// SLOPE_DEVICE names when a device is first needed; else the CPU. A SLOPE_DEVICE that names no
  /// usable device stops the program.
  public static var `default`: Device { current }

  /// Whether both are the same device; two backends of one kind are not.
  public static func == (left: Device, right: Device) -> Bool { left.backend === right.backend }

  /// Hashes the identity of the device.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(backend)) }

  /// The name of the device: `cpu`, or `opencl:0:1` for the second device of the first platform.
  public var description: String { backend.name }

  /// The element types that the device can store and compute.
  public var dtypes: [DType] { backend.dtypes }

  /// What the device has copied and run since it was opened.
  ///
  /// Does not wait for the device.
  public var statistics: DeviceStatistics { backend.deviceStatistics }

  /// Waits for the device: until all work given to it is done.
  ///
  /// Reports what went wrong in it, such as an index out of range. Returns immediately on the CPU.
  public func synchronize() { backend.synchronize() }

  /// Releases the memory that the device keeps for later tensors.
  ///
  /// The memory of existing tensors is not affected.
  public func trim() { backend.trim() }

  /// What the CPU's memory pool holds and has done.
  public static var memoryStatistics: MemoryStatistics { CPUBackend.shared.pool.statistics }

  /// Releases the memory that the CPU's pool keeps for later tensors, to the system.
  public static func trim() { CPUBackend.shared.pool.trim() }
}

/// Runs `body` with another default device, on which tensors created in it are stored.
///
/// Operations on existing tensors still run where those are. Scopes nest, and child tasks inherit
/// the device; detached tasks do not.
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

/// Why a device cannot be used.
public struct DeviceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The device that was asked for, such as `gpu`.
  public let device: String
  /// Why it cannot be used, and what to do.
  public let message: String

  /// Creates an error about a device, by its name.
  public init(_ device: String, _ message: String) {
    self.device = device
    self.message = message
  }

  /// `device gpu: …`.
  public var description: String { "device \(device): \(message)" }
}

extension Device {
  /// Creates a device by name: `cpu`, `gpu`, `auto`, or `opencl:PLATFORM:DEVICE`.
  ///
  /// `auto` is the CPU. The numbers are those that `mltrain devices` prints. `opencl:0:0:simt` and
  /// `opencl:0:0:wide` also choose the kernel variant, for tests: GPUs do best with the first, CPUs
  /// with the second, and each gets its own by default. Opens the device if that has not been done
  /// yet.
  ///
  /// - Throws: `DeviceError` if there is no such device.
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

  /// A sentence that lists the forms of device names, for messages.
  public static let nameSyntax = "the devices are auto, cpu, gpu and opencl:PLATFORM:DEVICE"

  /// Whether a text has the form of a device's name, whether or not that device exists.
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

  /// Every usable device of this machine: the CPU, then the OpenCL devices.
  ///
  /// Opens them all. `DeviceDescription.all()` describes them without opening any.
  public static var all: [Device] {
    [.cpu] + openCLDevices
  }

  /// The best OpenCL device: a GPU before any other, then the one with the most compute units and
  /// memory.
  ///
  /// - Throws: `DeviceError` if there is none; it says what is missing.
  public static var gpu: Device {
    get throws(DeviceError) { try bestOpenCLDevice() }
  }

  /// The OpenCL device with the numbers that `mltrain devices` prints.
  ///
  /// - Parameters:
  ///   - platform: The index of the platform.
  ///   - device: The index of the device in the platform.
  /// - Returns: The device, which is opened if necessary.
  /// - Throws: `DeviceError` if there is no such device.
  public static func opencl(platform: Int, device: Int) throws(DeviceError) -> Device {
    try opencl(platform: platform, device: device, variant: nil)
  }
}
