import SlopeData
import SlopeTabular
import SlopeTraining

/// Rows with targets, and what a model predicts for them.
struct JudgedRows: Sendable {
  let table: Table
  let truth: TargetRows
  let predictions: TabularPredictions
  /// The part of the fit that they are; nil for rows of a table that was given with a model.
  let part: TablePart?
  /// What is known of the rows that the model has learnt from, in such a table.
  var learnt = LearntRows.unknown

  /// Whether the model has learnt from rows of a table.
  enum LearntRows: Hashable {
    /// Nothing says so.
    case unknown
    /// The table has the name and the number of rows of the one of the training, but other cells, or the
    /// model does not tell.
    case likely(Int)
    /// The table is the one of the training, of which the model has learnt from some rows.
    case certain(Int)
  }

  var count: Int { predictions.rowCount }

  /// What the rows are, in a few words.
  var title: String {
    let rows = "\(count.grouped) \(count == 1 ? "row" : "rows")"
    switch part {
    case .test: return "\(rows) of the test part, which the model has not learnt from"
    case .validation: return "\(rows) of the validation part, by which the model was chosen"
    case .training: return "\(rows) that the model has learnt from"
    case nil: break
    }
    switch learnt {
    case .unknown: return "\(rows) of \(table.source)"
    case .likely(let count):
      return "\(rows) of \(table.source), from \(count.grouped) of which it has probably learnt"
    case .certain(let count):
      return "\(rows) of \(table.source), from \(count.grouped) of which it has learnt"
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
  ///
  /// Of classes the rows that are predicted wrong come before all others.
  func worst(_ most: Int) -> [Int] {
    let (errors, areWrong) = (errors, areWrong)
    let counting = errors.indices.filter { row in truth.weights.map { $0[row] > 0 } ?? true }
    return counting.sorted { left, right in
      if areWrong[left] != areWrong[right] { return areWrong[left] }
      return (errors[right], left) < (errors[left], right)
    }.prefix(most).filter { errors[$0] > 0 }
  }

  /// Whether the class of each row is predicted wrong; true of numbers.
  var areWrong: [Bool] {
    guard predictions.task.isClassification else {
      return [Bool](repeating: true, count: truth.numbers.count)
    }
    return zip(predictions.classIndices, truth.classes).map { $0 != $1 }
  }
}
