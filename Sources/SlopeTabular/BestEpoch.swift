import SlopeCore
import SlopeTraining

/// The epoch with the best validation score so far, and the parameters that it ended with.
struct BestEpoch<Element: FloatingElement> {
  let metric: Metric
  private(set) var number: Int?
  private(set) var state: [String: Tensor<Element>] = [:]
  private var score = Double.nan

  init(_ metric: Metric) { self.metric = metric }

  /// Keeps an epoch that is as good as the best before it; of equal ones the last.
  mutating func consider(_ epoch: Int, _ score: Double?, _ state: () -> [String: Tensor<Element>]) {
    guard let score, number == nil || !metric.isBetter(self.score, than: score) else { return }
    (number, self.score, self.state) = (epoch, score, state())
  }
}
