import CKernels
import Testing

/// Register programs: random ones against an elementwise evaluation, and by hand the cases that
/// decide whether an update in place reads before it writes.
@Suite(.serialized) struct KernelProgramTests {
  @Test(arguments: 0..<120)
  func randomProgramsEqualTheirElements(seed: Int) {
    var random = KernelRandom(seed: UInt64(seed) + 1000)
    var program = RandomProgram(&random)
    program.check(&random)
  }

  /// Runs `instructions` on Float vectors, and writes output `o` over `targets[o]`.
  private func run(
    _ instructions: [SlopeInstruction], inputs: [KernelMemory], outputs: [UInt16],
    over targets: [KernelMemory], temporaries: UInt16 = 4
  ) {
    let shape = [Int64(targets[0].count)]
    let operands = inputs.map(\.operand)
    let results = targets.map(\.operand)
    instructions.withUnsafeBufferPointer { steps in
      outputs.withUnsafeBufferPointer { numbers in
        guard let first = numbers.baseAddress else { return }
        var program = SlopeProgram(
          compute: .float32, inputCount: UInt16(inputs.count), scalarCount: 0, constantCount: 0,
          temporaryCount: temporaries, outputCount: UInt16(outputs.count),
          instructionCount: UInt16(instructions.count), instructions: steps.baseAddress,
          constants: nil, outputs: first)
        slope_pointwise(&program, operands, nil, results, 1, shape)
      }
    }
  }

  private func step(
    _ primitive: Primitive, _ destination: UInt16, _ a: UInt16, _ b: UInt16 = 0, _ c: UInt16 = 0
  ) -> SlopeInstruction {
    SlopeInstruction(primitive: primitive, destination: destination, a: a, b: b, c: c)
  }

  static let lengths = [1, 5, 1023, 1024, 1025, 5000, 70_000]

  @Test(arguments: lengths)
  func inputsSwapInPlace(count: Int) {
    let x = KernelMemory(.float32, (0..<count).map { Double($0) })
    let y = KernelMemory(.float32, (0..<count).map { Double(-$0) - 1 })
    run([], inputs: [x, y], outputs: [1, 0], over: [x, y])
    #expect((0..<count).allSatisfy { x.number($0).double == Double(-$0) - 1 })
    #expect((0..<count).allSatisfy { y.number($0).double == Double($0) })
    #expect(x.isIntact && y.isIntact)
  }

  @Test(arguments: lengths)
  func anInputReadAfterItsUpdateIsTheOldOne(count: Int) {
    // x <- x + 1·y; z <- x(old) · y
    let x = KernelMemory(.float32, (0..<count).map { Double($0 % 100) })
    let y = KernelMemory(.float32, [Double](repeating: 2, count: count))
    let z = KernelMemory(.float32, count: count)
    run(
      [step(.add, 2, 0, 1), step(.multiply, 3, 0, 1)], inputs: [x, y], outputs: [2, 3],
      over: [x, z])
    #expect((0..<count).allSatisfy { x.number($0).double == Double($0 % 100) + 2 })
    #expect((0..<count).allSatisfy { z.number($0).double == Double($0 % 100) * 2 })
    #expect(x.isIntact && z.isIntact)
  }

  @Test(arguments: lengths)
  func theOldValueCanBeAnOutputBesideTheNew(count: Int) {
    let x = KernelMemory(.float32, (0..<count).map { Double($0 % 100) })
    let old = KernelMemory(.float32, count: count)
    run([step(.square, 1, 0)], inputs: [x], outputs: [1, 0], over: [x, old])
    #expect((0..<count).allSatisfy { old.number($0).double == Double($0 % 100) })
    let squares = (0..<count).allSatisfy {
      x.number($0).double == Double($0 % 100) * Double($0 % 100)
    }
    #expect(squares)
  }

  @Test(arguments: lengths)
  func aRegisterCanBeStoredTwiceAndReused(count: Int) {
    let x = KernelMemory(.float32, (0..<count).map { Double($0 % 100) })
    let first = KernelMemory(.float32, count: count)
    let second = KernelMemory(.float32, count: count)
    // The register of the result holds another number first.
    run(
      [step(.square, 1, 0), step(.add, 1, 1, 0)], inputs: [x], outputs: [1, 1],
      over: [first, second])
    let expected = (0..<count).map { Double($0 % 100) * Double($0 % 100 + 1) }
    #expect((0..<count).allSatisfy { first.number($0).double == expected[$0] })
    #expect((0..<count).allSatisfy { second.number($0).double == expected[$0] })
    // In place, the first write to that register must not reach x, which is read again.
    run([step(.square, 1, 0), step(.add, 1, 1, 0)], inputs: [x], outputs: [1], over: [x])
    #expect((0..<count).allSatisfy { x.number($0).double == expected[$0] })
    #expect(x.isIntact && first.isIntact && second.isIntact)
  }

  @Test func threadsDoNotChangeResults() {
    let count = 300_007
    var random = KernelRandom(seed: 3)
    let a = random.moderate(.float32, count: count)
    let b = random.moderate(.float32, count: count)
    var results: [[UInt64]] = []
    for threads in [Int32(1), 2, 5] {
      slope_set_thread_count(threads)
      let out = KernelMemory(.float32, count: count)
      run(
        [step(.multiply, 2, 0, 1), step(.sigmoid, 3, 2), step(.add, 3, 3, 0)], inputs: [a, b],
        outputs: [3], over: [out])
      results.append(out.allBits)
      #expect(out.isIntact)
    }
    slope_set_thread_count(2)
    let isSame = results[0] == results[1] && results[1] == results[2]
    #expect(isSame)
    let sample = Swift.stride(from: 0, to: count, by: 997).allSatisfy { index in
      let x = Float(a.number(index).double)
      let y = Float(b.number(index).double)
      var (product, sigmoid) = (x * y, Float(0))
      slope_apply(.sigmoid, .float32, &sigmoid, &product, nil, nil, 1)
      return Float(bitPattern: UInt32(results[0][index])) == sigmoid + x
    }
    #expect(sample)
  }

  @Test func singleInstructionsAreShared() {
    let count = 200_003
    let a = KernelMemory(.int32, (0..<count).map { KernelNumber.integer(Int128($0)) })
    let out = KernelMemory(.int32, count: count)
    let operands = [a.operand, a.operand]
    let results = [out.operand]
    var shape = [Int64(count)]
    let outputs: [UInt16] = [2]
    let steps = [step(.add, 2, 0, 1)]
    outputs.withUnsafeBufferPointer { numbers in
      steps.withUnsafeBufferPointer { instructions in
        guard let first = numbers.baseAddress else { return }
        var program = SlopeProgram(
          compute: .int32, inputCount: 2, scalarCount: 0, constantCount: 0, temporaryCount: 1,
          outputCount: 1, instructionCount: 1, instructions: instructions.baseAddress,
          constants: nil, outputs: first)
        slope_pointwise(&program, operands, nil, results, 1, &shape)
      }
    }
    #expect((0..<count).allSatisfy { out[$0] == UInt64(2 * $0) })
    #expect(out.isIntact)
  }
}
