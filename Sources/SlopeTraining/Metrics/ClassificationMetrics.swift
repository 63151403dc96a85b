import Glibc

/// How good predicted classes, and the probabilities of classes, are.
///
/// Classes are 0..<classCount, and may have names. Every row may have a weight; a row of weight 2
/// counts as two rows. What has no value is nil: everything if there are no rows, or none that
/// counts.
///
/// ```swift
/// let metrics = try ClassificationMetrics(
///   probabilities: [
///     0.7, 0.2, 0.1,
///     0.1, 0.5, 0.4,
///     0.2, 0.6, 0.2,
///     0.1, 0.2, 0.7,
///   ], classes: [0, 1, 2, 2], classCount: 3)
/// print(metrics)
/// // accuracy             0.75
/// // balanced accuracy  0.8333
/// // precision          0.8333
/// // recall             0.8333
/// // F1                 0.7778
/// // AUC                0.8056
/// // PR-AUC             0.7778
/// // log loss            0.754
/// // Brier               0.435
/// // ECE                 0.425
/// print(metrics.confusion[truth: 2, predicted: 1], metrics.rocAUC(.oneVersusOne) ?? 0)
/// // 1.0 0.8333333333333334
/// ```
///
/// The numbers are scikit-learn's; what differs where it warns is stated with each metric. The
/// predicted class is the first of the most probable ones. Properties that need no order are
/// computed once; a metric that ranks the rows sorts them when it is asked for, once per class.
public struct ClassificationMetrics: Sendable {
  /// The number of rows, including those of weight 0.
  public let rowCount: Int
  /// The weight of each true class that was predicted as each class.
  public let confusion: ConfusionMatrix
  /// −Σ w·log p / Σ w, with the probability p of the true class.
  ///
  /// p is limited to ε...1 − ε, so that a certain but wrong row does not cost infinity; ε is the
  /// distance from 1 to the next number of the probabilities' element type, 2⁻⁵² for `Double` and
  /// 2⁻²³ for `Float`, as in scikit-learn. Nil without probabilities.
  public let logLoss: Double?
  /// Σ w·Σₖ (pₖ − [class = k])² / Σ w; half of that for two classes.
  ///
  /// It is in 0...1 for two classes, the mean squared error of the second's probability, and
  /// otherwise in 0...2, as scikit-learn's with `scale_by_half="auto"`. Nil without probabilities.
  public let brierScore: Double?

  /// Row-major `[rows, classes]`; empty without probabilities.
  let probabilities: [Double]
  let classes: [Int]
  let weights: RowWeights
  private let predictions: [Int]

  /// The number of classes.
  public var classCount: Int { confusion.classCount }
  /// The fraction of the rows whose class was predicted; nil without rows.
  public var accuracy: Double? { confusion.accuracy }
  /// The mean of the recalls of the classes that have rows; nil without rows.
  public var balancedAccuracy: Double? { confusion.balancedAccuracy }

  /// Compares probabilities with the true classes.
  ///
  /// Probabilities must be in 0...1 and sum to 1 in each row, up to 2⁻¹¹·⁵ (the square root of a
  /// `Float`'s ε).
  ///
  /// - Parameters:
  ///   - probabilities: row-major `[rows, classes]`.
  ///   - classes: the true class of each row.
  ///   - classCount: the number of classes, which are 0..<classCount.
  ///   - weights: what each row counts; each counts 1 if nil.
  ///   - classNames: a name for each class, for printing.
  /// - Throws: `MetricError` if counts differ, a probability or a class is out of range, or a weight
  ///   is negative or not finite.
  public init(
    probabilities: [Double], classes: [Int], classCount: Int, weights: [Double]? = nil,
    classNames: [String]? = nil
  ) throws {
    try self.init(
      probabilities: probabilities, classes: classes, classCount: classCount, weights: weights,
      classNames: classNames, epsilon: .ulpOfOne)
  }

  /// Compares probabilities of the second of two classes with the true classes, 0 and 1.
  ///
  /// - Parameters:
  ///   - positiveProbabilities: the probability of class 1 in each row.
  ///   - classes: the true class of each row, 0 or 1.
  ///   - weights: what each row counts; each counts 1 if nil.
  ///   - classNames: the two names, for printing.
  /// - Throws: `MetricError` as for probabilities of every class.
  public init(
    positiveProbabilities: [Double], classes: [Int], weights: [Double]? = nil,
    classNames: [String]? = nil
  ) throws {
    try self.init(
      probabilities: positiveProbabilities.flatMap { [1 - $0, $0] }, classes: classes,
      classCount: 2, weights: weights, classNames: classNames)
  }

  /// Compares predicted classes with the true ones; metrics of probabilities are nil.
  ///
  /// - Parameters:
  ///   - predictions: the predicted class of each row.
  ///   - classes: the true class of each row.
  ///   - classCount: the number of classes, which are 0..<classCount.
  ///   - weights: what each row counts; each counts 1 if nil.
  ///   - classNames: a name for each class, for printing.
  /// - Throws: `MetricError` if counts differ, a class is out of range, or a weight is negative or
  ///   not finite.
  public init(
    predictions: [Int], classes: [Int], classCount: Int, weights: [Double]? = nil,
    classNames: [String]? = nil
  ) throws {
    let operation = "ClassificationMetrics"
    self.weights = try RowWeights(weights, rowCount: classes.count, for: operation)
    confusion = try ConfusionMatrix(
      predictions: predictions, classes: classes, classCount: classCount, weights: self.weights,
      classNames: classNames, operation: operation)
    rowCount = classes.count
    (probabilities, logLoss, brierScore) = ([], nil, nil)
    (self.predictions, self.classes) = (predictions, classes)
  }

