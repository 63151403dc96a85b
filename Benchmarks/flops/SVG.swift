/// A point of the drawing, in pixels from its upper left corner.
struct Point: Equatable {
  var x: Double
  var y: Double
}

/// A rectangle in the drawing.
struct Box: Equatable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
  var middle: Point { Point(x: x + width / 2, y: y + height / 2) }

  func grown(by margin: Double) -> Box {
    Box(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
  }

  func intersects(_ other: Box) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  func contains(_ other: Box) -> Bool {
    x <= other.x && other.right <= right && y <= other.y && other.bottom <= bottom
  }

  /// The point of the box that is nearest to another point.
  func nearest(to point: Point) -> Point {
    Point(x: min(max(point.x, x), right), y: min(max(point.y, y), bottom))
  }

  /// Whether a part of the line lies inside the box.
  func intersects(_ line: Segment) -> Bool {
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
struct Segment: Equatable {
  var start: Point
  var end: Point

  /// Whether the lines cross.
  func crosses(_ other: Segment) -> Bool {
    func side(_ line: Segment, _ point: Point) -> Double {
      (line.end.x - line.start.x) * (point.y - line.start.y)
        - (line.end.y - line.start.y) * (point.x - line.start.x)
    }
    return side(self, other.start) * side(self, other.end) < 0
      && side(other, start) * side(other, end) < 0
  }
}

/// A drawing, written element by element.
struct SVG {
  enum Anchor: String {
    case start
    case middle
    case end
  }

  let width: Double
  let height: Double
  private var elements: [String] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  mutating func box(
    _ box: Box, fill: String, stroke: String = "none", radius: Double = 0
  ) {
    elements.append(
      "<rect x=\"\(n(box.x))\" y=\"\(n(box.y))\" width=\"\(n(box.width))\" height=\"\(n(box.height))\""
        + " rx=\"\(n(radius))\" fill=\"\(fill)\" stroke=\"\(stroke)\"/>")
  }

  mutating func line(
    _ points: [Point], stroke: String, width: Double = 1, dashes: String? = nil
  ) {
    let places = points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
    elements.append(
      "<polyline points=\"\(places)\" fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"\(n(width))\""
        + (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "") + " stroke-linejoin=\"round\"/>")
  }

  mutating func area(_ points: [Point], fill: String) {
    let places = points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
    elements.append("<polygon points=\"\(places)\" fill=\"\(fill)\"/>")
  }

  mutating func circle(_ center: Point, radius: Double, fill: String) {
    elements.append(
      "<circle cx=\"\(n(center.x))\" cy=\"\(n(center.y))\" r=\"\(n(radius))\" fill=\"\(fill)\""
        + " stroke=\"#ffffff\"/>")
  }

  /// Draws text; `turn` is in degrees clockwise around the point.
  mutating func text(
    _ text: String, at place: Point, size: Double, fill: String, anchor: Anchor = .start,
    bold: Bool = false, turn: Double = 0
  ) {
    elements.append(
      "<text x=\"\(n(place.x))\" y=\"\(n(place.y))\" font-size=\"\(n(size))\" fill=\"\(fill)\""
        + (anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\"")
        + (bold ? " font-weight=\"bold\"" : "")
        + (turn == 0 ? "" : " transform=\"rotate(\(n(turn)) \(n(place.x)) \(n(place.y)))\"")
        + ">\(SVG.escaped(text))</text>")
  }

  /// The text of the file; `title` is what screen readers read.
  func document(title: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(n(width))" height="\(n(height))" \
    viewBox="0 0 \(n(width)) \(n(height))" font-family="\(SVG.family)" role="img">
    <title>\(SVG.escaped(title))</title>
    \(elements.joined(separator: "\n"))
    </svg>

    """
  }

  private static let family = "Helvetica, Arial, Liberation Sans, sans-serif"

  /// The approximate width of a text.
  ///
  /// It is rather too large, since programs substitute other fonts.
  static func width(of text: String, size: Double, bold: Bool = false) -> Double {
    let units = text.reduce(0.0) { sum, character in
      switch character {
      case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", "·": sum + 0.3
      case " ", "t", "f", "r", "(", ")", "[", "]", "/", "-", "²": sum + 0.38
      case "m", "w", "M", "W", "%", "@", "—": sum + 0.92
      case "A"..."Z": sum + 0.7
      default: sum + 0.58
      }
    }
    return units * size * (bold ? 1.08 : 1)
  }

  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }

  private func n(_ value: Double) -> String {
    let text = fixed(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
