import Synchronization

/// Finds the operation in which a number goes wrong.
///
/// Integers wrap, floats become infinite and then NaN, and nothing stops the program: a loss that
/// is NaN says nothing about where it began. Inside `Numerics.check { }` the first such number is
/// an error that names the operation, the element and its operands.
///
/// ```swift
/// let scores = Parameter(Tensor<Float>([[0, -200]]))
/// let target = Tensor<Float>([[0, 1]])
/// do {
///   try Numerics.check {
///     let loss = -(scores.tensor.softmax().log() * target).sum()
///     loss.backward()
///   }
/// } catch let error as NumericsError {
///   print(error)   // log: -inf at [0, 1]: log(0.0)
/// }
/// ```
///
/// Results are the same, bit for bit, as outside. For debugging, not for production: in a scope
/// each result is read back from its device and inspected, so that every operation waits for the
/// device. Outside such scopes an operation costs one test of a flag.
///
/// docs/numerics.md lists what counts as wrong. Next: `NumericsError`, `checked(_:)`.
public enum Numerics {
  /// Runs `body` and throws at the first number that goes wrong in it, in a forward or a backward
  /// pass.
  ///
  /// Wrong are NaN, infinity, a wrapped integer, the division of an integer by zero, and a lossy
  /// cast. The result of that operation is a failed tensor, as in `checked { }`; no later operation
  /// of the scope runs, parameters keep their values, and the scope throws when `body` ends.
  ///
  /// ```swift
  /// do {
  ///   try Numerics.check { _ = Tensor<Int8>([100]) * 2 }
  /// } catch {
  ///   print(error)   // multiply: wraps to -56 (int8) at [0]: multiply(100, 2)
  /// }
  /// ```
  ///
  /// NaN and infinity count where they arise: where the operands that enter the element hold no
  /// such number already. An intermediate number of a fused formula that does not show in its
  /// result does not count. Integers are checked in every step. Scopes nest, and child tasks
  /// inherit them; detached tasks do not.
  ///
  /// Each operation waits for the device. Complexity: O(n) for each result, with integers one by
  /// one.
  ///
  /// - Parameter body: The operations to check.
  /// - Returns: What `body` returns.
  /// - Throws: `NumericsError`, or the `TensorError` of an operation that failed: the first of
  ///   them, before an error that `body` throws.
  public static func check<Result>(_ body: () throws -> Result) throws -> Result {
    scopeCount.add(1, ordering: .relaxed)
    defer { scopeCount.subtract(1, ordering: .relaxed) }
    return try FailureScope(checksNumbers: true).run(body)
  }

  /// Runs an asynchronous `body` and throws at the first number that goes wrong in it.
  ///
  /// As for the synchronous form; operations after a suspension, also on other threads, belong to
  /// the scope.
  public static func check<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
  ) async throws -> Result {
    scopeCount.add(1, ordering: .relaxed)
    defer { scopeCount.subtract(1, ordering: .relaxed) }
    return try await FailureScope(checksNumbers: true).run(body)
  }

  private static let scopeCount = Atomic<Int>(0)

  /// Whether any task of the process is checked: the only test that an operation makes if none is.
  @inline(__always)
  static var isUsed: Bool { scopeCount.load(ordering: .relaxed) != 0 }

  /// Whether operations of this task are checked.
  @inline(__always)
  package static var isOn: Bool { isUsed && FailureScope.checking != nil }
}

/// The operation whose derivative is being computed, for messages.
enum BackwardScope {
  @TaskLocal static var operation: String?
}
