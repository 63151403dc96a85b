#if THREAD_SANITIZER
  import Glibc

  /// Replaces the standard library's `Mutex` under ThreadSanitizer.
  ///
  /// That one waits in the kernel, unseen by the sanitizer, so that everything it guards would look
  /// like a race.
  package struct Mutex<State: ~Copyable>: ~Copyable, @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let state = UnsafeMutablePointer<State>.allocate(capacity: 1)

    package init(_ initial: consuming State) {
      pthread_mutex_init(lock, nil)
      state.initialize(to: initial)
    }

    deinit {
      state.deinitialize(count: 1)
      state.deallocate()
      pthread_mutex_destroy(lock)
      lock.deallocate()
    }

    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
      _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      return try body(&state.pointee)
    }
  }
#endif
