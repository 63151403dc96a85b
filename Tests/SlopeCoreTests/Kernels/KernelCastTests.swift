import CKernels
import Testing

/// All 169 pairs of types against a plain reference, and every 16-bit float.
@Suite(.serialized) struct KernelCastTests {
  @Test(arguments: KernelDType.all)
  func everyTypeCastsToEveryType(source: KernelDType) {
    var random = KernelRandom(seed: 40 + UInt64(source.rawValue))
    forEachLevel { level in
      for destination in KernelDType.all {
        for count in [1, 7, 64, 400] {
          let from = random.memory(source, count: count)
          let to = KernelMemory(destination, count: count)
          slope_cast(destination, to.pointer, source, from.pointer, Int64(count))
          for index in 0..<count {
            let expected = destination.cast(from.number(index))
            guard !destination.same(to[index], expected) else { continue }
            Issue.record(
              """
              \(source) to \(destination), level \(level): \(from.number(index)) gives \
              \(to.number(index)), not \(destination.number(expected))
              """)
            break
          }
          #expect(to.isIntact)
        }
      }
    }
  }

  @Test func contractByHand() {
    func cast(_ value: Double, _ dtype: KernelDType) -> KernelNumber {
      let from = KernelMemory(.float64, [value])
      let to = KernelMemory(dtype, count: 1)
      slope_cast(dtype, to.pointer, .float64, from.pointer, 1)
      return to.number(0)
    }
    #expect(cast(300.7, .uint8).integer == 255)
    #expect(cast(-1.5, .uint8).integer == 0)
    #expect(cast(1e10, .int32).integer == 2_147_483_647)
    #expect(cast(-1e10, .int32).integer == -2_147_483_648)
    #expect(cast(1e19, .int64).integer == 9_223_372_036_854_775_807)
    #expect(cast(-1e19, .int64).integer == -9_223_372_036_854_775_808)
    #expect(cast(1.9e19, .uint64).integer == 18_446_744_073_709_551_615)
    #expect(cast(.nan, .int32).integer == 0 && cast(.nan, .uint8).integer == 0)
    #expect(cast(.nan, .bool).integer == 1 && cast(-0.0, .bool).integer == 0)
    #expect(cast(65520, .float16).double == .infinity && cast(65519.999, .float16).double == 65504)
    #expect(cast(16_777_217, .float32).double == 16_777_216)
  }

  @Test func bfloat16RoundsWideNumbersOnce() {
    // 1 + 2^-8 is a tie; a number slightly above it must be rounded up, even if Float loses the
    // difference.
    let tie = 1 + 0x1p-8
    let values: [(Double, Double)] = [
      (tie, 1), (tie + 0x1p-40, 1 + 0x1p-7), (tie - 0x1p-40, 1), (-tie - 0x1p-40, -1 - 0x1p-7),
      (3 * 0x1p-8 + 1, 1 + 0x1p-6), (0x1p-134 * (1 + 0x1p-40), 0x1p-133), (0x1p-134, 0),
    ]
    for (value, expected) in values {
      let from = KernelMemory(.float64, [value])
      let to = KernelMemory(.bfloat16, count: 1)
      slope_cast(.bfloat16, to.pointer, .float64, from.pointer, 1)
      #expect(to.number(0).double == expected, "\(value)")
    }
    for sign in [Int128(1), -1] {
      for extra in [Int128(-1), 0, 1] {
        // 2^62 (1 + 2^-8), one less, one more.
        let value = sign * ((1 << 62) + (1 << 54) + extra)
        let from = KernelMemory(.int64, [.integer(value)])
        let to = KernelMemory(.bfloat16, count: 1)
        slope_cast(.bfloat16, to.pointer, .int64, from.pointer, 1)
        let expected = Double(sign) * (extra > 0 ? 0x1p62 + 0x1p55 : 0x1p62)
        #expect(to.number(0).double == expected, "\(value)")
      }
    }
    for extra in [Int128(-1), 0, 1] {
      let value = (Int128(1) << 63) + (1 << 55) + extra
      let from = KernelMemory(.uint64, [.integer(value)])
      let to = KernelMemory(.bfloat16, count: 1)
      slope_cast(.bfloat16, to.pointer, .uint64, from.pointer, 1)
      #expect(to.number(0).double == (extra > 0 ? 0x1p63 + 0x1p56 : 0x1p63), "\(value)")
    }
  }

  @Test(arguments: [KernelDType.float16, .bfloat16])
  func every16BitFloatSurvivesFloat(dtype: KernelDType) {
    let narrow = KernelMemory(dtype, count: 65536)
    for index in 0..<65536 { narrow[index] = UInt64(index) }
    forEachLevel { level in
      let wide = KernelMemory(.float32, count: 65536)
      let back = KernelMemory(dtype, count: 65536)
      slope_cast(.float32, wide.pointer, dtype, narrow.pointer, 65536)
      slope_cast(dtype, back.pointer, .float32, wide.pointer, 65536)
      var wrong = 0
      for index in 0..<65536 {
        let expected = narrow.number(index).double
        let value = wide.number(index).double
        let isSame = value.isNaN ? expected.isNaN : value.bitPattern == expected.bitPattern
        if !isSame || !dtype.same(back[index], narrow[index]) { wrong += 1 }
      }
      #expect(wrong == 0, "level \(level)")
    }
  }

  @Test func largeCastsAreShared() {
    let count = 100_003
    let from = KernelMemory(.int32, count: count)
    for index in 0..<count { from[index] = UInt64(index) }
    let to = KernelMemory(.float64, count: count)
    slope_cast(.float64, to.pointer, .int32, from.pointer, Int64(count))
    #expect((0..<count).allSatisfy { to.number($0).double == Double($0) })
    #expect(to.isIntact)
  }
}
