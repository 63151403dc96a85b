import CKernels
import Testing

/// Reductions against plain loops: random nests and strides of every type, rows and columns, one
/// result and many, with and without a prologue; and the rules for NaN, ties and empty input.
@Suite(.serialized) struct KernelReductionTests {
  static let kinds: [KernelReduction] = [
    .sum, .mean, .product, .maximum, .minimum, .argMaximum, .argMinimum,
  ]

  @Test(arguments: 0..<160)
  func randomReductionsEqualPlainLoops(seed: Int) {
    var random = KernelRandom(seed: UInt64(seed) + 7000)
    let dtype = KernelDType.all[seed % 13]
    let kind = Self.kinds[random.below(7)]
    var nest = RandomNest(
      &random, rank: 1 + random.below(4), extents: [1, 2, 3, 5, 8, 17, 64, 130, 1030], limit: 5000)
    // Long rows, wide lines and narrow columns, more than one thread processes.
    if seed % 10 == 3 { nest = RandomNest(shape: [1 + random.below(3), 70_000]) }
    if seed % 10 == 6 { nest = RandomNest(shape: [1 + random.below(1500), 60]) }
    let reducedRank = seed % 10 == 3 ? 1 : random.below(nest.shape.count + 1)
    let operand = KernelOperand(&random, nest, dtype, moderate: true)
    check(kind, nest, reducedRank, operand, prologue: random.below(2) == 0)
  }

  @Test(arguments: kinds)
  func columnsOfEveryShape(kind: KernelReduction) {
    var random = KernelRandom(seed: UInt64(kind.rawValue) + 60)
    for dtype in [KernelDType.float32, .float64, .int8, .uint16, .int64] {
      for (rows, columns) in [(4, 3), (130, 7), (65, 1024), (131, 1500), (30_000, 3), (3, 9000)] {
        // [columns, rows] with the columns contiguous: the sum of a matrix over its rows.
        let memory = random.moderate(dtype, count: rows * columns)
        let strides = [1, columns]
        let nest = RandomNest(shape: [columns, rows])
        let operand = KernelOperand(memory, strides: strides)
        check(kind, nest, 1, operand, prologue: rows == 65)
      }
    }
  }

  private func check(
    _ kind: KernelReduction, _ nest: RandomNest, _ reducedRank: Int, _ operand: KernelOperand,
    prologue: Bool
  ) {
    let dtype = operand.memory.dtype
    let compute = dtype.compute
    let keptRank = nest.shape.count - reducedRank
    let kept = nest.shape[..<keptRank].reduce(1, *)
    let reduced = nest.shape[keptRank...].reduce(1, *)
    let result = resultType(kind, dtype)
    let out = KernelMemory(result, count: kept)
    reduce(kind, operand.operand, compute, out, nest.shape, reducedRank, prologue: prologue)
    #expect(out.isIntact)
    let threads = slope_thread_count()
    slope_set_thread_count(threads == 1 ? 3 : 1)
    let again = KernelMemory(result, count: kept)
    reduce(kind, operand.operand, compute, again, nest.shape, reducedRank, prologue: prologue)
    slope_set_thread_count(threads)
    let isSame = out.allBits == again.allBits
    #expect(isSame, "threads change \(kind) of \(dtype)")
    for k in 0..<kept {
      let numbers = (0..<reduced).map { r in
        let place = nest.place(k * reduced + r, operand.strides, operand.offset)
        let number = compute.number(compute.cast(operand.memory.number(place)))
        return prologue ? compute.number(compute.cast(negated(number))) : number
      }
      let expected = KernelReductionReference.reduce(kind, numbers, compute)
      guard !expected.allows(out[k], result) else { continue }
      Issue.record(
        """
        \(kind) of \(dtype), \(nest.shape) over the last \(reducedRank), strides \
        \(String(describing: operand.strides)), prologue \(prologue): result \(k) is \
        \(out.number(k)), not \(expected.value)
        """)
      return
    }
  }

