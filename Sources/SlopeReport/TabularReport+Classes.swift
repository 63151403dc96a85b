import SlopeData
import SlopePlot
import SlopeTabular
import SlopeTraining

extension TabularReport {
  /// The most points of a curve.
  private static let pointCount = 200
  /// The most classes that have curves.
  private static var curveCount: Int { PartialDependence.classCount }
  /// The most classes of a table of confusions.
  private static let tableClassCount = 20

  private var classes: [String] { schema.task.classes }

  /// Which classes are predicted for which, and how sure.
  var classSection: String {
    guard let metrics = rows.classMetrics else {
      return HTML.section("Predictions", HTML.paragraph("No metric is defined."))
    }
    var content = confusionTable(metrics) + classTable(metrics)
    content +=
      HTML.charts(
        [curves(metrics, .receiver), curves(metrics, .precision), calibration(metrics)]
          .compactMap { $0?.sized(500, 360).element } + [margins.sized(500, 360).element])
      + shownClassesText("curves")
    if classes.count == 2 { content += thresholdTable(metrics) }
    return HTML.section("Predictions", content)
  }

  /// Which of many classes something shows; empty where it shows all.
  func shownClassesText(_ what: String) -> String {
    classes.count > Self.curveCount
      ? HTML.paragraph(
        "The \(what) are of the \(Self.curveCount) commonest of \(classes.count.grouped) classes.",
        class: "soft") : ""
  }

  // MARK: Tables

