import Testing

@testable import SlopeCore

@Suite struct BFloat16Tests {
  @Test(
    arguments: [
      (0x3F80_0000, 0x3F80), (0x3F80_8000, 0x3F80), (0x3F81_8000, 0x3F82), (0x3F80_8001, 0x3F81),
      (0x3F80_7FFF, 0x3F80), (0xBF81_8000, 0xBF82), (0x8000_0000, 0x8000), (0x7F7F_FFFF, 0x7F80),
      (0x7F7F_7FFF, 0x7F7F), (0x7F80_0000, 0x7F80), (0xFF80_0000, 0xFF80), (0x7F80_0001, 0x7FC0),
      (0xFFC1_0000, 0xFFC1), (0x0000_8001, 0x0001), (0x0000_8000, 0x0000),
    ] as [(UInt32, UInt16)])
  func floatsRoundToNearestEven(bits: UInt32, expected: UInt16) {
    #expect(BFloat16(Float(bitPattern: bits)).bitPattern == expected)
  }

  @Test(
    arguments: [
      (1 + 0x1p-8, 0x3F80), (1 + 0x1p-8 + 0x1p-30, 0x3F81), (1 + 0x3p-8 - 0x1p-30, 0x3F81),
      (-(1 + 0x1p-8 + 0x1p-30), 0xBF81), (-(1 + 0x3p-8 - 0x1p-30), 0xBF81), (1 + 0x3p-8, 0x3F82),
      (1e39, 0x7F80), (-1e300, 0xFF80), (.infinity, 0x7F80), (0.1, 0x3DCD), (-0.0, 0x8000),
    ] as [(Double, UInt16)])
  func doublesRoundOnce(value: Double, expected: UInt16) {
    #expect(BFloat16(value).bitPattern == expected)
  }

  @Test func limitsAreThoseOfEightExponentBitsAndSevenFractionBits() {
    #expect(BFloat16.greatestFiniteMagnitude.floatValue == (2 - 0x1p-7) * 0x1p127)
    #expect(BFloat16.leastNormalMagnitude.floatValue == 0x1p-126)
    #expect(BFloat16.leastNonzeroMagnitude.floatValue == 0x1p-133)
    #expect(BFloat16.ulpOfOne.floatValue == 0x1p-7)
    #expect(BFloat16.infinity.floatValue == .infinity && BFloat16.nan.floatValue.isNaN)
    #expect(BFloat16.nan.bitPattern == BFloat16(Double.nan).bitPattern)
  }

  @Test func behavesLikeANumber() {
    let (nan, zero, minusZero) = (BFloat16(Double.nan), 0 as BFloat16, -0.0 as BFloat16)
    #expect(nan != nan && zero == minusZero && zero.hashValue == minusZero.hashValue)
    #expect((1 as BFloat16) < 2 && !((2 as BFloat16) < 2) && !(nan < 1) && !(1 < nan))
    #expect(BFloat16("1.5")?.floatValue == 1.5 && BFloat16("x") == nil)
    #expect((256 as BFloat16).floatValue == 256 && "\(0.5 as BFloat16)" == "0.5")
    #expect(BFloat16(bitPattern: 0xC040).floatValue == -3)
  }
}
