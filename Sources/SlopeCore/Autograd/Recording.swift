import Synchronization

/// How a value came to be, kept for the backward pass: a vertex of the computation's graph.
///
/// The base class has no inputs. A recording keeps what its inputs' recordings and the operation's
/// derivative need, never its own output as a `Value`.
class Recording: @unchecked Sendable {
  /// Larger than that of every input.
  let sequence: UInt64
  let shape: Shape
  let dtype: DType

  private static let counter = Atomic<UInt64>(0)

  init(shape: Shape, dtype: DType) {
    sequence = Recording.counter.wrappingAdd(1, ordering: .relaxed).newValue
    self.shape = shape
    self.dtype = dtype
  }

  /// The operation's name in messages and graphs.
  var operation: String { "parameter" }

  /// This recording as a parameter's, if it is one.
  var leaf: LeafRecording? { nil }

  /// The recordings of the inputs that have one.
  var parents: [Recording] { [] }

  /// Hands each input its share of `gradient`; `record` says whether that is recorded in turn.
  ///
  /// Returns false where saved values were needed that an earlier backward pass let go.
  func pullback(_ gradient: Value, record: Bool, into sweep: inout Sweep) -> Bool { true }

  /// Lets go of what was saved for the backward pass.
  func releaseSaved() {}

  /// Moves the inputs' recordings out, so that a long chain can be freed without recursion.
  func takeParents(into list: inout [Recording]) {}
}

extension Recording {
  /// Frees a chain of recordings one by one: 200,000 of them would overflow the stack otherwise.
  ///
  /// The list holds the only references that it knows of: a copy of it would keep all alive.
  static func unlink(_ list: inout [Recording]) {
    while var recording = list.popLast() {
      if isKnownUniquelyReferenced(&recording) { recording.takeParents(into: &list) }
    }
  }
}

/// Whether operations on recorded values are recorded in turn.
enum RecordingScope {
  @TaskLocal static var isOff = false
}

/// Runs `body` without recording: results do not require gradients, and nothing is kept for them.
public func noGrad<Result>(_ body: () throws -> Result) rethrows -> Result {
  try RecordingScope.$isOff.withValue(true, operation: body)
}

/// Runs an asynchronous `body` without recording.
public func noGrad<Result>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
) async rethrows -> Result {
  try await RecordingScope.$isOff.withValue(true, operation: body)
}

extension Value {
  /// Whether an operation on this value is to be recorded.
  @inline(__always)
  var isRecorded: Bool { recording != nil && !RecordingScope.isOff }
}
