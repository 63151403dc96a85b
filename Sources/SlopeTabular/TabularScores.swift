import SlopeData
import SlopeTraining

/// How good predictions are beside a baseline that looks at no column.
///
/// The baseline of numbers is the mean of the training rows; that of classes their frequencies there.
/// What is undefined is nil: everything of no rows, R² where all targets are equal, the AUC where a
/// class has no row.
public struct TabularScores: Sendable, Hashable, Codable {
  /// The number of rows.
  public let rowCount: Int
  /// The mean of the squared errors, in the squared unit of the target.
  public private(set) var meanSquaredError: Double?
  /// The mean of the absolute errors.
  public private(set) var meanAbsoluteError: Double?
  /// The coefficient of determination R².
  public private(set) var rSquared: Double?
  /// The mean squared error of the baseline.
  public private(set) var baselineMeanSquaredError: Double?
  private var rootOfMean: Double?

  private static let largestConfusion = 200

  /// The fraction of the rows whose most probable class is the true one.
  public private(set) var accuracy: Double?
  /// The mean of the classes' recalls.
  public private(set) var balancedAccuracy: Double?
  /// The mean of −log p of the true class.
  public private(set) var logLoss: Double?
  /// The area under the ROC curve; of more than two classes the mean of each against the rest.
  public private(set) var areaUnderCurve: Double?
  /// The number (or weight) of the rows of each true class that were predicted as each class; nil for
  /// more than 200 classes.
  public private(set) var confusion: [[Double]]?
  /// The log loss of the baseline.
  public private(set) var baselineLogLoss: Double?
  /// The accuracy of always predicting the most frequent class of the training rows.
  public private(set) var baselineAccuracy: Double?

  /// The square root of the mean squared error.
  public var rootMeanSquaredError: Double? { rootOfMean }

  /// The number that training makes small: the root mean squared error or the log loss.
  public var mainError: Double? { rootOfMean ?? logLoss }

  /// The scores of predicted numbers; `baseline` is the training rows' mean.
  init(predictions: [Double], targets: [Double], weights: [Double]?, baseline: Double) throws {
    rowCount = targets.count
    let metrics = try RegressionMetrics(
      predictions: predictions, targets: targets, weights: weights)
    meanSquaredError = metrics.meanSquaredError.finite
    rootOfMean = metrics.rootMeanSquaredError.finite
    meanAbsoluteError = metrics.meanAbsoluteError.finite
    rSquared = metrics.rSquared.finite
    baselineMeanSquaredError = try RegressionMetrics(
      predictions: targets.map { _ in baseline }, targets: targets, weights: weights
    ).meanSquaredError.finite
  }

  /// The scores of probabilities; `frequencies` are those of the classes in the training rows.
  init(
    probabilities: [Double], classes: [Int], frequencies: [Double], weights: [Double]?
  ) throws {
    rowCount = classes.count
    let count = frequencies.count
    let metrics = try ClassificationMetrics(
      probabilities: probabilities, classes: classes, classCount: count, weights: weights)
    accuracy = metrics.accuracy
    balancedAccuracy = metrics.balancedAccuracy
    logLoss = metrics.logLoss
    areaUnderCurve = metrics.rocAUC()
    confusion = count <= Self.largestConfusion ? metrics.confusion.rows : nil
    let baseline = try ClassificationMetrics(
      probabilities: classes.flatMap { _ in frequencies }, classes: classes, classCount: count,
      weights: weights)
    baselineLogLoss = baseline.logLoss
    baselineAccuracy = baseline.accuracy
  }

  /// The scores of a baseline, which predicts the same for each of the rows.
  ///
  /// It is a model like another here: its R² and AUC follow from the rows.
  package init(ofBaseline baseline: [Double], _ truth: TargetRows, _ task: PredictionTask) throws {
    if task.isClassification {
      try self.init(
        probabilities: truth.classes.flatMap { _ in baseline }, classes: truth.classes,
        frequencies: baseline, weights: truth.weights)
    } else {
      let mean = baseline.first ?? 0
      try self.init(
        predictions: truth.numbers.map { _ in mean }, targets: truth.numbers,
        weights: truth.weights, baseline: mean)
    }
  }

  /// The scores of predictions for rows whose targets are known.
  package init(
    _ predictions: TabularPredictions, _ truth: TargetRows, baseline: [Double]
  ) throws {
    if predictions.task.isClassification {
      try self.init(
        probabilities: predictions.probabilities, classes: truth.classes, frequencies: baseline,
        weights: truth.weights)
    } else {
      try self.init(
        predictions: predictions.numbers, targets: truth.numbers, weights: truth.weights,
        baseline: baseline.first ?? 0)
    }
  }
}

extension TabularScores {
  /// The scores of each part beside those of the baseline, with the columns' names.
  package static func table(
    _ scores: [TablePart: TabularScores], _ task: PredictionTask
  ) -> String {
    table(Dictionary(uniqueKeysWithValues: scores.map { ("\($0.key)", $0.value) }), task)
  }

  /// The scores of some parts by their names; training, validation and test come first.
  package static func table(_ scores: [String: TabularScores], _ task: PredictionTask) -> String {
    var rows = [
      task.isClassification
        ? [
          "part", "rows", "accuracy", "balanced", "log loss", "AUC", "baseline accuracy",
          "log loss",
        ]
        : ["part", "rows", "MSE", "RMSE", "MAE", "R²", "baseline MSE"]
    ]
    let first = TablePart.allCases.flatMap { ["\($0)", $0.rawValue] }
    let names = first + scores.keys.filter { !first.contains($0) }.sorted()
    var taken: Set<String> = []
    for name in names where taken.insert(name).inserted {
      guard let score = scores[name] else { continue }
      let shown = TablePart(rawValue: name).map { "\($0)" } ?? name
      rows.append([shown, score.rowCount.grouped] + score.figures(task))
    }
    return AlignedTable(rows: rows).text
  }

  /// The figures of a row of the table.
  package func figures(_ task: PredictionTask) -> [String] {
    (task.isClassification
      ? [accuracy, balancedAccuracy, logLoss, areaUnderCurve, baselineAccuracy, baselineLogLoss]
      : [
        meanSquaredError, rootMeanSquaredError, meanAbsoluteError, rSquared,
        baselineMeanSquaredError,
      ]).map(\.figures)
  }
}

extension TargetRows {
  /// The number that training makes small, of predictions for these rows: the root mean squared error or the
  /// log loss.
  ///
  /// - Throws: `MetricError` for predictions beyond all numbers.
  package func mainError(_ predictions: TabularPredictions) throws -> Double? {
    guard predictions.task.isClassification else {
      return try RegressionMetrics(
        predictions: predictions.numbers, targets: numbers, weights: weights
      ).rootMeanSquaredError.finite
    }
    return try ClassificationMetrics(
      probabilities: predictions.probabilities, classes: classes,
      classCount: predictions.task.classes.count, weights: weights
    ).logLoss
  }
}

extension Double? {
  /// The number if it is finite.
  fileprivate var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}

/// The targets of some rows, and what each row counts.
package struct TargetRows {
  /// Numbers, of a regression.
  package var numbers: [Double] = []
  /// Class indices, of a classification.
  package var classes: [Int] = []
  package var weights: [Double]?

  /// The targets of the rows at `rows`.
  package func taking(_ rows: [Int]) -> TargetRows {
    TargetRows(
      numbers: numbers.isEmpty ? [] : rows.map { numbers[$0] },
      classes: classes.isEmpty ? [] : rows.map { classes[$0] },
      weights: weights.map { weights in rows.map { weights[$0] } })
  }
}
