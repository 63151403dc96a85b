/// A request that a table cannot serve, in one line: an unknown or ambiguous column, or a value
/// that the element type cannot hold.
public struct TableError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let message: String

  /// Creates an error.
  public init(_ message: String) { self.message = message }

  /// The message, on one line and without control codes.
  public var description: String { message.withControlsEscaped }
}
