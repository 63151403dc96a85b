import SlopeData
import SlopeTabular
import SlopeTraining

/// Rows with targets, and what a model predicts for them.
struct JudgedRows: Sendable {
  let table: Table
  let truth: TargetRows
  let predictions: TabularPredictions
  /// The part of the fit that they are; nil for rows of another table.
  let part: TablePart?

  var count: Int { predictions.rowCount }

  /// What the rows are, in a few words.
  var title: String {
    let rows = "\(count.grouped) \(count == 1 ? "row" : "rows")"
    switch part {
    case .test: return "\(rows) of the test part, which the model has not learnt from"
    case .validation: return "\(rows) of the validation part, by which the model was chosen"
    case .training: return "\(rows) that the model has learnt from"
    case nil: return "\(rows) of \(table.source)"
    }
  }

  /// The metrics of classes; nil for numbers.
  var classMetrics: ClassificationMetrics? {
    try? ClassificationMetrics(
      probabilities: predictions.probabilities, classes: truth.classes,
      classCount: predictions.task.classes.count, weights: truth.weights)
  }

  /// The metrics of numbers; nil for classes.
  var numberMetrics: RegressionMetrics? {
    try? RegressionMetrics(
      predictions: predictions.numbers, targets: truth.numbers, weights: truth.weights)
  }

  /// How wrong the prediction of each row is: the absolute error, or 1 − p of the true class.
  var errors: [Double] {
    let count = predictions.task.classes.count
    guard count > 0 else {
      return zip(predictions.numbers, truth.numbers).map { abs($0 - $1) }
    }
    return truth.classes.enumerated().map { 1 - predictions.probabilities[$0 * count + $1] }
  }

  /// The rows with the largest errors, the worst first, of those that count.
  func worst(_ most: Int) -> [Int] {
    let errors = errors
    let counting = errors.indices.filter { row in truth.weights.map { $0[row] > 0 } ?? true }
    return counting.sorted { (errors[$1], $0) < (errors[$0], $1) }.prefix(most)
      .filter { errors[$0] > 0 }
  }
}
