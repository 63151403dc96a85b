internal import CKernels
import Synchronization

/// An expression compiled for one element type: instructions over numbered registers.
///
/// Registers are the inputs, then the run-time scalars, then the constants, then temporaries.
package final class Program: @unchecked Sendable {
  /// The element type it was compiled for; registers hold its compute type.
  package let dtype: DType
  package let outputCount: Int
  package let inputCount: Int

  /// The one primitive of a program that does nothing but apply it to its inputs and scalars in
  /// order.
  let single: Primitive?

  /// Why the expression cannot be computed on this element type, if so; it must not run then.
  package let problem: String?

  /// What the kernels read; it points into memory that this object owns (see `withKernel`).
  private let kernel: SlopeProgram
  let instructions: UnsafeMutableBufferPointer<SlopeInstruction>
  private let constants: UnsafeMutableBufferPointer<UInt64>
  private let outputs: UnsafeMutableBufferPointer<UInt16>

  #if OpenCL
    /// What OpenCL devices made of this program.
    let deviceKernels = Mutex<[(form: KernelForm, kernel: OpenCLKernel)]>([])
  #endif

  /// How many nodes an expression may have, equal ones taken as one: the kernels number registers and steps
  /// in 16 bits.
  static let maximumStepCount = Int(UInt16.max)

  /// The steps, for backends that do not read the C form.
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

  init(_ roots: [Node], inputCount: Int, scalarCount: Int, dtype: DType) {
    var assembler = Assembler(
      roots, inputCount: inputCount, scalarCount: scalarCount, dtype: dtype)
    assembler.assemble()
    self.dtype = dtype
    self.inputCount = inputCount
    outputCount = roots.count
    problem = assembler.problem
    single = assembler.single
    instructions = Program.owned(assembler.instructions)
    constants = Program.owned(assembler.constants)
    outputs = Program.owned(assembler.outputs)
    kernel = SlopeProgram(
      compute: dtype.computeType.kernelType, inputCount: UInt16(inputCount),
      scalarCount: UInt16(scalarCount), constantCount: UInt16(assembler.constants.count),
      temporaryCount: UInt16(assembler.temporaryCount), outputCount: UInt16(roots.count),
      instructionCount: UInt16(assembler.instructions.count),
      instructions: UnsafePointer(instructions.baseAddress),
      constants: UnsafePointer(constants.baseAddress),
      outputs: Program.base(outputs))
  }

  deinit {
    instructions.deallocate()
    constants.deallocate()
    outputs.deallocate()
  }

  /// Calls `body` with what the kernels read, which stays until it returns.
  @inline(__always)
  func withKernel(_ body: (UnsafePointer<SlopeProgram>) -> Void) {
    withExtendedLifetime(self) { withUnsafePointer(to: kernel) { body($0) } }
  }

  private static func owned<Item>(_ items: [Item]) -> UnsafeMutableBufferPointer<Item> {
    // One more than needed, so that there always is a first address.
    let memory = UnsafeMutableBufferPointer<Item>.allocate(capacity: items.count + 1)
    _ = memory.initialize(from: items)
    return UnsafeMutableBufferPointer(rebasing: memory[..<items.count])
  }

  private static func base(_ outputs: UnsafeMutableBufferPointer<UInt16>) -> UnsafePointer<UInt16> {
    guard let base = outputs.baseAddress else { preconditionFailure("a program has an output") }
    return UnsafePointer(base)
  }
}

/// Orders an expression's nodes and gives them registers.
private struct Assembler {
  let roots: [Node]
  let inputCount: Int
  let scalarCount: Int
  let dtype: DType

  var instructions: [SlopeInstruction] = []
  var constants: [UInt64] = []
  var outputs: [UInt16] = []
  var temporaryCount = 0
  var single: Primitive?
  var problem: String?

  init(_ roots: [Node], inputCount: Int, scalarCount: Int, dtype: DType) {
    self.roots = roots
    self.inputCount = inputCount
    self.scalarCount = scalarCount
    self.dtype = dtype
  }

  mutating func assemble() {
    let written = Node(.constant(0), self.roots).topologicalOrder().count - 1
    guard written <= Assembler.maximumNodeCount else {
      problem = "\(written) steps are too many for one program"
      return makeEmpty()
    }
    // Equal nodes of different roots become one, too.
    var builder = ExpressionBuilder()
    let roots = roots.map { builder.rebuild($0) }
    let all = Node(.constant(0), roots)
    let order = Array(all.topologicalOrder().dropLast())
    assemble(order, roots)
    guard problem == nil, temporaryCount > Assembler.manyTemporaries else { return checkStorage() }
    // The part of a term that needs more registers first: a chain whose terms open on the right needs few.
    let asWritten = self
    (instructions, constants, outputs) = ([], [], [])
    (temporaryCount, single) = (0, nil)
    assemble(Array(all.topologicalOrder(deepestFirst: true).dropLast()), roots)
    if temporaryCount >= asWritten.temporaryCount { self = asWritten }
    checkStorage()
  }

  /// A formula of more nodes is refused before any are found equal: that would take seconds.
  private static let maximumNodeCount = 1 << 17

  /// Beyond so many temporaries another order of the steps is tried.
  private static let manyTemporaries = 64