  /// Compares probabilities with the true classes; `epsilon` is that of their element type.
  init(
    probabilities: [Double], classes: [Int], classCount: Int, weights: [Double]?,
    classNames: [String]?, epsilon: Double
  ) throws {
    let operation = "ClassificationMetrics"
    try ConfusionMatrix.check(classCount, classNames, operation)
    let rowCount = classes.count
    guard probabilities.count % classCount == 0, probabilities.count / classCount == rowCount
    else {
      throw MetricError(
        operation,
        "\(probabilities.count) probabilities for \(rowCount) rows of \(classCount) classes")
    }
    let tolerance = max(epsilon, Double(Float.ulpOfOne)).squareRoot()
    let predictions = try (0..<rowCount).map { row in
      try mostProbable(
        of: probabilities[row * classCount..<(row + 1) * classCount], row: row,
        tolerance: tolerance)
    }
    self.weights = try RowWeights(weights, rowCount: rowCount, for: operation)
    confusion = try ConfusionMatrix(
      predictions: predictions, classes: classes, classCount: classCount, weights: self.weights,
      classNames: classNames, operation: operation)
    // A device's division may exceed 1 in the last digit.
    let limited = probabilities.map { min(max($0, 0), 1) }
    let losses = classes.enumerated().map { row, index in
      -log(min(max(limited[row * classCount + index], epsilon), 1 - epsilon))
    }
    let distances = classes.enumerated().map { row, index in
      (0..<classCount).reduce(0) { sum, other in
        let difference = limited[row * classCount + other] - (other == index ? 1 : 0)
        return sum + difference * difference
      }
    }
    logLoss = self.weights.mean(of: losses)
    brierScore = self.weights.mean(of: distances).map { classCount < 3 ? $0 / 2 : $0 }
    (self.rowCount, self.probabilities, self.classes) = (rowCount, limited, classes)
    self.predictions = predictions
  }

  /// The expected calibration error of the predicted classes' probabilities, with 15 bins.
  public var expectedCalibrationError: Double? {
    try? calibration(binCount: 15)?.expectedCalibrationError
  }

  /// The calibration of the predicted class's probability: how often the prediction is right.
  ///
  /// Its error is the expected calibration error of C. Guo et al., On Calibration of Modern Neural
  /// Networks, 2017.
  ///
  /// - Parameter binCount: the number of bins, in 1...1,000,000.
  /// - Returns: the bins; nil without probabilities.
  /// - Throws: `MetricError` if there cannot be so many bins.
  public func calibration(binCount: Int = 15) throws -> CalibrationMetrics? {
    guard !probabilities.isEmpty else { return nil }
    let confidences = predictions.enumerated().map { probabilities[$0 * classCount + $1] }
    return try CalibrationMetrics(
      probabilities: confidences, weights: weights, binCount: binCount
    ) { predictions[$0] == classes[$0] }
  }

  /// The calibration of one class's probability: how often a row is of that class.
  ///
  /// Precondition: the class is in 0..<classCount.
  ///
  /// - Parameters:
  ///   - index: the class.
  ///   - binCount: the number of bins, in 1...1,000,000.
  /// - Returns: the bins; nil without probabilities.
  /// - Throws: `MetricError` if there cannot be so many bins.
  public func calibration(
    ofClass index: Int, binCount: Int = 15
  ) throws -> CalibrationMetrics? {
    guard confusion.hasClass(index, "calibration"), !probabilities.isEmpty else { return nil }
    return try CalibrationMetrics(
      probabilities: column(index), weights: weights, binCount: binCount
    ) { classes[$0] == index }
  }

  /// The probabilities of one class.
  func column(_ index: Int) -> [Double] {
    (0..<rowCount).map { probabilities[$0 * classCount + index] }
  }
}

/// The first of the largest probabilities of a row; throws if they are not probabilities.
private func mostProbable(
  of row: ArraySlice<Double>, row number: Int, tolerance: Double
) throws -> Int {
  var (best, sum) = (row.startIndex, 0.0)
  for (index, probability) in zip(row.indices, row) {
    guard probability >= -tolerance, probability <= 1 + tolerance else {
      throw MetricError(
        "ClassificationMetrics",
        "probability \(probability) of class \(index - row.startIndex) in row \(number), "
          + "it must be in 0...1")
    }
    sum += probability
    if probability > row[best] { best = index }
  }
  guard abs(sum - 1) <= tolerance else {
    throw MetricError(
      "ClassificationMetrics", "the probabilities of row \(number) sum to \(sum), not to 1")
  }
  return best - row.startIndex
}

extension ClassificationMetrics: CustomStringConvertible {
  /// The metrics that have a value, one per line, with four digits.
  public var description: String {
    metricLines(Metric.allCases.filter(\.isClassification)) { self[$0] }
  }
}
