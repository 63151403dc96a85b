import Glibc

/// What a tabular model predicts, which fixes its outputs, its loss and its scores.
public enum PredictionTask: Sendable, Hashable, Codable {
  /// A number in the target's unit, by the mean squared error.
  case regression
  /// One of some classes, by the cross-entropy; the names are in ascending order.
  ///
  /// Two classes have one output, the logit of the second; more have one logit each.
  case classification(classes: [String])

  /// The number of outputs of the network for a row.
  public var outputCount: Int {
    switch self {
    case .regression: 1
    case .classification(let classes): classes.count == 2 ? 1 : classes.count
    }
  }

  /// The names of the classes; none for numbers.
  public var classes: [String] {
    if case .classification(let classes) = self { classes } else { [] }
  }

  /// Whether classes are predicted.
  public var isClassification: Bool { self != .regression }
}

/// Predictions for the rows of a table.
public struct TabularPredictions: Sendable, Hashable {
  /// What was predicted.
  public let task: PredictionTask
  /// The number of rows.
  public let rowCount: Int
  /// For numbers the prediction of each row, in the target's unit; empty for classes.
  public let numbers: [Double]
  /// For classes the probability of each, row-major `[rows, classes]`; empty for numbers.
  public let probabilities: [Double]

  /// For classes the index of the most probable of each row, the first of equal ones.
  public var classIndices: [Int] {
    task.isClassification ? (0..<rowCount).map(classIndex) : []
  }

  /// For classes the index of the most probable of a row, the first of equal ones.
  package func classIndex(ofRow row: Int) -> Int {
    let all = probabilities(ofRow: row)
    var best = all.startIndex
    for index in all.indices where all[index] > all[best] { best = index }
    return best - all.startIndex
  }

  /// For classes the probability of each for a row.
  package func probabilities(ofRow row: Int) -> ArraySlice<Double> {
    let count = task.classes.count
    return probabilities[(row * count)..<((row + 1) * count)]
  }

  /// For classes the name of the most probable of each row.
  public var classes: [String] { classIndices.map { task.classes[$0] } }

  /// The first row with a prediction that is not a number; nil if there is none.
  var firstUndefinedRow: Int? {
    let values = task.isClassification ? probabilities : numbers
    let count = max(1, task.classes.count)
    return values.firstIndex(where: \.isNaN).map { $0 / count }
  }

  /// The mean of predictions of the same rows, each times its weight; nil of none.
  ///
  /// What has the weight 0 does not count, whatever it is. The weights sum to 1.
  static func mean(of parts: [TabularPredictions], weights: [Double]) -> TabularPredictions? {
    guard let first = parts.first else { return nil }
    func mean(_ values: KeyPath<TabularPredictions, [Double]>) -> [Double] {
      var sums = [Double](repeating: 0, count: first[keyPath: values].count)
      for (part, weight) in zip(parts, weights) where weight > 0 {
        let added = part[keyPath: values]
        for index in sums.indices { sums[index] += weight * added[index] }
      }
      return sums
    }
    return TabularPredictions(first.task, first.rowCount, mean(\.numbers), mean(\.probabilities))
  }

  private init(
    _ task: PredictionTask, _ rowCount: Int, _ numbers: [Double], _ probabilities: [Double]
  ) {
    self.task = task
    self.rowCount = rowCount
    self.numbers = numbers
    self.probabilities = probabilities
  }

  /// Predictions for `count` rows from parts of them, given the places of each part's rows.
  ///
  /// Nil of no parts. Each row is in one of them.
  init?(_ parts: [TabularPredictions], places: [[Int]], count: Int) {
    guard let first = parts.first else { return nil }
    (task, rowCount) = (first.task, count)
    func gathered(_ values: KeyPath<TabularPredictions, [Double]>, width: Int) -> [Double] {
      var all = [Double](repeating: 0, count: count * width)
      for (part, places) in zip(parts, places) {
        let source = part[keyPath: values]
        for (row, place) in places.enumerated() {
          for index in 0..<width { all[place * width + index] = source[row * width + index] }
        }
      }
      return all
    }
    numbers = task.isClassification ? [] : gathered(\.numbers, width: 1)
    probabilities = gathered(\.probabilities, width: task.classes.count)
  }

  /// The predictions from the outputs of a network, row-major `[rows, outputs]`.
  ///
  /// Numbers are `mean + deviation · output`, or e to the power of that; probabilities the logistic
  /// function or the softmax.
  init(
    outputs: [Double], task: PredictionTask, mean: Double, deviation: Double,
    areLogarithms: Bool = false
  ) {
    self.task = task
    rowCount = outputs.count / task.outputCount
    switch task {
    case .regression:
      let values = outputs.map { $0 * deviation + mean }
      numbers = (areLogarithms ? values.map { exp($0) } : values).map(\.limited)
      probabilities = []
    case .classification(let classes):
      numbers = []
      var all: [Double] = []
      all.reserveCapacity(rowCount * classes.count)
      if classes.count == 2 {
        for logit in outputs {
          let small = exp(-abs(logit))
          let (likely, unlikely) = (1 / (1 + small), small / (1 + small))
          all += logit >= 0 ? [unlikely, likely] : [likely, unlikely]
        }
      } else {
        for row in 0..<rowCount {
          let logits = outputs[(row * classes.count)..<((row + 1) * classes.count)]
          let largest = logits.max() ?? 0
          let weights = logits.map { exp($0 - largest) }
          let sum = weights.reduce(0, +)
          all += weights.map { $0 / sum }
        }
      }
      probabilities = all
    }
  }
}

extension Double {
  /// The number, or the largest finite one of the sign of an infinity; NaN stays.
  fileprivate var limited: Double {
    isInfinite ? (self < 0 ? -1 : 1) * .greatestFiniteMagnitude : self
  }
}
