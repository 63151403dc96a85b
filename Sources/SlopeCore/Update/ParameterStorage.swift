/// The contents of a parameter without its element type, so that optimisers' loops run without
/// generic code.
package final class ParameterStorage {
  var value: Value
  /// How often something other than an optimiser has set or moved the value.
  package private(set) var assignmentCount = 0
  let leaf: LeafRecording

  init(_ value: Value) {
    leaf = LeafRecording(shape: value.shape, dtype: value.dtype)
    self.value = value.recorded(by: leaf)
  }

  /// The gradient that backward passes have accumulated, or nil.
  package var gradient: Value? { leaf.gradient }

  /// The present value, to be restored later.
  package var present: Value { value }

  /// Sets the value, as the parameter's owner does.
  func assign(_ value: Value) {
    self.value = value.recorded(by: leaf)
    assignmentCount += 1
  }

  /// Restores an earlier value.
  package func restore(_ past: Value) { value = past }

  /// Drops the gradient.
  package func clearGradient() { leaf.gradient = nil }

  /// Equal numbers of the parameter's shape, in the type in which kernels compute: a state before
  /// the optimiser's first step.
  package func state(filledWith number: Double) -> Value {
    let dtype = value.dtype.computeType
    return Value.full(
      value.shape, dtype, bits: dtype.computeBits(of: number), on: value.backend)
  }

  /// Whether an optimiser keeps a master copy of the parameter: its elements have 16 bits.
  package var needsMaster: Bool { value.dtype.computeType != value.dtype }

  /// The parameter in the type in which kernels compute.
  ///
  /// An element of an earlier copy, if there is one, is kept where it rounds to the parameter's.
  package func master(keeping earlier: Value?) -> Value {
    let wide = value.detached.cast(to: value.dtype.computeType, record: false)
    guard let earlier else { return wide }
    let rounded = earlier.cast(to: value.dtype, record: false)
    return applyPointwise(
      Functions.keptMaster, [rounded, value.detached, earlier], programType: wide.dtype,
      output: wide.dtype, record: false)
  }

  /// Applies a rule with the present gradient; without one, or after a failure, nothing changes.
  package func update(_ rule: UpdateRule, states: inout [Value], scalars: Span<Double>) {
    var batch = UpdateBatch()
    guard let gradient, fits(gradient, rule, states) else { return }
    _ = update(rule, gradient, states: &states, scalars: scalars, in: &batch, tag: 0)
    batch.run()
    for update in batch.takeFinished() { update.settle(&states) }
  }

  /// Checks whether an update is possible, and allocates the memory that it cannot write in place.
  ///
  /// Returns false after a failure.
  package func reserve(
    for rule: UpdateRule, _ gradient: Value, states: inout [Value], in batch: inout UpdateBatch
  ) -> Bool {
    guard fits(gradient, rule, states) else { return false }
    // A check of numbers writes to new memory only.
    if Numerics.isOn { return true }
    if !isWritable(&value), !batch.reserve(like: value, rule) { return false }
    for index in states.indices where !isWritable(&states[index]) {
      if !batch.reserve(like: states[index], rule) { return false }
    }
    return true
  }

  /// Whether the gradient and the states are what the rule requires; if not, that is reported.
  private func fits(_ gradient: Value, _ rule: UpdateRule, _ states: [Value]) -> Bool {
    // A failed value has the shape of one element, and no memory for it.
    guard !value.isFailed else {
      reportFailure(
        operation: rule.function.name,
        "the parameter stands for the result of an operation that failed")
      return false
    }
    guard rule.canRun(value.dtype) else {
      reportFailure(operation: rule.function.name, rule.problem(value.dtype) ?? "")
      return false
    }
    guard gradient.backend === value.backend else {
      reportFailure(
        operation: rule.function.name,
        "the gradient is on \(gradient.backend.name), the parameter on \(value.backend.name)")
      return false
    }
    let hasMaster = states.count == rule.stateCount + 1 && needsMaster
    let dtype = hasMaster ? value.dtype.computeType : value.dtype
    let areRight =
      states.isEmpty
      || states.allSatisfy {
        $0.shape == value.shape && $0.dtype == dtype && $0.backend === value.backend
      }
    guard areRight, hasMaster || states.count == rule.stateCount, gradient.shape == value.shape
    else {
      reportFailure(
        operation: rule.function.name, "the states do not fit a parameter of shape \(value.shape)")
      return false
    }
    return true
  }

  /// Applies a rule immediately, or as part of a batch where the device prefers several updates
  /// together.
  ///
  /// The batch runs the update when it is told to or earlier, and then lists it among its finished
  /// updates under `tag`. Memory to which nothing else refers is updated in place. One state more
  /// than the rule's is a master copy: the formula applies to it, and the parameter is what it
  /// rounds to. Precondition:
  /// gradient and states fit, as `reserve` checks, and the batch holds no update of this parameter
  /// yet.
  package func update(
    _ rule: UpdateRule, _ gradient: Value, states: inout [Value], scalars: Span<Double>,
    in batch: inout UpdateBatch, tag: Int
  ) -> UpdateOutcome {
    let (dtype, backend) = (value.dtype, value.backend)
    var bits = InlineArray<16, UInt64>(repeating: 0)
    for index in 0..<scalars.count { bits[index] = dtype.computeBits(of: scalars[index]) }
    let numbers = bits.span.extracting(first: scalars.count)
    let hasMaster = states.count > rule.stateCount
    let program = rule.program(dtype, hasMaster: hasMaster)
    if Numerics.isOn { return updateApart(rule, gradient, states: &states, scalars: numbers) }

    // Determined before anything else refers to the values.
    let isInPlace = isWritable(&value)
    guard let target = isInPlace ? value.buffer : batch.take(like: value, rule) else {
      return .unchanged
    }
    if states.isEmpty, backend.pointwiseSetLimit == 1 {
      // Without an array of operands.
      let inputs: [2 of Value] = [value, gradient]
      let outputs: [1 of Output] = [Output(target, dtype)]
      guard
        runPointwise(
          program, inputs.span, scalars: numbers, shape: value.layout.shape,
          outputs: outputs.span, on: backend, for: rule.function.name)
      else { return .unchanged }
      if !isInPlace { value = Value(Layout(value.shape), dtype, target, recording: leaf) }
      return .done
    }
    let layout = Layout(value.shape)
    var outputs = [Output(target, dtype)]
    var update = UpdateBatch.Update(storage: self, tag: tag)
    if !isInPlace { update.value = Value(layout, dtype, target, recording: leaf) }
    for index in states.indices {
      if isWritable(&states[index]) {
        outputs.append(Output(states[index].buffer, states[index].dtype))
        continue
      }
      guard let buffer = batch.take(like: states[index], rule) else { return .unchanged }
      outputs.append(Output(buffer, states[index].dtype))
      update.states.append((index, Value(layout, states[index].dtype, buffer)))
    }
    let inputs = operands(gradient, states, hasMaster: hasMaster)
    if backend.pointwiseSetLimit == 1 {
      guard
        runPointwise(
          program, inputs.span, scalars: numbers, shape: layout.shape, outputs: outputs.span,
          on: backend, for: rule.function.name)
      else { return .unchanged }
      update.settle(&states)
      return .done
    }
    batch.add(
      update, PointwiseSet(inputs, outputs, shape: layout.shape), program, numbers, backend)
    return .pending
  }
}

