import Glibc

/// The axes of a chart, and where its numbers are in the drawing.
struct Frame {
  /// Where numbers are drawn.
  let area: Box
  let xNumbers: ClosedRange<Double>
  let yNumbers: ClosedRange<Double>
  private let xTicks: AxisTicks
  private let yTicks: AxisTicks

  /// Numbers beyond are no numbers of a chart: differences of them overflow.
  private static let largest = 1e300
  /// Those of a logarithmic axis, so that a tenth and ten times of them are numbers, too.
  private static let ratios = 1e-300...1e300

  /// The axes of a chart between two heights; nil if there is nothing to show.
  init?(_ chart: Chart, top: Double, bottom: Double) {
    let bars = chart.series.filter { $0.mark == .bars }
    guard
      let xs = Self.range(
        chart.x, chart.series.flatMap(\.x), isRound: false,
        hasRoom: chart.series.contains { $0.mark == .points }),
      // Bars stand on 0, where it is on the axis.
      let ys = Self.range(
        chart.y,
        chart.series.flatMap(\.y) + (bars.isEmpty || chart.y.scale == .logarithmic ? [] : [0]),
        isRound: true)
    else { return nil }
    yTicks = AxisTicks(
      ys, chart.y.scale, kind: chart.y.kind, most: max(2, Int((bottom - top) / 44)))
    let labels = yTicks.labels.map { SVG.width(of: $0, size: 11) }.max() ?? 0
    let left = 14 + (chart.y.title.isEmpty ? 0 : 20) + labels + 8
    area = Box(
      x: left, y: top, width: max(chart.width - left - 18, 40), height: bottom - top)
    (xNumbers, yNumbers) = (xs, ys)
    xTicks = AxisTicks(
      xs, chart.x.scale, kind: chart.x.kind, most: max(2, Int(area.width / 72)))
  }

  private static func range(
    _ axis: Chart.Axis, _ numbers: [Double], isRound: Bool, hasRoom: Bool = false
  ) -> ClosedRange<Double>? {
    let isLogarithmic = axis.scale == .logarithmic
    if let range = axis.range, range.lowerBound < range.upperBound,
      max(abs(range.lowerBound), abs(range.upperBound)) <= largest,
      !isLogarithmic || range.lowerBound >= ratios.lowerBound
    {
      return range
    }
    let shown = numbers.filter { isLogarithmic ? ratios.contains($0) : abs($0) <= largest }
    guard isLogarithmic else {
      guard let range = LinearScale.range(of: shown, isRound: isRound) else { return nil }
      if !hasRoom { return range }
      // Dots at the ends are not cut.
      let room = 0.03 * (range.upperBound - range.lowerBound)
      return range.lowerBound - room...range.upperBound + room
    }
    guard let least = shown.min(), let most = shown.max() else { return nil }
    let length = log(most) - log(least)
    guard length > 1e-9 else { return least / 2...most * 2 }
    let room = isRound || hasRoom ? exp(0.04 * length) : 1
    return max(least / room, ratios.lowerBound / 10)...min(most * room, 10 * ratios.upperBound)
  }

  /// The horizontal place of a number; nil if it is not on the axis.
  func x(_ number: Double) -> Double? {
    xTicks.part(of: number).map { area.x + area.width * $0 }
  }

  /// The vertical place of a number; nil if it is not on the axis.
  func y(_ number: Double) -> Double? {
    yTicks.part(of: number).map { area.bottom - area.height * $0 }
  }

  /// The place of a point; nil if it is not between the axes' ends.
  func point(_ x: Double, _ y: Double) -> Point? {
    guard let x = self.x(x), let y = self.y(y) else { return nil }
    return Point(x: x, y: y)
  }

  /// Draws lines, numbers and titles of the axes.
  func drawAxes(of chart: Chart, into svg: inout SVG) {
    for (number, label) in zip(yTicks.numbers, yTicks.labels) {
      guard let place = y(number) else { continue }
      svg.line([Point(x: area.x, y: place), Point(x: area.right, y: place)], stroke: .grid)
      svg.text(
        label, at: Point(x: area.x - 7, y: place + 4), size: 11, fill: .gray, anchor: .end)
    }
    for (number, label) in zip(xTicks.numbers, xTicks.labels) {
      guard let place = x(number) else { continue }
      svg.line([Point(x: place, y: area.y), Point(x: place, y: area.bottom)], stroke: .grid)
      // A label at an end stays in the drawing.
      let half = SVG.width(of: label, size: 11) / 2
      let middle = max(half + 2, min(place, chart.width - half - 2))
      svg.text(
        label, at: Point(x: middle, y: area.bottom + 16), size: 11, fill: .gray, anchor: .middle)
    }
    svg.line(
      [Point(x: area.x, y: area.bottom), Point(x: area.right, y: area.bottom)], stroke: .gray)
    if !chart.x.title.isEmpty {
      svg.text(
        chart.x.title, at: Point(x: area.middle.x, y: area.bottom + 36), size: 12, fill: .ink,
        anchor: .middle)
    }
    if !chart.y.title.isEmpty {
      svg.text(
        chart.y.title, at: Point(x: 20, y: area.middle.y), size: 12, fill: .ink, anchor: .middle,
        turn: -90)
    }
  }
}
