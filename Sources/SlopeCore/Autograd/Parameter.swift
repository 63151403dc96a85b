/// A tensor that training changes, and its gradient: the only thing in the library that changes.
///
/// `backward()` adds into `grad`; an optimiser's `step()` replaces `tensor`. Not `Sendable`: a model
/// cannot be trained from two tasks at once.
public final class Parameter<E: FloatingElement> {
  private var value: Value
  private let leaf: LeafRecording

  /// A parameter that starts as `tensor`; what that was computed from is not remembered.
  public init(_ tensor: Tensor<E>) {
    leaf = LeafRecording(shape: tensor.shape, dtype: E.dtype)
    value = tensor.value.recorded(by: leaf)
  }

  /// The present value; operations on it are recorded.
  ///
  /// A failed tensor, or one of another shape, is refused: the parameter keeps what it had.
  public var tensor: Tensor<E> {
    get { Tensor(value) }
    set {
      guard !newValue.isFailed, hasShape(newValue, "value") else { return }
      value = newValue.value.recorded(by: leaf)
    }
  }

  /// The gradient that backward passes have added up, or nil.
  ///
  /// A failed tensor, or one of another shape, is refused.
  public var grad: Tensor<E>? {
    get { leaf.gradient.map { Tensor($0) } }
    set {
      guard let newValue else {
        leaf.gradient = nil
        return
      }
      guard !newValue.isFailed, hasShape(newValue, "gradient") else { return }
      leaf.gradient = newValue.value.detached
    }
  }

  /// The extents.
  public var shape: Shape { value.shape }

  private func hasShape(_ tensor: Tensor<E>, _ what: String) -> Bool {
    if tensor.shape == shape { return true }
    reportFailure(
      operation: "parameter", "a \(what) of shape \(tensor.shape) for a parameter of \(shape)")
    return false
  }
}

/// How an optimiser changes a parameter and its own state: a traced formula, one pass over memory.
package struct UpdateRule: Sendable {
  let function: PointwiseFunction
  let stateCount: Int

  /// Traces a formula.
  ///
  /// - Parameter formula: maps the parameter's value, its gradient, the states and the run-time
  ///   scalars to the new value, then the new states.
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

extension Parameter {
  /// Applies a rule with the present gradient; without one nothing changes.
  ///
  /// Memory that nothing else refers to is updated in place.
  package func update(_ rule: UpdateRule, states: inout [Tensor<E>], scalars: [Double]) {
    guard let gradient = leaf.gradient else { return }
    let dtype = E.dtype
    let shape = value.shape
    let backend = value.backend
    let bits = scalars.map { dtype.computeBits(of: $0) }
    guard states.count == rule.stateCount, gradient.shape == shape, gradient.backend === backend,
      states.allSatisfy({ $0.shape == shape && $0.value.backend === backend })
    else {
      reportFailure(
        operation: rule.function.name, "the states do not fit a parameter of shape \(shape)")
      return
    }
    // Asked before anything else refers to the values.
    let target = isWritable(&value, recording: leaf) ? value.buffer : nil
    let stateTargets = states.indices.map { index in
      isWritable(&states[index].value, recording: nil) ? states[index].value.buffer : nil
    }
    var outputs: [Output] = []
    for kept in [target] + stateTargets {
      guard
        let buffer = kept
          ?? Value.allocate(shape, dtype, on: backend, for: rule.function.name)
      else { return }
      outputs.append(Output(buffer, dtype))
    }
    let inputs = [value, gradient] + states.map(\.value)
    backend.pointwise(
      rule.function.program(dtype), inputs.span, scalars: bits.span, shape: shape,
      outputs: outputs.span)
    let layout = Layout(shape)
    if target == nil { value = Value(layout, dtype, outputs[0].buffer, recording: leaf) }
    for index in states.indices where stateTargets[index] == nil {
      states[index] = Tensor(Value(layout, dtype, outputs[index + 1].buffer))
    }
  }
}

extension Value {
  /// Stands in a variable whose value has been moved out.
  fileprivate static let placeholder = Value.failed(.float32)
}

/// Whether the variable's value and its memory are referred to by nothing else, and can be written.
private func isWritable(_ value: inout Value, recording: Recording?) -> Bool {
  guard isKnownUniquelyReferenced(&value), value.layout.isContiguous, value.layout.offset == 0,
    value.count * value.dtype.byteCount == value.buffer.byteCount
  else { return false }
  let (layout, dtype) = (value.layout, value.dtype)
  var buffer = value.buffer
  // The value's own reference to the memory goes with it, so one that is left is ours.
  value = Value.placeholder
  let isUnique = isKnownUniquelyReferenced(&buffer)
  value = Value(layout, dtype, buffer, recording: recording)
  return isUnique
}
