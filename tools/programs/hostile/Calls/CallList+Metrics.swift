import Slope
import SlopeCore
import SlopeTraining

/// Metrics of arrays that need not fit together.
extension CallList {
  func addMetricCalls() {
    func numbers(_ draw: inout Draw) -> [Double] { (0..<draw.below(5)).map { _ in draw.number() } }
    func probabilities(_ draw: inout Draw) -> [Double] {
      (0..<draw.below(5)).map { _ in draw.once(in: 9) ? draw.number() : draw.one(of: [0, 0.5, 1]) }
    }
    func truths(_ count: Int, _ draw: inout Draw) -> [Bool] {
      (0..<(draw.once(in: 9) ? draw.below(5) : count)).map { _ in draw.bool() }
    }
    func weights(_ count: Int, _ draw: inout Draw) -> [Double]? {
      switch draw.below(3) {
      case 0: nil
      case 1: numbers(&draw)
      default: (0..<count).map { _ in draw.one(of: [0, 1, 0.5, 1e-300, 1.7e308]) }
      }
    }
    func regression(_ draw: inout Draw) throws -> RegressionMetrics {
      let targets = numbers(&draw)
      let others = draw.bool() ? numbers(&draw) : targets.map { _ in draw.number() }
      return try RegressionMetrics(
        predictions: others, targets: targets, weights: weights(targets.count, &draw))
    }
    func metric(_ draw: inout Draw) -> Metric { draw.one(of: Metric.allCases) }
    add("RegressionMetrics.init(predictions:targets:weights:)") { draw in
      _ = try regression(&draw).rSquared
    }
    add("RegressionMetrics.medianAbsoluteError") { _ = try regression(&$0).medianAbsoluteError }
    add("RegressionMetrics.description") { _ = try regression(&$0).description }
    add("RegressionMetrics.absoluteErrorQuantiles(_:)") { draw in
      _ = try regression(&draw).absoluteErrorQuantiles(
        draw.bool() ? [0.5, 1, 0] : numbers(&draw))
    }
    add("RegressionMetrics.subscript(_:)") { draw in _ = try regression(&draw)[metric(&draw)] }
    add("MetricError.init(_:)") { _ in _ = MetricError("a\nb").description }
    add("Metric.isRegression") { _ = metric(&$0).isRegression }
    add("Metric.isClassification") { _ = metric(&$0).isClassification }
    add("Metric.needsProbabilities") { _ = metric(&$0).needsProbabilities }
    add("Metric.isHigherBetter") { _ = metric(&$0).isHigherBetter }
    add("Metric.shortName") { _ = metric(&$0).shortName }
    add("Metric.isBetter(_:than:)") { draw in
      _ = metric(&draw).isBetter(draw.number(), than: draw.number())
    }

    func ranking(_ draw: inout Draw) throws -> RankingMetrics {
      let scores = numbers(&draw)
      return try RankingMetrics(
        scores: scores, isPositive: truths(scores.count, &draw),
        weights: weights(scores.count, &draw))
    }
    add("RankingMetrics.init(scores:isPositive:weights:)") { _ = try ranking(&$0) }
    add("RankingMetrics.rocAUC") { _ = try ranking(&$0).rocAUC }
    add("RankingMetrics.averagePrecision") { _ = try ranking(&$0).averagePrecision }
    add("RankingMetrics.rocCurve(keepsAllPoints:)") { draw in
      _ = try ranking(&draw).rocCurve(keepsAllPoints: draw.bool())
    }
    add("RankingMetrics.precisionRecallCurve()") { _ = try ranking(&$0).precisionRecallCurve() }

    func calibration(_ draw: inout Draw) throws -> CalibrationMetrics {
      let list = probabilities(&draw)
      return try CalibrationMetrics(
        probabilities: list, isPositive: truths(list.count, &draw),
        weights: weights(list.count, &draw), binCount: draw.int())
    }
    add("CalibrationMetrics.init(probabilities:isPositive:weights:binCount:)") {
      _ = try calibration(&$0).bins
    }
    add("CalibrationMetrics.expectedCalibrationError") {
      _ = try calibration(&$0).expectedCalibrationError
    }
    add("CalibrationMetrics.maximumCalibrationError") {
      _ = try calibration(&$0).maximumCalibrationError
    }
    addClassMetricCalls(weights: weights)
  }

