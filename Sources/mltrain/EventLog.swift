import CommandSupport
import Glibc
import Slope
import SlopeData
import Synchronization

/// The file of `--log`: a JSON object on a line for each event of a fit.
///
/// Lines are appended, each by one write, so that another program can follow the file. Each has the
/// `event` and the `seconds` since the fit began.
final class EventLog: Sendable {
  private let path: String
  private let descriptor: Int32
  private let start = ContinuousClock.now

  /// Opens the file, which is made if there is none.
  ///
  /// Throws `FileError` if it cannot be written to.
  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o666)
    guard descriptor >= 0 else {
      throw FileError(file: path, message: "cannot be written: \(systemMessage(errno))")
    }
  }

  deinit { close(descriptor) }

  /// Why the log has not all events; nil if it has.
  private let failure = Mutex<FileError?>(nil)

  /// What is to be said of a log that has not all events; nil if it has.
  var fault: FileError? { failure.withLock { $0 } }

  /// Appends an event; a log that cannot be written does not end a fit.
  func add(_ event: String, _ members: [(String, JSON)] = []) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let line =
      JSON.object([("event", .string(event)), ("seconds", .number(seconds))] + members).text + "\n"
    let isWritten = Array(line.utf8).withUnsafeBytes { writeWhole($0, to: descriptor) }
    guard !isWritten else { return }
    let message = "has not all events: \(systemMessage(errno))"
    failure.withLock { $0 = $0 ?? FileError(file: path, message: message) }
  }

  /// Appends an epoch.
  func add(_ progress: TabularProgress) {
    add(
      "epoch",
      [
        ("epoch", .integer(progress.epoch)), ("epochs", .integer(progress.epochCount)),
        ("model", .string(progress.learningRate == nil ? "linear" : "mlp")),
        ("trial", progress.trial.map(JSON.integer) ?? .null),
        ("areFolds", .boolean(progress.areFolds)),
        ("trainingError", .number(progress.trainingError)),
        ("metric", .string(progress.metric.argument)),
        ("validationScore", .number(progress.validationScore)),
        ("bestEpoch", progress.bestEpoch.map(JSON.integer) ?? .null),
      ])
  }
}
