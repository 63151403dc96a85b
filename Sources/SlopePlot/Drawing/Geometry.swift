/// A point of the drawing, in pixels from its upper left corner.
package struct Point: Equatable {
  package var x: Double
  package var y: Double

  package init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// A rectangle in the drawing.
package struct Box: Equatable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  package var right: Double { x + width }
  package var bottom: Double { y + height }
  package var middle: Point { Point(x: x + width / 2, y: y + height / 2) }

  package func grown(by margin: Double) -> Box {
    Box(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
  }

  package func intersects(_ other: Box) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  package func contains(_ other: Box) -> Bool {
    x <= other.x && other.right <= right && y <= other.y && other.bottom <= bottom
  }

  /// The point of the box that is nearest to another point.
  package func nearest(to point: Point) -> Point {
    Point(x: min(max(point.x, x), right), y: min(max(point.y, y), bottom))
  }

  /// Whether a part of the line lies inside the box.
  package func intersects(_ line: Segment) -> Bool {
    // The part of the line between each pair of sides (Liang and Barsky, 1984).
    var (first, last) = (0.0, 1.0)
    let (dx, dy) = (line.end.x - line.start.x, line.end.y - line.start.y)
    for (step, room) in [
      (-dx, line.start.x - x), (dx, right - line.start.x), (-dy, line.start.y - y),
      (dy, bottom - line.start.y),
    ] {
      if step == 0 {
        if room <= 0 { return false }
      } else if step < 0 {
        first = max(first, room / step)
      } else {
        last = min(last, room / step)
      }
    }
    return first < last
  }
}

/// A straight line in the drawing.
package struct Segment: Equatable {
  package var start: Point
  package var end: Point

  package init(start: Point, end: Point) {
    self.start = start
    self.end = end
  }

  /// Whether the lines cross.
  package func crosses(_ other: Segment) -> Bool {
    func side(_ line: Segment, _ point: Point) -> Double {
      (line.end.x - line.start.x) * (point.y - line.start.y)
        - (line.end.y - line.start.y) * (point.x - line.start.x)
    }
    return side(self, other.start) * side(self, other.end) < 0
      && side(other, start) * side(other, end) < 0
  }
}
