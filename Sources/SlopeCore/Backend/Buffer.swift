/// Memory on a device.
///
/// It never changes once a value refers to it, except by a parameter's own update and in the sums
/// of slices that a backward pass owns.
package final class Buffer: @unchecked Sendable {
  package let byteCount: Int

  /// The backend whose kernels work on this memory.
  package let backend: any Backend

  /// The backend's handle of the memory: an address on the CPU, a memory object elsewhere.
  package let handle: UnsafeMutableRawPointer

  /// Memory that `backend` made, and that is given back to it on deallocation.
  package init(_ handle: UnsafeMutableRawPointer, byteCount: Int, on backend: any Backend) {
    self.handle = handle
    self.byteCount = byteCount
    self.backend = backend
  }

  deinit { backend.release(handle, byteCount: byteCount) }
}
