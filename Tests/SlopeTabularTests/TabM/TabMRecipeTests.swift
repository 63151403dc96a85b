import SlopeCore
import Testing

@testable import SlopeTabular

/// What TabM is made and trained by.
struct TabMRecipeTests {
  private static let drawn = (0..<300).map { TabMRecipe.random(generator: Generator(seed: $0)) }

  @Test func theUsualRecipeIsThatOfThePaperWithHalfOfItsWidths() {
    let recipe = TabMRecipe()
    #expect(recipe.members == 16 && recipe.hidden == [256, 256] && recipe.dropout == 0.1)
    #expect(recipe.learningRate == 0.002 && recipe.weightDecay == 3e-4)
    #expect(recipe.bins == 48 && recipe.numberEmbedding == 16 && recipe.gradientNorm == 1)
    #expect(recipe.patience.epochs == 16)
  }

  @Test func batchesGrowWithTheRows() {
    let sizes = [1, 2799, 2800, 4499, 4500, 6399, 6400, 1_000_000].map(TabMRecipe.batchSize)
    #expect(sizes == [32, 32, 64, 64, 128, 128, 256, 256])
  }

  @Test func drawnRecipesAreInTheSpace() {
    for recipe in Self.drawn {
      #expect((2...4).contains(recipe.hidden.count) && Set(recipe.hidden).count == 1)
      #expect(recipe.hidden.allSatisfy { (64...512).contains($0) && $0 % 16 == 0 })
      #expect((3e-4...5e-3).contains(recipe.learningRate))
      #expect((2...128).contains(recipe.bins) && recipe.members == 16)
      #expect((8...32).contains(recipe.numberEmbedding) && recipe.numberEmbedding % 4 == 0)
      #expect((0...0.5).contains(recipe.dropout))
      #expect(recipe.weightDecay == 0 || (1e-4...0.1).contains(recipe.weightDecay))
    }
  }

  @Test func drawnRecipesFillTheSpace() {
    #expect(Set(Self.drawn.map(\.hidden.count)) == [2, 3, 4])
    #expect(Set(Self.drawn.map { $0.hidden[0] }).count == 29)
    #expect(Set(Self.drawn.map(\.numberEmbedding)) == [8, 12, 16, 20, 24, 28, 32])
    for plain in [Self.drawn.count { $0.dropout == 0 }, Self.drawn.count { $0.weightDecay == 0 }] {
      #expect((110...190).contains(plain))
    }
    #expect(Set(Self.drawn.map(\.learningRate)).count == 300)
  }
}