  /// The most scalars, constants and temporaries: each may be a tile on the stack of a worker.
  private static let maximumTileCount = 1024

  private mutating func checkStorage() {
    let tileCount = scalarCount + constants.count + temporaryCount
    guard problem == nil, tileCount > Assembler.maximumTileCount else { return }
    problem =
      "\(constants.count) constants and \(temporaryCount) intermediate results are more than the "
      + "\(Assembler.maximumTileCount) of one program"
    makeEmpty()
  }

  /// Never run; it only has to be well formed.
  private mutating func makeEmpty() {
    (instructions, constants, outputs) = ([], [], roots.map { _ in 0 })
    (temporaryCount, single) = (0, nil)
  }

  private mutating func assemble(_ order: [Node], _ roots: [Node]) {
    var uses: [ObjectIdentifier: Int] = [:]
    for node in order { for argument in node.arguments { uses[argument.id, default: 0] += 1 } }
    for root in roots { uses[root.id, default: 0] += 1 }

    var register: [ObjectIdentifier: Int] = [:]
    for node in order {
      switch node.kind {
      case .input(let index): register[node.id] = index
      case .scalar(let index): register[node.id] = inputCount + index
      case .constant(let value):
        register[node.id] = inputCount + scalarCount + constants.count
        constants.append(dtype.computeBits(of: Double(bitPattern: value)))
      case .apply: break
      }
    }
    let firstTemporary = inputCount + scalarCount + constants.count
    problem = findProblem(order, firstTemporary)
    guard problem == nil else { return makeEmpty() }
    var free: [Int] = []
    for node in order {
      guard case .apply(let primitive) = node.kind else { continue }
      let arguments = node.arguments.map { register[$0.id] ?? 0 }
      for argument in node.arguments {
        uses[argument.id, default: 0] -= 1
        if case .apply = argument.kind, uses[argument.id] == 0, let used = register[argument.id] {
          free.append(used)
        }
      }
      // An argument's register may hold the result: kernels read an element before they write it.
      let destination: Int
      if let reused = free.popLast() {
        destination = reused
      } else {
        destination = firstTemporary + temporaryCount
        temporaryCount += 1
      }
      register[node.id] = destination
      instructions.append(
        SlopeInstruction(
          primitive: lowered(primitive), destination: UInt16(destination),
          a: UInt16(arguments[0]), b: UInt16(arguments.count > 1 ? arguments[1] : 0),
          c: UInt16(arguments.count > 2 ? arguments[2] : 0)))
      let operandCount = inputCount + scalarCount
      if order.count == operandCount + 1, roots.count == 1, arguments == Array(0..<operandCount) {
        single = lowered(primitive)
      }
    }
    outputs = roots.map { UInt16(register[$0.id] ?? 0) }
  }

  private func findProblem(_ order: some Collection<Node>, _ operands: Int) -> String? {
    if inputCount > Int(SLOPE_MAX_OPERANDS) {
      return "\(inputCount) operands are more than the \(SLOPE_MAX_OPERANDS) of one program"
    }
    if operands + order.count > Program.maximumStepCount {
      return "\(order.count) steps are too many for one program"
    }
    for node in order {
      switch node.kind {
      case .apply(let primitive)
      where !slope_primitive_exists(lowered(primitive), dtype.kernelType):
        return "\(primitive.name) is not defined on \(dtype)"
      case .constant(let bits) where dtype.isInteger:
        let value = Double(bitPattern: bits)
        if value.isFinite, !dtype.holds(value) { return "\(value) is not a number of \(dtype)" }
      default: break
      }
    }
    return nil
  }

  /// Bool has no arithmetic of its own: sum is "or", product is "and".
  private func lowered(_ primitive: Primitive) -> Primitive {
    guard dtype == .bool else { return primitive }
    switch primitive {
    case .add: return .logicalOr
    case .multiply: return .logicalAnd
    default: return primitive
    }
  }
}

extension Node {
  fileprivate var id: ObjectIdentifier { ObjectIdentifier(self) }
}

extension DType {
  /// Whether a whole number of this integer type is just `value`.
  fileprivate func holds(_ value: Double) -> Bool {
    switch self {
    case .uint8: UInt8(exactly: value) != nil
    case .uint16: UInt16(exactly: value) != nil
    case .uint32: UInt32(exactly: value) != nil
    case .uint64: UInt64(exactly: value) != nil
    case .int8: Int8(exactly: value) != nil
    case .int16: Int16(exactly: value) != nil
    case .int32: Int32(exactly: value) != nil
    case .int64: Int64(exactly: value) != nil
    default: true
    }
  }

  /// The bit pattern of `value` in the type in which programs on this type compute.
  func computeBits(of value: Double) -> UInt64 {
    switch self {
    case .bool: value != 0 ? 1 : 0
    case .uint8: UInt8(clamping: value).computeBits
    case .uint16: UInt16(clamping: value).computeBits
    case .uint32: UInt32(clamping: value).computeBits
    case .uint64: UInt64(clamping: value)
    case .int8: Int8(clamping: value).computeBits
    case .int16: Int16(clamping: value).computeBits
    case .int32: Int32(clamping: value).computeBits
    case .int64: Int64(clamping: value).computeBits
    case .float16, .bfloat16, .float32: UInt64(Float(value).bitPattern)
    case .float64: value.bitPattern
    }
  }
}
