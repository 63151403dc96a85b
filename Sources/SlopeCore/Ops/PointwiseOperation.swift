/// Applies a pointwise function to inputs that broadcast to `shape`.
///
/// All operations on tensors apply expressions by it; an update of parameters, which has several
/// results, calls `runPointwise` itself. The function is compiled for `programType`, and the result
/// is stored as `output`. A floating-point result is recorded if an input is, with the inputs or
/// the output that the adjoints need (`PointwiseRecording`).
func applyPointwise(
  _ function: PointwiseFunction, _ inputs: Span<Value>, scalars: Span<UInt64>,
  programType: DType, shape: Shape, output: DType, on backend: any Backend, record: Bool
) -> Value {
  let program = function.program(programType)
  let state = inspect(inputs, for: program, on: backend, function.name)
  guard state != .unusable,
    let buffer = Value.allocate(shape, output, on: backend, for: function.name)
  else {
    return .failed(output)
  }
  let outputs: [1 of Output] = [Output(buffer, output)]
  guard
    runPointwise(
      program, inputs, scalars: scalars, shape: shape, outputs: outputs.span, on: backend,
      for: function.name)
  else { return .failed(output) }
  let layout = Layout(shape)
  guard state == .recorded, record, output.isFloating, !RecordingScope.isOff else {
    return Value(layout, output, buffer)
  }
  let recording = PointwiseRecording(
    function, inputs, scalars: scalars, programType: programType, output: buffer,
    shape: shape, dtype: output)
  return Value(layout, output, buffer, recording: recording)
}

/// Applies a function of several results, which are not recorded, each stored as its `outputs`.
func applyPointwise(
  _ function: PointwiseFunction, _ inputs: Span<Value>, scalars: Span<UInt64>,
  programType: DType, shape: Shape, outputs: [DType], on backend: any Backend
) -> [Value] {
  let failed = outputs.map { Value.failed($0) }
  let program = function.program(programType)
  guard inspect(inputs, for: program, on: backend, function.name) != .unusable else {
    return failed
  }
  var stored: [Output] = []
  for dtype in outputs {
    guard let buffer = Value.allocate(shape, dtype, on: backend, for: function.name) else {
      return failed
    }
    stored.append(Output(buffer, dtype))
  }
  guard
    runPointwise(
      program, inputs, scalars: scalars, shape: shape, outputs: stored.span, on: backend,
      for: function.name)
  else { return failed }
  let layout = Layout(shape)
  return stored.map { Value(layout, $0.dtype, $0.buffer) }
}

/// The result of checking all operands of an operation.
enum OperandState {
  /// One has failed or is on another device, or the program cannot run; this was reported.
  case unusable
  case plain
  /// One of them has a recording.
  case recorded
}

/// Looks for failed or recorded operands, other devices, and a program that cannot run.
// Never inlined: Swift 6.3's optimiser fails on a loop over a span in a larger function.
@inline(never)
func inspect(
  _ inputs: Span<Value>, for program: Program?, on backend: any Backend,
  _ operation: @autoclosure () -> String
) -> OperandState {
  var state = OperandState.plain
  for index in 0..<inputs.count {
    if inputs[index].isFailed { return .unusable }
    guard inputs[index].backend === backend else {
      reportFailure(
        operation: operation(),
        "operands on \(backend.name) and \(inputs[index].backend.name)")
      return .unusable
    }
    if inputs[index].recording != nil { state = .recorded }
  }
  if let problem = program?.problem {
    reportFailure(operation: operation(), problem)
    return .unusable
  }
  return state
}

/// Applies a function of one input and up to two run-time scalars.
func applyPointwise(
  _ function: PointwiseFunction, _ input: Value, scalars: Span<UInt64> = Span(),
  output: DType? = nil, record: Bool = true
) -> Value {
  let inputs: [1 of Value] = [input]
  return applyPointwise(
    function, inputs.span, scalars: scalars, programType: input.dtype, shape: input.shape,
    output: output ?? input.dtype, on: input.backend, record: record)
}

