import Glibc
import SlopeCore
import Testing

@testable import SlopeTabular

/// Recipes that are drawn from the search space of RealMLP.
struct RealMLPRecipeSearchTests {
  private static func recipes(
    isClassification: Bool = true, smoothsLabels: Bool = false
  ) -> [RealMLPRecipe] {
    (0..<400).map {
      .random(
        isClassification: isClassification, smoothsLabels: smoothsLabels,
        generator: Generator(seed: $0))
    }
  }

  /// Whether numbers fill a range, evenly or, of logarithms, so that their logarithms do.
  private static func fill(
    _ numbers: [Double], _ low: Double, _ high: Double, logarithms: Bool = false
  ) -> Bool {
    let places = numbers.map {
      logarithms ? (log($0) - log(low)) / (log(high) - log(low)) : ($0 - low) / (high - low)
    }
    let mean = places.reduce(0, +) / Double(places.count)
    return places.allSatisfy { (-1e-9...1 + 1e-9).contains($0) } && (places.min() ?? 1) < 0.03
      && (places.max() ?? 0) > 0.97 && abs(mean - 0.5) < 0.06
  }

  @Test func eachNumberFillsItsRange() {
    let all = Self.recipes()
    #expect(Self.fill(all.map(\.dropout), 0, 0.5))
    #expect(Self.fill(all.map(\.frequencyDeviation), 0.01, 50, logarithms: true))
    #expect(Self.fill(all.map { 1 - $0.betas.1 }, 0.005, 0.05, logarithms: true))
    #expect(Self.fill(all.map(\.learningRate), 0.02, 0.3, logarithms: true))
    #expect(Self.fill(all.map(\.weightDecay), 0.001, 0.05, logarithms: true))
    #expect(Self.fill(all.map(\.scaleFactor), 2, 10, logarithms: true))
    #expect(Self.fill(all.map(\.firstLayerFactor), 0.3, 1.5, logarithms: true))
    #expect(Self.fill(all.map(\.embeddingFactor), 0.05, 0.3, logarithms: true))
    #expect(all.map(\.oneHotLimit).min() == 4 && all.map(\.oneHotLimit).max() == 32)
    #expect(Set(all.map(\.levelEmbedding)) == [4, 8, 16])
    #expect(Set(all.map(\.hidden.count)) == [2, 3, 4])
    #expect(Set(all.compactMap(\.hidden.first)) == [256, 384, 512])
    #expect(all.allSatisfy { Set($0.hidden).count == 1 && $0.activation == .mish })
    #expect(all.allSatisfy { $0.numberEmbedding == 4 && $0.waves == 16 && $0.epochs == 256 })
    #expect(all.allSatisfy { $0.betas.0 == 0.9 && $0.batchSize == 256 })
  }

  @Test func halfOfTheDrawsSmoothLabels() {
    let smoothed = Self.recipes().filter { $0.labelSmoothing > 0 }
    #expect((160...240).contains(smoothed.count))
    #expect(Self.fill(smoothed.map(\.labelSmoothing), 0.005, 0.1, logarithms: true))
    #expect(smoothed.allSatisfy { $0.smoothingFollowsRate })
    #expect(Self.recipes(smoothsLabels: true).allSatisfy { $0.labelSmoothing >= 0.005 })
    for smooths in [true, false] {
      let numbers = Self.recipes(isClassification: false, smoothsLabels: smooths)
      #expect(numbers.allSatisfy { $0.labelSmoothing == 0 })
    }
  }

  @Test func oneSeedDrawsOneRecipe() {
    #expect(Self.recipes().map(\.learningRate) == Self.recipes().map(\.learningRate))
    #expect(Set(Self.recipes().map(\.learningRate)).count == 400)
  }
}
