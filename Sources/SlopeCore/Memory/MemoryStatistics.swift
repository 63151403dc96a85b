/// The contents and the history of a memory pool.
///
/// Each device has a pool, which keeps freed buffers for later results. `Device.memoryStatistics`
/// has the numbers of the CPU's, `device.statistics.memory` those of an OpenCL device's. Buffers of
/// at most 1,024 bytes on the CPU are left to `malloc` and not counted.
public struct MemoryStatistics: Sendable, Hashable {
  /// The bytes in buffers that are in use.
  public var bytesInUse = 0
  /// The bytes in buffers that are kept for later requests.
  public var bytesCached = 0
  /// The largest value of `bytesInUse` so far.
  public var peakBytesInUse = 0
  /// The number of requests served with new memory from the system or the device.
  public var allocations = 0
  /// The number of requests served with kept memory.
  public var reuses = 0
}
