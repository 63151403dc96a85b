/// A file that cannot be read or written: its name, the place in it, and the reason, in one line.
///
/// ```text
/// prices.csv:17: column "area": "12,5" is not a finite decimal number
/// ```
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path as it was given, or `standard input`.
  public let file: String
  /// The line of the fault, counted from 1.
  ///
  /// The line of a quoted field that spans lines is the one on which it begins. Nil for a fault of
  /// the whole file, and for a file that is not text.
  public let line: Int?
  /// The name of the faulty cell's column; nil for a fault of no single cell.
  public let column: String?
  /// What is wrong.
  public let message: String
  /// Whether there is no memory, so that it is no fault of what the file says.
  package var isOfMemory = false

  /// An error about a file, or about a line or a cell of it.
  public init(file: String, line: Int? = nil, column: String? = nil, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// The text `file:line: column "name": message`, on one line and with control codes escaped.
  public var description: String {
    var text = file
    if let line { text += ":\(line)" }
    if let column { text += ": column \(column.quotedForMessage)" }
    return (text + ": " + message).withControlsEscaped
  }
}
