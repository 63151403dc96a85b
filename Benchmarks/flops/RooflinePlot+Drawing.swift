import SlopePlot

extension RooflinePlot {
  private static let width = 1200.0
  private static let headHeight = 104.0
  private static let panelHeight = 560.0
  /// The margins around the axes of a panel: its title above, numbers below and to the left.
  private static let (left, right, top, bottom) = (76.0, 22.0, 44.0, 62.0)
  private static let (ink, gray, grid) = (Paint("#1c2530"), Paint("#5b6672"), Paint("#e6e9ed"))

  /// The ranges of axes that contain the points and the roofs of all panels.
  var ranges: (intensities: ClosedRange<Double>, rates: ClosedRange<Double>) {
    let marks = panels.flatMap(\.marks)
    let roofs = panels.flatMap { panel in
      [Roof.float32, .float64].compactMap { panel.height($0) }
    }
    // Some of both sides of the roofs' bends is visible.
    let bends = panels.flatMap { panel in
      [Roof.float32, .float64].compactMap { roof in
        panel.height(.memory).flatMap { memory in panel.height(roof).map { 4 * $0 / memory } }
      }
    }
    let rates = LogScale.range(of: marks.map { 0.8 * $0.rate } + roofs.map { 1.6 * $0 }, base: 2)
    return (
      LogScale.range(of: marks.map(\.intensity) + bends, base: 2) ?? 0.125...128, rates ?? 1...1000
    )
  }

  var drawing: SVG {
    let height = RooflinePlot.headHeight + Double(panels.count) * RooflinePlot.panelHeight
    var svg = SVG(width: RooflinePlot.width, height: height)
    svg.box(Box(x: 0, y: 0, width: svg.width, height: height), fill: Paint("#ffffff"))
    svg.text(
      RooflinePlot.title, at: Point(x: 24, y: 40), size: 26, fill: RooflinePlot.ink, bold: true)
    for (index, line) in subtitles.enumerated() {
      svg.text(
        line, at: Point(x: 24, y: 66 + 21 * Double(index)), size: 15, fill: RooflinePlot.gray)
    }
    for (index, panel) in panels.enumerated() {
      let y = RooflinePlot.headHeight + Double(index) * RooflinePlot.panelHeight
      draw(panel, top: y, into: &svg)
    }
    return svg
  }

  private func draw(_ panel: Panel, top y: Double, into svg: inout SVG) {
    let area = Box(
      x: RooflinePlot.left, y: y + RooflinePlot.top,
      width: RooflinePlot.width - RooflinePlot.left - RooflinePlot.right,
      height: RooflinePlot.panelHeight - RooflinePlot.top - RooflinePlot.bottom)
    let ranges = ranges
    let x = LogScale(numbers: ranges.intensities, start: area.x, end: area.right)
    let yScale = LogScale(numbers: ranges.rates, start: area.bottom, end: area.y)
    svg.text(
      "\(panel.device.name): \(panel.device.title)", at: Point(x: 24, y: y + 28), size: 17,
      fill: RooflinePlot.ink, bold: true)
    drawAxes(area, x, yScale, into: &svg)
    let roofs = roofs(panel, area, x, yScale)
    let lines = roofs.map(\.line)
    let markers = panel.marks.map { mark in
      Box(x: x(mark.intensity), y: yScale(mark.rate), width: 0, height: 0).grown(by: 7)
    }
    let notes = drawNotes(panel, area, markers, lines, into: &svg)
    let names = drawRoofs(roofs, panel, area, markers + [notes], into: &svg)
    drawMarks(panel, area, x, yScale, [notes] + names, lines, into: &svg)
  }

  private func drawAxes(_ area: Box, _ x: LogScale, _ y: LogScale, into svg: inout SVG) {
    for power in x.powers(of: 2) {
      svg.line(
        [Point(x: x(power), y: area.y), Point(x: x(power), y: area.bottom)],
        stroke: RooflinePlot.grid)
      let text = power < 1 ? "1/\(fixed(1 / power, 0))" : fixed(power, 0)
      svg.text(
        text, at: Point(x: x(power), y: area.bottom + 19), size: 13, fill: RooflinePlot.gray,
        anchor: .middle)
    }
    for number in y.decimals {
      let place = y(number)
      svg.line(
        [Point(x: area.x, y: place), Point(x: area.right, y: place)], stroke: RooflinePlot.grid)
      svg.text(
        fixed(number, number < 0.1 ? 2 : number < 1 ? 1 : 0),
        at: Point(x: area.x - 8, y: place + 4.5), size: 13, fill: RooflinePlot.gray, anchor: .end)
    }
    svg.text(
      "operations for each byte of operands and results",
      at: Point(x: area.middle.x, y: area.bottom + 42),
      size: 14, fill: RooflinePlot.ink, anchor: .middle)
    svg.text(
      "GFLOP/s", at: Point(x: 24, y: area.middle.y), size: 14, fill: RooflinePlot.ink,
      anchor: .middle, turn: -90)
  }

