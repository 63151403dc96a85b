/// Counts of what a device has transferred and done since it was opened.
///
/// The CPU works in the process' memory: there only `memory` changes.
public struct DeviceStatistics: Sendable, Hashable {
  /// Copies from the host to the device.
  public var uploads = 0
  /// Bytes copied from the host to the device.
  public var uploadedBytes = 0
  /// Copies from the device to the host.
  public var downloads = 0
  /// Bytes copied from the device to the host.
  public var downloadedBytes = 0
  /// Kernels that were launched.
  public var launches = 0
  /// Times that the host waited for the device.
  public var waits = 0
  /// Programs that were built from source.
  public var builds = 0
  /// Statistics of the pool of the device's memory.
  public var memory = MemoryStatistics()
}
