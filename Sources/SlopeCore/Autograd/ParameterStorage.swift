/// What a parameter holds, without its element type: optimisers' loops run without generic code.
package final class ParameterStorage {
  var value: Value
  let leaf: LeafRecording

  init(_ value: Value) {
    leaf = LeafRecording(shape: value.shape, dtype: value.dtype)
    self.value = value.recorded(by: leaf)
  }

  /// Whether a backward pass has left a gradient.
  package var hasGradient: Bool { leaf.gradient != nil }

  /// Forgets the gradient.
  package func clearGradient() { leaf.gradient = nil }

  /// Zeros of the parameter's shape and type: an optimiser's state before its first step.
  package func zeroState() -> Value { state(filledWith: 0) }

  /// The same with another number.
  package func state(filledWith number: Double) -> Value {
    Value.full(
      value.shape, value.dtype, bits: value.dtype.computeBits(of: number), on: value.backend)
  }

  /// Applies a rule with the present gradient; without one nothing changes.
  package func update(_ rule: UpdateRule, states: inout [Value], scalars: Span<Double>) {
    var batch = UpdateBatch()
    update(rule, states: &states, scalars: scalars, in: &batch)
    batch.run()
  }

  /// The same as part of a batch, which runs it at the latest when it is told to.
  ///
  /// Memory that nothing else refers to is updated in place.
  package func update(
    _ rule: UpdateRule, states: inout [Value], scalars: Span<Double>, in batch: inout UpdateBatch
  ) {
    guard let gradient = leaf.gradient else { return }
    let (shape, dtype, backend) = (value.shape, value.dtype, value.backend)
    guard states.count == rule.stateCount, gradient.shape == shape, gradient.backend === backend,
      states.allSatisfy({ $0.shape == shape && $0.dtype == dtype && $0.backend === backend })
    else {
      reportFailure(
        operation: rule.function.name, "the states do not fit a parameter of shape \(shape)")
      return
    }
    var bits = InlineArray<16, UInt64>(repeating: 0)
    for index in 0..<scalars.count { bits[index] = dtype.computeBits(of: scalars[index]) }
    let numbers = bits.span.extracting(first: scalars.count)
    let program = rule.function.program(dtype)
    let layout = Layout(shape)
    // What an earlier update of the same parameter writes must be there.
    batch.runIfWriting(value.buffer)
    if Numerics.isOn { return updateApart(rule, gradient, states: &states, scalars: numbers) }

    // Asked before anything else refers to the values.
    let isInPlace = isWritable(&value)
    guard
      let target = isInPlace
        ? value.buffer : Value.allocate(shape, dtype, on: backend, for: rule.function.name)
    else { return }
    if states.isEmpty, backend.pointwiseSetLimit == 1 {
      // Without a list for the operands.
      let inputs: [2 of Value] = [value, gradient]
      let outputs: [1 of Output] = [Output(target, dtype)]
      backend.pointwise(
        program, inputs.span, scalars: numbers, shape: shape, outputs: outputs.span)
      if !isInPlace { value = Value(layout, dtype, target, recording: leaf) }
      return
    }
    var outputs = [Output(target, dtype)]
    var kept: [Bool] = []
    for index in states.indices {
      kept.append(isWritable(&states[index]))
      guard
        let buffer = kept[index]
          ? states[index].buffer
          : Value.allocate(shape, dtype, on: backend, for: rule.function.name)
      else { return }
      outputs.append(Output(buffer, dtype))
    }
    batch.add(
      PointwiseSet([value, gradient] + states, outputs, shape: shape), program, numbers, backend)
    if !isInPlace { value = Value(layout, dtype, target, recording: leaf) }
    for index in states.indices where !kept[index] {
      states[index] = Value(layout, dtype, outputs[index + 1].buffer)
    }
  }
}

