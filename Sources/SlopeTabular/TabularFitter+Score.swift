import Glibc
import SlopeCore
import SlopeData
import SlopeTraining

extension TabularFitter {
  /// By what epochs, penalties, temperatures and models are chosen on some rows.
  ///
  /// It is the metric, or of the log loss what `withOneErrorMore(_:_:)` makes of it; NaN where it is
  /// undefined.
  func score(_ predictions: TabularPredictions, _ rows: [Int]) throws -> Double {
    let truth = self.rows.truth.taking(rows)
    let score: Double?
    if predictions.task.isClassification {
      let found = try ClassificationMetrics(
        probabilities: predictions.probabilities, classes: truth.classes,
        classCount: predictions.task.classes.count, weights: truth.weights)[metric]
      score = metric == .logLoss ? found.map { predictions.withOneErrorMore($0, truth) } : found
    } else {
      score = try RegressionMetrics(
        predictions: predictions.numbers, targets: truth.numbers, weights: truth.weights)[metric]
    }
    return score ?? .nan
  }

  /// What gives the metric of a model on the validation rows after each epoch; nil without such rows.
  ///
  /// For networks the rows are read once, and the products are the library's: unlike those of
  /// `validationScore` they may differ in the last bit by a row's place, and are faster.
  func epochScore(of model: TabularModel<Element>) throws -> () throws -> Double? {
    if validation.isEmpty { return { nil } }
    if options.model == .linear, options.hidden.isEmpty { return { try validationScore(model) } }
    let features = try encoded.tensor(rows: validation) as Tensor<Element>
    let (network, count, rowsAtOnce) = (model.tabularNetwork, validation.count, 1024)
    return {
      var outputs: [Double] = []
      for start in stride(from: 0, to: count, by: rowsAtOnce) {
        let part = features[start..<min(start + rowsAtOnce, count)]
        outputs += noGrad { network.outputs(of: part) }.scalars.map(\.doubleValue)
      }
      return try score(model.predictions(outputs), validation)
    }
  }

  /// The metric of a model on the validation rows; nil without such rows.
  func validationScore(_ model: TabularModel<Element>) throws -> Double? {
    if validation.isEmpty { return nil }
    return try score(
      model.predictions(try model.outputs(of: encoded, rows: validation)), validation)
  }
}

extension TabularFitter {
  /// What each validation row costs by the metric, and for a log loss at last one error more; nil for
  /// metrics that are no mean, or root of a mean, of what rows cost.
  func costsOfRows(_ model: TabularModel<Element>) throws -> [Double]? {
    costs(
      of: model.predictions(try model.outputs(of: encoded, rows: validation)), rows: validation)
  }

  /// What some rows cost by the metric, as `costsOfRows` says it; `countsOneError` for one error more.
  func costs(
    of predictions: TabularPredictions, rows: [Int], countsOneError: Bool = true
  ) -> [Double]? {
    let truth = self.rows.truth.taking(rows)
    let costs: [Double]
    switch metric {
    case .rootMeanSquaredError, .meanSquaredError, .rSquared:
      costs = zip(predictions.numbers, truth.numbers).map { ($0 - $1) * ($0 - $1) }
    case .meanAbsoluteError:
      costs = zip(predictions.numbers, truth.numbers).map { abs($0 - $1) }
    case .logLoss:
      let count = predictions.task.classes.count
      costs = truth.classes.enumerated().map { row, index in
        -log(max(predictions.probabilities[row * count + index], .ulpOfOne))
      }
    default:
      return nil
    }
    let more =
      metric == .logLoss && countsOneError ? [predictions.costOfOneError(truth)] : []
    let mean = (truth.weights ?? []).reduce(0, +) / Double(max(1, costs.count))
    guard let weights = truth.weights, mean > 0 else { return costs + more }
    return zip(costs, weights).map { $0 * $1 / mean } + more
  }
}

extension [Double] {
  /// Whether these costs of rows are less than others of the same rows, by more than one standard error of
  /// the difference.
  ///
  /// Source: the "one standard error rule" for the simplest of models that are hardly different, L. Breiman
  /// and others, Classification and Regression Trees, 1984, 3.4.3.
  func areClearlyLess(than others: [Double]) -> Bool {
    let moments = ColumnMoments(zip(others, self).map { $0 - $1 })
    // The deviation has the divisor n.
    return moments.mean > moments.deviation / Double(Swift.max(1, count - 1)).squareRoot()
  }
}

extension TabularPredictions {
  /// A log loss as it would be with one row more that is predicted wrong: as another class than the
  /// true one, the most probable of the others.
  ///
  /// Of few rows that are all predicted right the log loss is the smaller the more confident a model is,
  /// and its first error then costs everything. Laplace's rule of succession expects about one error in
  /// as many rows more.
  ///
  /// - Parameters:
  ///   - logLoss: the log loss of these predictions.
  ///   - truth: the true classes and the weights.
  /// - Returns: the mean of both.
  func withOneErrorMore(_ logLoss: Double, _ truth: TargetRows) -> Double {
    guard !truth.classes.isEmpty else { return logLoss }
    let rows = Double(truth.classes.count)
    return (rows * logLoss + costOfOneError(truth)) / (rows + 1)
  }

  /// The mean of −log p of the most probable class that is not the true one; 0 without rows that count.
  func costOfOneError(_ truth: TargetRows) -> Double {
    let count = task.classes.count
    var (sum, total) = (0.0, 0.0)
    for (row, trueClass) in truth.classes.enumerated() {
      let all = probabilities[(row * count)..<((row + 1) * count)]
      let others = all.indices.lazy.filter { $0 - row * count != trueClass }
      let other = others.map { all[$0] }.max() ?? 1
      let weight = truth.weights?[row] ?? 1
      sum -= weight * log(max(other, .ulpOfOne))
      total += weight
    }
    return total > 0 ? sum / total : 0
  }
}
