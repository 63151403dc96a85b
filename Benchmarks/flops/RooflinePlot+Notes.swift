import SlopePlot

extension RooflinePlot {
  private static let (ink, gray) = (Paint("#1c2530"), Paint("#5b6672"))

  /// Draws the legend, copies and training steps, and returns their box.
  ///
  /// It is in the lower right corner, or as near to it as markers and roofs allow.
  func drawNotes(
    _ panel: Panel, _ area: Box, _ markers: [Box], _ lines: [Segment], into svg: inout SVG
  ) -> Box {
    // Wide enough for the longest line: a step's name on the left, its figure on the right.
    let width = panels.flatMap(\.steps).map { step in
      SVG.width(of: step.name, size: 12.5) + SVG.width(of: step.figure, size: 12.5) + 44
    }.reduce(360, max)
    let rows =
      1 + (panel.copies.isEmpty ? 0 : 1 + panel.copies.count)
      + (panel.steps.isEmpty ? 0 : 1 + panel.steps.count)
    let height = 18 * Double(rows) + 18
    let boxes = stride(from: 12.0, to: area.height - height, by: 20).flatMap { up in
      stride(from: 12.0, to: area.width - width, by: 20).map { left in
        Box(
          x: area.right - width - left, y: area.bottom - height - up, width: width, height: height)
      }
    }
    let box = RooflinePlot.clear(boxes, area, markers, lines)
    svg.box(box, fill: Paint("#fafbfc"), stroke: Paint("#d5dae0"), radius: 5)
    var y = box.y + 20
    let left = box.x + 12
    let middle = left + 168
    svg.circle(Point(x: left + 5, y: y - 4), radius: 5.5, fill: panel.color(.float32))
    svg.text("float32", at: Point(x: left + 17, y: y), size: 13, fill: panel.color(.float32))
    svg.area(
      [(0.0, -6.0), (6, 0), (0, 6), (-6, 0)].map {
        Point(x: left + 90 + $0.0, y: y - 4 + $0.1)
      }, fill: panel.color(.float64))
    svg.text("float64", at: Point(x: left + 102, y: y), size: 13, fill: panel.color(.float64))
    if !panel.copies.isEmpty {
      y += 18
      svg.text(
        "Copies, GB/s", at: Point(x: left, y: y), size: 12.5, fill: RooflinePlot.ink, bold: true)
      let most = max(panel.copies.map(\.rate).max() ?? 1, panel.height(.memory) ?? 0)
      for copy in panel.copies {
        y += 18
        svg.text(copy.name, at: Point(x: left, y: y), size: 12.5, fill: RooflinePlot.gray)
        let length = max((box.right - middle - 60) * copy.rate / most, 1)
        svg.box(
          Box(x: middle, y: y - 10, width: length, height: 11), fill: panel.color(.float32),
          radius: 2)
        svg.text(
          short(copy.rate), at: Point(x: middle + length + 6, y: y), size: 12.5,
          fill: RooflinePlot.ink)
      }
    }
    if !panel.steps.isEmpty {
      y += 18
      svg.text(
        "One training step", at: Point(x: left, y: y), size: 12.5, fill: RooflinePlot.ink,
        bold: true)
      for step in panel.steps {
        y += 18
        svg.text(step.name, at: Point(x: left, y: y), size: 12.5, fill: RooflinePlot.gray)
        svg.text(
          step.figure, at: Point(x: box.right - 12, y: y), size: 12.5, fill: RooflinePlot.ink,
          anchor: .end)
      }
    }
    return box
  }
}
