import CKernels
import Glibc
import Testing

/// Softmax, gather, scatter and the check of indices.
@Suite(.serialized) struct KernelRowsTests {
  static let floating: [KernelDType] = [.float16, .bfloat16, .float32, .float64]
  private static let units: [KernelDType: Double] = [
    .float16: 4.95e-4, .bfloat16: 3.95e-3, .float32: 2e-6, .float64: 4e-15,
  ]

  @Test(arguments: floating)
  func softmaxEqualsItsDefinition(dtype: KernelDType) {
    var random = KernelRandom(seed: UInt64(dtype.rawValue))
    forEachLevel { level in
      for (rows, count) in [
        (1, 1), (3, 2), (300, 7), (5, 16), (9, 33), (17, 63), (3, 64), (5, 65), (2, 1025),
        (40, 999), (2, 8192), (2, 8193),
      ] {
        let source = random.moderate(dtype, count: rows * count)
        if rows > 2 { source[1] = dtype.cast(.floating(-.infinity)) }
        for logarithm in [false, true] {
          let out = KernelMemory(dtype, count: rows * count)
          slope_softmax(
            logarithm, dtype, out.pointer, source.pointer, Int64(rows), Int64(count))
          let error = worstError(source, out, rows, count, logarithm: logarithm)
          let unit = Self.units[dtype] ?? 0
          #expect(error <= unit, "\(dtype) level \(level) [\(rows), \(count)] log \(logarithm)")
          #expect(out.isIntact)
        }
      }
    }
  }

  /// The greatest error, relative above 1 and to the smallest normal number below.
  private func worstError(
    _ source: KernelMemory, _ out: KernelMemory, _ rows: Int, _ count: Int, logarithm: Bool
  ) -> Double {
    let tiny = source.dtype == .float16 ? 0x1p-14 : 1e-30
    var worst = 0.0
    for row in 0..<rows {
      let x = (0..<count).map { WideFloat(source.number(row * count + $0).double) }
      let top = x.max() ?? 0
      let total = x.reduce(0) { $0 + exp($1 - top) }
      for column in 0..<count {
        let exact = logarithm ? x[column] - top - log(total) : exp(x[column] - top) / total
        let result = WideFloat(out.number(row * count + column).double)
        if exact == result { continue }
        // Near 0 a logarithm keeps the absolute accuracy of log(total).
        let scale = max(exact.magnitude, WideFloat(logarithm ? 1 : tiny))
        let error = (result - exact).magnitude / scale
        worst = max(worst, error.isNaN ? .infinity : Double(error))
      }
    }
    return worst
  }

  @Test(arguments: floating)
  func softmaxCarriesWhatItCannotNormalise(dtype: KernelDType) {
    for count in [3, 1500] {
      for special in [Double.nan, .infinity] {
        var numbers = [Double](repeating: 1, count: count)
        numbers[count - 1] = special
        #expect(softmax(numbers, dtype).allSatisfy { $0.isNaN })
      }
      let none = [Double](repeating: -.infinity, count: count)
      #expect(softmax(none, dtype).allSatisfy { $0.isNaN })
    }
    #expect(softmax([1000, 0, -1000], dtype) == [1, 0, 0])
    #expect(softmax([1000, 0], dtype, logarithm: true) == [0, -1000])
  }

  private func softmax(_ numbers: [Double], _ dtype: KernelDType, logarithm: Bool = false)
    -> [Double]
  {
    let source = KernelMemory(dtype, numbers)
    let out = KernelMemory(dtype, count: numbers.count)
    slope_softmax(logarithm, dtype, out.pointer, source.pointer, 1, Int64(numbers.count))
    return out.doubles
  }

  @Test(arguments: [1, 2, 3, 4, 8, 12, 300])
  func gatherTakesWholeRows(inner: Int) {
    var random = KernelRandom(seed: UInt64(inner))
    for (outer, extent, count) in [(1, 5, 7), (3, 4, 9), (2, 1000, 50_000 / (inner + 8))] {
      let source = random.memory(.uint8, count: outer * extent * inner)
      let indices = KernelMemory(
        .int64, (0..<count).map { _ in KernelNumber.integer(Int128(random.below(extent))) })
      let out = KernelMemory(.uint8, count: outer * count * inner)
      slope_gather(
        out.pointer, source.pointer, indices.pointer.assumingMemoryBound(to: Int64.self),
        Int64(outer), Int64(extent), Int64(count), Int64(inner))
      let isRight = (0..<out.count).allSatisfy { place in
        let (row, byte) = (place / inner, place % inner)
        let (group, index) = (row / count, Int(indices[row % count]))
        return out[place] == source[(group * extent + index) * inner + byte]
      }
      #expect(isRight)
      #expect(out.isIntact)
    }
  }

