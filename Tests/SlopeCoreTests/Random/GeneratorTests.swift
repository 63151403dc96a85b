import Testing

@testable import SlopeCore

/// Expected words are NumPy's `RandomState(seed)`, other numbers PyTorch 2.15's on the CPU.
struct GeneratorTests {
  private static let places = [0, 1, 226, 227, 396, 397, 623, 624, 625, 1247, 1248, 1999]

  @Test(
    arguments: [
      (
        0,
        [
          2_357_136_044, 2_546_248_239, 1_277_481_980, 3_294_341_718, 249_233_355, 242_314_902,
          3_791_854_820, 341_544_762, 1_076_416_385, 1_145_454_359, 4_192_857_288, 3_856_691_381,
        ]
      ),
      (
        1,
        [
          1_791_095_845, 4_282_876_139, 2_992_811_220, 1_994_202_740, 2_649_042_862, 3_248_435_766,
          2_006_116_153, 1_104_314_680, 939_235_918, 1_926_754_611, 3_239_719_367, 138_279_050,
        ]
      ),
      (
        // 2³² + 5 and 5 are the same seed.
        4_294_967_301,
        [
          953_453_411, 236_996_814, 355_359_424, 3_263_689_805, 1_054_977_118, 2_366_391_966,
          2_809_743_450, 164_677_315, 3_235_025_989, 4_003_688_641, 914_021_097, 4_018_181_980,
        ]
      ),
    ] as [(UInt64, [UInt32])])
  func wordsAreTheMersenneTwisters(seed: UInt64, expected: [UInt32]) {
    let generator = Generator(seed: seed)
    let words = (0..<2000).map { _ in generator.next32() }
    #expect(Self.places.map { words[$0] } == expected)
    #expect(generator.seed == seed)
  }

  /// The first two words after seed 0 as one.
  private static let first64: UInt64 = 2_357_136_044 << 32 | 2_546_248_239

  @Test func longWordsTakeTheFirstWordAsHighHalf() {
    #expect(Generator(seed: 0).next64() == Self.first64)
  }

  @Test func seedsForOtherGeneratorsHave63Bits() {
    #expect(Generator(seed: 7).nextSeed() == 1_407_639_518_939_636_932)
    #expect(Generator(seed: 0).nextSeed() == Self.first64 - 1 << 63)
  }

  @Test func seedingStartsAnewAndForgetsTheCachedNormal() {
    let generator = Generator(seed: 3)
    _ = generator.normalFloat(count: 1)
    generator.manualSeed(7)
    #expect(generator.seed == 7)
    #expect(generator.normalDouble(count: 1) == Generator(seed: 7).normalDouble(count: 1))
  }

  @Test func copiesContinueFromTheSamePlaceOnTheirOwn() {
    let generator = Generator(seed: 7)
    _ = generator.normalFloat(count: 1)
    let copy = generator.copy()
    let expected = generator.normalDouble(count: 4)
    #expect(copy.seed == 7)
    #expect(copy.normalDouble(count: 4) == expected)
    #expect(copy.next32() == generator.next32())
  }

  @Test func drawsFromSeveralTasksTakeEachWordOnce() async {
    let generator = Generator(seed: 7)
    let drawn = await withTaskGroup(of: [UInt32].self) { group in
      for _ in 0..<8 { group.addTask { (0..<500).map { _ in generator.next32() } } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    let alone = Generator(seed: 7)
    #expect(drawn.sorted() == (0..<4000).map { _ in alone.next32() }.sorted())
  }

  @Test func unseededProgramsAreRepeatable() async {
    await #expect(processExitsWith: .success) {
      precondition(Generator.default.seed == 67_280_421_310_721)
      precondition(Generator.default.next32() == 2_353_294_710)
    }
  }

  @Test func manualSeedSeedsTheDefaultGenerator() async {
    await #expect(processExitsWith: .success) {
      manualSeed(1)
      precondition(Generator.default.next32() == 1_791_095_845)
    }
  }
}
