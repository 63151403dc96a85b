/// A chart of a number for each of some names: horizontal bars, with the spread of each number.
public struct BarChart: Sendable {
  /// What the chart shows, above it.
  public var title: String
  /// What the numbers are, with their unit.
  public var valueTitle: String
  /// The names, from the top; long ones are cut.
  public let names: [String]
  /// A number for each name; what is not finite has no bar.
  public let values: [Double]
  /// The least and the largest number of each name, drawn as a line; nil for none.
  public let spreads: [ClosedRange<Double>]?
  /// Whether bars begin at 0, else there is a dot at each number.
  public var startsAtZero = true
  /// In place of bars, some numbers for each name, a dot each in the colour of its kind.
  private var dots: [(name: String?, values: [Double])] = []
  /// The width in pixels of a screen of usual resolution, 200...10,000; the height follows from the names.
  public var width = 640.0 { didSet { width = width >= 200 ? min(width, 10_000) : 200 } }

  /// A chart of numbers by name; the shorter of both lists says how many there are.
  ///
  /// - Parameters:
  ///   - title: what it shows.
  ///   - valueTitle: what the numbers are, with their unit.
  ///   - names: the names, from the top.
  ///   - values: the numbers.
  ///   - spreads: the least and the largest number of each name.
  public init(
    title: String = "", valueTitle: String = "", names: [String], values: [Double],
    spreads: [ClosedRange<Double>]? = nil
  ) {
    self.title = title
    self.valueTitle = valueTitle
    self.names = names
    self.values = values
    self.spreads = spreads
  }

  /// A chart of dots, some for each name: of one kind, or of several that a legend names.
  ///
  /// - Parameters:
  ///   - title: what it shows.
  ///   - valueTitle: what the numbers are, with their unit.
  ///   - names: the names, from the top.
  ///   - dots: for each kind its name, and the numbers.
  package init(
    title: String, valueTitle: String, names: [String],
    dots: [(name: String?, values: [Double])]
  ) {
    self.init(title: title, valueTitle: valueTitle, names: names, values: dots.first?.values ?? [])
    self.dots = dots
    startsAtZero = false
  }

  /// The text of an SVG file.
  public func svg() -> String { drawing.document(title: title) }

  /// The chart as an element of a page.
  package var element: String { drawing.element(title: title) }

  private static let longestName = 28
  private static let rowHeight = 22.0

