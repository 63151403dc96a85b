import Testing

@testable import SlopeCore

/// Expected numbers are PyTorch 2.15's on the CPU.
struct GeneratorUniformTests {
  @Test func floatsAreTheLow24BitsOfAWord() {
    #expect(
      Generator(seed: 7).uniformFloat(count: 4) == [
        0.5349225401878357, 0.19880318641662598, 0.6592116951942444, 0.6568902730941772,
      ])
  }

  @Test func doublesAreTheLow53BitsOfTwoWords() {
    let generator = Generator(seed: 7)
    _ = generator.uniformFloat(count: 4)
    #expect(generator.uniformDouble(count: 2) == [0.8620929614176255, 0.6566884305882014])
  }

  @Test func rangesAreScaledWithOneRounding() {
    let generator = Generator(seed: 7)
    #expect(
      generator.uniformFloat(count: 4, from: -2, to: 3) == [
        0.6746127009391785, -1.0059840679168701, 1.2960584163665771, 1.2844513654708862,
      ])
    #expect(
      generator.uniformDouble(count: 2, from: -2, to: 3) == [2.3104648070881275, 1.283442152941007])
  }

  @Test(arguments: [1, 623, 624, 625, 2000])
  func bulkDrawsContinueTheStream(count: Int) {
    let bulk = Generator(seed: 9)
    let single = Generator(seed: 9)
    for _ in 0..<2 {
      let expected = (0..<count).map { _ in Float(single.next32() & 0xff_ffff) / 16_777_216 }
      #expect(bulk.uniformFloat(count: count) == expected)
    }
  }

  @Test func emptyDrawsTakeNothing() {
    let generator = Generator(seed: 0)
    #expect(generator.uniformFloat(count: 0).isEmpty)
    #expect(generator.uniformDouble(count: 0).isEmpty)
    #expect(generator.normalFloat(count: 0).isEmpty)
    #expect(generator.next32() == 2_357_136_044)
  }

  @Test func sixteenBitDrawsAreRoundedFloatsAndNeverTheEnd() {
    // The fifth Float, 0.99977, rounds to 1 and becomes 0.
    #expect(
      Generator(seed: 68).uniformHalfBits(count: 8, bits: 11) == [
        0.399169921875, 0.55224609375, 0.10040283203125, 0.284423828125, 0.0, 0.70751953125,
        0.80322265625, 0.2066650390625,
      ])
    #expect(
      Generator(seed: 68).uniformHalfBits(count: 8, bits: 8) == [
        0.3984375, 0.55078125, 0.1005859375, 0.28515625, 0.0, 0.70703125, 0.8046875, 0.20703125,
      ])
  }

  @Test func sixteenBitRangesAreScaledBeforeRounding() {
    #expect(
      Generator(seed: 68).uniformHalfBits(count: 8, bits: 11, from: -2, to: 3) == [
        -0.004512786865234375, 0.76025390625, -1.498046875, -0.578125, 2.998046875,
        1.5380859375, 2.015625, -0.966796875,
      ])
    #expect(
      Generator(seed: 68).uniformHalfBits(count: 8, bits: 8, from: -2, to: 3) == [
        -0.0045166015625, 0.76171875, -1.5, -0.578125, -2.0, 1.5390625, 2.015625, -0.96484375,
      ])
  }

  @Test func dropoutKeepsAndScales() {
    #expect(
      Generator(seed: 7).dropoutMask(probability: 0.2, count: 12) == [
        1.25, 1.25, 0, 1.25, 0, 0, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25,
      ])
  }
}
