import Testing

@testable import SlopeCore

/// Expected numbers are PyTorch 2.15's on the CPU after seed 7.
struct GeneratorIntegersTests {
  @Test(
    arguments: [
      (0, 7, [5, 6, 6, 1, 1]),
      (-1000, -990, [-995, -998, -999, -994, -997]),
      // The last range that takes one word per draw, and the first that takes two.
      (0, 268_435_455, [59_306_160, 171_107_527, 128_500_261, 27_798_011, 3_905_098]),
      (0, 268_435_456, [171_107_524, 27_798_006, 174_903_507, 77_674_087, 249_162_937]),
      (
        -4_611_686_018_427_387_904, 4_611_686_018_427_387_904,
        [
          -3_204_046_499_487_750_972, 551_904_368_352_831_990, 3_475_536_756_154_880_211,
          -489_481_035_468_163_481, 4_205_664_258_540_301_497,
        ]
      ),
      (
        .min, .max,
        [-7_815_732_517_915_138_876, 5_163_590_386_780_219_894, -1_136_149_262_272_507_693]
      ),
    ] as [(Int64, Int64, [Int64])])
  func integersAreWordsModuloTheRange(low: Int64, high: Int64, expected: [Int64]) {
    #expect(
      Generator(seed: 7).integers(from: low, to: high, count: expected.count) == expected)
  }

  @Test(
    arguments: [
      (0, [], 0.5349225401878357),
      (1, [0], 0.5349225401878357),
      (2, [1, 0], 0.19880318641662598),
      (3, [0, 1, 2], 0.6592116951942444),
      (10, [5, 0, 3, 4, 1, 7, 9, 6, 8, 2], 0.8512683510780334),
    ] as [(Int, [Int64], Float)])
  func permutationsTakeAWordForEachPlaceButTheLast(n: Int, expected: [Int64], next: Float) {
    let generator = Generator(seed: 7)
    #expect(generator.permutation(n) == expected)
    #expect(generator.uniformFloat(count: 1) == [next])
  }

  @Test func longPermutationsCrossBlocks() {
    let generator = Generator(seed: 7)
    let order = generator.permutation(1000)
    #expect(order.sorted() == Array(0..<1000))
    #expect(zip(0..., order).map { $0 * $1 }.reduce(0, +) == 251_046_965)
    #expect(generator.uniformFloat(count: 1) == [0.9801502823829651])
  }

  @Test(arguments: [0, 1, 2, 3, 623, 624, 625, 626, 1248, 1249, 1250, 5000])
  func skippingAPermutationDrawsAsMuch(n: Int) {
    for first in [0, 1, 623] {
      let skipped = Generator(seed: 7)
      _ = skipped.uniformFloat(count: first)
      let drawn = skipped.copy()
      _ = drawn.permutation(n)
      skipped.skipPermutation(n)
      #expect(skipped.next64() == drawn.next64())
    }
  }
}
