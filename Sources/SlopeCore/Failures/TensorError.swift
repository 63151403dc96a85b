import Synchronization

/// A caller's mistake in a tensor operation: shapes, axes, ranks or indices that do not fit.
///
/// Tensor operations do not throw, so that formulas stay readable. A mistake is a *failure*:
/// outside any scope it stops the program with this error's text, as an array index out of range
/// does; inside `checked { }` the scope throws it.
///
/// ```swift
/// let a = Tensor<Float>.zeros([2, 3])
/// let b = Tensor<Float>.zeros([4, 5])
/// do {
///   let product = try checked { matmul(a, b) }
///   print(product)
/// } catch {
///   print(error)   // matmul: [2, 3] × [4, 5]: inner extents 3 and 4 differ
/// }
/// ```
///
/// Errors that are not the caller's mistake have other types, such as `DeviceError` or those of
/// files and tables, and are thrown without a scope. `Numerics.check { }` throws a `NumericsError`
/// as well.
public struct TensorError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The operation that failed, such as `matmul`.
  public let operation: String

  /// What was wrong, with both values: `[2, 3] × [4, 5]: inner extents 3 and 4 differ`.
  public let message: String

  /// Whether memory for a result is lacking.
  package let lacksMemory: Bool

  package init(operation: String, message: String, lacksMemory: Bool = false) {
    self.operation = operation
    self.message = message
    self.lacksMemory = lacksMemory
  }

  /// The same error with more to its message.
  package func adding(_ text: String) -> TensorError {
    TensorError(operation: operation, message: message + text, lacksMemory: lacksMemory)
  }

  /// The operation and the message: `matmul: [2, 3] × [4, 5]: …`.
  public var description: String { "\(operation): \(message)" }
}

/// Collects the first failure inside `checked { }` or `Numerics.check { }`.
final class FailureScope: Sendable {
  @TaskLocal static var current: FailureScope?

  private struct State {
    var first: (any Error)?
    var count = 0
    var hasEnded = false
    var checks: [ObjectIdentifier: @Sendable () -> Void] = [:]
  }

  private let checksNumbers: Bool
  private let state = Mutex(State())

  /// A scope inside one that checks numbers also checks them, unless told otherwise.
  init(checksNumbers: Bool = FailureScope.checking != nil) { self.checksNumbers = checksNumbers }

  /// The present scope, if the numbers of its operations are checked.
  static var checking: FailureScope? {
    guard let scope = current, scope.checksNumbers, !scope.state.withLock({ $0.hasEnded }) else {
      return nil
    }
    return scope
  }

  /// Whether an operation has failed already.
  var hasFailed: Bool { state.withLock { $0.first != nil } }

  /// The number of failures so far.
  var failureCount: Int { state.withLock { $0.count } }

  /// Registers a check that an asynchronous device runs for failures of this scope when it ends.
  func checkAtEnd(_ device: AnyObject, _ check: @escaping @Sendable () -> Void) {
    state.withLock { $0.checks[ObjectIdentifier(device)] = check }
  }

  /// Ends the scope and returns its first failure.
  private func end() -> (any Error)? {
    let checks = state.withLock { state in
      defer { state.checks = [:] }
      return state.checks
    }
    // What a device reports now also belongs to this scope.
    for check in checks.values { FailureScope.$current.withValue(self) { check() } }
    return state.withLock {
      $0.hasEnded = true
      return $0.first
    }
  }

  /// Keeps the first failure; false if the scope has ended and would not throw it.
  @discardableResult
  func record(_ error: any Error) -> Bool {
    state.withLock {
      if $0.first == nil { $0.first = error }
      $0.count += 1
      return !$0.hasEnded
    }
  }

  /// Runs `body` and throws the first failure in it.
  func run<Result>(_ body: () throws -> Result) throws -> Result {
    let result: Swift.Result<Result, any Error> = FailureScope.$current.withValue(self) {
      Swift.Result { try body() }
    }
    // A failure explains an error that follows from it, so it comes first.
    if let error = end() { throw error }
    return try result.get()
  }

  /// Runs an asynchronous `body` and throws the first failure in it.
  func run<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
  ) async throws -> Result {
    let result: Result
    do {
      result = try await FailureScope.$current.withValue(self, operation: body)
    } catch {
      throw end() ?? error
    }
    if let error = end() { throw error }
    return result
  }
}

/// Reports a caller's mistake: the one place that decides between stopping and continuing.
///
/// Inside `checked { }` the failure is kept until the scope ends; outside, it stops the program, as
/// an array index out of range does.
package func reportFailure(operation: String, _ message: String, lacksMemory: Bool = false) {
  let error = TensorError(operation: operation, message: message, lacksMemory: lacksMemory)
  guard let scope = FailureScope.current, scope.record(error) else { stop(error) }
}

/// Whether an operation has failed in the innermost `checked { }` around this call.
package var hasFailureInScope: Bool { FailureScope.current?.hasFailed ?? false }

private func stop(_ error: TensorError) -> Never {
  fatalError(error.description)
}

/// Runs `body` and throws the first failure of a tensor operation in it.
///
/// Inside, an operation that fails returns a *failed* tensor (shape `[]`, no elements), and every
/// later operation on it also returns a failed tensor. When `body` ends, the first failure is
/// thrown, so that no `try` is needed for each operation:
///
/// ```swift
/// func scores(_ x: Tensor<Float>, _ weight: Tensor<Float>) throws -> [Float] {
///   try checked { matmul(x, weight).softmax().flattened().scalars }
/// }
/// ```
///
/// A parameter keeps its value if the new one would be a failed tensor. Scopes nest, and child
/// tasks inherit them; detached tasks do not. When the scope ends it waits for an OpenCL device
/// that still has indices of this scope to check.
///
/// - Parameter body: The operations to run.
/// - Returns: What `body` returns.
/// - Throws: `TensorError` for the first failure, before an error that `body` throws; inside
///   `Numerics.check { }` also `NumericsError`.
public func checked<Result>(_ body: () throws -> Result) throws -> Result {
  try FailureScope().run(body)
}

/// Runs an asynchronous `body` and throws the first failure of a tensor operation in it.
///
/// As for the synchronous form; operations after a suspension, also on other threads, belong to the
/// scope.
public func checked<Result>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
) async throws -> Result {
  try await FailureScope().run(body)
}

/// Reports that the index at a position is not in `0..<bound`.
///
/// `subject` is what messages call an index.
func reportBadIndex(
  _ index: Int64, at position: Int, bound: Int, subject: String = "index", _ operation: String
) {
  reportFailure(
    operation: operation, "\(subject) \(index) at position \(position) is not in 0..<\(bound)")
}
