import SlopeTraining

/// The choice of models whose mean prediction is best by a metric.
///
/// Source: R. Caruana, A. Niculescu-Mizil, G. Crew and A. Ksikes, "Ensemble selection from libraries of
/// models", ICML 2004: from nothing on, the model is added (again) with which the mean is best; the
/// best of all these means is kept.
struct GreedySelection {
  /// What each model counts; 0 for those that are left out.
  let weights: [Double]
  /// The metric of the mean.
  let score: Double

  /// Chooses among predictions of the same rows.
  ///
  /// - Parameters:
  ///   - candidates: the predictions of each model.
  ///   - metric: by what they are judged.
  ///   - rounds: the most additions.
  ///   - judge: the metric of predictions, NaN where it is undefined.
  /// - Throws: what `judge` throws.
  init(
    _ candidates: [TabularPredictions], _ metric: Metric, rounds: Int = 40,
    _ judge: (TabularPredictions) throws -> Double
  ) throws {
    var counts = candidates.map { _ in 0.0 }
    var (best, bestScore) = (counts, Double.nan)
    var mean = candidates.first
    for round in 1...max(1, rounds) {
      /// The mean of those that were chosen, and of one more.
      func with(_ index: Int) -> TabularPredictions? {
        guard let mean, round > 1 else { return candidates[index] }
        let share = 1 / Double(round)
        return TabularPredictions.mean(
          of: [mean, candidates[index]], weights: [1 - share, share])
      }
      var (chosen, chosenScore) = (0, Double.nan)
      for index in candidates.indices {
        let score = try with(index).map(judge) ?? .nan
        if metric.isBetter(score, than: chosenScore) { (chosen, chosenScore) = (index, score) }
      }
      guard !candidates.isEmpty else { break }
      counts[chosen] += 1
      mean = with(chosen)
      // More models must be worth it.
      if round == 1 || metric.isBetter(chosenScore, than: bestScore) {
        (best, bestScore) = (counts, chosenScore)
      }
    }
    let sum = best.reduce(0, +)
    weights = best.map { sum > 0 ? $0 / sum : 0 }
    score = bestScore
  }
}