/// Applies a function of one input and a run-time scalar, given as the bits of the compute type.
func applyPointwise(
  _ function: PointwiseFunction, _ input: Value, scalar: UInt64, output: DType? = nil,
  record: Bool = true
) -> Value {
  let scalars: [1 of UInt64] = [scalar]
  return applyPointwise(function, input, scalars: scalars.span, output: output, record: record)
}

/// Applies a function of two inputs of one element type, which broadcast.
func applyPointwise(
  _ function: PointwiseFunction, _ left: Value, _ right: Value, output: DType? = nil,
  record: Bool = true
) -> Value {
  let shape: Shape
  if left.shape == right.shape {
    shape = left.shape
  } else if let common = broadcastShape(left.shape, right.shape) {
    shape = common
  } else {
    if left.isFailed || right.isFailed { return .failed(output ?? left.dtype) }
    return .failure(
      function.name, "shapes \(left.shape) and \(right.shape) do not broadcast",
      dtype: output ?? left.dtype)
  }
  let inputs: [2 of Value] = [left, right]
  return applyPointwise(
    function, inputs.span, scalars: Span(), programType: left.dtype, shape: shape,
    output: output ?? left.dtype, on: left.backend, record: record)
}

/// Applies a function of any number of inputs, which broadcast, and of run-time scalars.
///
/// `programType` is the type of the computation; inputs of other types (a Bool condition) are
/// converted.
func applyPointwise(
  _ function: PointwiseFunction, _ inputs: [Value], scalars: [UInt64] = [], programType: DType,
  output: DType, record: Bool = true
) -> Value {
  var shape: Shape = []
  for input in inputs where !input.isFailed {
    guard let common = broadcastShape(shape, input.shape) else {
      let shapes = inputs.map { "\($0.shape)" }.joined(separator: ", ")
      return .failure(function.name, "shapes \(shapes) do not broadcast", dtype: output)
    }
    shape = common
  }
  return applyPointwise(
    function, inputs.span, scalars: scalars.span, programType: programType, shape: shape,
    output: output, on: inputs.first?.backend ?? CPUBackend.shared, record: record)
}

extension Value {
  /// A value of equal elements, given as the bits of the compute type; not recorded.
  static func full(_ shape: Shape, _ dtype: DType, bits: UInt64, on backend: any Backend) -> Value {
    let scalars: [1 of UInt64] = [bits]
    return applyPointwise(
      Functions.fill, Span(), scalars: scalars.span, programType: dtype, shape: shape,
      output: dtype, on: backend, record: false)
  }

  /// Converts the elements by the rules for casts; the value itself if it has that type.
  ///
  /// x receives g, converted to its own type.
  func cast(to dtype: DType, record: Bool = true) -> Value {
    if dtype == self.dtype { return self }
    return applyPointwise(Functions.copy, self, output: dtype, record: record)
  }

  /// This value as a view of `shape`, to which it must broadcast; the view keeps the recording.
  func broadcast(to shape: Shape) -> Value {
    if self.shape == shape || isFailed { return self }
    let view = Layout(
      shape: shape, strides: layout.strides(broadcastTo: shape), offset: layout.offset)
    return Value(view, dtype, buffer, recording: recording)
  }

  /// Sums a gradient over the axes along which an operand of `shape` was broadcast.
  ///
  /// Converts it to the operand's type. Every recording of an operation that broadcasts uses it,
  /// except a linear layer's for its bias.
  func summed(to shape: Shape, dtype: DType, record: Bool) -> Value {
    if self.shape == shape || isFailed { return cast(to: dtype, record: record) }
    let shift = self.shape.rank - shape.rank
    let axes = (0..<self.shape.rank).filter {
      $0 < shift || (shape.extents[$0 - shift] == 1 && self.shape.extents[$0] != 1)
    }
    return reduced(.sum, axes: axes, keepingAxes: false, record: record)
      .reshaped(to: shape, record: record).cast(to: dtype, record: record)
  }
}
