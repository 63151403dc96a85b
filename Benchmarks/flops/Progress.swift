import CommandSupport
import Glibc

/// One line on a terminal with the progress of the measurements; nothing if standard error is no
/// terminal.
final class Progress {
  private let columns: Int?
  private var total = 0
  private var done = 0

  /// Progress on a terminal.
  ///
  /// - Parameter columns: the width of the terminal, or nil if there is none.
  init(columns: Int? = Progress.terminalColumns) { self.columns = columns }

  /// The width of standard error's terminal.
  static var terminalColumns: Int? {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Announces further steps.
  func expect(_ steps: Int) { total += steps }

  /// Prints what begins now.
  func step(_ text: String) {
    write(line(text))
    done += 1
  }

  /// Clears the line.
  func clear() { if columns != nil { write("\r\u{1B}[2K") } }

  /// The line for a step, cut to the terminal's width; empty if there is none.
  func line(_ text: String) -> String {
    guard let columns else { return "" }
    let share = total > 0 ? "\(min(100 * done / total, 100)) % " : ""
    return "\r\u{1B}[2K" + String((share + text).prefix(columns - 1))
  }

  private func write(_ text: String) { StandardError.writeRaw(text) }
}
