import Testing

@testable import SlopeCore

/// Expected numbers are PyTorch 2.15's on the CPU.
@Suite(.serialized) struct GeneratorNormalTests {
  private func isClose<T: BinaryFloatingPoint>(
    _ actual: [T], _ expected: [T], within tolerance: T = 1e-6
  ) -> Bool {
    actual.count == expected.count
      && zip(actual, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }

  private static let sixteen: [Float] = [
    -0.8201345205307007, 0.39563116431236267, 0.8989084959030151, -1.3884038925170898,
    -0.16699601709842682, 0.2851499617099762, -0.641091525554657, -0.8936554193496704,
    0.9265429973602295, -0.5355122089385986, -1.1597203016281128, -0.4601571559906006,
    0.7085390686988831, 1.0127553939819336, 0.23039686679840088, 1.090165138244629,
  ]

  @Test func fewNormalsComeFromDoublePairsAngleFirst() {
    #expect(
      isClose(
        Generator(seed: 7).normalFloat(count: 5),
        [
          -0.1467950940132141, 0.7861412763595581, 0.9468216300010681, -1.1143440008163452,
          1.6907901763916016,
        ], within: 1e-7))
    #expect(
      isClose(
        Generator(seed: 7).normalDouble(count: 3),
        [-0.1467950974849952, 0.7861412987235358, 0.9468216090039564], within: 1e-14))
  }

  @Test func theSineOfAPairWaitsForTheNextSmallDraw() {
    let generator = Generator(seed: 7)
    _ = generator.normalFloat(count: 1)
    // Blocks do not use it.
    #expect(
      isClose(
        Array(generator.normalFloat(count: 16).prefix(3)),
        [-0.16699601709842682, 0.2851499617099762, -0.641091525554657]))
    #expect(isClose(generator.normalDouble(count: 1), [0.7861412987235358], within: 1e-14))
    #expect(isClose(generator.normalFloat(count: 1), [0.317678302526474]))
  }

  @Test func fifteenAreFewAndSixteenAreABlock() {
    let generator = Generator(seed: 7)
    let few = generator.normalFloat(count: 15)
    #expect(isClose([few[0], few[14]], [-0.1467950940132141, 1.3954508304595947]))
    generator.manualSeed(7)
    #expect(isClose(generator.normalFloat(count: 16), Self.sixteen))
    #expect(generator.uniformFloat(count: 1) == [0.720380425453186])
  }

  @Test func aShortLastBlockIsDrawnAfresh() {
    let generator = Generator(seed: 7)
    let values = generator.normalFloat(count: 40)
    #expect(isClose(Array(values[..<16]), Self.sixteen))
    #expect(
      isClose(
        Array(values[23...25]), [-0.7245107293128967, -0.13543689250946045, 0.7471182346343994]))
    #expect(isClose([values[39]], [-0.09167716652154922]))
    // 40 words, and 16 for the last block.
    #expect(generator.uniformFloat(count: 1) == [0.26739025115966797])
  }

  @Test func seventeenKeepOneOfTheFirstBlock() {
    let values = Generator(seed: 7).normalFloat(count: 17)
    #expect(
      isClose(
        [values[0], values[1], values[16]],
        [-0.8201345205307007, -0.32456663250923157, -0.866701602935791]))
  }

  @Test func doublesHaveBlocksToo() {
    let generator = Generator(seed: 7)
    let values = generator.normalDouble(count: 20)
    #expect(
      isClose(
        [values[0], values[3], values[4], values[11], values[12], values[19]],
        [
          0.06626753966449943, 1.367690398536778, 1.457454937932726, 1.7951074839458658,
          1.7421050311620636, 0.6596523264462502,
        ], within: 1e-14))
    #expect(generator.uniformFloat(count: 1) == [0.7737615704536438])
  }

  @Test func meanAndDeviationScaleBothRecipes() {
    #expect(
      isClose(
        Generator(seed: 7).normalFloat(count: 3, mean: -3, standardDeviation: 2.5),
        [-3.366987705230713, -1.03464674949646, -0.6329459547996521]))
    let values = Generator(seed: 7).normalFloat(count: 18, mean: -3, standardDeviation: 2.5)
    #expect(
      isClose(
        [values[0], values[2], values[17]],
        [-5.0503363609313965, 1.815920352935791, -4.4100165367126465]))
  }

  @Test func sixteenBitNormalsDrawNoUniformsForAShortBlock() {
    let generator = Generator(seed: 7)
    let values = generator.normalHalf(count: 20).map { Float16($0) }
    #expect(
      [values[0], values[3], values[4], values[19]] == [
        -0.8203125, -1.388671875, -1.5830078125, -1.359375,
      ])
    // 16 words, and 16 for the last block.
    #expect(generator.uniformFloat(count: 1) == [0.6266505718231201])
    generator.manualSeed(7)
    #expect(generator.normalHalf(count: 5).map { Float16($0) }.last == 1.6904296875)
  }

  /// FNV-1a of the bits.
  private func hash(_ bits: some Sequence<UInt64>) -> UInt64 {
    bits.reduce(0) { ($0 ^ $1) &* 1_099_511_628_211 }
  }

  /// The bits of all 100 003 numbers, on each level of instructions.
  @Test func longDrawsArePyTorchsBitForBit() {
    let generator = Generator(seed: 7)
    let count = 100_003
    forEachLevel { level in
      generator.manualSeed(7)
      let floats = generator.normalFloat(count: count)
      #expect(hash(floats.map { UInt64($0.bitPattern) }) == 9_673_917_752_099_546_875, "\(level)")
      generator.manualSeed(7)
      let scaled = generator.normalFloat(count: count, mean: -3, standardDeviation: 2.5)
      #expect(hash(scaled.map { UInt64($0.bitPattern) }) == 1_058_413_907_917_090_306, "\(level)")
      generator.manualSeed(7)
      let halves = generator.normalHalf(count: count).map { Float16($0) }
      #expect(hash(halves.map { UInt64($0.bitPattern) }) == 9_302_805_599_314_571_395, "\(level)")
      generator.manualSeed(7)
      let doubles = generator.normalDouble(count: count)
      #expect(hash(doubles.map(\.bitPattern)) == 3_945_365_175_715_508_156, "\(level)")
      generator.manualSeed(7)
      let uniform = generator.uniformFloat(count: count, from: -2, to: 3)
      #expect(hash(uniform.map { UInt64($0.bitPattern) }) == 5_818_614_547_660_670_985, "\(level)")
      // Pairs of words that a refill divides.
      generator.manualSeed(7)
      _ = generator.uniformFloat(count: 3)
      let wide = generator.uniformDouble(count: count, from: -2, to: 3)
      #expect(hash(wide.map(\.bitPattern)) == 9_974_637_182_759_255_532, "\(level)")
      generator.manualSeed(7)
      _ = generator.uniformFloat(count: 3)
      let mask = generator.dropoutMask(probability: 0.2, count: count)
      #expect(hash(mask.map { UInt64($0.bitPattern) }) == 7_351_407_840_921_124_864, "\(level)")
    }
  }
}
