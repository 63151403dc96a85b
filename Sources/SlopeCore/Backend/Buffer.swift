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

/// Memory that a backend of another module keeps as an object of its own.
///
/// A class that is not `open` has subclasses in its own module only.
package final class ObjectBuffer: Buffer, @unchecked Sendable {
  package let storage: any AnyObject & Sendable

  package init(byteCount: Int, backend: any Backend, storage: any AnyObject & Sendable) {
    self.storage = storage
    super.init(byteCount: byteCount, backend: backend)
  }
}
