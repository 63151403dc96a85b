import Testing

@testable import SlopeCore

/// Expected numbers are those of PyTorch 2.15 on x86.
@Suite struct WrappingCastTests {
  private let numbers: [Double] = [
    300.7, -1.5, 1e10, -1e10, .nan, .infinity, -.infinity, 1e19, 1.9e19, -1e19, 2_147_483_648,
    70000, -70000, 255.9, -129,
  ]

  private func check<From: FloatingElement, To: IntegerElement>(
    _: From.Type, _: To.Type, _ expected: [To]
  ) {
    let found = Tensor(numbers).cast(to: From.self).wrappingCast(to: To.self).scalars
    #expect(found == expected, "\(From.dtype) to \(To.dtype)")
  }

  @Test func numbersOutOfRangeAreX86s() {
    let least = Int32.min
    check(Double.self, UInt8.self, [44, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 112, 144, 255, 127])
    check(Double.self, Int8.self, [44, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 112, -112, -1, 127])
    check(
      Double.self, Int16.self, [300, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4464, -4464, 255, -129])
    check(
      Float.self, UInt16.self,
      [300, 65535, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4464, 61072, 255, 65407])
    check(
      Double.self, Int32.self,
      [
        300, -1, least, least, least, least, least, least, least, least, least, 70000, -70000, 255,
        -129,
      ])
    check(
      Float.self, UInt32.self,
      [
        300, .max, 1_410_065_408, 2_884_901_888, 0, 0, 0, 0, 0, 0, 2_147_483_648, 70000,
        4_294_897_296, 255, 4_294_967_167,
      ])
    check(
      Double.self, Int64.self,
      [
        300, -1, 10_000_000_000, -10_000_000_000, .min, .min, .min, .min, .min, .min,
        2_147_483_648, 70000, -70000, 255, -129,
      ])
    check(
      Double.self, UInt64.self,
      [
        300, .max, 10_000_000_000, 18_446_744_063_709_551_616, 1 << 63, 0, 1 << 63,
        10_000_000_000_000_000_000, 0, 1 << 63, 2_147_483_648, 70000, 18_446_744_073_709_481_616,
        255, 18_446_744_073_709_551_487,
      ])
    check(
      Float16.self, Int32.self,
      [
        300, -1, least, least, least, least, least, least, least, least, least, least, least, 255,
        -129,
      ])
    #expect(Tensor<Int>([300, -1]).wrappingCast(to: UInt8.self).scalars == [44, 255])
  }
}
