import Glibc
import SlopeCore

extension RealMLPRecipe {
  /// A recipe that is drawn from the search space of RealMLP.
  ///
  /// Source: the authors' space "tabarena-new", without what they vary in half of the draws, sizes of
  /// embeddings and 512 epochs.
  ///
  /// - Parameters:
  ///   - isClassification: whether it is for classes, not for numbers.
  ///   - smoothsLabels: whether labels are smoothed always; otherwise in half of the draws.
  ///   - generator: the source of the choices.
  /// - Returns: the recipe.
  static func random(
    isClassification: Bool, smoothsLabels: Bool, generator: Generator
  ) -> RealMLPRecipe {
    var draws = Tensor<Double>.uniform([16], from: 0, to: 1, generator: generator, on: .cpu)
      .scalars[...]
    func uniform(_ low: Double, _ high: Double) -> Double {
      low + (high - low) * (draws.popFirst() ?? 0)
    }
    func logarithmic(_ low: Double, _ high: Double) -> Double {
      exp(uniform(log(low), log(high)))
    }
    func one(of choices: [Int]) -> Int {
      choices[min(Int(uniform(0, Double(choices.count))), choices.count - 1)]
    }
    var recipe = good(isClassification: isClassification)
    recipe.activation = .mish
    let layers = one(of: [2, 3, 4])
    recipe.hidden = Array(repeating: one(of: [256, 384, 512]), count: layers)
    recipe.dropout = uniform(0, 0.5)
    recipe.frequencyDeviation = logarithmic(0.01, 50)
    recipe.betas.1 = 1 - logarithmic(0.005, 0.05)
    recipe.learningRate = logarithmic(0.02, 0.3)
    recipe.weightDecay = logarithmic(0.001, 0.05)
    recipe.scaleFactor = logarithmic(2, 10)
    recipe.firstLayerFactor = logarithmic(0.3, 1.5)
    recipe.embeddingFactor = logarithmic(0.05, 0.3)
    recipe.oneHotLimit = Int(logarithmic(4, 33))
    recipe.levelEmbedding = one(of: [4, 8, 16])
    let (isSmoothed, smoothing) = (uniform(0, 1) < 0.5, logarithmic(0.005, 0.1))
    if isClassification, smoothsLabels || isSmoothed {
      recipe.labelSmoothing = smoothing
      recipe.smoothingFollowsRate = true
    }
    return recipe
  }
}