  /// The lines of the roofs: memory's, and those of arithmetic from where it ends.
  private func roofs(
    _ panel: Panel, _ area: Box, _ x: LogScale, _ y: LogScale
  ) -> [(roof: Roof, line: Segment)] {
    guard let memory = panel.height(.memory) else { return [] }
    let arithmetic = [Roof.float32, .float64].compactMap { roof in
      panel.height(roof).map { (roof, $0) }
    }
    // Memory's roof ends at the highest roof of arithmetic; it may begin below the drawing.
    let most = arithmetic.map(\.1).max() ?? y.numbers.upperBound
    let first = max(x.numbers.lowerBound, y.numbers.lowerBound / memory)
    let last = min(max(most / memory, first), x.numbers.upperBound)
    let slope = Segment(
      start: Point(x: x(first), y: y(memory * first)), end: Point(x: x(last), y: y(memory * last)))
    return [(.memory, slope)]
      + arithmetic.map { roof, height in
        let bend = min(max(height / memory, first), x.numbers.upperBound)
        let line = Segment(
          start: Point(x: x(bend), y: y(height)), end: Point(x: area.right, y: y(height)))
        return (roof, line)
      }
  }

  /// Draws the roofs and their names, which avoid the obstacles; returns the boxes of the names.
  private func drawRoofs(
    _ roofs: [(roof: Roof, line: Segment)], _ panel: Panel, _ area: Box, _ obstacles: [Box],
    into svg: inout SVG
  ) -> [Box] {
    for (roof, line) in roofs {
      svg.line(
        [line.start, line.end], stroke: roof == .memory ? RooflinePlot.ink : panel.color(roof),
        width: 2.5)
    }
    var names: [Box] = []
    for (roof, line) in roofs {
      guard let height = panel.height(roof) else { continue }
      let text = "\(roof.rawValue): \(short(height)) \(roof.unit)"
      if roof == .memory {
        names += drawAlong(line, text, obstacles, into: &svg)
        continue
      }
      let box = RooflinePlot.clear(
        RooflinePlot.boxes(along: line, width: SVG.width(of: text, size: 14, bold: true)), area,
        obstacles + names, roofs.map(\.line))
      svg.text(
        text, at: Point(x: box.right, y: box.bottom - 3), size: 14, fill: panel.color(roof),
        anchor: .end, bold: true)
      names.append(box)
    }
    return names
  }

  /// Places for a name above and below a level line, from its right end.
  private static func boxes(along line: Segment, width: Double) -> [Box] {
    stride(from: line.end.x - 8 - width, to: line.start.x, by: -8).flatMap { x in
      [line.end.y - 22, line.end.y + 5].map { Box(x: x, y: $0, width: width, height: 17) }
    }
  }

  /// The first of the boxes that covers nothing, otherwise the first.
  static func clear(
    _ boxes: [Box], _ area: Box, _ obstacles: [Box], _ lines: [Segment]
  ) -> Box {
    let free = boxes.first { box in
      area.contains(box) && !obstacles.contains { $0.intersects(box) }
        && !lines.contains { box.intersects($0) }
    }
    return free ?? boxes.first ?? Box(x: area.x, y: area.y, width: 0, height: 0)
  }

  /// Draws a name along a rising line; returns the squares that approximate the rotated box.
  private func drawAlong(
    _ slope: Segment, _ text: String, _ obstacles: [Box], into svg: inout SVG
  ) -> [Box] {
    let size = SVG.width(of: text, size: 14, bold: true)
    let (dx, dy) = (slope.end.x - slope.start.x, slope.end.y - slope.start.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > size else { return [] }
    let (along, across) = (
      Point(x: dx / length, y: dy / length), Point(x: dy / length, y: -dx / length)
    )
    let places = stride(from: length * 0.3, to: length - size, by: 10).map { part in
      // Eight pixels above the line, in its direction.
      Point(
        x: slope.start.x + along.x * part + across.x * 8,
        y: slope.start.y + along.y * part + across.y * 8)
    }
    let squares = { (place: Point) in
      stride(from: 0, through: size, by: 8).map { part in
        Box(
          x: place.x + along.x * part + across.x * 5, y: place.y + along.y * part + across.y * 5,
          width: 0, height: 0
        ).grown(by: 8)
      }
    }
    let free = places.first { place in
      !squares(place).contains { square in obstacles.contains { $0.intersects(square) } }
    }
    guard let place = free ?? places.first else { return [] }
    svg.text(
      text, at: place, size: 14, fill: RooflinePlot.ink, bold: true,
      turn: Turn.degrees(dx: dx, dy: dy))
    return squares(place)
  }

  private func drawMarks(
    _ panel: Panel, _ area: Box, _ x: LogScale, _ y: LogScale, _ obstacles: [Box],
    _ lines: [Segment], into svg: inout SVG
  ) {
    let points = panel.marks.map { Point(x: x($0.intensity), y: y($0.rate)) }
    let labels = zip(panel.marks, points).map { mark, point in
      LabelPlacement.Label(
        point: point, width: SVG.width(of: mark.label, size: 12.5), height: 13)
    }
    let places = LabelPlacement(area: area, obstacles: obstacles, lines: lines).places(labels)
    for (mark, place) in zip(panel.marks, places) {
      guard let leader = place?.leader else { continue }
      svg.line([leader.start, leader.end], stroke: panel.color(mark.roof), width: 0.7)
    }
    for (mark, point) in zip(panel.marks, points) {
      if mark.roof == .float64 {
        svg.area(
          [(0.0, -6.0), (6, 0), (0, 6), (-6, 0)].map {
            Point(x: point.x + $0.0, y: point.y + $0.1)
          },
          fill: panel.color(mark.roof))
      } else {
        svg.circle(point, radius: 5.5, fill: panel.color(mark.roof))
      }
    }
    for (mark, place) in zip(panel.marks, places) {
      guard let place else { continue }
      svg.text(
        mark.label, at: Point(x: place.box.x, y: place.box.bottom - 2.5), size: 12.5,
        fill: panel.color(mark.roof))
    }
  }
}
