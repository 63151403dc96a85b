import Glibc

/// A few numbers that a process and its watcher share through a file, so that they outlive a trap.
final class SharedPlace {
  enum Number: Int, CaseIterable {
    /// The current call.
    case call
    /// The number of calls that returned, and of those that returned an error.
    case done, refused
    /// The longest call: its microseconds and its number.
    case slowest, slowestCall
  }

  private let numbers: UnsafeMutablePointer<Int64>
  private static let byteCount = Number.allCases.count * 8

  /// Why the file could not be mapped.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Maps a file, which is created if it does not exist.
  init(path: String) throws {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(file) }
    guard file >= 0, ftruncate(file, Self.byteCount) == 0,
      let memory = mmap(nil, Self.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
      memory != MAP_FAILED
    else { throw Failure(description: "\(path): \(String(cString: strerror(errno)))") }
    numbers = memory.bindMemory(to: Int64.self, capacity: Number.allCases.count)
  }

  deinit { munmap(numbers, Self.byteCount) }

  subscript(number: Number) -> Int {
    get { Int(numbers[number.rawValue]) }
    set { numbers[number.rawValue] = Int64(newValue) }
  }
}
