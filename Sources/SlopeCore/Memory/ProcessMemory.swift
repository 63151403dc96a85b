import Glibc

/// The memory of the process, aligned to 64 bytes.
struct ProcessMemory: MemorySource {
  /// The bytes that stay free in a limited address space.
  ///
  /// They are for Swift's objects, since Swift stops the program if it gets no memory for one, and
  /// for stacks, which grow.
  private static let reserve = 4 << 20

  func take(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    var pointer: UnsafeMutableRawPointer?
    guard posix_memalign(&pointer, 64, byteCount) == 0 else { return nil }
    if !ProcessMemory.leavesReserve {
      free(pointer)
      return nil
    }
    return pointer
  }

  /// Whether what is taken so far leaves the reserve.
  static var leavesReserve: Bool { !isLimited || hasReserve }

  /// Whether the address space or its data are limited (`ulimit -v`, `-d`).
  ///
  /// Without a limit the system promises any amount.
  static var isLimited: Bool {
    [RLIMIT_AS, RLIMIT_DATA].contains { resource in
      var limit = rlimit()
      return getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0
        && limit.rlim_cur != rlim_t.max
    }
  }

  /// Whether an array of `byteCount` bytes can be made; if not, Swift would stop the program.
  ///
  /// Small arrays are left to the reserve.
  static func holdsArray(_ byteCount: Int) -> Bool {
    if byteCount < reserve / 4 { return true }
    guard
      let place = mmap(
        nil, byteCount + reserve, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      place != MAP_FAILED
    else { return false }
    munmap(place, byteCount + reserve)
    return true
  }

  /// Whether the reserve can be allocated, from new memory or from what the allocator has kept.
  private static var hasReserve: Bool {
    var pointer: UnsafeMutableRawPointer?
    guard posix_memalign(&pointer, 64, reserve) == 0 else { return false }
    free(pointer)
    return true
  }

  func giveBack(_ handle: UnsafeMutableRawPointer) { free(handle) }

  func fill(_ handle: UnsafeMutableRawPointer, _ byteCount: Int) { memset(handle, 0xFF, byteCount) }

  // Sizes near the end of the address space have no class.
  var largest: Int { 1 << 48 }

  var budget: Int { MachineMemory.limit }
}
