internal import CKernels
import Synchronization

/// An expression compiled for one element type: instructions over numbered registers.
///
/// Registers are the inputs, then the run-time scalars, then the constants, then temporaries.
package final class Program: @unchecked Sendable {
  /// The element type for which it was compiled; registers hold its compute type.
  package let dtype: DType
  package let outputCount: Int
  package let inputCount: Int

  /// The primitive, if the program only applies one to its inputs and scalars in order.
  let single: Primitive?

  /// Why the expression cannot be computed for this element type, if so; then it must not run.
  package let problem: String?

  /// What the kernels read; it points into memory that this object owns (see `withKernel`).
  private let kernel: SlopeProgram
  let instructions: UnsafeMutableBufferPointer<SlopeInstruction>
  private let constants: UnsafeMutableBufferPointer<UInt64>
  private let outputs: UnsafeMutableBufferPointer<UInt16>

  /// Identifies this program in the process, so that a backend finds what it has made of it.
  let number: UInt64

  private static let counter = Atomic<UInt64>(0)

  /// The most nodes of an expression after equal ones are merged.
  ///
  /// The kernels number registers and steps in 16 bits.
  static let maximumStepCount = Int(UInt16.max)

  /// A step, for backends that do not read the C form.
  package struct Step: Sendable {
    package let primitive: String
    package let destination: Int
    package let arguments: [Int]
  }

  package var steps: [Step] {
    instructions.map {
      Step(
        primitive: $0.primitive.name, destination: Int($0.destination),
        arguments: [Int($0.a), Int($0.b), Int($0.c)].prefix($0.primitive.arity).map { $0 })
    }
  }
  package var constantBits: [UInt64] { Array(constants) }
  package var outputRegisters: [Int] { outputs.map { Int($0) } }
  package var scalarCount: Int { Int(kernel.scalarCount) }
  package var registerCount: Int {
    inputCount + scalarCount + constants.count + Int(kernel.temporaryCount)
  }

  /// A program of steps, in the order in which they run.
  init(
    dtype: DType, inputCount: Int, scalarCount: Int, temporaryCount: Int, constants: [UInt64],
    instructions: [SlopeInstruction], outputs: [UInt16], single: Primitive?, problem: String?
  ) {
    number = Program.counter.wrappingAdd(1, ordering: .relaxed).newValue
    self.dtype = dtype
    self.inputCount = inputCount
    outputCount = outputs.count
    self.problem = problem
    self.single = single
    self.instructions = Program.owned(instructions)
    self.constants = Program.owned(constants)
    self.outputs = Program.owned(outputs)
    kernel = SlopeProgram(
      compute: dtype.computeType.kernelType, inputCount: UInt16(inputCount),
      scalarCount: UInt16(scalarCount), constantCount: UInt16(constants.count),
      temporaryCount: UInt16(temporaryCount), outputCount: UInt16(outputs.count),
      instructionCount: UInt16(instructions.count),
      instructions: UnsafePointer(self.instructions.baseAddress),
      constants: UnsafePointer(self.constants.baseAddress),
      outputs: Program.base(self.outputs))
  }

  /// A program that only applies one primitive to its inputs.
  convenience init(_ primitive: Primitive, _ dtype: DType) {
    let arity = primitive.arity
    self.init(
      dtype: dtype, inputCount: arity, scalarCount: 0, temporaryCount: 1, constants: [],
      instructions: [
        SlopeInstruction(
          primitive: primitive, destination: UInt16(arity), a: 0, b: arity > 1 ? 1 : 0,
          c: arity > 2 ? 2 : 0)
      ],
      outputs: [UInt16(arity)], single: primitive,
      problem: slope_primitive_exists(primitive, dtype.kernelType)
        ? nil : "\(primitive.name) is not defined on \(dtype)")
  }

  deinit {
    instructions.deallocate()
    constants.deallocate()
    outputs.deallocate()
  }

  /// Calls `body` with what the kernels read, which stays alive until it returns.
  @inline(__always)
  func withKernel(_ body: (UnsafePointer<SlopeProgram>) -> Void) {
    withExtendedLifetime(self) { withUnsafePointer(to: kernel) { body($0) } }
  }

  private static func owned<Item>(_ items: [Item]) -> UnsafeMutableBufferPointer<Item> {
    // One more than needed, so that there is always a first address.
    let memory = UnsafeMutableBufferPointer<Item>.allocate(capacity: items.count + 1)
    _ = memory.initialize(from: items)
    return UnsafeMutableBufferPointer(rebasing: memory[..<items.count])
  }

  private static func base(_ outputs: UnsafeMutableBufferPointer<UInt16>) -> UnsafePointer<UInt16> {
    guard let base = outputs.baseAddress else { preconditionFailure("a program has an output") }
    return UnsafePointer(base)
  }
}

extension Primitive {
  /// The number of operands.
  var arity: Int { Int(slope_primitive_arity(self)) }
  /// The row's name in primitives.def.
  var name: String { String(cString: slope_primitive_name(self)) }
}
