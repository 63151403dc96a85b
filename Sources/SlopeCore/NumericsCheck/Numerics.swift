import Synchronization

/// Finds the operation in which numbers go wrong.
public enum Numerics {
  /// Runs `body` and throws at the first NaN, infinity, wrapped integer, division of an integer by
  /// zero or lossy cast in it, in a forward or a backward pass.
  ///
  /// The operation's result is then a failed tensor, as in `checked { }`; no later operation of the
  /// scope runs, parameters keep what they had, and the scope throws when `body` ends.
  ///
  /// ```swift
  /// try Numerics.check { Tensor<Float>([1, 0]).log() }   // log: -inf at [1]: log(0.0)
  /// ```
  ///
  /// NaN and infinity count where they arise: where the operands that enter the element hold no such
  /// number already. A number that does not show in the result of a fused formula is not one. Integers
  /// are looked at in every step. Scopes nest, and child tasks inherit them; detached tasks do not.
  ///
  /// Each result is read back and looked at, with integers one by one: for finding a fault, not for
  /// daily use. Outside such scopes it costs nothing.
  ///
  /// - Throws: `NumericsError`, or the `TensorError` of an operation that could not be done: what
  ///   failed first, before an error that `body` throws.
  public static func check<Result>(_ body: () throws -> Result) throws -> Result {
    scopeCount.add(1, ordering: .relaxed)
    defer { scopeCount.subtract(1, ordering: .relaxed) }
    return try FailureScope(checksNumbers: true).run(body)
  }

  /// Runs an asynchronous `body` and throws at the first number that goes wrong in it.
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
