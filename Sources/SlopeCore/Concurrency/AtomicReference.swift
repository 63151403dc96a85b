import Synchronization

/// A reference that is set once, by the first thread to do so, and read without a lock.
struct AtomicReference<Object: AnyObject & Sendable>: ~Copyable, Sendable {
  private let bits = Atomic<UInt>(0)

  /// The object, or nil before it is set.
  @inline(__always)
  func load() -> Object? {
    let bits = bits.load(ordering: .acquiring)
    guard let pointer = UnsafeRawPointer(bitPattern: bits) else { return nil }
    return Unmanaged<Object>.fromOpaque(pointer).takeUnretainedValue()
  }

  /// Sets the object unless there is one already; returns the one that is kept.
  func publish(_ object: Object) -> Object {
    let retained = Unmanaged.passRetained(object)
    let new = UInt(bitPattern: retained.toOpaque())
    let (exchanged, _) = bits.compareExchange(
      expected: 0, desired: new, ordering: .acquiringAndReleasing)
    if exchanged { return object }
    retained.release()
    return load() ?? object
  }

  deinit {
    let bits = bits.load(ordering: .acquiring)
    if let pointer = UnsafeRawPointer(bitPattern: bits) {
      Unmanaged<Object>.fromOpaque(pointer).release()
    }
  }
}
