#if THREAD_SANITIZER
  @testable import SlopeCore

  /// A mutex for the tests' state that ThreadSanitizer understands.
  typealias Mutex = SlopeCore.Mutex
#endif
