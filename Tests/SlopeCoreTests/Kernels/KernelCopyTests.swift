import CKernels
import Testing

/// Strided copies (runs, broadcasts, transposes), copies into strided memory, and fills.
@Suite(.serialized) struct KernelCopyTests {
  static let sizes: [KernelDType] = [.uint8, .uint16, .float32, .uint64]

  @Test(arguments: 0..<100)
  func randomNestsAreCopied(seed: Int) {
    var random = KernelRandom(seed: UInt64(seed) + 300)
    let dtype = Self.sizes[seed % 4]
    let nest =
      seed % 25 == 0
      ? RandomNest(shape: [3, 130, 260])
      : RandomNest(
        &random, rank: random.below(5), extents: [1, 2, 3, 31, 32, 33, 65, 100], limit: 20_000)
    let operand = KernelOperand(&random, nest, dtype)
    let strides = operand.strides ?? contiguousStrides(nest.shape)
    let out = KernelMemory(dtype, count: nest.count)
    slope_copy(
      out.pointer, operand.operand.data ?? out.pointer, Int32(dtype.byteCount),
      Int32(nest.shape.count), nest.shape64, strides.map(Int64.init))
    let wrong = (0..<nest.count).first { index in
      out[index] != operand.memory[nest.place(index, strides, operand.offset)]
    }
    #expect(wrong == nil, "\(nest.shape) with \(strides)")
    #expect(out.isIntact)
  }

  @Test(arguments: sizes)
  func matricesAreTransposed(dtype: KernelDType) {
    for (rows, columns) in [
      (1, 1), (2, 3), (31, 33), (32, 32), (64, 65), (128, 128), (257, 255), (200, 333),
    ] {
      let source = KernelMemory(
        dtype, (0..<rows * columns).map { KernelNumber.integer(Int128($0 % 251)) })
      let out = KernelMemory(dtype, count: rows * columns)
      slope_copy(
        out.pointer, source.pointer, Int32(dtype.byteCount), 2, [Int64(columns), Int64(rows)],
        [1, Int64(columns)])
      let isTransposed = (0..<rows * columns).allSatisfy {
        out[$0] == source[$0 % rows * columns + $0 / rows]
      }
      #expect(isTransposed, "\(rows) by \(columns)")
      #expect(out.isIntact)
    }
  }

  @Test(arguments: 0..<60)
  func randomNestsAreCopiedIntoStridedMemory(seed: Int) {
    var random = KernelRandom(seed: UInt64(seed) + 900)
    let dtype = Self.sizes[seed % 4]
    let nest = RandomNest(
      &random, rank: random.below(5), extents: [1, 2, 3, 17, 40], limit: 5000)
    let source = KernelOperand(&random, nest, dtype)
    let from = source.strides ?? contiguousStrides(nest.shape)
    // Every second element along the last axis of a larger block.
    let to = contiguousStrides(nest.shape).map { $0 * 2 }
    let out = KernelMemory(dtype, count: nest.count * 2 + 1)
    let before = KernelMemory(copy: out)
    slope_copy_into(
      out.pointer + dtype.byteCount, to.map(Int64.init), source.operand.data ?? out.pointer,
      from.map(Int64.init), Int32(dtype.byteCount), Int32(nest.shape.count), nest.shape64)
    let isCopied = (0..<nest.count).allSatisfy { index in
      out[2 * index + 1] == source.memory[nest.place(index, from, source.offset)]
        && out[2 * index] == before[2 * index]
    }
    #expect(isCopied)
    #expect(out.isIntact)
  }

  /// Rows with a gap after them, one element shorter than a tile or a block; windows that overlap.
  @Test func runsEndWithTheirRow() {
    let source = KernelMemory(.float32, (0..<100_000).map { Double($0) })
    for (rows, columns, stride) in [(3, 1023, 1030), (2, 32_767, 40_000), (5, 3, 1), (7, 2, 3)] {
      let count = rows * columns
      let expected = (0..<count).map { Double($0 / columns * stride + $0 % columns) }
      let strides = [Int64(stride), 1]
      let copied = KernelMemory(.float32, count: count)
      slope_copy(
        copied.pointer, source.pointer, 4, 2, [Int64(rows), Int64(columns)], strides)
      #expect((0..<count).allSatisfy { copied.number($0).double == expected[$0] })
      let operand = KernelOperand(source, strides: [stride, 1])
      let added = KernelMemory(.float32, count: count)
      add(operand, copied, added, shape: [Int64(rows), Int64(columns)])
      #expect((0..<count).allSatisfy { added.number($0).double == 2 * expected[$0] })
      #expect(copied.isIntact && added.isIntact)
    }
  }

  private func add(
    _ a: KernelOperand, _ b: KernelMemory, _ out: KernelMemory, shape: [Int64]
  ) {
    var step = SlopeInstruction(primitive: .add, destination: 2, a: 0, b: 1, c: 0)
    var register: UInt16 = 2
    var output = out.operand
    withUnsafePointer(to: &step) { instructions in
      withUnsafePointer(to: &register) { outputs in
        var program = SlopeProgram(
          compute: .float32, inputCount: 2, scalarCount: 0, constantCount: 0, temporaryCount: 1,
          outputCount: 1, instructionCount: 1, instructions: instructions, constants: nil,
          outputs: outputs)
        slope_pointwise(&program, [a.operand, b.operand], nil, &output, 2, shape)
      }
    }
  }

  private func contiguousStrides(_ shape: [Int]) -> [Int] {
    var strides: [Int] = []
    var step = 1
    for extent in shape.reversed() {
      strides.insert(step, at: 0)
      step *= extent
    }
    return strides
  }

  @Test(arguments: sizes)
  func fillsRepeatTheLowBytes(dtype: KernelDType) {
    for count in [0, 1, 7, 1025, 70_001] {
      let memory = KernelMemory(dtype, count: count)
      slope_fill(memory.pointer, Int32(dtype.byteCount), 0x1122_3344_5566_7788, Int64(count))
      let expected = dtype.mask(0x1122_3344_5566_7788)
      #expect((0..<count).allSatisfy { memory[$0] == expected })
      #expect(memory.isIntact)
    }
  }
}
