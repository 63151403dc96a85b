/// A file that cannot be read or written: which, where in it, and why, in one line.
///
///     prices.csv:17: column "area": "12,5" is not a finite decimal number
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path as it was given, or `standard input`.
  public let file: String
  /// The line the fault is on, counted from 1; a quoted field that spans lines counts where it
  /// begins. Nil for a fault of the whole file, and for a file that is not text.
  public let line: Int?
  /// The name of the faulty cell's column.
  public let column: String?
  /// What is wrong.
  public let message: String

  /// Creates an error.
  public init(file: String, line: Int? = nil, column: String? = nil, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// `file:line: column "name": message`, on one line and without control codes.
  public var description: String {
    var text = file
    if let line { text += ":\(line)" }
    if let column { text += ": column \(column.quotedForMessage)" }
    return (text + ": " + message).withControlsEscaped
  }
}
