/// Memory on a device. It never changes once a value refers to it, but for a parameter's own update
/// and the sums of slices that a backward pass owns.
package final class Buffer: @unchecked Sendable {
  package let byteCount: Int

  /// The backend whose kernels work on this memory.
  package let backend: any Backend

  /// What the backend knows the memory by: an address on the CPU, a memory object elsewhere.
  package let handle: UnsafeMutableRawPointer

  /// Memory that `backend` made, which is given back to it in the end.
  package init(_ handle: UnsafeMutableRawPointer, byteCount: Int, on backend: any Backend) {
    self.handle = handle
    self.byteCount = byteCount
    self.backend = backend
  }

  deinit { backend.release(handle, byteCount: byteCount) }
}
