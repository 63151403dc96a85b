import Glibc
import SlopeCore

/// How a `TabM` is made and trained.
///
/// Source: Y. Gorishniy, A. Kotelnikov and A. Babenko, "TabM: advancing tabular deep learning with
/// parameter-efficient ensembling", ICLR 2025, arXiv:2410.24210, and the authors' package `tabm`. Theirs
/// are 32 members of 512 units: half of each is an eighth of the time on a processor.
struct TabMRecipe: Sendable {
  var members = 16
  /// The widths of the hidden layers; one more of the last where numbers are not embedded.
  var hidden = [256, 256]
  /// The most bins of a number, and the numbers that it becomes.
  var bins = 48
  var numberEmbedding = 16
  /// The most levels of a category that have an input each; of more a vector is looked up.
  var oneHotLimit = 32
  var levelEmbedding = 8
  var dropout = 0.1
  var epochs = 256
  var learningRate = 0.002
  var weightDecay = 3e-4
  var labelSmoothing = 0.0
  /// The norm of an ensemble's gradients, at most.
  var gradientNorm = 1.0
  /// Training ends so many epochs after the best one, and not before as many `steps`.
  var patience = (epochs: 16, steps: 256)

  /// The rows of a step for so many rows to learn from.
  ///
  /// Source: AutoGluon's TabM, whose larger batches of larger tables are for GPUs.
  static func batchSize(_ rowCount: Int) -> Int {
    rowCount < 2800 ? 32 : rowCount < 4500 ? 64 : rowCount < 6400 ? 128 : 256
  }

  /// A recipe that is drawn from the authors' search space, with at most 512 units, and rates that get
  /// somewhere in the epochs that there are.
  ///
  /// - Parameter generator: the source of the choices.
  /// - Returns: the recipe.
  static func random(generator: Generator) -> TabMRecipe {
    var draws = Tensor<Double>.uniform([9], from: 0, to: 1, generator: generator, on: .cpu)
      .scalars[...]
    func uniform(_ low: Double, _ high: Double) -> Double {
      low + (high - low) * (draws.popFirst() ?? 0)
    }
    func logarithmic(_ low: Double, _ high: Double) -> Double {
      exp(uniform(log(low), log(high)))
    }
    /// One of the numbers from `low` to `high` by `step`.
    func whole(_ low: Int, _ high: Int, by step: Int = 1) -> Int {
      let count = (high - low) / step + 1
      return low + step * min(Int(uniform(0, Double(count))), count - 1)
    }
    var recipe = TabMRecipe()
    let layers = whole(2, 4)
    recipe.hidden = Array(repeating: whole(64, 512, by: 16), count: layers)
    recipe.learningRate = logarithmic(3e-4, 5e-3)
    recipe.bins = whole(2, 128)
    recipe.numberEmbedding = whole(8, 32, by: 4)
    let (drops, dropout) = (uniform(0, 1) < 0.5, uniform(0, 0.5))
    recipe.dropout = drops ? dropout : 0
    let (decays, decay) = (uniform(0, 1) < 0.5, logarithmic(1e-4, 0.1))
    recipe.weightDecay = decays ? decay : 0
    return recipe
  }
}
