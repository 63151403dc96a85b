public import SlopeTraining

extension TrainingHistory {
  /// A chart of the losses by epoch, with the best epoch, and with the metric by which epochs were
  /// compared where there is one but no loss of validation rows.
  ///
  /// The vertical axis is logarithmic where the largest number is more than ten times the least, and all
  /// are positive.
  ///
  /// - Parameter title: what the chart shows.
  /// - Returns: the chart; of a history without epochs one without numbers.
  public func plot(title: String = "Training") -> Chart {
    let validation = epochs.map { $0.validationLoss ?? .nan }
    let hasLoss = validation.contains { !$0.isNaN }
    let scores = monitor.map { metric in epochs.map { $0.metrics[metric] ?? .nan } } ?? []
    var curves = [LearningCurve(name: "training loss", numbers: epochs.map(\.trainingLoss))]
    if hasLoss { curves.append(LearningCurve(name: "validation loss", numbers: validation)) }
    if let monitor, !hasLoss, scores.contains(where: { !$0.isNaN }) {
      curves.append(LearningCurve(name: "validation \(monitor.shortName)", numbers: scores))
    }
    return LearningCurve.chart(
      curves, title: title, yTitle: "loss", bestEpoch: best?.epoch)
  }
}

/// A number by epoch.
package struct LearningCurve {
  let name: String
  let numbers: [Double]

  package init(name: String, numbers: [Double]) {
    self.name = name
    self.numbers = numbers
  }

  /// A chart of curves from the epoch 1, with the best epoch.
  package static func chart(
    _ curves: [LearningCurve], title: String, yTitle: String, bestEpoch: Int?
  ) -> Chart {
    var chart = Chart(title: title)
    chart.x.title = "epoch"
    chart.x.kind = .whole
    chart.y.title = yTitle
    let numbers = curves.flatMap(\.numbers).filter(\.isFinite)
    if let least = numbers.min(), let most = numbers.max(), least > 0, most > 10 * least {
      chart.y.scale = .logarithmic
    }
    for curve in curves {
      chart.add(
        .line, named: curve.name, x: curve.numbers.indices.map { Double($0 + 1) }, y: curve.numbers)
    }
    if let bestEpoch { chart.addGuide(x: Double(bestEpoch), named: "best: \(bestEpoch)") }
    return chart
  }
}
