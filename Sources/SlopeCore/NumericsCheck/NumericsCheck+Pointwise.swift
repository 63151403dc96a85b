/// Runs `Backend.pointwise`, and checks its results where numbers are checked.
///
/// False if the results must not be used.
@inline(__always)
func runPointwise(
  _ program: Program, _ inputs: Span<Value>, scalars: Span<UInt64>, shape: Shape,
  outputs: Span<Output>, on backend: any Backend, for operation: @autoclosure () -> String
) -> Bool {
  // Without inputs nothing is computed, and a constant that is kept must not fail.
  if !Numerics.isUsed || inputs.isEmpty {
    backend.pointwise(program, inputs, scalars: scalars, shape: shape, outputs: outputs)
    return true
  }
  return runChecked(
    program, Array(copying: inputs), Array(copying: scalars), shape, Array(copying: outputs),
    on: backend, for: operation())
}

/// The same for several sets of operands, none of which has failed.
func runPointwise(
  _ program: Program, sets: [PointwiseSet], scalars: Span<UInt64>, on backend: any Backend,
  for operation: @autoclosure () -> String
) -> Bool {
  guard Numerics.isOn else {
    backend.pointwise(program, sets: sets, scalars: scalars)
    return true
  }
  var isFine = true
  for set in sets {
    let passes = runPointwise(
      program, set.inputs.span, scalars: scalars, shape: set.shape, outputs: set.outputs.span,
      on: backend, for: operation())
    isFine = passes && isFine
  }
  return isFine
}

@inline(never)
private func runChecked(
  _ program: Program, _ inputs: [Value], _ scalars: [UInt64], _ shape: Shape, _ outputs: [Output],
  on backend: any Backend, for operation: @autoclosure () -> String
) -> Bool {
  NumericsCheck.run(operation(), shape) {
    backend.pointwise(
      program, inputs.span, scalars: scalars.span, shape: shape, outputs: outputs.span)
  } passes: {
    $0.passes(program, inputs, scalars, shape, outputs)
  }
}

extension NumericsCheck {
  fileprivate func passes(
    _ program: Program, _ inputs: [Value], _ scalars: [UInt64], _ shape: Shape, _ outputs: [Output]
  ) -> Bool {
    var search = StepSearch(program, inputs, scalars, shape)
    for (number, output) in outputs.enumerated() {
      let isFine =
        if search.isFloating && output.dtype.isFloating {
          passes(numbersOf: output, shape) {
            search.finding(at: $0, output: number, stored: $1)
          }
        } else if search.canFail(output) {
          passes(eachOf: output, shape) {
            search.findingInIntegers(at: $0, output: number, stored: $1)
          }
        } else {
          true
        }
      if !isFine { return false }
    }
    return true
  }
}

/// Searches for the step of a program in which a number went wrong.
struct StepSearch {
  private let dtype: DType
  private let inputs: [Value]
  private let shape: Shape
  private var trace: ProgramTrace
  /// Copied to the host when first needed.
  private var operands: [HostElements]?

  init(_ program: Program, _ inputs: [Value], _ scalars: [UInt64], _ shape: Shape) {
    dtype = program.dtype
    self.inputs = inputs
    self.shape = shape
    trace = ProgramTrace(program, scalars: scalars)
  }

  var isFloating: Bool { trace.compute.isFloating }

  /// Whether a step can wrap, or divide an integer by zero.
  var canWrap: Bool { !isFloating && trace.steps.contains { $0.primitive.mayWrap } }

  /// Whether anything can go wrong in an output that is checked element by element.
  func canFail(_ output: Output) -> Bool {
    canWrap || (output.dtype != dtype && output.dtype != .bool)
  }

  /// Runs the program for one element and returns its operands; nil if the host has no memory.
  mutating func run(at position: Int) -> [Number]? {
    if operands == nil {
      operands = inputs.compactMap { HostElements($0, as: shape) }
    }
    guard let operands, operands.count == inputs.count else { return nil }
    let numbers = operands.map { $0[position] }
    trace.run(numbers)
    return numbers + trace.scalarNumbers
  }

  func result(_ output: Int) -> Number { trace.result(ofOutput: output) }

  /// The step in which NaN or infinity arose in the last run.
  func notFinite(_ output: Int) -> NumericsCheck.Finding? {
    for step in trace.steps(behind: output) {
      let (result, arguments) = (trace.result(of: step), trace.arguments(of: step))
      if result.arises(from: arguments) {
        return finding(result, step, arguments)
      }
    }
    return nil
  }

  /// The step of the last run in which an integer wrapped or was divided by zero.
  func wrapped(_ output: Int) -> NumericsCheck.Finding? {
    guard canWrap else { return nil }
    for step in trace.steps(behind: output) {
      let (result, arguments) = (trace.result(of: step), trace.arguments(of: step))
      let primitive = trace.steps[step].primitive
      if let kind = primitive.fault(arguments.map(\.integer), result.integer) {
        return NumericsCheck.Finding(
          kind: kind, step: primitive.name,
          operands: arguments.map { NumericsError.Operand($0) }, result: result)
      }
    }
    return nil
  }

  /// What went wrong at an element of a floating type that is not finite.
  mutating func finding(
    at position: Int, output: Int, stored: Number
  ) -> NumericsCheck.Finding? {
    guard let entering = run(at: position), stored.arises(from: entering) else { return nil }
    if let finding = notFinite(output) { return finding }
    let own = result(output)
    // The formula contains NaN or infinity as a constant.
    guard own.isFinite else { return nil }
    // Too large for the type that was stored, or for the device.
    guard stored.dtype == dtype || stored.isNaN, let step = trace.step(ofOutput: output) else {
      return lossyCast(own, stored)
    }
    return finding(stored, step, trace.arguments(of: step))
  }

  /// What went wrong at an element of an integer type, or of a cast to one.
  mutating func findingInIntegers(
    at position: Int, output: Int, stored: Number
  ) -> NumericsCheck.Finding? {
    guard run(at: position) != nil else { return nil }
    if let finding = wrapped(output) { return finding }
    let own = result(output)
    return stored.isLossy(from: own.exact) ? lossyCast(own, stored) : nil
  }

  private func finding(_ result: Number, _ step: Int, _ arguments: [Number])
    -> NumericsCheck.Finding
  {
    NumericsCheck.Finding(
      result, trace.steps[step].primitive.name, arguments.map { NumericsError.Operand($0) })
  }

  private func lossyCast(_ number: Number, _ stored: Number) -> NumericsCheck.Finding {
    NumericsCheck.Finding(
      kind: .lossyCast, step: "cast", operands: [NumericsError.Operand(number)], result: stored)
  }
}
