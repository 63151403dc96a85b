import CSlopePredict
import Glibc
import SlopeData
import SlopeTabular

/// Why a call of the C interface failed: its status, and the line that `slope_error_message` returns.
struct Failure: Error {
  let status: slope_status
  let message: String

  init(_ status: slope_status, _ message: String) {
    (self.status, self.message) = (status, message)
  }

  /// What an error of the library is to a caller.
  init(_ error: any Error, opening: Bool = false) {
    switch error {
    case let failure as Failure: self = failure
    case is FileError where opening: self.init(slope_invalid_model, "\(error)")
    case is FileError, is TableError, is TabularError: self.init(slope_invalid_rows, "\(error)")
    default: self.init(slope_failed, "\(error)")
    }
  }

  // MARK: The last one of a thread

  /// The place of a thread's message, which is freed when the thread ends; nil if the system has no more.
  private static let key: pthread_key_t? = {
    var key = pthread_key_t()
    return pthread_key_create(&key) { free($0) } == 0 ? key : nil
  }()

  /// What `slope_error_message` returns where no message can be kept.
  private nonisolated(unsafe) static let noMessage = strdup("")

  /// Runs a call, keeps the message of its failure, and returns its status.
  static func status(opening: Bool = false, _ body: () throws -> Void) -> Int32 {
    do {
      try body()
      return Int32(slope_ok.rawValue)
    } catch {
      let failure = Failure(error, opening: opening)
      failure.keep()
      return Int32(failure.status.rawValue)
    }
  }

  private func keep() {
    guard let key = Self.key, let text = strdup(message) else { return }
    free(pthread_getspecific(key))
    if pthread_setspecific(key, text) != 0 { free(text) }
  }

  /// The message of this thread's last failure.
  static var lastMessage: UnsafePointer<CChar>? {
    let kept = key.flatMap { pthread_getspecific($0) }?.assumingMemoryBound(to: CChar.self)
    return UnsafePointer(kept ?? noMessage)
  }
}
