/// The metrics by name: what a trainer reports, chooses the best epoch by, or writes to a file.
///
/// ```swift
/// let metrics = try RegressionMetrics(predictions: [1, 2, 4], targets: [1, 2, 3])
/// for metric in [Metric.rootMeanSquaredError, .rSquared] {
///   print(metric.shortName, metric.isHigherBetter, metrics[metric] != nil)
/// }
/// // RMSE false true
/// // R² true true
/// print(Metric.accuracy.isBetter(0.9, than: 0.8), Metric.logLoss.isBetter(0.9, than: 0.8))
/// // true false
/// ```
public enum Metric: String, CaseIterable, Sendable, Codable {
  /// `RegressionMetrics.rootMeanSquaredError`.
  case rootMeanSquaredError
  /// `RegressionMetrics.meanSquaredError`.
  case meanSquaredError
  /// `RegressionMetrics.meanAbsoluteError`.
  case meanAbsoluteError
  /// `RegressionMetrics.medianAbsoluteError`.
  case medianAbsoluteError
  /// `RegressionMetrics.maximumError`.
  case maximumError
  /// `RegressionMetrics.meanAbsolutePercentageError`.
  case meanAbsolutePercentageError
  /// `RegressionMetrics.rSquared`.
  case rSquared
  /// `ClassificationMetrics.accuracy`.
  case accuracy
  /// `ClassificationMetrics.balancedAccuracy`.
  case balancedAccuracy
  /// The macro average of the classes' precision.
  case precision
  /// The macro average of the classes' recall.
  case recall
  /// The macro average of the classes' F1.
  case f1
  /// `ClassificationMetrics.rocAUC(_:)`, the macro average of one class against the rest.
  case rocAUC
  /// `ClassificationMetrics.averagePrecision(_:)`, the macro average.
  case averagePrecision
  /// `ClassificationMetrics.logLoss`.
  case logLoss
  /// `ClassificationMetrics.brierScore`.
  case brierScore
  /// The expected calibration error, with 15 bins.
  case expectedCalibrationError

  /// Whether the metric is one of predicted numbers.
  public var isRegression: Bool {
    switch self {
    case .rootMeanSquaredError, .meanSquaredError, .meanAbsoluteError, .medianAbsoluteError,
      .maximumError, .meanAbsolutePercentageError, .rSquared:
      true
    default: false
    }
  }

  /// Whether the metric is one of predicted classes.
  public var isClassification: Bool { !isRegression }

  /// Whether the metric is computed from probabilities, and not from predicted classes alone.
  public var needsProbabilities: Bool {
    switch self {
    case .rocAUC, .averagePrecision, .logLoss, .brierScore, .expectedCalibrationError: true
    default: false
    }
  }

  /// Whether a larger value is better.
  public var isHigherBetter: Bool {
    switch self {
    case .rSquared, .accuracy, .balancedAccuracy, .precision, .recall, .f1, .rocAUC,
      .averagePrecision:
      true
    default: false
    }
  }

  /// Whether `value` is better than `other`: any value is better than NaN.
  public func isBetter(_ value: Double, than other: Double) -> Bool {
    if value.isNaN || other.isNaN { return !value.isNaN }
    return isHigherBetter ? value > other : value < other
  }

  /// A name for a table's heading, such as `RMSE`.
  public var shortName: String {
    switch self {
    case .rootMeanSquaredError: "RMSE"
    case .meanSquaredError: "MSE"
    case .meanAbsoluteError: "MAE"
    case .medianAbsoluteError: "median AE"
    case .maximumError: "max error"
    case .meanAbsolutePercentageError: "MAPE"
    case .rSquared: "R²"
    case .accuracy: "accuracy"
    case .balancedAccuracy: "balanced accuracy"
    case .precision: "precision"
    case .recall: "recall"
    case .f1: "F1"
    case .rocAUC: "AUC"
    case .averagePrecision: "PR-AUC"
    case .logLoss: "log loss"
    case .brierScore: "Brier"
    case .expectedCalibrationError: "ECE"
    }
  }
}

extension RegressionMetrics {
  /// A metric by name; nil if it is undefined here, or one of classes.
  public subscript(metric: Metric) -> Double? {
    switch metric {
    case .rootMeanSquaredError: rootMeanSquaredError
    case .meanSquaredError: meanSquaredError
    case .meanAbsoluteError: meanAbsoluteError
    case .medianAbsoluteError: medianAbsoluteError
    case .maximumError: maximumError
    case .meanAbsolutePercentageError: meanAbsolutePercentageError
    case .rSquared: rSquared
    default: nil
    }
  }
}

extension ClassificationMetrics {
  /// A metric by name; nil if it is undefined here, or one of numbers.
  public subscript(metric: Metric) -> Double? {
    switch metric {
    case .accuracy: accuracy
    case .balancedAccuracy: balancedAccuracy
    case .precision: confusion.scores(.macro)?.precision
    case .recall: confusion.scores(.macro)?.recall
    case .f1: confusion.scores(.macro)?.f1
    case .rocAUC: rocAUC()
    case .averagePrecision: averagePrecision()
    case .logLoss: logLoss
    case .brierScore: brierScore
    case .expectedCalibrationError: expectedCalibrationError
    default: nil
    }
  }
}
