import CKernels
import Testing

/// The plain matrix product: every type, edges of the register tiles, all four layouts, a bias, and
/// extents beyond a packed panel and beyond one thread.
@Suite(.serialized) struct KernelMatMulTests {
  static let sizes = [
    (1, 1, 1), (8, 1, 1), (4, 1, 40), (3, 5, 7), (4, 16, 3), (5, 33, 2), (8, 64, 8), (9, 70, 31),
    (6, 40, 300), (2, 3, 0), (2, 33, 256), (3, 33, 257), (130, 65, 40),
    (5, 1, 15), (9, 1, 64), (3, 1, 200),
  ]

  @Test(arguments: KernelDType.all)
  func productsEqualPlainLoops(dtype: KernelDType) {
    var random = KernelRandom(seed: 500 + UInt64(dtype.rawValue))
    forEachLevel { level in
      for (m, n, k) in Self.sizes {
        for layout in 0..<4 {
          let aLayout = layout & 1 == 0 ? (k + layout, 1) : (1, m + 1)
          let bLayout = layout & 2 == 0 ? (n + 1, 1) : (1, k + 2)
          let a = random.moderate(dtype, count: (m + 2) * (k + 4))
          let b = random.moderate(dtype, count: (k + 4) * (n + 2))
          let bias = random.moderate(dtype, count: n)
          let isBiased = random.below(2) == 0
          let out = KernelMemory(dtype, count: m * n)
          slope_matmul(
            dtype, out.pointer, a.pointer, b.pointer, isBiased ? bias.pointer : nil, Int64(m),
            Int64(n), Int64(k), Int64(aLayout.0), Int64(aLayout.1), Int64(bLayout.0),
            Int64(bLayout.1), layout == 1 || isBiased)
          let wrong = (0..<m * n).first { place in
            let (i, j) = (place / n, place % n)
            let pairs = (0..<k).map { p in
              (a.number(i * aLayout.0 + p * aLayout.1), b.number(p * bLayout.0 + j * bLayout.1))
            }
            return !allows(out[place], dtype, pairs, isBiased ? bias.number(j) : nil)
          }
          #expect(
            wrong == nil, "\(dtype), level \(level), \(m)x\(n)x\(k), layout \(layout), \(isBiased)")
          #expect(out.isIntact)
        }
      }
    }
  }

  private func allows(
    _ bits: UInt64, _ dtype: KernelDType, _ pairs: [(KernelNumber, KernelNumber)],
    _ bias: KernelNumber?
  ) -> Bool {
    if dtype == .bool {
      let isTrue = pairs.contains { $0.integer != 0 && $1.integer != 0 } || bias?.integer == 1
      return bits == (isTrue ? 1 : 0)
    }
    if !dtype.isFloating {
      var sum = UInt64(truncatingIfNeeded: bias?.integer ?? 0)
      for (x, y) in pairs {
        sum &+= UInt64(truncatingIfNeeded: x.integer) &* UInt64(truncatingIfNeeded: y.integer)
      }
      return bits == dtype.mask(sum)
    }
    var (sum, magnitude) = (bias?.double ?? 0, bias?.double.magnitude ?? 0)
    for (x, y) in pairs {
      sum += x.double * y.double
      magnitude += (x.double * y.double).magnitude
    }
    let tolerance = magnitude * (dtype == .float64 ? 1e-14 : 1e-5)
    let low = dtype.number(dtype.cast(.floating(sum - tolerance))).double
    let high = dtype.number(dtype.cast(.floating(sum + tolerance))).double
    let result = dtype.number(bits).double
    return result >= low && result <= high
  }

  @Test func contractByHand() {
    let a = KernelMemory(.int8, [100, 100])
    let b = KernelMemory(.int8, [2, 2])
    let out = KernelMemory(.int8, count: 1)
    slope_matmul(.int8, out.pointer, a.pointer, b.pointer, nil, 1, 1, 2, 2, 1, 1, 1, false)
    #expect(out.number(0).integer == -112)
  }
}
