import SlopeCore
import SlopeData
import Testing

@testable import TorchStreamKit

struct GeneratorDrawsTests {
  @Test func bernoulliComparesDoubles() {
    let generator = Generator(seed: 7)
    #expect(
      generator.bernoulli(probability: 0.3, count: 12).map { $0 ? 1 : 0 } == [
        1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1,
      ])
    #expect(generator.uniformFloat(count: 1) == [0.5209300518035889])
  }

  @Test func multinomialDrawsPlacesByWeightWithoutRepeats() {
    let generator = Generator(seed: 7)
    #expect(
      generator.distinctMultinomial(weights: [1, 2, 3, 4, 5, 6, 7, 8], count: 5)
        == [6, 7, 1, 3, 5])
    #expect(generator.uniformFloat(count: 1) == [0.720380425453186])
  }
}
