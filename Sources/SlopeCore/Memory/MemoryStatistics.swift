/// What a pool of memory holds and has done.
public struct MemoryStatistics: Sendable, Hashable {
  /// Bytes in buffers that are in use.
  public var bytesInUse = 0
  /// Bytes in buffers that are kept for the next request.
  public var bytesCached = 0
  /// The largest `bytesInUse` so far.
  public var peakBytesInUse = 0
  /// Requests served with memory from the system.
  public var allocations = 0
  /// Requests served with kept memory.
  public var reuses = 0
}
