import SlopeNN

/// How a `RealMLP` is made and trained.
///
/// Source: D. Holzmüller, L. Grinsztajn and I. Steinwart, "Better by default: strong pre-tuned MLPs
/// and boosted trees on tabular data", NeurIPS 2024, arXiv:2407.04491, table A.1. Labels are smoothed
/// only where models are judged by the classes that they predict.
struct RealMLPRecipe: Sendable {
  var members = 1
  var hidden = [256, 256, 256]
  var activation: ParametricFunction
  var numberEmbedding = 1
  var waves = 16
  /// The standard deviation of the frequencies of the waves at first.
  var frequencyDeviation = 0.1
  /// The most levels of a category that have an input each; of more a vector is looked up.
  var oneHotLimit = 8
  var levelEmbedding = 8
  var dropout = 0.0
  var epochs = 256
  var batchSize = 256
  var learningRate: Double
  /// The factors of the learning rate of some parameters.
  var scaleFactor = 6.0
  var firstLayerFactor = 1.0
  var biasFactor = 0.1
  var embeddingFactor = 0.1
  /// 0 for activations that stay as they are.
  var activationFactor = 0.0
  var betas = (0.9, 0.95)
  /// Training ends with the epoch `factor · best + epochs`, where best is the best one so far, but not in
  /// the first `share` of the epochs.
  ///
  /// The learning rate is low at 1/15, 1/5, 7/15 and the end of the epochs: so it goes on as long as the
  /// second of two such places was better than the first. The best of three places is seen at least:
  /// where few validation rows far from the others decide, the first epochs can look best by chance.
  var patience = (factor: 3, epochs: 40, share: 7.0 / 15)
  var weightDecay = 0.0
  var labelSmoothing = 0.0
  /// Whether labels are smoothed as much as the learning rate is high.
  var smoothingFollowsRate = false

  /// RealMLP-TD-S: one network without embeddings.
  static func fast(isClassification: Bool) -> RealMLPRecipe {
    RealMLPRecipe(
      activation: isClassification ? .selu : .mish, learningRate: isClassification ? 0.04 : 0.07)
  }

  /// RealMLP-TD, several networks side by side.
  static func good(isClassification: Bool) -> RealMLPRecipe {
    var recipe = fast(isClassification: isClassification)
    recipe.members = 4
    recipe.numberEmbedding = 4
    recipe.dropout = 0.15
    recipe.learningRate = isClassification ? 0.04 : 0.2
    recipe.activationFactor = 0.1
    recipe.weightDecay = 0.02
    return recipe
  }
}