  /// Rows of bytes begin at odd addresses, those of 16 bits at even ones, for any size of a row.
  ///
  /// On most processors only UndefinedBehaviorSanitizer notices a wrong move.
  @Test(arguments: [1, 2, 3, 4, 6, 8, 12], [1, 2, 4])
  func gatherTakesRowsAtAnyPlace(inner: Int, offset: Int) {
    let (extent, count) = (9, 20)
    let bytes = KernelMemory(
      .uint8, (0..<extent * inner + offset).map { KernelNumber.integer(Int128($0 % 251)) })
    let places = (0..<count).map { $0 * 7 % extent }
    let indices = KernelMemory(.int64, places.map { KernelNumber.integer(Int128($0)) })
    let out = KernelMemory(.uint8, count: count * inner + offset)
    slope_gather(
      out.pointer + offset, bytes.pointer + offset,
      indices.pointer.assumingMemoryBound(to: Int64.self), 1, Int64(extent), Int64(count),
      Int64(inner))
    let isRight = (0..<count * inner).allSatisfy {
      Int(out[offset + $0]) == (offset + places[$0 / inner] * inner + $0 % inner) % 251
    }
    #expect(isRight && out.isIntact)
  }

  @Test(arguments: KernelDType.all)
  func scatterAddsInOrder(dtype: KernelDType) {
    var random = KernelRandom(seed: 70 + UInt64(dtype.rawValue))
    for (outer, extent, count, inner) in [(1, 3, 40, 1), (3, 5, 17, 4), (1, 4, 200, 300)] {
      let source = random.moderate(dtype, count: outer * count * inner)
      let target = random.moderate(dtype, count: outer * extent * inner)
      let expected = KernelMemory(copy: target)
      let indices = KernelMemory(
        .int64, (0..<count).map { _ in KernelNumber.integer(Int128(random.below(extent))) })
      for place in 0..<source.count {
        let (row, column) = (place / inner, place % inner)
        let at = (row / count * extent + Int(indices[row % count])) * inner + column
        var (a, b) = (expected[at], source[place])
        var sum: UInt64 = 0
        slope_apply(dtype == .bool ? .logicalOr : .add, dtype, &sum, &a, &b, nil, 1)
        expected[at] = sum
      }
      slope_scatter_add(
        dtype, target.pointer, source.pointer,
        indices.pointer.assumingMemoryBound(to: Int64.self), Int64(outer), Int64(extent),
        Int64(count), Int64(inner))
      let wrong = (0..<target.count).first { !dtype.same(target[$0], expected[$0]) }
      #expect(wrong == nil, "\(dtype) [\(outer), \(extent), \(count), \(inner)]")
      #expect(target.isIntact)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 8, 24, 256, 1000])
  func scatterWritesInOrder(inner: Int) {
    var random = KernelRandom(seed: 80 + UInt64(inner))
    for (outer, extent, count) in [
      (1, 5, 17), (3, 4, 9), (2, 500, 50_000 / (inner + 8)), (1, 9, 400),
    ] {
      let source = random.memory(.uint8, count: outer * count * inner)
      let target = random.memory(.uint8, count: outer * extent * inner)
      let expected = KernelMemory(copy: target)
      let indices = KernelMemory(
        .int64, (0..<count).map { _ in KernelNumber.integer(Int128(random.below(extent))) })
      for place in 0..<source.count {
        let (row, byte) = (place / inner, place % inner)
        expected[(row / count * extent + Int(indices[row % count])) * inner + byte] = source[place]
      }
      slope_scatter(
        target.pointer, source.pointer, indices.pointer.assumingMemoryBound(to: Int64.self),
        Int64(outer), Int64(extent), Int64(count), Int64(inner))
      #expect((0..<target.count).allSatisfy { target[$0] == expected[$0] }, "\(outer), \(inner)")
      #expect(target.isIntact)
    }
  }

  @Test(arguments: KernelDType.integers)
  func theFirstBadIndexIsFound(dtype: KernelDType) {
    let bound = Int128(100)
    for count in [1, 9, 1000] {
      let good = KernelMemory(
        dtype, (0..<count).map { KernelNumber.integer(Int128($0) % bound) })
      #expect(slope_find_bad_index(dtype, good.pointer, Int64(count), 100) == -1)
      var bad: [Int128] = [bound, dtype.range.upperBound]
      if dtype.isSigned { bad += [-1, dtype.range.lowerBound] }
      for value in bad {
        for place in [0, count / 2, count - 1] {
          let memory = KernelMemory(copy: good)
          memory[place] = dtype.cast(.integer(value))
          memory[count - 1] = dtype.cast(.integer(value))
          #expect(slope_find_bad_index(dtype, memory.pointer, Int64(count), 100) == Int64(place))
        }
      }
    }
    let none = KernelMemory(dtype, count: 1)
    #expect(slope_find_bad_index(dtype, none.pointer, 0, 100) == -1)
  }
}
