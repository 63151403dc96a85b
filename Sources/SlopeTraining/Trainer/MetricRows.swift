import SlopeCore
import SlopeData

/// Outputs of a model and their targets, collected for metrics.
struct MetricRows<Element: FloatingElement> {
  private var outputs: [Tensor<Element>] = []
  private var numbers: [Tensor<Element>] = []
  private var classes: [Tensor<Int>] = []

  init() {}

  /// The outputs `[rows, …]` of a batch with its targets: classes if these are integers.
  init<Target: TensorElement>(_ output: Tensor<Element>, _ target: Tensor<Target>) {
    outputs = [output.detached()]
    if let classes = target as? Tensor<Int> {
      self.classes = [classes]
    } else if let numbers = target as? Tensor<Element> {
      self.numbers = [numbers]
    }
  }

  /// Adds the rows of another batch.
  mutating func append(_ other: MetricRows) {
    outputs += other.outputs
    numbers += other.numbers
    classes += other.classes
  }

  /// The metrics that are defined.
  ///
  /// Waits for the device.
  func values(of metrics: [Metric]) throws -> [Metric: Double] {
    guard !metrics.isEmpty, !outputs.isEmpty else { return [:] }
    let output = concatenate(outputs)
    var values: [Metric: Double] = [:]
    let ofNumbers = metrics.filter(\.isRegression)
    if !ofNumbers.isEmpty {
      guard !numbers.isEmpty else {
        throw MetricError("Trainer", "\(ofNumbers[0].shortName) needs targets that are numbers")
      }
      let scores = try RegressionMetrics(predictions: output, targets: concatenate(numbers))
      for metric in ofNumbers { values[metric] = scores[metric] }
    }
    let ofClasses = metrics.filter(\.isClassification)
    if !ofClasses.isEmpty {
      let scores = try classificationMetrics(output, ofClasses[0])
      for metric in ofClasses { values[metric] = scores[metric] }
    }
    return values
  }

  private func classificationMetrics(
    _ output: Tensor<Element>, _ metric: Metric
  ) throws -> ClassificationMetrics {
    if !classes.isEmpty {
      return try ClassificationMetrics(
        probabilities: output.softmax(axis: -1), classes: concatenate(classes))
    }
    // One logit for two classes, whose targets are 0 and 1.
    guard !numbers.isEmpty, output.count == output.shape.first else {
      throw MetricError("Trainer", "\(metric.shortName) needs targets that are classes")
    }
    let logits = output.reshaped(to: [output.count, 1])
    return try ClassificationMetrics(
      probabilities: concatenate([(-logits).sigmoid(), logits.sigmoid()], axis: 1),
      classes: concatenate(numbers).flattened().round().cast(to: Int.self))
  }
}
