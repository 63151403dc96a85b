import Glibc
import Synchronization

/// Waits for the signals that ask a command to stop.
///
/// A thread of its own waits for SIGINT, SIGTERM and SIGHUP, which all other threads leave alone. The first
/// one is handed over; a second one ends the process at once, with 128 and the signal's number. What follows
/// within a twentieth of a second is the same request: a terminal that is closed, and programs that manage
/// others, send several. A signal that the process was started to ignore stays ignored.
package final class SignalWatch: Sendable {
  private let first = Atomic<Int32>(0)

  /// Begins to wait.
  ///
  /// To be called before the process has other threads, which inherit what they leave alone.
  ///
  /// - Parameter request: is told of the first signal, on the thread that waits.
  package init(request: @escaping @Sendable (Int32) -> Void) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] where !Self.isIgnored(signal) {
      sigaddset(&signals, signal)
    }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let firstTime = Mutex<ContinuousClock.Instant?>(nil)
    let start = Start(signals: signals) { signal in
      let now = ContinuousClock.now
      let earlier = firstTime.withLock { time in
        defer { time = time ?? now }
        return time
      }
      if let earlier {
        if now - earlier > .milliseconds(50) { _exit(128 + signal) }
        return
      }
      self.first.store(signal, ordering: .releasing)
      request(signal)
    }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(start)
    let failed = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().wait()
        return nil
      }, argument.toOpaque())
    guard failed != 0 else {
      pthread_detach(thread)
      return
    }
    // Without a thread signals do what they always do.
    argument.release()
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// The exit code of a command that the first signal stopped; nil if there was none.
  package var exitCode: Int32? {
    let signal = first.load(ordering: .acquiring)
    return signal == 0 ? nil : 128 + signal
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(signal, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  /// What the thread is given.
  private final class Start {
    private var signals: sigset_t
    private let receive: (Int32) -> Void

    init(signals: sigset_t, receive: @escaping (Int32) -> Void) {
      (self.signals, self.receive) = (signals, receive)
    }

    func wait() {
      while true {
        var signal: Int32 = 0
        guard sigwait(&signals, &signal) == 0 else { continue }
        receive(signal)
      }
    }
  }
}