  private func negated(_ number: KernelNumber) -> KernelNumber {
    switch number {
    case .integer(let value): .integer(-value)
    case .floating(let value): .floating(-value)
    }
  }

  private func resultType(_ kind: KernelReduction, _ dtype: KernelDType) -> KernelDType {
    switch kind {
    case .argMaximum, .argMinimum: .int64
    case .maximum, .minimum: dtype.isFloating ? dtype : dtype.compute
    case .mean: dtype.isFloating ? dtype : .float64
    case .sum, .product: dtype.isFloating ? dtype : dtype == .uint64 ? .uint64 : .int64
    }
  }

  private func reduce(
    _ kind: KernelReduction, _ operand: SlopeOperand, _ compute: KernelDType, _ out: KernelMemory,
    _ shape: [Int], _ reducedRank: Int, prologue: Bool
  ) {
    var input = operand
    var output = out.operand
    let extents = shape.map(Int64.init)
    var step = SlopeInstruction(primitive: .negate, destination: 1, a: 0, b: 0, c: 0)
    var register: UInt16 = 1
    withUnsafePointer(to: &step) { instructions in
      withUnsafePointer(to: &register) { outputs in
        var program = SlopeProgram(
          compute: compute, inputCount: 1, scalarCount: 0, constantCount: 0, temporaryCount: 1,
          outputCount: 1, instructionCount: 1, instructions: instructions, constants: nil,
          outputs: outputs)
        withUnsafePointer(to: &program) { pointer in
          slope_reduce(
            kind, prologue ? pointer : nil, &input, nil, &output, Int32(shape.count),
            Int32(reducedRank), extents)
        }
      }
    }
  }

  private func reduced(_ kind: KernelReduction, _ numbers: [Double], _ result: KernelDType)
    -> Double
  {
    let memory = KernelMemory(.float32, numbers)
    let out = KernelMemory(result, count: 1)
    reduce(kind, memory.operand, .float32, out, [numbers.count], 1, prologue: false)
    return out.number(0).double
  }

  @Test func nothingHasItsNeutralResults() {
    #expect(reduced(.sum, [], .float32) == 0)
    #expect(reduced(.mean, [], .float32).isNaN)
    #expect(reduced(.product, [], .float32) == 1)
  }

  @Test(arguments: [3, 16, 17, 40, 1500, 70_000])
  func firstOfEqualsAndFirstNaNWin(count: Int) {
    for first in [0, 1, count / 2, count - 2] where first >= 0 && first < count - 1 {
      var numbers = [Double](repeating: 1, count: count)
      numbers[first] = 5
      numbers[count - 1] = 5
      #expect(reduced(.argMaximum, numbers, .int64) == Double(first))
      #expect(reduced(.argMinimum, numbers.map { -$0 }, .int64) == Double(first))
      numbers[first] = .nan
      #expect(reduced(.argMaximum, numbers, .int64) == Double(first))
      #expect(reduced(.argMinimum, numbers, .int64) == Double(first))
      #expect(reduced(.maximum, numbers, .float32).isNaN)
      #expect(reduced(.minimum, numbers, .float32).isNaN)
      numbers[count - 1] = .nan
      #expect(reduced(.argMaximum, numbers, .int64) == Double(first))
    }
    // Two NaNs in a column, and in a column of two blocks.
    for rows in [3, count] {
      let memory = KernelMemory(.float32, [Double](repeating: 1, count: 2 * rows))
      for row in [1, rows - 1] { memory[2 * row] = UInt64(Float.nan.bitPattern) }
      let columns = KernelOperand(memory, strides: [1, 2])
      let places = KernelMemory(.int64, count: 2)
      for kind in [KernelReduction.argMaximum, .argMinimum] {
        withExtendedLifetime(columns) {
          reduce(kind, columns.operand, .float32, places, [2, rows], 1, prologue: false)
        }
        #expect(places.doubles == [1, 0], "\(kind) of \(rows)")
      }
    }
    let infinite = [-Double.infinity] + [Double](repeating: -.infinity, count: count - 1)
    #expect(reduced(.argMaximum, infinite, .int64) == 0)
    #expect(reduced(.sum, infinite, .float32) == -.infinity)
  }

