import Glibc
import SlopeData

/// The three streams that a command is given, whatever their state.
enum StandardStreams {
  /// Makes sure that no file which is opened later takes the number of a stream that is closed, and
  /// that writing where nobody reads, or beyond a limit of files, is an error and not the end.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      guard fcntl(descriptor, F_GETFD) < 0 else { continue }
      // Open for nothing, so that using it fails as before; it gets the lowest free number.
      _ = open("/dev/null", forNothing)
    }
  }

  /// O_PATH, which is no plain constant in C.
  private static let forNothing: Int32 = 0o10_000_000
}

/// Where progress, warnings and errors go.
package enum StandardError {
  /// Whether someone watches.
  package static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Writes `line` and ends it.
  package static func write(_ line: String) { writeRaw(line + "\n") }

  /// Writes `text` as it is. That it cannot be written is nothing that could be reported.
  package static func writeRaw(_ text: String) { _ = writeAll(text, to: STDERR_FILENO) }
}

/// Where results go.
package enum StandardOutput {
  /// Whether someone watches.
  package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether a file that is named as an output is standard output itself. What is told about it then goes
  /// to standard error.
  package static func isPlace(of file: AtomicFile) -> Bool { file.goes(to: STDOUT_FILENO) }

  /// Writes `text` as it is.
  ///
  /// Throws `FileError` if it does not arrive: a result on a full disk is no result.
  package static func write(_ text: String) throws {
    guard writeAll(text, to: STDOUT_FILENO) else {
      throw FileError(
        file: "standard output", message: "cannot be written: \(systemMessage(errno))")
    }
  }
}

/// Writes the whole of `text`; false, with `errno` set, if that fails.
private func writeAll(_ text: String, to descriptor: Int32) -> Bool {
  var text = text
  return text.withUTF8 { writeWhole(UnsafeRawBufferPointer($0), to: descriptor) }
}
