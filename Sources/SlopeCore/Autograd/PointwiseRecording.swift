import Synchronization

/// The recording of a pointwise operation, and of the reduction of one.
final class PointwiseRecording: Recording, @unchecked Sendable {
  /// What is kept of one input.
  struct Operand {
    var parent: Recording?
    /// The value, where a derivative that will be wanted needs it.
    var saved: Value?
  }

  /// What an earlier backward pass may have let go; guarded, since a graph may be walked from
  /// several tasks.
  private struct Saved {
    var first = Operand()
    var second = Operand()
    var third = Operand()
    var rest: [Operand] = []
    var output: (layout: Layout, buffer: Buffer)?
    var isReleased = false

    subscript(index: Int) -> Operand {
      get {
        switch index {
        case 0: first
        case 1: second
        case 2: third
        default: rest[index - 3]
        }
      }
      set {
        switch index {
        case 0: first = newValue
        case 1: second = newValue
        case 2: third = newValue
        default: rest[index - 3] = newValue
        }
      }
    }
  }

  let function: PointwiseFunction
  /// Nil for a pointwise operation; for a sum or mean of one, the axes that were reduced.
  let reduction: ReducedAxes?
  private let scalars: InlineArray<2, UInt64>
  private let programType: DType
  private let saved: Mutex<Saved>

  /// `output` is what the function gave, where there was no reduction.
  @inline(never)
  init(
    _ function: PointwiseFunction, _ inputs: Span<Value>, scalars: Span<UInt64>,
    programType: DType, output: (layout: Layout, buffer: Buffer)?, shape: Shape, dtype: DType,
    reduction: ReducedAxes? = nil
  ) {
    self.function = function
    self.reduction = reduction
    self.programType = programType
    var scalarCopy = InlineArray<2, UInt64>(repeating: 0)
    for index in 0..<scalars.count { scalarCopy[index] = scalars[index] }
    self.scalars = scalarCopy
    var saved = Saved()
    if inputs.count > 3 {
      saved.rest = Array(repeating: Operand(), count: inputs.count - 3)
    }
    for index in 0..<inputs.count {
      guard let parent = inputs[index].recording else { continue }
      saved[index].parent = parent
      let adjoint = function.adjoint(index)
      for input in adjoint.savedInputs { saved[input].saved = inputs[input] }
      if adjoint.savesOutput { saved.output = output }
    }
    self.saved = Mutex(saved)
    super.init(shape: shape, dtype: dtype)
  }

  deinit {
    var list: [Recording] = []
    takeParents(into: &list)
    Recording.unlink(&list)
  }

  override var operation: String {
    guard let reduction else { return function.name }
    return function === Functions.copy
      ? "\(reduction.kind)" : "\(reduction.kind)(\(function.name))"
  }

  override var parents: [Recording] {
    saved.withLock { saved in
      (0..<function.inputCount).compactMap { saved[$0].parent }
    }
  }

  override func takeParents(into list: inout [Recording]) {
    list += parents
    saved.withLock { $0 = Saved() }
  }

  override func releaseSaved() {
    saved.withLock { saved in
      for index in 0..<function.inputCount where saved[index].saved != nil {
        saved[index].saved = nil
        saved.isReleased = true
      }
      if saved.output != nil {
        saved.output = nil
        saved.isReleased = true
      }
    }
  }

  override func pullback(_ gradient: Value, record: Bool, into sweep: inout Sweep) -> Bool {
    let saved = saved.withLock { $0 }
    var incoming = gradient
    if let reduction { incoming = reduction.expanded(gradient, record: record) }
    for index in 0..<function.inputCount {
      guard let parent = saved[index].parent else { continue }
      let adjoint = function.adjoint(index)
      guard let share = adjoint.function else { continue }
      if adjoint.isPassThrough {
        let nest = reduction?.nest ?? shape
        let whole = record ? incoming.expanded(to: nest) : incoming.broadcast(to: nest)
        sweep.add(
          whole.summed(to: parent.shape, dtype: parent.dtype, record: record), to: parent)
        continue
      }
      var operands: [Value] = []
      for source in adjoint.sources {
        switch source {
        case .gradient: operands.append(incoming)
        case .input(let input):
          guard let value = saved[input].saved else { return false }
          operands.append(record ? value : value.detached)
        case .output:
          guard let output = saved.output else { return false }
          operands.append(
            Value(output.layout, dtype, output.buffer, recording: record ? self : nil))
        }
      }
      let result = pointwise(
        share, operands.span, scalars: scalars.span.extracting(first: function.scalarCount),
        programType: programType, shape: reduction?.nest ?? shape, output: parent.dtype,
        on: gradient.backend, record: record)
      sweep.add(result.summed(to: parent.shape, dtype: parent.dtype, record: record), to: parent)
    }
    return true
  }
}
