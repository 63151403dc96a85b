import Glibc

/// Some consecutive rows of a table: `[rows, columns]` doubles, row-major, filled once and then
/// only read.
///
/// A table is a list of chunks instead of one growing array, so that nothing is copied while a file
/// is read, and each chunk can be freed as soon as it has become part of a tensor.
final class RowChunk: @unchecked Sendable {
  let columnCount: Int
  /// The number of rows that fit.
  let capacity: Int
  /// The number of rows so far.
  private(set) var rowCount = 0
  private let storage: UnsafeMutableBufferPointer<Double>

  /// The rows of a chunk of about a megabyte.
  ///
  /// That is large enough for its pages to go back to the system when it is freed, and small enough
  /// for a small file.
  static func capacity(columnCount: Int) -> Int { max(1, (1 << 17) / max(1, columnCount)) }

  /// A chunk with memory for `capacity` rows; nil if there is none.
  init?(columnCount: Int, capacity: Int) {
    let (count, overflow) = columnCount.multipliedReportingOverflow(by: capacity)
    let (byteCount, bytesOverflow) = count.multipliedReportingOverflow(
      by: MemoryLayout<Double>.stride)
    guard !overflow, !bytesOverflow, count > 0, let memory = malloc(byteCount) else { return nil }
    self.columnCount = columnCount
    self.capacity = capacity
    storage = UnsafeMutableBufferPointer(
      start: memory.bindMemory(to: Double.self, capacity: count), count: count)
  }

  deinit { free(storage.baseAddress) }

  var isFull: Bool { rowCount == capacity }

  /// Calls `body` to write rows after the last, row-major, and to return how many it wrote.
  func appendRows(_ body: (UnsafeMutableBufferPointer<Double>) throws -> Int) rethrows {
    let free = UnsafeMutableBufferPointer(rebasing: storage[(rowCount * columnCount)...])
    let written = try withExtendedLifetime(self) { try body(free) }
    precondition(written >= 0 && written <= capacity - rowCount)
    rowCount += written
  }

  /// Calls `body` with the values of one row, in the order of the columns, valid until it returns.
  @inline(__always)
  func withRow<Result>(
    _ index: Int, _ body: (UnsafeBufferPointer<Double>) throws -> Result
  ) rethrows -> Result {
    precondition(index >= 0 && index < rowCount)
    return try withExtendedLifetime(self) {
      try body(
        UnsafeBufferPointer(
          rebasing: storage[(index * columnCount)..<((index + 1) * columnCount)]))
    }
  }
}
