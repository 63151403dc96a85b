/// How the scores of classes become one score.
public enum ClassAveraging: String, CaseIterable, Sendable, Codable {
  /// The mean over the classes that occur in the truth or in the predictions.
  case macro
  /// The mean over the classes, each with the weight of its rows.
  case weighted
  /// The score of the sums over all classes: each row has the same influence.
  case micro
}

/// Precision, recall and F1 of a class, or an average over classes.
public struct ClassScores: Hashable, Sendable {
  /// The fraction of the predictions of the class that are right; nil if it was never predicted.
  public let precision: Double?
  /// The fraction of the class's rows that were found; nil if it has none.
  public let recall: Double?
  /// 2·precision·recall / (precision + recall); nil if the class has no rows and no predictions.
  public let f1: Double?
  /// The weight of the class's rows; their number if rows have no weights.
  public let support: Double
}

extension ConfusionMatrix {
  /// The weight of rows whose class was predicted.
  private var correct: Double {
    (0..<classCount).reduce(0) { $0 + cells[$1 * classCount + $1, default: 0] }
  }

  private var total: Double { truthTotals.reduce(0, +) }

  /// The fraction of the rows whose class was predicted; nil without rows.
  public var accuracy: Double? { total > 0 ? correct / total : nil }

  /// The mean of the recalls of the classes that have rows; nil without rows.
  ///
  /// A class that is only predicted has no recall and does not count, as in scikit-learn.
  public var balancedAccuracy: Double? {
    let recalls = (0..<classCount).filter { truthTotals[$0] > 0 }.map { recall(of: $0) ?? 0 }
    return recalls.isEmpty ? nil : recalls.reduce(0, +) / Double(recalls.count)
  }

  /// Precision, recall and F1 of the class `index` against all others.
  ///
  /// Where scikit-learn warns and returns 0 (`zero_division`), the result is nil. Precondition: the
  /// index is in 0..<classCount.
  public func scores(ofClass index: Int) -> ClassScores {
    guard hasClass(index, "scores") else {
      return ClassScores(precision: nil, recall: nil, f1: nil, support: 0)
    }
    return ClassScores(
      precision: precision(of: index), recall: recall(of: index), f1: f1(of: index),
      support: truthTotals[index] * scale)
  }

  /// The scores of every class, in the order of the indices.
  public var scoresOfClasses: [ClassScores] { (0..<classCount).map { scores(ofClass: $0) } }

  /// Averages of precision, recall and F1; nil without rows, or if their weights sum to 0.
  ///
  /// A class occurs if a row has it or is predicted to, whatever its weight; others do not count. In
  /// an average an undefined score counts as 0, as in scikit-learn (`zero_division`). F1 is the
  /// average of the classes' F1.
  public func scores(_ averaging: ClassAveraging) -> ClassScores? {
    let total = total
    guard total > 0 else { return nil }
    if averaging == .micro {
      // Each wrong row is a false positive once and a false negative once.
      let score = correct / total
      return ClassScores(precision: score, recall: score, f1: score, support: total * scale)
    }
    let present = (0..<classCount).filter { isPresent[$0] }
    func average(_ score: (Int) -> Double?) -> Double {
      let weights = present.map { averaging == .weighted ? truthTotals[$0] : 1 }
      let sum = zip(present, weights).reduce(0) { $0 + $1.1 * (score($1.0) ?? 0) }
      return sum / weights.reduce(0, +)
    }
    return ClassScores(
      precision: average(precision), recall: average(recall), f1: average(f1),
      support: total * scale)
  }

  private func hits(_ index: Int) -> Double { cells[index * classCount + index, default: 0] }

  private func precision(of index: Int) -> Double? {
    predictedTotals[index] > 0 ? hits(index) / predictedTotals[index] : nil
  }

  private func recall(of index: Int) -> Double? {
    truthTotals[index] > 0 ? hits(index) / truthTotals[index] : nil
  }

  private func f1(of index: Int) -> Double? {
    let sum = truthTotals[index] + predictedTotals[index]
    return sum > 0 ? 2 * hits(index) / sum : nil
  }
}