  private func confusionTable(_ metrics: ClassificationMetrics) -> String {
    let confusion = metrics.confusion
    guard classes.count <= Self.tableClassCount, let counts = confusion.rows else {
      return commonestConfusions(confusion)
    }
    let lines = counts.enumerated().map { truth, line in
      let sum = line.reduce(0, +)
      return [HTML.shortened(classes[truth])]
        + line.map { count in
          let share = sum > 0 ? count / sum : 0
          // On a strong colour the text is that of the page.
          return "<span\(share > 0.6 ? " class=\"on\"" : "")"
            + " style=\"background:rgba(var(--mark),\(fixed(0.75 * share, 2)))\">"
            + "\(count.shortened)</span>"
        }
    }
    return HTML.paragraph("Rows of each true class, by the class that is predicted:")
      + HTML.table(
        ["true \\ predicted"] + classes.map { $0.cut(to: 20) }, lines, class: "heat")
  }

  private func commonestConfusions(_ confusion: ConfusionMatrix) -> String {
    var found: [(truth: Int, predicted: Int, count: Double)] = []
    for truth in 0..<confusion.classCount {
      for predicted in 0..<confusion.classCount where predicted != truth {
        let count = confusion[truth: truth, predicted: predicted]
        if count > 0 { found.append((truth, predicted, count)) }
      }
    }
    found.sort { ($1.count, $0.truth, $0.predicted) < ($0.count, $1.truth, $1.predicted) }
    return HTML.paragraph("The commonest mistakes:")
      + HTML.table(
        ["true", "predicted", "rows"],
        found.prefix(15).map {
          [
            HTML.shortened(classes[$0.truth]), HTML.shortened(classes[$0.predicted]),
            $0.count.shortened,
          ]
        }, text: [0, 1])
  }

  private func classTable(_ metrics: ClassificationMetrics) -> String {
    let scores = metrics.confusion.scoresOfClasses
    let shown = scores.indices.sorted { (scores[$1].support, $0) < (scores[$0].support, $1) }
      .prefix(50).sorted()
    return HTML.table(
      ["class", "rows", "precision", "recall", "F1", "AUC against the rest"],
      shown.map { index in
        [
          HTML.shortened(classes[index]), scores[index].support.shortened,
          HTML.number(scores[index].precision), HTML.number(scores[index].recall),
          HTML.number(scores[index].f1), HTML.number(metrics.ranking(ofClass: index)?.rocAUC),
        ]
      })
  }

  /// What follows from calling a row the second class from some probability on.
  private func thresholdTable(_ metrics: ClassificationMetrics) -> String {
    let positive = (0..<rows.count).map { rows.predictions.probabilities[2 * $0 + 1] }
    let weights = rows.truth.weights ?? [Double](repeating: 1, count: rows.count)
    let lines = (1...9).map { tenth -> [String] in
      let threshold = Double(tenth) / 10
      // True and false positives, true and false negatives.
      var (right, wrong, rest, missed) = (0.0, 0.0, 0.0, 0.0)
      for row in 0..<rows.count {
        let isTrue = rows.truth.classes[row] == 1
        if positive[row] >= threshold {
          if isTrue { right += weights[row] } else { wrong += weights[row] }
        } else {
          if isTrue { missed += weights[row] } else { rest += weights[row] }
        }
      }
      let all = right + wrong + rest + missed
      func ratio(_ part: Double, _ whole: Double) -> Double? { whole > 0 ? part / whole : nil }
      return [
        threshold.shortened, HTML.number(ratio(right + wrong, all)),
        HTML.number(ratio(right, right + wrong)), HTML.number(ratio(right, right + missed)),
        HTML.number(ratio(2 * right, 2 * right + wrong + missed)),
        HTML.number(ratio(right + rest, all)),
      ]
    }
    return HTML.paragraph(
      "If a row is called \(classes[1].quotedForMessage) from this probability on:")
      + HTML.table(
        ["probability", "part of the rows", "precision", "recall", "F1", "accuracy"], lines)
  }

  // MARK: Charts

  private enum CurveKind {
    case receiver
    case precision
  }

  /// The classes that have curves: of two the second, else the commonest.
  private var curveClasses: [Int] {
    guard classes.count > 2 else { return [1] }
    let shares = schema.baseline
    return shares.indices.sorted { (shares[$1], $0) < (shares[$0], $1) }.prefix(Self.curveCount)
      .sorted()
  }

  private func curves(_ metrics: ClassificationMetrics, _ kind: CurveKind) -> Chart? {
    var chart = Chart(
      title: kind == .receiver
        ? "ROC: how many are found at which cost" : "Precision and recall")
    chart.x = Chart.Axis(kind == .receiver ? "false positive rate" : "recall", range: 0...1)
    chart.y = Chart.Axis(kind == .receiver ? "true positive rate" : "precision", range: 0...1)
    for index in curveClasses {
      guard let ranking = metrics.ranking(ofClass: index) else { continue }
      let name = classes[index].label(24)
      switch kind {
      case .receiver:
        guard let curve = ranking.rocCurve() else { continue }
        let some =
          Self.some(curve.thresholds.count, of: Self.pointCount) + [curve.thresholds.count - 1]
        chart.add(
          .line, named: "\(name), AUC \(ranking.rocAUC?.figures ?? "–")",
          x: some.map { curve.falsePositiveRates[$0] }, y: some.map { curve.truePositiveRates[$0] })
      case .precision:
        guard let curve = ranking.precisionRecallCurve() else { continue }
        let some = Self.some(curve.recalls.count, of: Self.pointCount) + [curve.recalls.count - 1]
        chart.add(
          .line, named: "\(name), average precision \(ranking.averagePrecision?.figures ?? "–")",
          x: some.map { curve.recalls[$0] }, y: some.map { curve.precisions[$0] })
      }
    }
    guard !chart.series.isEmpty else { return nil }
    if kind == .receiver { chart.addDiagonal() }
    return chart
  }

  private func calibration(_ metrics: ClassificationMetrics) -> Chart? {
    let isBinary = classes.count == 2
    guard
      let bins = isBinary
        ? try? metrics.calibration(ofClass: 1, binCount: 10)
        : try? metrics.calibration(binCount: 10)
    else { return nil }
    let name = (classes.last ?? "").label(24)
    var chart = Chart(title: "Calibration: are probabilities what they say?")
    chart.x = Chart.Axis(
      isBinary ? "mean probability of \(name)" : "mean probability of the predicted class",
      range: 0...1)
    chart.y = Chart.Axis(
      isBinary ? "part of the rows that are \(name)" : "part that is right", range: 0...1)
    chart.add(
      .linePoints, x: bins.bins.map(\.meanProbability), y: bins.bins.map(\.positiveFraction))
    chart.addDiagonal()
    return chart
  }

  /// How sure the model is of the true classes.
  private var margins: Chart {
    let bins = 20
    var counts = [Double](repeating: 0, count: bins)
    for error in rows.errors {
      counts[min(max(Int((1 - error) * Double(bins)), 0), bins - 1)] += 1
    }
    var chart = Chart(title: "How sure it is of the true class")
    chart.x = Chart.Axis("probability of the true class", range: 0...1)
    chart.y = Chart.Axis("rows")
    chart.add(.bars, x: (0...bins).map { Double($0) / Double(bins) }, y: counts)
    return chart
  }
}
