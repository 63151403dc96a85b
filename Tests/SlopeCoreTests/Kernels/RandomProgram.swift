import CKernels
import Testing

/// A random register program with random operands, and its elementwise evaluation.
struct RandomProgram {
  private let compute: KernelDType
  private let nest: RandomNest
  private var inputs: [KernelOperand] = []
  private var scalars: [UInt64] = []
  private var constants: [UInt64] = []
  private var steps: [SlopeInstruction] = []
  private var outputs: [UInt16] = []
  private let temporaryCount: Int

  private static let names = [
    "add", "subtract", "multiply", "maximum", "minimum", "negate", "abs", "less", "select", "equal",
    "square", "logicalAnd", "copy",
  ]

  init(_ random: inout KernelRandom) {
    let computes: [KernelDType] = [
      .uint8, .int8, .uint16, .int32, .int64, .float32, .float32, .float32, .float64,
    ]
    compute = computes[random.below(computes.count)]
    nest =
      random.below(10) == 0
      ? RandomNest(shape: [40_000])
      : RandomNest(
        &random, rank: random.below(5),
        extents: [0, 1, 2, 3, 5, 8, 17, 33, 130, 1030].filter {
          $0 > 0 || random.below(20) == 0
        }, limit: 6000)
    for _ in 0..<random.below(4) + 1 {
      let dtype = random.below(3) == 0 ? KernelDType.all[random.below(13)] : compute
      inputs.append(KernelOperand(&random, nest, dtype))
    }
    let isSingle = random.below(4) == 0
    for _ in 0..<(isSingle ? 0 : random.below(3)) { scalars.append(random.bits(compute)) }
    for _ in 0..<(isSingle ? 0 : random.below(3)) { constants.append(random.bits(compute)) }
    // Sometimes more registers than fit into the cache as tiles of the usual size.
    temporaryCount = random.below(20) == 0 ? 150 : 1 + random.below(5)
    let base = inputs.count + scalars.count + constants.count
    var defined = Array(0..<base)
    for _ in 0..<(isSingle ? 1 : random.below(8)) {
      let primitive = KernelReference.primitive(Self.names[random.below(Self.names.count)])
      let arity = slope_primitive_arity(primitive)
      let picks = (0..<3).map { _ in UInt16(defined[random.below(defined.count)]) }
      let destination = base + random.below(temporaryCount)
      steps.append(
        SlopeInstruction(
          primitive: primitive, destination: UInt16(destination), a: picks[0],
          b: arity > 1 ? picks[1] : 0, c: arity > 2 ? picks[2] : 0))
      if !defined.contains(destination) { defined.append(destination) }
    }
    for _ in 0..<(isSingle ? 1 : 1 + random.below(3)) {
      outputs.append(UInt16(isSingle ? defined[base] : defined[random.below(defined.count)]))
    }
  }

  mutating func check(_ random: inout KernelRandom) {
    let originals = inputs.map { KernelMemory(copy: $0.memory) }
    var targets: [KernelMemory] = []
    for _ in outputs {
      let free = inputs.filter { input in
        input.strides == nil && !targets.contains { $0 === input.memory }
      }
      if let input = free.first, random.below(2) == 0 {
        targets.append(input.memory)
      } else {
        let dtype = random.below(3) == 0 ? KernelDType.all[random.below(13)] : compute
        targets.append(KernelMemory(dtype, count: nest.count))
      }
    }
    run(targets)
    for target in targets { #expect(target.isIntact) }
    for index in 0..<nest.count {
      let registers = evaluate(index, originals)
      for (output, target) in zip(outputs, targets) {
        let expected = target.dtype.cast(compute.number(registers[Int(output)]))
        if target.dtype.same(target[index], expected) { continue }
        Issue.record(
          """
          element \(index) of \(nest.shape), \(compute): output \(output) as \(target.dtype) is \
          \(target.number(index)), not \(target.dtype.number(expected))
          """)
        return
      }
    }
  }

  private func run(_ targets: [KernelMemory]) {
    let operands = inputs.map(\.operand)
    let results = targets.map(\.operand)
    let shape = nest.shape64
    constants.withUnsafeBufferPointer { constantBits in
      steps.withUnsafeBufferPointer { instructions in
        outputs.withUnsafeBufferPointer { numbers in
          guard let first = numbers.baseAddress else { return }
          var program = SlopeProgram(
            compute: compute, inputCount: UInt16(inputs.count), scalarCount: UInt16(scalars.count),
            constantCount: UInt16(constants.count), temporaryCount: UInt16(temporaryCount),
            outputCount: UInt16(outputs.count), instructionCount: UInt16(steps.count),
            instructions: instructions.baseAddress, constants: constantBits.baseAddress,
            outputs: first)
          slope_pointwise(&program, operands, scalars, results, Int32(shape.count), shape)
        }
      }
    }
  }

  private func evaluate(_ index: Int, _ originals: [KernelMemory]) -> [UInt64] {
    var registers: [UInt64] = zip(inputs, originals).map { input, original in
      compute.cast(original.number(nest.place(index, input.strides, input.offset)))
    }
    registers += scalars + constants
    registers += [UInt64](repeating: 0, count: temporaryCount)
    for step in steps {
      var (a, b, c) = (registers[Int(step.a)], registers[Int(step.b)], registers[Int(step.c)])
      var result: UInt64 = 0
      slope_apply(step.primitive, compute, &result, &a, &b, &c, 1)
      registers[Int(step.destination)] = result
    }
    return registers
  }
}
