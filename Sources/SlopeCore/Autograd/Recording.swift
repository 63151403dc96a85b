import Synchronization

/// The operation that gave a value, kept for the backward pass: a vertex of the computation graph.
///
/// The base class has no inputs. A recording keeps its inputs' recordings and what the derivative
/// needs, never its own output as a `Value`.
class Recording: @unchecked Sendable {
  /// Larger than the sequence of every input.
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

  /// This recording as a leaf, if it is a parameter's.
  var leaf: LeafRecording? { nil }

  /// The recordings of the inputs that have one.
  var parents: [Recording] { [] }

  /// Gives each input its contribution for `gradient`; `record` says whether that is recorded.
  ///
  /// False if it needs saved values that an earlier backward pass released.
  func pullback(_ gradient: Value, record: Bool, into pass: inout BackwardPass) -> Bool { true }

  /// Releases what was saved for the backward pass.
  func releaseSaved() {}

  /// Moves the inputs' recordings to `list`, so that a long chain is freed without recursion.
  func takeParents(into list: inout UnlinkedRecordings) {}
}

/// Recordings that nothing else refers to any more.
///
/// The first is stored without an allocation.
struct UnlinkedRecordings {
  private var first: Recording?
  private var others: [Recording] = []

  /// Takes a reference; one that is not the last is dropped.
  mutating func take(_ reference: consuming Recording?) {
    var last = reference
    guard isKnownUniquelyReferenced(&last), let last else { return }
    if first == nil { first = last } else { others.append(last) }
  }

  /// Frees them one by one, and then the recordings that only they referred to.
  ///
  /// Freeing a chain of 200,000 recursively would overflow the stack.
  mutating func free() {
    while let next = first.take() ?? others.popLast() { next.takeParents(into: &self) }
  }
}

/// Whether operations on recorded values are themselves recorded.
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
  /// Whether operations on this value are to be recorded.
  @inline(__always)
  var isRecorded: Bool { recording != nil && !RecordingScope.isOff }
}
