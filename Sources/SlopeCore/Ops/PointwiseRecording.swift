import Synchronization

/// The recording of a pointwise operation, or of the sum or mean of one.
///
/// Input xᵢ receives the function's adjoint for it, an expression over g, the inputs and the
/// output, summed over the axes along which xᵢ was broadcast. For a sum, g is first expanded over
/// the reduced axes, and for a mean also divided by the number of elements.
final class PointwiseRecording: Recording, @unchecked Sendable {
  /// One item for each input, without an array for up to three.
  private struct PerInput<Item> {
    var first: Item?
    var second: Item?
    var third: Item?
    var rest: [Item?]

    init(count: Int) {
      rest = count > 3 ? Array(repeating: nil, count: count - 3) : []
    }

    subscript(index: Int) -> Item? {
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

  /// What an earlier backward pass may have released.
  ///
  /// Guarded, since several tasks may walk a graph.
  private struct Saved {
    var inputs: PerInput<Value>
    var output: Buffer?
  }

  let function: PointwiseFunction
  /// Nil for a pointwise operation; for a sum or mean of one, the reduced axes.
  let reduction: ReducedAxes?
  private let scalars: InlineArray<3, UInt64>
  private let programType: DType
  /// Changed only when nothing else refers to this recording.
  private var inputs: PerInput<Recording>
  private let saved: Mutex<Saved>

  /// `output` holds the function's result; nil for a reduction.
  @inline(never)
  init(
    _ function: PointwiseFunction, _ inputs: Span<Value>, scalars: Span<UInt64>,
    programType: DType, output: Buffer?, shape: Shape, dtype: DType,
    reduction: ReducedAxes? = nil
  ) {
    self.function = function
    self.reduction = reduction
    self.programType = programType
    var scalarCopy = InlineArray<3, UInt64>(repeating: 0)
    for index in 0..<scalars.count { scalarCopy[index] = scalars[index] }
    self.scalars = scalarCopy
    var parents = PerInput<Recording>(count: inputs.count)
    var saved = Saved(inputs: PerInput(count: inputs.count), output: nil)
    for index in 0..<inputs.count {
      guard let parent = inputs[index].recording else { continue }
      parents[index] = parent
      let adjoint = function.adjoint(index)
      for input in adjoint.savedInputs { saved.inputs[input] = inputs[input] }
      if adjoint.savesOutput { saved.output = output }
    }
    self.inputs = parents
    self.saved = Mutex(saved)
    super.init(shape: shape, dtype: dtype)
  }

  deinit {
    var list = UnlinkedRecordings()
    takeParents(into: &list)
    list.free()
  }

  override var operation: String {
    reduction?.kind.name(of: function) ?? function.name
  }

  override var parents: [Recording] { (0..<function.inputCount).compactMap { inputs[$0] } }

  override func takeParents(into list: inout UnlinkedRecordings) {
    // Saved inputs refer to the same recordings, so a reference would not be seen to be the last.
    releaseSaved()
    list.take(inputs.first.take())
    list.take(inputs.second.take())
    list.take(inputs.third.take())
    for index in inputs.rest.indices { list.take(inputs.rest[index].take()) }
  }

  override func releaseSaved() {
    saved.withLock { saved in
      saved.inputs.first = nil
      saved.inputs.second = nil
      saved.inputs.third = nil
      for index in saved.inputs.rest.indices { saved.inputs.rest[index] = nil }
      saved.output = nil
    }
  }

  override func pullback(_ gradient: Value, record: Bool, into pass: inout BackwardPass) -> Bool {
    var incoming = gradient
    if let reduction { incoming = reduction.expanded(gradient, record: record) }
    // A recorded derivative needs an adjoint itself, which a function of several results has not.
    let joint =
      record || !function.hasInnerSteps ? nil : function.jointAdjoint(computedInputs)
    var shared: [Value] = []
    if let joint {
      guard let operands = operands(joint.sources, incoming, record: false) else { return false }
      var dtypes = [DType?](repeating: nil, count: joint.function.roots.count)
      for (input, place) in zip(joint.inputs, joint.places) {
        guard let parent = inputs[input], dtypes[place] != parent.dtype.computeType else {
          continue
        }
        dtypes[place] = contributionType(for: parent)
      }
      shared = applyPointwise(
        joint.function, operands.span,
        scalars: scalars.span.extracting(first: function.scalarCount),
        programType: programType, shape: reduction?.nest ?? shape,
        outputs: dtypes.map { $0 ?? dtype }, on: gradient.backend)
    }
    for index in 0..<function.inputCount {
      guard let parent = inputs[index] else { continue }
      let adjoint = function.adjoint(index)
      guard let derivative = adjoint.function else { continue }
      let result: Value
      if let joint, let place = joint.inputs.firstIndex(of: index) {
        result = shared[joint.places[place]]
      } else if adjoint.isPassThrough {
        // That of a mean is not of 16 bits: it may be smaller than their numbers.
        result = incoming.expanded(to: reduction?.nest ?? shape, record: record)
      } else {
        guard let operands = operands(adjoint.sources, incoming, record: record) else {
          return false
        }
        result = applyPointwise(
          derivative, operands.span, scalars: scalars.span.extracting(first: function.scalarCount),
          programType: programType, shape: reduction?.nest ?? shape,
          output: contributionType(for: parent), on: gradient.backend, record: record)
      }
      pass.add(result.summed(to: parent.shape, dtype: parent.dtype, record: record), to: parent)
    }
    return true
  }

  /// The type of an input's contribution before it is summed over broadcast axes.
  ///
  /// What is summed is not rounded to 16 bits first, nor can it be out of their range.
  private func contributionType(for parent: Recording) -> DType {
    parent.shape == reduction?.nest ?? shape ? parent.dtype : parent.dtype.computeType
  }

  /// The inputs whose gradient is computed, as the bits of a mask; those after the 32nd are left out.
  private var computedInputs: UInt32 {
    var mask: UInt32 = 0
    for index in 0..<min(function.inputCount, UInt32.bitWidth) where inputs[index] != nil {
      let adjoint = function.adjoint(index)
      if adjoint.function != nil, !adjoint.isPassThrough { mask |= 1 << UInt32(index) }
    }
    return mask
  }

  /// The operands of an adjoint; nil if an earlier pass has released one.
  private func operands(
    _ sources: [Adjoint.Source], _ gradient: Value, record: Bool
  ) -> [Value]? {
    var operands: [Value] = []
    operands.reserveCapacity(sources.count)
    for source in sources {
      switch source {
      case .gradient: operands.append(gradient)
      case .input(let input):
        guard let value = saved.withLock({ $0.inputs[input] }) else { return nil }
        operands.append(record ? value : value.detached)
      case .output:
        guard let buffer = saved.withLock({ $0.output }) else { return nil }
        operands.append(Value(Layout(shape), dtype, buffer, recording: record ? self : nil))
      }
    }
    return operands
  }
}
