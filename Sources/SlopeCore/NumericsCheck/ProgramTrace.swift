internal import CKernels

/// Runs a program on the CPU for one element at a time, and keeps the result of every step.
struct ProgramTrace {
  struct Step {
    let primitive: Primitive
    /// The numbers of its operands: inputs, run-time scalars, constants, then the results of steps.
    let arguments: [Int]
  }

  /// The type in which it computes.
  let compute: DType
  let steps: [Step]
  private let scalars: Range<Int>
  private let firstStep: Int
  private let outputs: [Int]
  private var bits: [UInt64]

  init(_ program: Program, scalars: [UInt64]) {
    compute = program.dtype.computeType
    let given = scalars + program.constantBits
    self.scalars = program.inputCount..<program.inputCount + scalars.count
    firstStep = program.inputCount + given.count
    // Registers are reused; a later step reads what a register held last.
    var held = Array(0..<program.registerCount)
    var steps: [Step] = []
    for (number, instruction) in program.instructions.enumerated() {
      let registers = [instruction.a, instruction.b, instruction.c]
      steps.append(
        Step(
          primitive: instruction.primitive,
          arguments: registers.prefix(instruction.primitive.arity).map { held[Int($0)] }))
      held[Int(instruction.destination)] = firstStep + number
    }
    self.steps = steps
    outputs = program.outputRegisters.map { held[$0] }
    bits = Array(repeating: 0, count: program.inputCount) + given
    bits += Array(repeating: 0, count: steps.count)
  }

  mutating func run(_ inputs: [Number]) {
    for (number, input) in inputs.enumerated() { bits[number] = input.converted(to: compute).bits }
    for (number, step) in steps.enumerated() {
      let (a, b, c) = (
        bits[step.arguments[0]], bits[step.arguments[step.arguments.count > 1 ? 1 : 0]],
        bits[step.arguments[step.arguments.count > 2 ? 2 : 0]]
      )
      var result: UInt64 = 0
      withUnsafePointer(to: a) { a in
        withUnsafePointer(to: b) { b in
          withUnsafePointer(to: c) { c in
            slope_apply(step.primitive, compute.kernelType, &result, a, b, c, 1)
          }
        }
      }
      bits[firstStep + number] = result
    }
  }

  /// The run-time scalars.
  var scalarNumbers: [Number] { scalars.map { Number(compute, bits: bits[$0]) } }

  func result(of step: Int) -> Number { Number(compute, bits: bits[firstStep + step]) }

  func arguments(of step: Int) -> [Number] {
    steps[step].arguments.map { Number(compute, bits: bits[$0]) }
  }

  func result(ofOutput output: Int) -> Number { Number(compute, bits: bits[outputs[output]]) }

  /// The step whose result is an output; nil if the output is an operand.
  func step(ofOutput output: Int) -> Int? {
    outputs[output] < firstStep ? nil : outputs[output] - firstStep
  }

  /// The steps on which an output depended in this run; of a select, only the chosen side.
  func steps(behind output: Int) -> [Int] {
    var isNeeded = Array(repeating: false, count: bits.count)
    isNeeded[outputs[output]] = true
    for (number, step) in steps.enumerated().reversed() where isNeeded[firstStep + number] {
      var arguments = step.arguments
      if step.primitive == .select {
        let isFirst = Number(compute, bits: bits[arguments[0]]).doubleValue != 0
        arguments.remove(at: isFirst ? 2 : 1)
      }
      for argument in arguments { isNeeded[argument] = true }
    }
    return steps.indices.filter { isNeeded[firstStep + $0] }
  }
}
