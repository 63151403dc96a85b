/// Where tensors live and are computed.
public struct Device: Sendable, Hashable, CustomStringConvertible {
  package let backend: any Backend

  package init(_ backend: any Backend) { self.backend = backend }

  /// The processor and the memory of the process.
  public static let cpu = Device(CPUBackend.shared)

  @TaskLocal package static var current = Device.cpu

  /// Whether both are the same device; two backends of one kind are not.
  public static func == (left: Device, right: Device) -> Bool { left.backend === right.backend }

  /// Hashes the identity of the device.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(backend)) }

  /// The name of the device, such as `cpu`.
  public var description: String { backend.name }

  /// What the CPU's pool of memory holds and has done.
  public static var memoryStatistics: MemoryStatistics { CPUBackend.shared.pool.statistics }

  /// Gives memory that is kept for later tensors back to the system.
  public static func trim() { CPUBackend.shared.pool.trim() }
}
