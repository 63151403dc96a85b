import Synchronization

/// A caller's mistake in a tensor operation: shapes, axes, ranks or indices that do not fit.
public struct TensorError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The operation that refused, such as `matmul`.
  public let operation: String

  /// What was wrong, with both values: `[2, 3] × [4, 5]: inner extents 3 and 4 differ`.
  public let message: String

  package init(operation: String, message: String) {
    self.operation = operation
    self.message = message
  }

  /// The operation and what was wrong: `matmul: [2, 3] × [4, 5]: …`.
  public var description: String { "\(operation): \(message)" }
}

/// Collects the first failure inside `checked { }`.
final class FailureScope: Sendable {
  @TaskLocal static var current: FailureScope?

  private struct State {
    var first: TensorError?
    var hasEnded = false
    var checks: [ObjectIdentifier: @Sendable () -> Void] = [:]
  }

  private let state = Mutex(State())

  /// Has a device that works ahead of the host look for failures of this scope when it ends.
  func checkAtEnd(_ device: AnyObject, _ check: @escaping @Sendable () -> Void) {
    state.withLock { $0.checks[ObjectIdentifier(device)] = check }
  }

  /// Ends the scope and gives its first failure.
  func end() -> TensorError? {
    let checks = state.withLock { state in
      defer { state.checks = [:] }
      return state.checks
    }
    // What a device reports now is this scope's too.
    for check in checks.values { FailureScope.$current.withValue(self) { check() } }
    return state.withLock {
      $0.hasEnded = true
      return $0.first
    }
  }

  /// Keeps the first failure; false where the scope has ended, and nobody would learn of it.
  func record(_ error: TensorError) -> Bool {
    state.withLock {
      if $0.first == nil { $0.first = error }
      return !$0.hasEnded
    }
  }
}

/// Reports a caller's mistake: the one place that decides between stopping and going on.
///
/// Inside `checked { }` the failure is kept for the end of the scope; outside it stops the program,
/// as an array index out of range does.
package func reportFailure(operation: String, _ message: String) {
  let error = TensorError(operation: operation, message: message)
  guard let scope = FailureScope.current, scope.record(error) else { stop(error) }
}

private func stop(_ error: TensorError) -> Never {
  fatalError(error.description)
}

/// Runs `body` and throws the first failure of a tensor operation in it.
///
/// Inside, an operation that cannot be done returns a *failed* tensor (shape `[]`, no elements),
/// which every later operation passes on; when `body` ends, the first failure is thrown. Scopes
/// nest, and child tasks inherit them; detached tasks do not.
///
/// ```swift
/// let product = try checked { matmul(a, b) }
/// ```
public func checked<Result>(_ body: () throws -> Result) throws -> Result {
  let scope = FailureScope()
  let result: Swift.Result<Result, any Error> = FailureScope.$current.withValue(scope) {
    Swift.Result { try body() }
  }
  // A failure explains an error that followed from it, so it comes first.
  if let error = scope.end() { throw error }
  return try result.get()
}

/// Runs an asynchronous `body` and throws the first failure of a tensor operation in it.
public func checked<Result>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
) async throws -> Result {
  let scope = FailureScope()
  let result: Result
  do {
    result = try await FailureScope.$current.withValue(scope, operation: body)
  } catch {
    throw scope.end() ?? error
  }
  if let error = scope.end() { throw error }
  return result
}