  private func addClassMetricCalls(weights: @escaping (Int, inout Draw) -> [Double]?) {
    func names(_ draw: inout Draw) -> [String]? {
      draw.bool() ? nil : (0..<draw.below(4)).map { _ in draw.text(["a", "\u{1B}[2J", "é", ""]) }
    }
    func classes(_ draw: inout Draw) -> [Int] {
      (0..<draw.below(5)).map { _ in draw.once(in: 9) ? draw.int() : draw.below(3) }
    }
    func matrix(_ draw: inout Draw) throws -> ConfusionMatrix {
      let truth = classes(&draw)
      let predictions = draw.bool() ? truth : classes(&draw)
      return try ConfusionMatrix(
        predictions: predictions, classes: truth, classCount: draw.bool() ? 3 : draw.int(),
        weights: weights(truth.count, &draw), classNames: names(&draw))
    }
    func averaging(_ draw: inout Draw) -> ClassAveraging { draw.one(of: ClassAveraging.allCases) }
    add("ConfusionMatrix.init(predictions:classes:classCount:weights:classNames:)") {
      _ = try matrix(&$0).classCount
    }
    add("ConfusionMatrix.subscript(truth:predicted:)") { draw in
      _ = try matrix(&draw)[truth: draw.int(), predicted: draw.int()]
    }
    add("ConfusionMatrix.normalizedByRows()") { _ = try matrix(&$0).normalizedByRows().accuracy }
    add("ConfusionMatrix.rows") { _ = try matrix(&$0).rows }
    add("ConfusionMatrix.description") { _ = try matrix(&$0).description }
    add("ConfusionMatrix.accuracy") { _ = try matrix(&$0).accuracy }
    add("ConfusionMatrix.balancedAccuracy") { _ = try matrix(&$0).balancedAccuracy }
    add("ConfusionMatrix.scores(ofClass:)") { draw in
      _ = try matrix(&draw).scores(ofClass: draw.int())
    }
    add("ConfusionMatrix.scores(_:)") { draw in _ = try matrix(&draw).scores(averaging(&draw)) }
    add("ConfusionMatrix.scoresOfClasses") { _ = try matrix(&$0).scoresOfClasses.count }

    func row(_ count: Int, _ draw: inout Draw) -> [Double] {
      if draw.once(in: 9) { return (0..<count).map { _ in draw.number() } }
      let certain = draw.below(count)
      return (0..<count).map { $0 == certain ? 1 : 0 }
    }
    func probable(_ draw: inout Draw) throws -> ClassificationMetrics {
      let truth = classes(&draw)
      let count = draw.once(in: 6) ? draw.int() : 1 + draw.below(4)
      let width = (1...4).contains(count) ? count : 2
      return try ClassificationMetrics(
        probabilities: truth.flatMap { _ in row(width, &draw) }, classes: truth, classCount: count,
        weights: weights(truth.count, &draw), classNames: names(&draw))
    }
    add("ClassificationMetrics.init(probabilities:classes:classCount:weights:classNames:)") {
      _ = try probable(&$0).logLoss
    }
    add("ClassificationMetrics.init(positiveProbabilities:classes:weights:classNames:)") { draw in
      let truth = classes(&draw)
      let metrics = try ClassificationMetrics(
        positiveProbabilities: truth.map { _ in draw.number() }, classes: truth,
        weights: weights(truth.count, &draw), classNames: names(&draw))
      _ = metrics.brierScore
    }
    add("ClassificationMetrics.init(predictions:classes:classCount:weights:classNames:)") { draw in
      let metrics = try ClassificationMetrics(
        predictions: classes(&draw), classes: classes(&draw), classCount: draw.int(),
        weights: weights(2, &draw), classNames: names(&draw))
      _ = metrics.description
    }
    add("ClassificationMetrics.classCount") { _ = try probable(&$0).classCount }
    add("ClassificationMetrics.accuracy") { _ = try probable(&$0).accuracy }
    add("ClassificationMetrics.balancedAccuracy") { _ = try probable(&$0).balancedAccuracy }
    add("ClassificationMetrics.expectedCalibrationError") {
      _ = try probable(&$0).expectedCalibrationError
    }
    add("ClassificationMetrics.calibration(binCount:)") { draw in
      _ = try probable(&draw).calibration(binCount: draw.int())
    }
    add("ClassificationMetrics.calibration(ofClass:binCount:)") { draw in
      _ = try probable(&draw).calibration(ofClass: draw.int(), binCount: draw.int())
    }
    add("ClassificationMetrics.description") { _ = try probable(&$0).description }
    add("ClassificationMetrics.ranking(ofClass:)") { draw in
      _ = try probable(&draw).ranking(ofClass: draw.int())
    }
    add("ClassificationMetrics.rocAUC(_:)") { draw in
      _ = try probable(&draw).rocAUC(draw.one(of: MulticlassAUC.allCases))
    }
    add("ClassificationMetrics.averagePrecision(_:)") { draw in
      _ = try probable(&draw).averagePrecision(averaging(&draw))
    }
    add("ClassificationMetrics.subscript(_:)") { draw in
      _ = try probable(&draw)[draw.one(of: Metric.allCases)]
    }
  }

  func addTensorMetricCalls<Element: FloatingElement>(_ type: Element.Type) {
    func weights(_ draw: inout Draw) -> Tensor<Element>? {
      draw.bool() ? nil : draw.tensor(type)
    }
    add("RegressionMetrics.init(predictions:targets:weights:)") { draw in
      let targets = draw.tensor(type)
      let metrics = try RegressionMetrics(
        predictions: draw.tensor(like: targets), targets: targets, weights: weights(&draw))
      _ = metrics.rSquared
    }
    add("ClassificationMetrics.init(probabilities:classes:weights:classNames:)") { draw in
      let logits = draw.tensor(type)
      let metrics = try ClassificationMetrics(
        probabilities: logits.rank == 2 && draw.bool() ? logits.softmax(axis: 1) : logits,
        classes: draw.tensor(Int.self), weights: weights(&draw), classNames: nil)
      _ = metrics.logLoss
    }
  }
}
