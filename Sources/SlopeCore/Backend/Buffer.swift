/// Memory on a device. It never changes once a value refers to it, but for a parameter's own update.
///
/// A backend makes a subclass that knows where the memory lies and how to give it back.
package class Buffer: @unchecked Sendable {
  package let byteCount: Int

  /// The backend whose kernels work on this memory.
  package let backend: any Backend

  package init(byteCount: Int, backend: any Backend) {
    self.byteCount = byteCount
    self.backend = backend
  }
}
