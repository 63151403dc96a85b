import Glibc

extension Chart {
  /// The text of an SVG file.
  public func svg() -> String { drawing.document(title: title) }

  /// The chart as an element of a page.
  package var element: String { drawing.element(title: title) }

  var drawing: SVG {
    var svg = SVG(width: width, height: height)
    svg.box(Box(x: 0, y: 0, width: width, height: height), fill: .background)
    var top = 12.0
    if !title.isEmpty {
      svg.text(title, at: Point(x: 14, y: top + 13), size: 15, fill: .ink, bold: true)
      top += 24
    }
    top = drawLegend(from: top, into: &svg)
    let bottom = height - (x.title.isEmpty ? 28 : 48)
    let frame = Frame(self, top: top + 6, bottom: max(bottom, top + 40))
    guard let frame else {
      svg.text(
        "no numbers", at: Point(x: width / 2, y: height / 2), size: 13, fill: .gray, anchor: .middle
      )
      return svg
    }
    frame.drawAxes(of: self, into: &svg)
    for (index, item) in series.enumerated() {
      draw(item, .series(index), frame, into: &svg)
    }
    for (guide, name) in guides { draw(guide, name, frame, into: &svg) }
    return svg
  }

  /// Draws the names of the series, in as many rows as they need; returns where they end.
  private func drawLegend(from top: Double, into svg: inout SVG) -> Double {
    let names = series.enumerated().compactMap { index, item in item.name.map { (index, item, $0) }
    }
    guard !names.isEmpty else { return top }
    var place = Point(x: 14, y: top + 12)
    for (index, item, name) in names {
      let needed = 34 + SVG.width(of: name, size: 12)
      if place.x > 14, place.x + needed > width - 10 { place = Point(x: 14, y: place.y + 18) }
      let middle = place.y - 4
      let line = [Point(x: place.x, y: middle), Point(x: place.x + 16, y: middle)]
      switch item.mark {
      case .line: svg.line(line, stroke: .series(index), width: 2)
      case .dashed: svg.line(line, stroke: .series(index), width: 2, dashes: "5 3")
      case .points: svg.dots([Point(x: place.x + 8, y: middle)], diameter: 6, fill: .series(index))
      case .linePoints:
        svg.line(line, stroke: .series(index), width: 2)
        svg.dots([Point(x: place.x + 8, y: middle)], diameter: 6, fill: .series(index))
      case .bars:
        svg.box(Box(x: place.x, y: middle - 5, width: 16, height: 10), fill: .series(index))
      }
      svg.text(name, at: Point(x: place.x + 21, y: place.y), size: 12, fill: .ink)
      place.x += needed + 8
    }
    return place.y + 6
  }

  private func draw(_ item: Series, _ paint: Paint, _ frame: Frame, into svg: inout SVG) {
    if item.mark == .bars {
      let base = frame.area.bottom
      for (index, number) in item.y.enumerated() where index + 1 < item.x.count {
        guard let from = frame.x(item.x[index]), let to = frame.x(item.x[index + 1]),
          let top = frame.y(number)
        else { continue }
        let zero = frame.y(0) ?? (frame.yNumbers.upperBound < 0 ? frame.area.y : base)
        let (left, right) = (min(from, to), max(from, to))
        svg.box(
          Box(
            x: left + 0.5, y: min(top, zero), width: max(right - left - 1, 0.5),
            height: abs(zero - top)), fill: paint)
      }
      return
    }
    let points = zip(item.x, item.y).map { frame.point($0, $1) }
    if item.mark != .points {
      // A gap where a number is missing.
      for run in points.split(whereSeparator: { $0 == nil }) {
        let line = run.compactMap { $0 }
        // A point between two gaps would be no line.
        guard line.count > 1 else {
          svg.dots(line, diameter: 3, fill: paint)
          continue
        }
        svg.line(line, stroke: paint, width: 2, dashes: item.mark == .dashed ? "5 3" : nil)
      }
    }
    if item.mark == .points || item.mark == .linePoints {
      let isDense = item.y.count > 300
      svg.dots(
        points.compactMap { $0 }, diameter: isDense ? 4 : 6, fill: paint,
        opacity: item.mark == .points && item.y.count > 60 ? (isDense ? 0.35 : 0.5) : 1)
    }
  }

  private func draw(_ guide: Guide, _ name: String?, _ frame: Frame, into svg: inout SVG) {
    let area = frame.area
    var (start, end): (Point?, Point?)
    var label: (place: Point, anchor: SVG.Anchor)?
    switch guide {
    case .vertical(let number):
      guard let place = frame.x(number) else { return }
      (start, end) = (Point(x: place, y: area.bottom), Point(x: place, y: area.y))
      let isLeft = place > area.middle.x
      label = (
        Point(x: place + (isLeft ? -5 : 5), y: area.y + 12), isLeft ? .end : .start
      )
    case .horizontal(let number):
      guard let place = frame.y(number) else { return }
      (start, end) = (Point(x: area.x, y: place), Point(x: area.right, y: place))
      label = (Point(x: area.right - 4, y: max(place - 4, area.y + 12)), .end)
    case .diagonal:
      let low = max(frame.xNumbers.lowerBound, frame.yNumbers.lowerBound)
      let high = min(frame.xNumbers.upperBound, frame.yNumbers.upperBound)
      guard low < high else { return }
      (start, end) = (frame.point(low, low), frame.point(high, high))
    }
    guard let start, let end else { return }
    svg.line([start, end], stroke: .gray, width: 1.2, dashes: "4 3")
    if let name, let label {
      svg.text(name, at: label.place, size: 11, fill: .gray, anchor: label.anchor)
    }
  }
}
