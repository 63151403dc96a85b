/// How well scores separate positive rows from negative ones, at every threshold.
///
/// Only the order of the scores matters: they may be probabilities, logits or distances. Equal
/// scores are one threshold. Sorts once; what is asked afterwards is O(n).
///
/// ```swift
/// let metrics = try RankingMetrics(
///   scores: [0.1, 0.4, 0.35, 0.8], isPositive: [false, false, true, true])
/// print(metrics.rocAUC ?? 0, metrics.averagePrecision ?? 0)
/// // 0.75 0.8333333333333333
/// if let curve = metrics.rocCurve() {
///   print(curve.falsePositiveRates, curve.truePositiveRates)
/// }
/// // [0.0, 0.0, 0.5, 0.5, 1.0] [0.0, 0.5, 0.5, 1.0, 1.0]
/// ```
///
/// The numbers are scikit-learn's. A row of weight 0 is left out.
public struct RankingMetrics: Hashable, Sendable {
  /// The distinct scores, descending.
  private let thresholds: [Double]
  /// The divided weight of the positive rows whose scores are at least the threshold.
  private let truePositives: [Double]
  /// The divided weight of the negative rows whose scores are at least the threshold.
  private let falsePositives: [Double]

  /// Ranks rows by their scores.
  ///
  /// Complexity: O(n).
  ///
  /// - Parameters:
  ///   - scores: a number for each row, higher where the row is more likely to be positive.
  ///   - isPositive: the truth of each row.
  ///   - weights: what each row counts; each counts 1 if nil.
  /// - Throws: `MetricError` if the counts differ, a score is not finite, or a weight is negative.
  public init(scores: [Double], isPositive: [Bool], weights: [Double]? = nil) throws {
    let operation = "RankingMetrics"
    guard scores.count == isPositive.count else {
      throw MetricError(operation, "\(scores.count) scores for \(isPositive.count) rows")
    }
    if let row = scores.firstIndex(where: { !$0.isFinite }) {
      throw MetricError(operation, "score \(scores[row]) of row \(row), it must be finite")
    }
    let weights = try RowWeights(weights, rowCount: scores.count, for: operation)
    self.init(scores: scores, weights: weights) { isPositive[$0] }
  }

  /// Ranks rows by finite scores.
  init(scores: [Double], weights: RowWeights, isPositive: (Int) -> Bool) {
    var (thresholds, truePositives, falsePositives) = ([Double](), [Double](), [Double]())
    var (positive, negative) = (CompensatedSum(), CompensatedSum())
    for row in descendingOrder(of: scores) where weights[row] > 0 {
      if thresholds.last != scores[row] {
        thresholds.append(scores[row])
        truePositives.append(0)
        falsePositives.append(0)
      }
      if isPositive(row) { positive.add(weights[row]) } else { negative.add(weights[row]) }
      truePositives[truePositives.count - 1] = positive.value
      falsePositives[falsePositives.count - 1] = negative.value
    }
    (self.thresholds, self.truePositives, self.falsePositives) = (
      thresholds, truePositives, falsePositives
    )
  }

  private var positiveTotal: Double { truePositives.last ?? 0 }
  private var negativeTotal: Double { falsePositives.last ?? 0 }

  /// The area under the ROC curve; nil unless there are positive and negative rows.
  ///
  /// It is the probability that a positive row has a higher score than a negative one, where equal
  /// scores count a half.
  public var rocAUC: Double? {
    guard positiveTotal > 0, negativeTotal > 0 else { return nil }
    var area = CompensatedSum()
    var (lastTrue, lastFalse) = (0.0, 0.0)
    for (truePositive, falsePositive) in zip(truePositives, falsePositives) {
      area.add((falsePositive - lastFalse) * (truePositive + lastTrue) / 2)
      (lastTrue, lastFalse) = (truePositive, falsePositive)
    }
    return area.value / positiveTotal / negativeTotal
  }

  /// The average precision, which summarises the precision-recall curve; nil without positive rows.
  ///
  /// It is Σ (recallₙ − recallₙ₋₁)·precisionₙ over descending thresholds, without interpolation.
  /// Without positive rows scikit-learn has 0.
  public var averagePrecision: Double? {
    guard positiveTotal > 0 else { return nil }
    var area = CompensatedSum()
    var lastTrue = 0.0
    for (truePositive, falsePositive) in zip(truePositives, falsePositives) {
      area.add((truePositive - lastTrue) * (truePositive / (truePositive + falsePositive)))
      lastTrue = truePositive
    }
    return area.value / positiveTotal
  }

  /// The points of the ROC curve, from (0, 0) to (1, 1).
  ///
  /// - Parameter keepsAllPoints: whether to keep thresholds at which neither rate changes its step,
  ///   which are on a line with their neighbours. scikit-learn calls the opposite
  ///   `drop_intermediate`.
  /// - Returns: the curve; nil unless there are positive and negative rows.
  public func rocCurve(keepsAllPoints: Bool = false) -> ROCCurve? {
    guard positiveTotal > 0, negativeTotal > 0 else { return nil }
    let kept = thresholds.indices.filter { index in
      keepsAllPoints || index == 0 || index == thresholds.count - 1
        || bends(truePositives, at: index) || bends(falsePositives, at: index)
    }
    return ROCCurve(
      falsePositiveRates: [0] + kept.map { falsePositives[$0] / negativeTotal },
      truePositiveRates: [0] + kept.map { truePositives[$0] / positiveTotal },
      thresholds: [.infinity] + kept.map { thresholds[$0] })
  }

  private func bends(_ sums: [Double], at index: Int) -> Bool {
    sums[index + 1] - sums[index] != sums[index] - sums[index - 1]
  }

  /// The points of the precision-recall curve, by ascending thresholds; nil without positive rows.
  public func precisionRecallCurve() -> PrecisionRecallCurve? {
    guard positiveTotal > 0 else { return nil }
    let precisions = zip(truePositives, falsePositives).map { $0 / ($0 + $1) }
    return PrecisionRecallCurve(
      precisions: precisions.reversed() + [1],
      recalls: truePositives.reversed().map { $0 / positiveTotal } + [0],
      thresholds: thresholds.reversed())
  }
}

/// The points of a receiver operating characteristic.
public struct ROCCurve: Hashable, Sendable {
  /// The fraction of the negative rows whose scores are at least the threshold, ascending from 0.
  public let falsePositiveRates: [Double]
  /// The fraction of the positive rows whose scores are at least the threshold, ascending from 0.
  public let truePositiveRates: [Double]
  /// The threshold of each point, descending from infinity.
  public let thresholds: [Double]
}

/// The points of a precision-recall curve.
public struct PrecisionRecallCurve: Hashable, Sendable {
  /// The fraction of positive rows among those whose scores are at least the threshold; the last is
  /// 1.
  public let precisions: [Double]
  /// The fraction of the positive rows whose scores are at least the threshold, descending to 0.
  public let recalls: [Double]
  /// The distinct scores, ascending: one less than there are points.
  public let thresholds: [Double]
}
