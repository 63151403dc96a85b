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
      ? RandomNest(shape: [3, 130, 150])
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
    for (rows, columns) in [(1, 1), (2, 3), (31, 33), (32, 32), (64, 65), (200, 333)] {
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