  var drawing: SVG {
    let count = min(names.count, values.count)
    let titleEnd = title.isEmpty ? 10.0 : 36.0
    let legend = legend(from: titleEnd)
    let top = legend.last.map { $0.place.y + 12 } ?? titleEnd
    let bottom = top + Double(max(count, 1)) * Self.rowHeight
    var svg = SVG(width: width, height: bottom + (valueTitle.isEmpty ? 28 : 46))
    svg.box(Box(x: 0, y: 0, width: width, height: svg.height), fill: .background)
    if !title.isEmpty {
      svg.text(title, at: Point(x: 14, y: 25), size: 15, fill: .ink, bold: true)
    }
    let shown = names.prefix(count).map {
      $0.count > Self.longestName ? "\($0.prefix(Self.longestName - 1))…" : $0
    }
    let left = 14 + (shown.map { SVG.width(of: $0, size: 12) }.max() ?? 0) + 8
    var axis = Chart()
    axis.width = width
    axis.x.title = valueTitle
    let ends = spreads.map { $0.prefix(count).flatMap { [$0.lowerBound, $0.upperBound] } } ?? []
    let shownValues = values.prefix(count) + dots.dropFirst().flatMap { $0.values.prefix(count) }
    let numbers = (shownValues + ends + (startsAtZero ? [0] : [])).filter {
      abs($0) <= 1e300
    }
    guard shownValues.contains(where: { abs($0) <= 1e300 }),
      let range = Self.range(of: Array(numbers), startsAtZero: startsAtZero)
    else {
      svg.text(
        "no numbers", at: Point(x: width / 2, y: svg.height / 2), size: 13, fill: .gray,
        anchor: .middle)
      return svg
    }
    let area = Box(x: left, y: top, width: max(width - left - 22, 40), height: bottom - top)
    drawAxis(area, range, into: &svg)
    for (index, item) in legend.enumerated() {
      let middle = Point(x: item.place.x + 5, y: item.place.y - 4)
      svg.dots([middle], diameter: 8, fill: .series(index))
      svg.text(item.name, at: Point(x: item.place.x + 14, y: item.place.y), size: 12, fill: .ink)
    }
    let scale = LinearScale(numbers: range, start: area.x, end: area.right)
    for index in 0..<count {
      let middle = top + (Double(index) + 0.5) * Self.rowHeight
      svg.text(
        shown[index], at: Point(x: left - 8, y: middle + 4), size: 12, fill: .ink, anchor: .end)
      for (kind, item) in dots.enumerated() where kind > 0 && index < item.values.count {
        guard abs(item.values[index]) <= 1e300 else { continue }
        svg.dots(
          [Point(x: scale(item.values[index]), y: middle)], diameter: 8, fill: .series(kind))
      }
      guard abs(values[index]) <= 1e300 else { continue }
      let place = scale(values[index])
      if startsAtZero {
        let zero = scale(0)
        svg.box(
          Box(
            x: min(zero, place), y: middle - 7, width: max(abs(place - zero), 0.5), height: 14),
          fill: .series(0))
      }
      if let spreads, index < spreads.count, abs(spreads[index].lowerBound) <= 1e300,
        abs(spreads[index].upperBound) <= 1e300
      {
        svg.line(
          [
            Point(x: scale(spreads[index].lowerBound), y: middle),
            Point(x: scale(spreads[index].upperBound), y: middle),
          ], stroke: startsAtZero ? .ink : .series(0), width: 1.5)
      }
      if !startsAtZero {
        svg.dots([Point(x: place, y: middle)], diameter: 8, fill: .series(0))
      }
    }
    return svg
  }

  /// The range of the axis: some more than that of the numbers, but nothing beyond 0 where bars end there.
  private static func range(
    of numbers: [Double], startsAtZero: Bool
  ) -> ClosedRange<Double>? {
    guard let range = LinearScale.range(of: numbers, isRound: false) else { return nil }
    let room = 0.03 * (range.upperBound - range.lowerBound)
    func end(_ number: Double, _ room: Double) -> Double {
      startsAtZero && number == 0 ? 0 : number + room
    }
    return end(range.lowerBound, -room)...end(range.upperBound, room)
  }

  /// The names of several kinds of dots, and where each begins, in as many rows as they need.
  private func legend(from top: Double) -> [(name: String, place: Point)] {
    let names = dots.compactMap(\.name)
    guard names.count > 1 else { return [] }
    var place = Point(x: 14, y: top + 12)
    return names.map { name in
      let needed = 26 + SVG.width(of: name, size: 12)
      if place.x > 14, place.x + needed > width - 10 { place = Point(x: 14, y: place.y + 18) }
      defer { place.x += needed }
      return (name, place)
    }
  }

  private func drawAxis(_ area: Box, _ range: ClosedRange<Double>, into svg: inout SVG) {
    let ticks = AxisTicks(range, .linear, most: max(2, Int(area.width / 72)))
    for (number, label) in zip(ticks.numbers, ticks.labels) {
      guard let part = ticks.part(of: number) else { continue }
      let place = area.x + area.width * part
      svg.line(
        [Point(x: place, y: area.y), Point(x: place, y: area.bottom)],
        stroke: number == 0 ? .gray : .grid)
      svg.text(
        label, at: Point(x: place, y: area.bottom + 16), size: 11, fill: .gray, anchor: .middle)
    }
    if !valueTitle.isEmpty {
      svg.text(
        valueTitle, at: Point(x: area.middle.x, y: area.bottom + 36), size: 12, fill: .ink,
        anchor: .middle)
    }
  }
}
