import Glibc
import SlopeData

/// The three standard streams of a command, any of which may be closed.
enum StandardStreams {
  /// Prepares the streams before any file is opened.
  ///
  /// No file that is opened later takes the descriptor of a closed stream, and writing to a closed
  /// pipe, or beyond the limit of file sizes, is an error instead of a signal that ends the
  /// process.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      guard fcntl(descriptor, F_GETFD) < 0 else { continue }
      // O_PATH allows neither reading nor writing, so that using it fails as before; the new
      // descriptor is the lowest free one.
      _ = open("/dev/null", forNothing)
    }
  }

  /// O_PATH, whose macro Swift does not import.
  private static let forNothing: Int32 = 0o10_000_000
}

/// Standard error, for progress, warnings and errors.
package enum StandardError {
  /// Whether the stream is a terminal.
  package static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Writes `line` and a line feed.
  package static func write(_ line: String) { writeRaw(line + "\n") }

  /// Writes `text` unchanged; a failure is ignored, since it could not be reported.
  package static func writeRaw(_ text: String) { _ = writeAll(text, to: STDERR_FILENO) }
}

/// Standard output, for results.
package enum StandardOutput {
  /// Whether the stream is a terminal.
  package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether a file that is named as an output is standard output itself.
  ///
  /// Messages about it then go to standard error.
  package static func isPlace(of file: AtomicFile) -> Bool { file.goes(to: STDOUT_FILENO) }

  /// Writes `text` unchanged.
  ///
  /// Throws `FileError` if it cannot be written, for example because a disk is full.
  package static func write(_ text: String) throws {
    guard writeAll(text, to: STDOUT_FILENO) else { throw failure }
  }

  /// Writes bytes; throws as `write(_:)` of a text does.
  package static func write(_ bytes: [UInt8]) throws {
    guard bytes.withUnsafeBytes({ writeWhole($0, to: STDOUT_FILENO) }) else { throw failure }
  }

  private static var failure: FileError {
    FileError(file: "standard output", message: "cannot be written: \(systemMessage(errno))")
  }
}

/// Writes the whole of `text`; false, with `errno` set, if that fails.
private func writeAll(_ text: String, to descriptor: Int32) -> Bool {
  var text = text
  return text.withUTF8 { writeWhole(UnsafeRawBufferPointer($0), to: descriptor) }
}
