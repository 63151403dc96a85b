import Synchronization

/// The recording of an operation whose derivative is a closure over what it saved.
final class OperationRecording: Recording, @unchecked Sendable {
  /// Maps the gradient of the result to those of the inputs, in order; nil for no gradient.
  typealias Pullback = @Sendable (_ gradient: Value, _ record: Bool) -> [Value?]

  private struct State {
    var inputs: [Recording?]
    var pullback: Pullback?
  }

  private let name: String
  /// Whether the pullback holds values that a backward pass releases.
  private let savesValues: Bool
  private let state: Mutex<State>

  init(
    _ name: String, _ inputs: [Value], shape: Shape, dtype: DType, savesValues: Bool,
    pullback: @escaping Pullback
  ) {
    self.name = name
    self.savesValues = savesValues
    state = Mutex(State(inputs: inputs.map(\.recording), pullback: pullback))
    super.init(shape: shape, dtype: dtype)
  }

  deinit {
    var list = UnlinkedRecordings()
    takeParents(into: &list)
    list.free()
  }

  override var operation: String { name }

  override var parents: [Recording] { state.withLock { $0.inputs.compactMap { $0 } } }

  override func takeParents(into list: inout UnlinkedRecordings) {
    state.withLock { state in
      // The pullback's saved values refer to the same recordings.
      state.pullback = nil
      for index in state.inputs.indices { list.take(state.inputs[index].take()) }
    }
  }

  override func releaseSaved() {
    if savesValues { state.withLock { $0.pullback = nil } }
  }

  override func pullback(_ gradient: Value, record: Bool, into pass: inout BackwardPass) -> Bool {
    let (inputs, pullback) = state.withLock { ($0.inputs, $0.pullback) }
    guard let pullback else { return false }
    for (input, contribution) in zip(inputs, pullback(gradient, record)) {
      if let input, let contribution { pass.add(contribution, to: input) }
    }
    return true
  }
}

extension Value {
  /// This value as the result of an operation on `inputs`, recorded if one of them is.
  ///
  /// `pullback` maps the result's gradient to the inputs' gradients; it must capture only what it
  /// uses, and never the result itself. `savesValues` says whether it holds values; if not, the
  /// graph can always be walked again.
  func recorded(
    _ name: String, _ inputs: [Value], record: Bool, savesValues: Bool = true,
    pullback: @escaping OperationRecording.Pullback
  ) -> Value {
    guard record, dtype.isFloating, inputs.contains(where: { $0.isRecorded }), !isFailed else {
      return self
    }
    return recorded(
      by: OperationRecording(
        name, inputs, shape: shape, dtype: dtype, savesValues: savesValues, pullback: pullback))
  }
}
