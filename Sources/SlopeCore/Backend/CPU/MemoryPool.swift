import Glibc
import Synchronization

/// What a pool of memory holds and has done.
public struct MemoryStatistics: Sendable, Hashable {
  /// Bytes in buffers that are in use.
  public var bytesInUse = 0
  /// Bytes in buffers that are kept for the next request.
  public var bytesCached = 0
  /// The largest `bytesInUse` so far.
  public var peakBytesInUse = 0
  /// Requests answered with memory from the system.
  public var allocations = 0
  /// Requests answered with kept memory.
  public var reuses = 0
}

/// Where a pool gets its memory: a device's own kind of it, by handles.
protocol MemorySource: Sendable {
  /// New memory of just that size, or nil where there is none.
  func take(_ byteCount: Int) -> UnsafeMutableRawPointer?

  /// Gives memory back that `take` gave.
  func giveBack(_ handle: UnsafeMutableRawPointer)

  /// Sets bytes from the start to 0xFF.
  func fill(_ handle: UnsafeMutableRawPointer, _ byteCount: Int)
}

/// The memory of the process, aligned to 64 bytes.
struct ProcessMemory: MemorySource {
  /// What is left in a limited address space: for objects of Swift, which stops the program where it gets
  /// no memory, and for stacks, which grow.
  private static let reserve = 4 << 20

  func take(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    var pointer: UnsafeMutableRawPointer?
    guard posix_memalign(&pointer, 64, byteCount) == 0 else { return nil }
    if isLimited, !ProcessMemory.hasReserve {
      free(pointer)
      return nil
    }
    return pointer
  }

  /// Whether the address space is limited (`ulimit -v`); elsewhere the system promises any amount.
  private var isLimited: Bool {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0
      && limit.rlim_cur != rlim_t.max
  }

  /// Whether the reserve could be had: of new memory, or of what the allocator has kept.
  private static var hasReserve: Bool {
    var pointer: UnsafeMutableRawPointer?
    guard posix_memalign(&pointer, 64, reserve) == 0 else { return false }
    free(pointer)
    return true
  }

  func giveBack(_ handle: UnsafeMutableRawPointer) { free(handle) }

  func fill(_ handle: UnsafeMutableRawPointer, _ byteCount: Int) { memset(handle, 0xFF, byteCount) }
}

/// Keeps freed memory for the next buffer of its size class, so that no pages fault in twice.
///
/// Classes are powers of two and the three steps between. A pool of the process' memory leaves
/// requests up to `smallest` to `malloc`, which is faster for them.
final class MemoryPool: Sendable {
  /// Fills every fresh buffer with 0xFF (NaN, or -1), so that a kernel which does not write all it
  /// owns is seen. Tests turn it on.
  static let fillsFreshBuffers = Atomic<Bool>(false)

  static let smallest = 1024

  /// A pool of another source rounds smaller requests up to this.
  private static let smallestHandle = 256

  private let source: any MemorySource
  private let usesMalloc: Bool

  fileprivate struct State {
    var free: [[UInt]] = Array(repeating: [], count: 256)
    var statistics = MemoryStatistics()
  }

  // Addresses, since pointers may not cross into the lock.
  private let state: Mutex<State>

  /// A pool of the process' memory.
  init() {
    source = ProcessMemory()
    usesMalloc = true
    state = Mutex(State())
  }

  /// A pool of handles of another kind of memory.
  init(source: any MemorySource) {
    self.source = source
    usesMalloc = false
    state = Mutex(State())
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

  /// Memory for at least `byteCount` bytes, or nil where the system has none.
  func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let pointer =
      usesMalloc && byteCount <= MemoryPool.smallest
      ? malloc(max(byteCount, 1)) : pooled(max(byteCount, MemoryPool.smallestHandle))
    if let pointer, MemoryPool.fillsFreshBuffers.load(ordering: .relaxed) {
      source.fill(pointer, byteCount)
    }
    return pointer
  }

  /// Gives back memory of a request for `byteCount` bytes.
  func deallocate(_ pointer: UnsafeMutableRawPointer, _ byteCount: Int) {
    guard !usesMalloc || byteCount > MemoryPool.smallest else {
      free(pointer)
      return
    }
    let (index, size) = MemoryPool.sizeClass(max(byteCount, MemoryPool.smallestHandle))
    let address = UInt(bitPattern: pointer)
    state.withLock {
      $0.free[index].append(address)
      $0.statistics.bytesInUse -= size
      $0.statistics.bytesCached += size
    }
  }

  /// Gives all kept memory back to the system.
  func trim() {
    state.withLock {
      for index in $0.free.indices {
        for address in $0.free[index] {
          if let handle = UnsafeMutableRawPointer(bitPattern: address) { source.giveBack(handle) }
        }
        $0.free[index] = []
      }
      $0.statistics.bytesCached = 0
    }
  }

  private func pooled(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    // Sizes near the end of the address space have no class.
    guard byteCount <= 1 << 48 else { return nil }
    let (index, size) = MemoryPool.sizeClass(byteCount)
    if let kept = reuse(index, size) { return kept }
    return fresh(size)
      ?? {
        trim()
        return fresh(size)
      }()
  }

  private func reuse(_ index: Int, _ size: Int) -> UnsafeMutableRawPointer? {
    let address = state.withLock { state -> UInt? in
      guard let address = state.free[index].popLast() else { return nil }
      state.statistics.bytesCached -= size
      state.statistics.reuses += 1
      state.use(size)
      return address
    }
    return address.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
  }

  private func fresh(_ size: Int) -> UnsafeMutableRawPointer? {
    guard let pointer = source.take(size) else { return nil }
    state.withLock {
      $0.statistics.allocations += 1
      $0.use(size)
    }
    return pointer
  }
}

extension MemoryPool.State {
  fileprivate mutating func use(_ size: Int) {
    statistics.bytesInUse += size
    statistics.peakBytesInUse = max(statistics.peakBytesInUse, statistics.bytesInUse)
  }
}
