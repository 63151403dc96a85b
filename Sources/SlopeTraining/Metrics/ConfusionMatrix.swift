import SlopeCore
import SlopeData

/// How much weight of each true class was predicted as each class.
///
/// Rows are true classes, columns predicted ones, as in scikit-learn. A row of data counts 1, or its
/// weight.
///
/// ```swift
/// let matrix = try ConfusionMatrix(
///   predictions: [0, 1, 1, 2, 2, 0], classes: [0, 1, 1, 2, 1, 2], classCount: 3,
///   classNames: ["ant", "bee", "cat"])
/// print(matrix)
/// // true \ predicted  ant  bee  cat
/// // ant                 1    0    0
/// // bee                 0    2    1
/// // cat                 1    0    1
/// print(matrix[truth: 1, predicted: 2], matrix.accuracy ?? 0)
/// // 1.0 0.6666666666666666
/// ```
///
/// Only cells that occur are stored: a hundred thousand classes need no more memory than their rows.
public struct ConfusionMatrix: Hashable, Sendable {
  /// The number of classes.
  public let classCount: Int
  /// The names of the classes, if they have any.
  public let classNames: [String]?

  /// What the stored weights were divided by.
  let scale: Double
  /// The divided weight of a true and a predicted class, by `truth · classCount + predicted`.
  ///
  /// A cell whose rows have weight 0 exists, with 0.
  let cells: [Int: Double]
  /// The divided weight of each true class.
  let truthTotals: [Double]
  /// The divided weight of each predicted class.
  let predictedTotals: [Double]
  /// Whether a row has the class or is predicted to, whatever its weight.
  let isPresent: [Bool]

  /// The largest number of classes: 2²⁰.
  static let largestClassCount = 1 << 20

  /// Counts predicted and true classes.
  ///
  /// - Parameters:
  ///   - predictions: the predicted class of each row.
  ///   - classes: the true class of each row.
  ///   - classCount: the number of classes, which are 0..<classCount; at most 2²⁰.
  ///   - weights: what each row counts; each counts 1 if nil.
  ///   - classNames: a name for each class, for printing.
  /// - Throws: `MetricError` if counts differ, a class is out of range, or a weight is negative or
  ///   not finite.
  public init(
    predictions: [Int], classes: [Int], classCount: Int, weights: [Double]? = nil,
    classNames: [String]? = nil
  ) throws {
    try self.init(
      predictions: predictions, classes: classes, classCount: classCount,
      weights: RowWeights(weights, rowCount: classes.count, for: "ConfusionMatrix"),
      classNames: classNames, operation: "ConfusionMatrix")
  }

  init(
    predictions: [Int], classes: [Int], classCount: Int, weights: RowWeights,
    classNames: [String]?, operation: String
  ) throws {
    try ConfusionMatrix.check(classCount, classNames, operation)
    guard predictions.count == classes.count else {
      throw MetricError(operation, "\(predictions.count) predictions for \(classes.count) classes")
    }
    for (name, list) in [("predicted class", predictions), ("class", classes)] {
      if let row = list.firstIndex(where: { !(0..<classCount).contains($0) }) {
        throw MetricError(
          operation, "\(name) \(list[row]) of row \(row), it must be in 0..<\(classCount)")
      }
    }
    var cells: [Int: Double] = [:]
    for row in classes.indices {
      cells[classes[row] * classCount + predictions[row], default: 0] += weights[row]
    }
    self.init(
      classCount: classCount, classNames: classNames, cells: cells, scale: weights.scale)
  }

  private init(classCount: Int, classNames: [String]?, cells: [Int: Double], scale: Double) {
    var truthTotals = [Double](repeating: 0, count: classCount)
    var predictedTotals = truthTotals
    var isPresent = [Bool](repeating: false, count: classCount)
    // In order, so that sums of weights do not depend on the dictionary's.
    for key in cells.keys.sorted() {
      let (truth, predicted) = (key / classCount, key % classCount)
      truthTotals[truth] += cells[key, default: 0]
      predictedTotals[predicted] += cells[key, default: 0]
      isPresent[truth] = true
      isPresent[predicted] = true
    }
    (self.classCount, self.classNames, self.cells, self.scale) = (
      classCount, classNames, cells, scale
    )
    (self.truthTotals, self.predictedTotals, self.isPresent) = (
      truthTotals, predictedTotals, isPresent
    )
  }

  /// Throws if there cannot be `classCount` classes with these names.
  static func check(_ classCount: Int, _ classNames: [String]?, _ operation: String) throws {
    guard (1...largestClassCount).contains(classCount) else {
      throw MetricError(
        operation, "classCount \(classCount), it must be in 1...\(largestClassCount)")
    }
    if let classNames, classNames.count != classCount {
      throw MetricError(operation, "\(classNames.count) class names for \(classCount) classes")
    }
  }

  /// The weight of rows of class `truth` that were predicted to be of class `predicted`.
  ///
  /// Precondition: both are in 0..<classCount.
  public subscript(truth truth: Int, predicted predicted: Int) -> Double {
    guard hasClass(truth, "ConfusionMatrix"), hasClass(predicted, "ConfusionMatrix") else {
      return 0
    }
    return cells[truth * classCount + predicted, default: 0] * scale
  }

  /// Whether there is such a class; reports a failure if not.
  func hasClass(_ index: Int, _ operation: String) -> Bool {
    if (0..<classCount).contains(index) { return true }
    reportFailure(operation: operation, "class \(index), it must be in 0..<\(classCount)")
    return false
  }

  /// Each true class's weight, divided into the predicted classes: rows that sum to 1.
  ///
  /// The row of a class without weight is 0, as in scikit-learn.
  public func normalizedByRows() -> ConfusionMatrix {
    var fractions = cells
    for (key, weight) in cells {
      let total = truthTotals[key / classCount]
      fractions[key] = total > 0 ? weight / total : 0
    }
    return ConfusionMatrix(
      classCount: classCount, classNames: classNames, cells: fractions, scale: 1)
  }

  /// The whole matrix, `[classCount][classCount]`.
  ///
  /// Complexity: O(classCount²), also in memory. Nil if there are more than 4,096 classes.
  public var rows: [[Double]]? {
    guard classCount <= 4096 else { return nil }
    return (0..<classCount).map { truth in
      (0..<classCount).map { cells[truth * classCount + $0, default: 0] * scale }
    }
  }

  /// The name of a class, or its index.
  func name(_ index: Int) -> String { classNames?[index].withControlsEscaped ?? "\(index)" }
}

extension ConfusionMatrix: CustomStringConvertible {
  /// A table with a line for each true class, of at most 20 classes.
  public var description: String {
    let shown = 0..<min(classCount, 20)
    let lines = shown.map { truth in
      [name(truth)] + shown.map { self[truth: truth, predicted: $0].readable }
    }
    let table = aligned([["true \\ predicted"] + shown.map(name)] + lines)
    return classCount > shown.count ? table + "\n… \(classCount - shown.count) more" : table
  }
}
