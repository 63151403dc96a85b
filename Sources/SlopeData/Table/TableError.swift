/// Why a table cannot answer a request, in one line.
///
/// For example an unknown or ambiguous column, or a value that the element type cannot hold.
public struct TableError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let message: String

  /// An error with the given message.
  public init(_ message: String) { self.message = message }

  /// The message, on one line and with control codes escaped.
  public var description: String { message.withControlsEscaped }
}
