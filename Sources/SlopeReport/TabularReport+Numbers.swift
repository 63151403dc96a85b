import SlopeData
import SlopePlot
import SlopeTabular

extension TabularReport {
  /// The dots of a chart, at most.
  private static let dotCount = 2000

  /// How the numbers that are predicted differ from the true ones.
  var numberSection: String {
    let (truth, predicted) = (rows.truth.numbers, rows.predictions.numbers)
    let residuals = zip(truth, predicted).map { $0 - $1 }
    let some = Self.some(truth.count, of: Self.dotCount)
    func picked(_ numbers: [Double]) -> [Double] { some.map { numbers[$0] } }
    let target = schema.target.label(40)

    var actual = Chart(title: "Predicted and actual")
    actual.x = Chart.Axis("predicted \(target)")
    actual.y = Chart.Axis("actual \(target)")
    actual.add(.points, x: picked(predicted), y: picked(truth))
    actual.addDiagonal()

    var errors = Chart(title: "Residuals: actual − predicted")
    errors.x = Chart.Axis("predicted \(target)")
    errors.y = Chart.Axis("residual")
    errors.add(.points, x: picked(predicted), y: picked(residuals))
    errors.addGuide(y: 0)

    var charts = [actual, errors]
    let histogram = Histogram(residuals, binCount: 30)
    if let histogram {
      var chart = Chart(title: "How often residuals occur")
      chart.x = Chart.Axis("residual")
      chart.y = Chart.Axis("rows")
      chart.add(.bars, x: histogram.edges, y: histogram.counts.map(Double.init))
      chart.addGuide(x: 0)
      charts.append(chart)
    }
    let levels = (0...100).map { Double($0) / 100 }
    if let quantiles = try? rows.numberMetrics?.absoluteErrorQuantiles(levels) {
      var chart = Chart(title: "Absolute errors that a part of the rows does not exceed")
      chart.x = Chart.Axis("part of the rows, %", range: 0...100)
      chart.y = Chart.Axis("absolute error")
      chart.add(.line, x: levels.map { 100 * $0 }, y: quantiles)
      charts.append(chart)
    }
    return HTML.section(
      "Predictions",
      HTML.charts(charts.map { $0.sized(500, 360).element }) + someText(some.count)
        + beyondText(histogram) + quantileTable)
  }

  private func beyondText(_ histogram: Histogram?) -> String {
    guard let histogram, histogram.beyond > 0 else { return "" }
    let (low, high) = (histogram.edges.first ?? 0, histogram.edges.last ?? 0)
    let which = histogram.beyond == 1 ? "1 residual" : "\(histogram.beyond.grouped) residuals"
    return HTML.paragraph(
      "The outermost bars of the residuals also count \(which) below \(low.figures) or above "
        + "\(high.figures).", class: "soft")
  }

  private func someText(_ count: Int) -> String {
    count < rows.count
      ? HTML.paragraph(
        "The dots are \(count.grouped) of the \(rows.count.grouped) rows, at equal distances.",
        class: "soft") : ""
  }

  private var quantileTable: String {
    let levels = [0.5, 0.8, 0.9, 0.95, 0.99, 1]
    guard let quantiles = try? rows.numberMetrics?.absoluteErrorQuantiles(levels) else { return "" }
    return HTML.table(
      ["of the rows"] + levels.map(Self.percent),
      [["have an absolute error of at most"] + quantiles.map { HTML.number($0) }])
  }

  /// The places of at most `most` of `count` rows, at equal distances.
  static func some(_ count: Int, of most: Int) -> [Int] {
    guard count > most else { return Array(0..<count) }
    return (0..<most).map { Int(Double($0) * Double(count) / Double(most)) }
  }
}
