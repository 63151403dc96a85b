#if THREAD_SANITIZER
  @testable import SlopeCore

  /// The tests' own guarded state, as ThreadSanitizer can see it.
  typealias Mutex = SlopeCore.Mutex
#endif
