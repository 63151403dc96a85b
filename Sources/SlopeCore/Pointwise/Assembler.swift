internal import CKernels

extension Program {
  /// Compiles an expression for one element type.
  convenience init(_ roots: [Node], inputCount: Int, scalarCount: Int, dtype: DType) {
    var assembler = Assembler(
      roots, inputCount: inputCount, scalarCount: scalarCount, dtype: dtype)
    assembler.assemble()
    self.init(
      dtype: dtype, inputCount: inputCount, scalarCount: scalarCount,
      temporaryCount: assembler.temporaryCount, constants: assembler.constants,
      instructions: assembler.instructions, outputs: assembler.outputs, single: assembler.single,
      problem: assembler.problem)
  }
}

/// Orders an expression's nodes and assigns registers to them.
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
    // This also merges equal nodes of different roots.
    var builder = ExpressionBuilder()
    let roots = roots.map { builder.rebuild($0) }
    let all = Node(.constant(0), roots)
    let order = Array(all.topologicalOrder().dropLast())
    assemble(order, roots)
    guard problem == nil, temporaryCount > Assembler.manyTemporaries else { return checkStorage() }
    // Operands that need more registers first: a chain that nests to the right then needs few.
    let asWritten = self
    (instructions, constants, outputs) = ([], [], [])
    (temporaryCount, single) = (0, nil)
    assemble(Array(all.topologicalOrder(deepestFirst: true).dropLast()), roots)
    if temporaryCount >= asWritten.temporaryCount { self = asWritten }
    checkStorage()
  }

  /// A formula of more nodes is refused before equal nodes are merged, which would take seconds.
  private static let maximumNodeCount = 1 << 17

  /// With more temporaries another order of the steps is tried.
  private static let manyTemporaries = 64

  /// The most scalars, constants and temporaries: each may be a tile on a worker's stack.
  private static let maximumTileCount = 1024

  private mutating func checkStorage() {
    let tileCount = scalarCount + constants.count + temporaryCount
    guard problem == nil, tileCount > Assembler.maximumTileCount else { return }
    problem =
      "\(constants.count) constants and \(temporaryCount) intermediate results are more than the "
      + "\(Assembler.maximumTileCount) of one program"
    makeEmpty()
  }

  /// The program is never run; it only has to be well formed.
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

  /// Bool has no arithmetic: its sum is "or", its product "and".
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
  /// Whether this type holds `value` exactly, if it is an integer type.
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
}
