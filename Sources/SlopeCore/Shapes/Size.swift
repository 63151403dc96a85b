/// Arithmetic on numbers of elements and bytes, which callers choose and which may be out of range.
///
/// Sums and products of extents, counts and margins are computed here, so that none wraps or traps.
package enum Size {
  /// `a + b`, or nil where it overflows.
  @inline(__always)
  package static func sum(_ a: Int, _ b: Int) -> Int? {
    let (sum, overflows) = a.addingReportingOverflow(b)
    return overflows ? nil : sum
  }

  /// `a · b`, or nil where it overflows.
  @inline(__always)
  package static func product(_ a: Int, _ b: Int) -> Int? {
    let (product, overflows) = a.multipliedReportingOverflow(by: b)
    return overflows ? nil : product
  }

  /// Whether the process can allocate this many bytes.
  ///
  /// Asked before Swift allocates an array, which stops the program if there is no memory.
  package static func isAvailable(_ byteCount: Int?) -> Bool {
    // The address space ends here.
    guard let byteCount, (0...1 << 48).contains(byteCount) else { return false }
    return ProcessMemory.holdsArray(byteCount)
  }

  /// Whether the process can allocate an array of this many elements; if not, it is reported.
  package static func isAvailable<Item>(
    _ count: Int, of type: Item.Type, for operation: @autoclosure () -> String
  ) -> Bool {
    if isAvailable(product(count, MemoryLayout<Item>.stride)) { return true }
    reportFailure(operation: operation(), "no memory for \(count) elements of \(Item.self)")
    return false
  }
}
