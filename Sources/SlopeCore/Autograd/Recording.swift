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

  /// Hands each input what it receives of `gradient`; `record` says whether that is recorded in turn.
  ///
  /// Returns false where saved values were needed that an earlier backward pass released.
  func pullback(_ gradient: Value, record: Bool, into pass: inout BackwardPass) -> Bool { true }

  /// Releases what was saved for the backward pass.
  func releaseSaved() {}

  /// Moves the inputs' recordings out, so that a long chain can be freed without recursion.
  func takeParents(into list: inout UnlinkedRecordings) {}
}

/// Recordings that nothing else refers to any more. The first needs no memory of its own.
struct UnlinkedRecordings {
  private var first: Recording?
  private var others: [Recording] = []

  /// Takes a reference; one that is not the last is dropped.
  mutating func take(_ reference: consuming Recording?) {
    var last = reference
    guard isKnownUniquelyReferenced(&last), let last else { return }
    if first == nil { first = last } else { others.append(last) }
  }

  /// Frees them, and then what only they referred to, one by one: the recursion of a chain of
  /// 200,000 would overflow the stack.
  mutating func free() {
    while let next = first.take() ?? others.popLast() { next.takeParents(into: &self) }
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
