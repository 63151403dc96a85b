import CKernels
import Testing

/// Equally spaced numbers of every type, in more than a tile and in more than a block of parallel
/// work, against numbers computed one by one.
@Suite(.serialized) struct KernelRangeTests {
  static let counts = [0, 1, 7, 511, 512, 513, 1 << 15, 70_001]

  @Test(arguments: KernelDType.all.filter(\.isFloating))
  func floatsAreReckonedInDouble(dtype: KernelDType) {
    forEachLevel { level in
      for (base, step, first) in [(0, 1, 0), (-3.7, 0.01, 0), (1e30, -1e28, -5), (2, 0.1, -70_000)]
      {
        for count in Self.counts {
          let out = KernelMemory(dtype, count: count)
          slope_range(dtype, out.pointer, base, step, Int64(first), Int64(count))
          let wrong = (0..<count).first { index in
            !dtype.same(out[index], dtype.cast(.floating(base + Double(first + index) * step)))
          }
          #expect(wrong == nil, "level \(level): \(base), \(step), \(first), \(count)")
          #expect(out.isIntact)
        }
      }
    }
  }

  @Test(arguments: KernelDType.integers)
  func integersKeepTheirLowBits(dtype: KernelDType) {
    let ranges: [(UInt64, UInt64)] = [
      (0, 1), (250, 3), (.max - 9, 1), (5, 0 &- 7), (1 << 63, 1 << 40),
    ]
    for (base, step) in ranges {
      for count in Self.counts {
        let out = KernelMemory(dtype, count: count)
        slope_integer_range(dtype, out.pointer, base, step, Int64(count))
        let wrong = (0..<count).first { index in
          out[index] != dtype.mask(base &+ UInt64(index) &* step)
        }
        #expect(wrong == nil, "\(base), \(step), \(count)")
        #expect(out.isIntact)
      }
    }
  }
}
