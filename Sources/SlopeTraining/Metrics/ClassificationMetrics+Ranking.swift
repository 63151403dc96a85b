/// How the areas under the curves of several classes become one.
public enum MulticlassAUC: String, CaseIterable, Sendable, Codable {
  /// Each class against the rest; the mean over the classes.
  case oneVersusRest
  /// Each class against the rest; the mean, each class with the weight of its rows.
  case oneVersusRestWeighted
  /// Each pair of classes, both ways; the mean over the pairs.
  ///
  /// It does not depend on how frequent the classes are (D. Hand and R. Till, A Simple
  /// Generalisation of the Area Under the ROC Curve for Multiple Class Classification Problems,
  /// 2001).
  case oneVersusOne
}

extension ClassificationMetrics {
  /// The rows ranked by the probability of class `index`: its curves, and the areas under them.
  ///
  /// Nil without probabilities. Precondition: the class is in 0..<classCount. Complexity: O(n).
  public func ranking(ofClass index: Int) -> RankingMetrics? {
    guard confusion.hasClass(index, "ranking"), !probabilities.isEmpty else { return nil }
    return RankingMetrics(scores: column(index), weights: weights) { classes[$0] == index }
  }

  /// The area under the ROC curve.
  ///
  /// Of two classes it is that of the second's probability, whatever the averaging. Of several, a
  /// class that no row has, or every row, has no area and is left out of the mean; there
  /// scikit-learn has NaN, or an error if it is not told the classes. With weights scikit-learn has
  /// no one-versus-one.
  ///
  /// - Parameter averaging: how the areas of several classes become one.
  /// - Returns: the area; nil without probabilities, or if no class has one.
  public func rocAUC(_ averaging: MulticlassAUC = .oneVersusRest) -> Double? {
    if classCount == 2 { return ranking(ofClass: 1)?.rocAUC }
    if averaging == .oneVersusOne { return oneVersusOneAUC() }
    return mean(isWeighted: averaging == .oneVersusRestWeighted) { ranking(ofClass: $0)?.rocAUC }
  }

  /// The average precision: the area under the precision-recall curve, as a sum of steps.
  ///
  /// Of two classes it is that of the second's probability. Of several it is the mean over the
  /// classes that have rows, each against the rest; scikit-learn has 0 for the others, with a
  /// warning.
  ///
  /// - Parameter averaging: `.macro` or `.weighted`; `.micro` ranks all probabilities of all rows
  ///   together.
  /// - Returns: the average precision; nil without probabilities, or if no class has rows.
  public func averagePrecision(_ averaging: ClassAveraging = .macro) -> Double? {
    if classCount == 2 { return ranking(ofClass: 1)?.averagePrecision }
    if averaging == .micro { return microRanking?.averagePrecision }
    return mean(isWeighted: averaging == .weighted) { ranking(ofClass: $0)?.averagePrecision }
  }

  /// Every probability of every row as a score of its own.
  private var microRanking: RankingMetrics? {
    guard !probabilities.isEmpty, weights.total > 0 else { return nil }
    let repeated = weights.values?.flatMap { [Double](repeating: $0, count: classCount) }
    guard
      let weights = try? RowWeights(repeated, rowCount: probabilities.count, for: "micro")
    else { return nil }
    return RankingMetrics(scores: probabilities, weights: weights) { position in
      classes[position / classCount] == position % classCount
    }
  }

  /// The mean of what classes that have rows have.
  private func mean(isWeighted: Bool, of value: (Int) -> Double?) -> Double? {
    var (sum, total) = (0.0, 0.0)
    for index in 0..<classCount where confusion.truthTotals[index] > 0 {
      guard let value = value(index) else { continue }
      let weight = isWeighted ? confusion.truthTotals[index] : 1
      sum += weight * value
      total += weight
    }
    return total > 0 ? sum / total : nil
  }

  /// The mean over ordered pairs of classes that have rows.
  ///
  /// One walk over the rows, in the order of a class's probabilities, gives the areas against all
  /// other classes: each of their rows adds the weight of the class above it, and half of what ties.
  private func oneVersusOneAUC() -> Double? {
    guard !probabilities.isEmpty else { return nil }
    let present = (0..<classCount).filter { confusion.truthTotals[$0] > 0 }
    guard present.count > 1 else { return nil }
    var sum = 0.0
    for index in present {
      let scores = column(index)
      let order = descendingOrder(of: scores)
      var areas = [Double](repeating: 0, count: classCount)
      var (above, start) = (0.0, 0)
      while start < order.count {
        let end = order[start...].firstIndex { scores[$0] != scores[order[start]] } ?? order.count
        let tied = order[start..<end].reduce(0) {
          $0 + (classes[$1] == index ? weights[$1] : 0)
        }
        for row in order[start..<end] { areas[classes[row]] += weights[row] * (above + tied / 2) }
        above += tied
        start = end
      }
      for other in present where other != index {
        sum += areas[other] / confusion.truthTotals[index] / confusion.truthTotals[other]
      }
    }
    return sum / Double(present.count * (present.count - 1))
  }
}
