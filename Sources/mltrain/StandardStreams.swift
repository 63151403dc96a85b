import Glibc
import Slope

/// Where progress, warnings and errors go.
enum StandardError {
  /// Whether someone watches.
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Writes `line` and ends it.
  static func write(_ line: String) { writeRaw(line + "\n") }

  /// Writes `text` as it is. That it cannot be written is nothing that could be reported.
  static func writeRaw(_ text: String) { _ = writeAll(text, to: STDERR_FILENO) }
}

/// Where results go.
enum StandardOutput {
  /// Writes `text` as it is.
  ///
  /// Throws `FileError` if it does not arrive: a result on a full disk is no result.
  static func write(_ text: String) throws {
    guard writeAll(text, to: STDOUT_FILENO) else {
      throw FileError(
        file: "standard output", message: "cannot be written: \(systemMessage(errno))")
    }
  }
}

/// Writes the whole of `text`; false, with `errno` set, if that fails.
private func writeAll(_ text: String, to descriptor: Int32) -> Bool {
  var text = text
  return text.withUTF8 { bytes in
    var written = 0
    while written < bytes.count {
      let count = write(
        descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}
