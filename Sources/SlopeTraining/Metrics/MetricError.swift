import SlopeData

/// Why metrics cannot be computed from arrays, in one line.
///
/// For example arrays of different lengths, a number that is NaN, a class out of range, or a
/// negative weight. The message names the type that was asked and both values:
/// `ClassificationMetrics: class 3 of row 0, it must be in 0..<3`.
public struct MetricError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let message: String

  /// An error with the given message.
  public init(_ message: String) { self.message = message }

  /// An error in the arguments of `operation`.
  init(_ operation: String, _ problem: String) { message = "\(operation): \(problem)" }

  /// The message, on one line and with control codes escaped.
  public var description: String { message.withControlsEscaped }
}
