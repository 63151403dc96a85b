import Synchronization

/// The recording of an operation whose derivative is a closure over what it saved.
final class OperationRecording: Recording, @unchecked Sendable {
  /// Maps the gradient of the result to those of the inputs, in order; nil where none is due.
  typealias Pullback = @Sendable (_ gradient: Value, _ record: Bool) -> [Value?]

  private struct State {
    var inputs: [Recording?]
    var pullback: Pullback?
  }

  private let name: String
  private let state: Mutex<State>

  init(
    _ name: String, _ inputs: [Value], shape: Shape, dtype: DType, pullback: @escaping Pullback
  ) {
    self.name = name
    state = Mutex(State(inputs: inputs.map(\.recording), pullback: pullback))
    super.init(shape: shape, dtype: dtype)
  }

  deinit {
    var list: [Recording] = []
    takeParents(into: &list)
    Recording.unlink(&list)
  }

  override var operation: String { name }

  override var parents: [Recording] { state.withLock { $0.inputs.compactMap { $0 } } }

  override func takeParents(into list: inout [Recording]) {
    list += parents
    state.withLock { $0 = State(inputs: [], pullback: nil) }
  }

  override func releaseSaved() { state.withLock { $0.pullback = nil } }

  override func pullback(_ gradient: Value, record: Bool, into sweep: inout Sweep) -> Bool {
    let (inputs, pullback) = state.withLock { ($0.inputs, $0.pullback) }
    guard let pullback else { return false }
    for (input, share) in zip(inputs, pullback(gradient, record)) {
      if let input, let share { sweep.add(share, to: input) }
    }
    return true
  }
}

extension Value {
  /// This value as the result of an operation on `inputs`, recorded if one of them is.
  ///
  /// - Parameter pullback: maps the result's gradient to the inputs' gradients. It must capture
  ///   only what it uses, and never the result itself.
  func recorded(
    _ name: String, _ inputs: [Value], record: Bool,
    pullback: @escaping OperationRecording.Pullback
  ) -> Value {
    guard record, dtype.isFloating, inputs.contains(where: { $0.isRecorded }), !isFailed else {
      return self
    }
    return recorded(
      by: OperationRecording(name, inputs, shape: shape, dtype: dtype, pullback: pullback))
  }
}
