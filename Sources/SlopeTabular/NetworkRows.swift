import SlopeCore
import SlopeData

/// The training rows of a network on a device: inputs, targets and weights.
struct NetworkRows<Element: FloatingElement>: Dataset {
  /// Rows that make a step.
  struct Batch {
    let features: Tensor<Element>
    /// Standardised numbers or, for two classes, 0 and 1: `[rows, 1]`; nil for more classes.
    let numbers: Tensor<Element>?
    /// Class indices, `[rows]`; nil for numbers and for two classes.
    let classes: Tensor<Int>?
    /// What each row counts, `[rows]`; nil for equally much.
    let weights: Tensor<Element>?

    /// The number of rows.
    var count: Int { features.shape[0] }

    /// The rows at some places.
    func taking(_ rows: Tensor<Int>) -> Batch {
      Batch(
        features: features.taking(rows), numbers: numbers?.taking(rows),
        classes: classes?.taking(rows), weights: weights?.taking(rows))
    }
  }

  /// All rows, without a copy.
  let all: Batch

  /// Rows with their targets; `asksForClasses` for two classes as indices, not as 0 and 1.
  init(
    features: Tensor<Element>, targets: TargetRows, weights: [Double]?, schema: TabularSchema,
    asksForClasses: Bool = false
  ) {
    let hasOneOutput =
      schema.task.outputCount == 1 && !(asksForClasses && schema.task.isClassification)
    let numbers =
      schema.task.isClassification
      ? targets.classes.map(Double.init)
      : targets.numbers.map {
        NumberEncoding.standardized($0, schema.targetMean, schema.targetDeviation)
      }
    all = Batch(
      features: features,
      numbers: hasOneOutput
        ? Tensor(
          shape: [numbers.count, 1], scalars: numbers.map { Element(clamping: $0) },
          on: features.device) : nil,
      classes: hasOneOutput ? nil : Tensor(targets.classes, on: features.device),
      weights: weights.map { Tensor($0.map { Element(clamping: $0) }, on: features.device) })
  }

  /// Rows of numbers to predict, which are standardised.
  init(features: Tensor<Element>, numbers: [Double]) {
    all = Batch(
      features: features,
      numbers: Tensor(
        shape: [numbers.count, 1], scalars: numbers.map { Element(clamping: $0) },
        on: features.device), classes: nil, weights: nil)
  }

  var count: Int { all.count }

  subscript(row: Int) -> Batch { taking([row]) }

  subscript(range: Range<Int>) -> Batch {
    let range = range.clamped(to: 0..<count)
    return range == 0..<count ? all : taking(Array(range))
  }

  func taking(_ indices: [Int]) -> Batch { all.taking(onDevice(indices)) }

  /// Batches in an order that is copied to the device once.
  func reader(order: [Int]) -> (Range<Int>) -> Batch {
    let order = onDevice(order)
    return { all.taking(order[$0]) }
  }

  private func onDevice(_ indices: [Int]) -> Tensor<Int> {
    Tensor(indices, on: all.features.device)
  }
}
