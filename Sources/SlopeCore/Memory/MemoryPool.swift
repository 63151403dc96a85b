import Glibc
import Synchronization

/// The source of a pool's memory: one kind of memory, by handles.
protocol MemorySource: Sendable {
  /// New memory of exactly that size, or nil if there is none.
  func take(_ byteCount: Int) -> UnsafeMutableRawPointer?

  /// Gives back memory that `take` gave.
  func giveBack(_ handle: UnsafeMutableRawPointer)

  /// Sets bytes from the start to 0xFF.
  func fill(_ handle: UnsafeMutableRawPointer, _ byteCount: Int)

  /// The most bytes of one request.
  var largest: Int { get }

  /// The bytes that may be in use and kept together; more is not kept.
  var budget: Int { get }
}

/// Keeps freed memory for the next buffer of its size class, so that no pages fault in twice.
///
/// Classes are powers of two and the three steps between. A pool of the process' memory leaves
/// requests up to `smallest` to `malloc`, which is faster for them.
///
/// What is kept is bounded (KeptMemory.swift); what was freed first is given back first.
final class MemoryPool: Sendable {
  /// Fills every fresh buffer with 0xFF (NaN, or -1), for tests.
  ///
  /// A kernel that does not write all of its result is then noticed.
  static let fillsFreshBuffers = Atomic<Bool>(false)

  static let smallest = 1024

  /// The least size in a pool of another source.
  private static let smallestHandle = 256

  private let source: any MemorySource
  private let usesMalloc: Bool
  private let largest: Int

  // Addresses, since pointers may not cross into the lock.
  private let state: Mutex<KeptMemory>

  /// A pool of the process' memory.
  convenience init() { self.init(ProcessMemory(), usesMalloc: true) }

  /// A pool of handles to another kind of memory.
  convenience init(source: any MemorySource) { self.init(source, usesMalloc: false) }

  private init(_ source: any MemorySource, usesMalloc: Bool) {
    self.source = source
    self.usesMalloc = usesMalloc
    largest = source.largest
    state = Mutex(KeptMemory(budget: source.budget))
  }

  deinit { trim() }

  var statistics: MemoryStatistics { state.withLock { $0.statistics } }

  /// The class of a request and the bytes that it gets.
  static func sizeClass(_ byteCount: Int) -> (index: Int, byteCount: Int) {
    let power = Int.bitWidth - 1 - max(byteCount - 1, 1).leadingZeroBitCount
    let step = 1 << max(power - 2, 0)
    let steps = (byteCount + step - 1) / step
    return (power * 4 + steps - 4, steps * step)
  }

  /// Memory for at least `byteCount` bytes, or nil if the system has none.
  func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    guard byteCount >= 0 else { return nil }
    let pointer =
      usesMalloc && byteCount <= MemoryPool.smallest
      ? small(byteCount) : pooled(max(byteCount, MemoryPool.smallestHandle))
    if let pointer, MemoryPool.fillsFreshBuffers.load(ordering: .relaxed) {
      source.fill(pointer, byteCount)
    }
    return pointer
  }

  /// Gives back the memory of a request for `byteCount` bytes.
  func deallocate(_ pointer: UnsafeMutableRawPointer, _ byteCount: Int) {
    guard !usesMalloc || byteCount > MemoryPool.smallest else {
      free(pointer)
      return
    }
    let (index, size) = sized(max(byteCount, MemoryPool.smallestHandle))
    let address = UInt(bitPattern: pointer)
    giveBack(state.withLock { $0.keep(address, index, size) })
  }

  /// Gives all kept memory back to the system.
  func trim() { giveBack(state.withLock { $0.removeAll() }) }

  private func giveBack(_ addresses: [UInt]) {
    for address in addresses {
      if let handle = UnsafeMutableRawPointer(bitPattern: address) { source.giveBack(handle) }
    }
  }

  /// The class of a request and the bytes that it gets here.
  ///
  /// The largest class ends at the source's largest request.
  private func sized(_ byteCount: Int) -> (index: Int, byteCount: Int) {
    let (index, size) = MemoryPool.sizeClass(byteCount)
    return (index, min(size, largest))
  }

  private func small(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    malloc(max(byteCount, 1))
      ?? {
        trim()
        return malloc(max(byteCount, 1))
      }()
  }

  private func pooled(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    guard byteCount <= largest else { return nil }
    let (index, size) = sized(byteCount)
    if let address = state.withLock({ $0.reuse(index, size) }) {
      return UnsafeMutableRawPointer(bitPattern: address)
    }
    return fresh(size)
      ?? {
        trim()
        return fresh(size)
      }()
  }

  private func fresh(_ size: Int) -> UnsafeMutableRawPointer? {
    giveBack(state.withLock { $0.makeRoom(size) })
    guard let pointer = source.take(size) else { return nil }
    state.withLock { $0.add(size) }
    return pointer
  }
}