extension ParameterStorage {
  /// The update into new memory, for a check of numbers: where a number goes wrong, the parameter
  /// and the states stay as they were.
  private func updateApart(
    _ rule: UpdateRule, _ gradient: Value, states: inout [Value], scalars: Span<UInt64>
  ) -> UpdateOutcome {
    let (layout, dtype, backend) = (Layout(value.shape), value.dtype, value.backend)
    let hasMaster = states.count > rule.stateCount
    var outputs: [Output] = []
    for old in [value] + states {
      guard
        let buffer = Value.allocate(
          layout.shape, old.dtype, on: backend, for: rule.function.name)
      else { return .unchanged }
      outputs.append(Output(buffer, old.dtype))
    }
    let inputs = operands(gradient, states, hasMaster: hasMaster)
    guard
      runPointwise(
        rule.program(dtype, hasMaster: hasMaster), inputs.span, scalars: scalars,
        shape: layout.shape,
        outputs: outputs.span, on: backend, for: rule.function.name)
    else { return .unchanged }
    value = Value(layout, dtype, outputs[0].buffer, recording: leaf)
    for index in states.indices {
      states[index] = Value(layout, states[index].dtype, outputs[index + 1].buffer)
    }
    return .done
  }

  /// The inputs of a rule's program; a master copy, which is the last state, is in the value's place.
  private func operands(_ gradient: Value, _ states: [Value], hasMaster: Bool) -> [Value] {
    guard hasMaster, let master = states.last else { return [value, gradient] + states }
    return [master, gradient] + states.dropLast()
  }
}

extension ParameterStorage {
  /// Moves the value and the gradient to another device: both or neither.
  func move(to backend: any Backend) {
    let moved = value.detached.moved(to: backend, record: false)
    let gradient = leaf.gradient?.moved(to: backend, record: false)
    if moved.isFailed || gradient?.isFailed == true { return }
    assign(moved)
    leaf.gradient = gradient
  }
}

extension Functions {
  /// The third operand where the first two are equal, otherwise the second.
  fileprivate static let keptMaster = PointwiseFunction("step", inputs: 3) {
    .select($0[0] .== $0[1], $0[2], $0[1])
  }
}

/// Whether nothing else refers to the variable's value and its memory, and the memory can be
/// written.
private func isWritable(_ value: inout Value) -> Bool {
  guard isKnownUniquelyReferenced(&value), value.layout.isContiguous, value.layout.offset == 0,
    value.count * value.dtype.byteCount == value.buffer.byteCount
  else { return false }
  // The value's reference must be the only one, so that testing it must not add another.
  var reference = Unmanaged.passUnretained(value.buffer).toOpaque()
  return withUnsafeMutablePointer(to: &reference) { pointer in
    pointer.withMemoryRebound(to: Buffer.self, capacity: 1) {
      isKnownUniquelyReferenced(&$0.pointee)
    }
  }
}