  @Test func longSumsKeepTheirDigits() {
    let count = 1_000_000
    let tenth = KernelMemory(.float32, [Double](repeating: 0.1, count: count))
    let out = KernelMemory(.float32, count: 1)
    reduce(.sum, tenth.operand, .float32, out, [count], 1, prologue: false)
    #expect((out.number(0).double - 1e5).magnitude < 0.1)
    // A large number that cancels leaves the contributions of the other tiles intact.
    let zeros = [Double](repeating: 0, count: 1023)
    let numbers = [1e20] + zeros + [Double](repeating: 0.5, count: 4096) + zeros + [-1e20]
    let wide = KernelMemory(.float64, numbers)
    let total = KernelMemory(.float64, count: 1)
    reduce(.sum, wide.operand, .float64, total, [numbers.count], 1, prologue: false)
    #expect(total.number(0).double == 2048)
    // And those of the other blocks, which several threads add up.
    let many = [1e20] + zeros + [Double](repeating: 0.5, count: 131_072) + zeros + [-1e20]
    let long = KernelMemory(.float64, many)
    reduce(.sum, long.operand, .float64, total, [many.count], 1, prologue: false)
    #expect(total.number(0).double == 65_536)
    // The same in two columns, where every row is compensated.
    let columns = KernelMemory(.float64, [1e20, 1, 0.5, 1, 0.25, 1, -1e20, 1])
    let sums = KernelMemory(.float64, count: 2)
    let operand = KernelOperand(columns, strides: [1, 2])
    withExtendedLifetime(operand) {
      reduce(.sum, operand.operand, .float64, sums, [2, 4], 1, prologue: false)
    }
    #expect(sums.doubles == [0.75, 4])
    // Columns of several blocks: the error within a block, and that of adding up blocks.
    let rows = 131_072
    // Double compensates each row, Float only the sums of blocks, so that for Float the halves are
    // in other blocks than the large numbers.
    for (dtype, edge, beside) in [(KernelDType.float64, 1024, 0.25), (.float32, 20_000, 0)] {
      var tall = [Double](repeating: 1, count: 2 * rows)
      for row in 0..<rows { tall[2 * row] = row < edge || row >= rows - edge ? 0 : 0.5 }
      (tall[0], tall[2]) = (1e20, beside)
      (tall[2 * rows - 4], tall[2 * rows - 2]) = (beside, -1e20)
      let merged = KernelOperand(KernelMemory(dtype, tall), strides: [1, 2])
      let expected = Double(rows - 2 * edge) / 2 + 2 * beside
      for (kind, divisor) in [(KernelReduction.sum, 1.0), (.mean, Double(rows))] {
        let result = KernelMemory(.float64, count: 2)
        withExtendedLifetime(merged) {
          reduce(kind, merged.operand, dtype, result, [2, rows], 1, prologue: false)
        }
        #expect(result.doubles == [expected / divisor, Double(rows) / divisor])
      }
    }
    let ones = KernelMemory(.bfloat16, [Double](repeating: 1, count: 1000))
    let thousand = KernelMemory(.bfloat16, count: 1)
    reduce(.sum, ones.operand, .float32, thousand, [1000], 1, prologue: false)
    #expect(thousand.number(0).double == 1000)
    let bytes = KernelMemory(.uint8, [200, 200, 200])
    let sum = KernelMemory(.int64, count: 1)
    reduce(.sum, bytes.operand, .uint8, sum, [3], 1, prologue: false)
    #expect(sum.number(0).integer == 600)
  }
}
