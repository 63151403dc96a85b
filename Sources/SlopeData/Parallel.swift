import CKernels

/// Calls `body` with each index below `count`, on the threads of the library's pool.
///
/// The calls of different indices may run at the same time.
package func inParallel(_ count: Int, _ body: (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    var call = ParallelCall(body: body)
    withUnsafeMutablePointer(to: &call) { pointer in
      slope_parallel(
        Int64(count),
        { context, index in
          context?.assumingMemoryBound(to: ParallelCall.self).pointee.body(Int(index))
        }, pointer)
    }
  }
}

private struct ParallelCall {
  let body: (Int) -> Void
}

/// Results of calls that run at the same time, each with a place of its own.
package final class ParallelResults<Element>: @unchecked Sendable {
  private let places: UnsafeMutableBufferPointer<Element?>

  package init(count: Int) {
    places = .allocate(capacity: count)
    places.initialize(repeating: nil)
  }

  deinit {
    places.deinitialize()
    places.deallocate()
  }

  package func set(_ index: Int, _ element: Element) { places[index] = element }

  /// The number of places.
  package var count: Int { places.count }

  /// The results that were set, in order.
  package var all: [Element] { places.compactMap { $0 } }
}