extension ParameterStorage {
  /// The update into fresh memory, for a check: where a number goes wrong, the parameter and the states
  /// stay as they were.
  private func updateApart(
    _ rule: UpdateRule, _ gradient: Value, states: inout [Value], scalars: Span<UInt64>
  ) {
    let (layout, dtype, backend) = (Layout(value.shape), value.dtype, value.backend)
    var outputs: [Output] = []
    for _ in 0...states.count {
      guard
        let buffer = Value.allocate(
          layout.shape, dtype, on: backend, for: rule.function.name)
      else { return }
      outputs.append(Output(buffer, dtype))
    }
    let inputs = [value, gradient] + states
    guard
      runPointwise(
        rule.function.program(dtype), inputs.span, scalars: scalars, shape: layout.shape,
        outputs: outputs.span, on: backend, for: rule.function.name)
    else { return }
    value = Value(layout, dtype, outputs[0].buffer, recording: leaf)
    for index in states.indices { states[index] = Value(layout, dtype, outputs[index + 1].buffer) }
  }
}

/// Updates of parameters that have not run yet, for devices where one call is cheaper than several.
package struct UpdateBatch {
  private var sets: [PointwiseSet] = []
  private var program: Program?
  private var backend: (any Backend)?
  private var scalars = InlineArray<16, UInt64>(repeating: 0)
  private var scalarCount = 0

  package init() {}

  /// Runs what has been collected.
  package mutating func run() {
    guard let program, let backend, !sets.isEmpty else { return }
    let ready = sets
    sets = []
    backend.pointwise(
      program, sets: ready, scalars: scalars.span.extracting(first: scalarCount))
  }

  /// Runs what has been collected if it writes a buffer.
  mutating func runIfWriting(_ buffer: Buffer) {
    if sets.contains(where: { $0.outputs.contains { $0.buffer === buffer } }) { run() }
  }

  mutating func add(
    _ set: PointwiseSet, _ program: Program, _ scalars: Span<UInt64>, _ backend: any Backend
  ) {
    if !sets.isEmpty,
      program !== self.program || backend !== self.backend || !hasScalars(scalars)
        || !set.isContiguous
    {
      run()
    }
    self.program = program
    self.backend = backend
    scalarCount = scalars.count
    for index in 0..<scalars.count { self.scalars[index] = scalars[index] }
    sets.append(set)
    if sets.count >= backend.pointwiseSetLimit || !set.isContiguous { run() }
  }

  private func hasScalars(_ other: Span<UInt64>) -> Bool {
    guard other.count == scalarCount else { return false }
    for index in 0..<scalarCount where scalars[index] != other[index] { return false }
    return true
  }
}

extension PointwiseSet {
  fileprivate var isContiguous: Bool { inputs.allSatisfy { $0.layout.isContiguous } }
}

/// Whether the variable's value and its memory are referred to by nothing else, and can be written.
private func isWritable(_ value: inout Value) -> Bool {
  guard isKnownUniquelyReferenced(&value), value.layout.isContiguous, value.layout.offset == 0,
    value.count * value.dtype.byteCount == value.buffer.byteCount
  else { return false }
  // The value's own reference is the one to find, so that none may be added for the question.
  var reference = Unmanaged.passUnretained(value.buffer).toOpaque()
  return withUnsafeMutablePointer(to: &reference) { pointer in
    pointer.withMemoryRebound(to: Buffer.self, capacity: 1) {
      isKnownUniquelyReferenced(&$0.pointee)
    }
  }
}

/// How an optimiser changes a parameter and its own state: a traced formula, one pass over memory.
package struct UpdateRule: Sendable {
  let function: PointwiseFunction
  let stateCount: Int

  /// Traces a formula.
  ///
  /// - Parameter formula: maps the parameter's value, its gradient, the states and the run-time
  ///   scalars (at most 16) to the new value, then the new states.
  package init(
    _ name: String, states: Int, scalars: Int,
    _ formula: (
      _ value: Expression, _ gradient: Expression, _ states: [Expression],
      _ scalars: [Expression]
    ) -> [Expression]
  ) {
    stateCount = states
    function = PointwiseFunction(name, inputs: 2 + states, scalars: scalars) {
      formula($0[0], $0[1], Array($0[2..<2 + states]), Array($0[(2 + states)...]))
    }
  }
}
