#if THREAD_SANITIZER
  import Glibc

  /// Replaces the standard library's `Mutex` under ThreadSanitizer.
  ///
  /// That one waits in the kernel, unseen by the sanitizer, so that everything it guards would look
  /// like a race.
  package struct Mutex<State>: @unchecked Sendable {
    private final class Storage {
      let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
      let state = UnsafeMutablePointer<State>.allocate(capacity: 1)

      init(_ initial: State) {
        pthread_mutex_init(lock, nil)
        state.initialize(to: initial)
      }

      deinit {
        state.deinitialize(count: 1)
        state.deallocate()
        pthread_mutex_destroy(lock)
        lock.deallocate()
      }
    }

    private let storage: Storage

    package init(_ initial: State) { storage = Storage(initial) }

    package func withLock<Result, Failure: Error>(
      _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      pthread_mutex_lock(storage.lock)
      defer { pthread_mutex_unlock(storage.lock) }
      return try body(&storage.state.pointee)
    }
  }
#endif
