import SlopeData

/// A drawing, written element by element.
package struct SVG {
  package enum Anchor: String {
    case start
    case middle
    case end
  }

  package let width: Double
  package let height: Double
  private var elements: [String] = []

  package init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  package mutating func box(
    _ box: Box, fill: Paint, stroke: Paint = .transparent, radius: Double = 0
  ) {
    elements.append(
      "<rect x=\"\(n(box.x))\" y=\"\(n(box.y))\" width=\"\(n(box.width))\" height=\"\(n(box.height))\""
        + (radius == 0 ? "" : " rx=\"\(n(radius))\"") + SVG.paints(fill: fill, stroke: stroke)
        + "/>")
  }

  package mutating func line(
    _ points: [Point], stroke: Paint, width: Double = 1, dashes: String? = nil
  ) {
    elements.append(
      "<polyline points=\"\(places(points))\"" + SVG.paints(fill: .transparent, stroke: stroke)
        + " stroke-width=\"\(n(width))\"" + (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "")
        + " stroke-linejoin=\"round\"/>")
  }

  package mutating func area(_ points: [Point], fill: Paint, opacity: Double = 1) {
    elements.append(
      "<polygon points=\"\(places(points))\"" + SVG.paints(fill: fill, stroke: .transparent)
        + (opacity == 1 ? "" : " fill-opacity=\"\(fixed(opacity, 2))\"") + "/>")
  }

  package mutating func circle(
    _ center: Point, radius: Double, fill: Paint, stroke: Paint = Paint("#ffffff")
  ) {
    elements.append(
      "<circle cx=\"\(n(center.x))\" cy=\"\(n(center.y))\" r=\"\(n(radius))\""
        + SVG.paints(fill: fill, stroke: stroke) + "/>")
  }

  /// Draws many dots of one size, in a few bytes each.
  ///
  /// Where transparent dots overlap, they are darker.
  package mutating func dots(
    _ points: [Point], diameter: Double, fill: Paint, opacity: Double = 1
  ) {
    // Lines without length, whose round ends are the dots.
    let places = points.map { "M\(n($0.x)) \(n($0.y))h0" }
    let paint =
      SVG.paints(fill: .transparent, stroke: fill)
      + " stroke-width=\"\(n(diameter))\" stroke-linecap=\"round\""
    if opacity == 1 {
      elements.append("<path d=\"\(places.joined())\"\(paint)/>")
    } else {
      // A path is painted once, however often it covers a place.
      elements.append(
        "<g\(paint) stroke-opacity=\"\(fixed(opacity, 2))\">"
          + places.map { "<path d=\"\($0)\"/>" }.joined() + "</g>")
    }
  }

  /// Draws text; `turn` is in degrees clockwise around the point.
  package mutating func text(
    _ text: String, at place: Point, size: Double, fill: Paint, anchor: Anchor = .start,
    bold: Bool = false, turn: Double = 0
  ) {
    elements.append(
      "<text x=\"\(n(place.x))\" y=\"\(n(place.y))\" font-size=\"\(n(size))\""
        + SVG.paints(fill: fill, stroke: nil)
        + (anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\"")
        + (bold ? " font-weight=\"bold\"" : "")
        + (turn == 0 ? "" : " transform=\"rotate(\(n(turn)) \(n(place.x)) \(n(place.y)))\"")
        + ">\(SVG.escaped(text))</text>")
  }

  private func places(_ points: [Point]) -> String {
    points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
  }

  /// The attributes of colours, with the classes by which a dark page has others.
  private static func paints(fill: Paint, stroke: Paint?) -> String {
    let names = [
      fill.dark.map { "f\($0.name)" }, stroke?.dark.map { "s\($0.name)" },
    ].compactMap { $0 }
    return (names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\"")
      + " fill=\"\(fill.light)\""
      + (stroke.map { $0 == .transparent ? "" : " stroke=\"\($0.light)\"" } ?? "")
  }

  /// The text of the file; `title` is what screen readers read.
  ///
  /// Where the screen is dark, so is a drawing of colours that have two forms.
  package func document(title: String) -> String {
    let rules = Paint.darkRules
    let style =
      isThemed ? "<style>@media screen and (prefers-color-scheme:dark){\(rules)}</style>" : ""
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(n(width))" height="\(n(height))" \
      viewBox="0 0 \(n(width)) \(n(height))" font-family="\(SVG.family)" role="img">
      <title>\(SVG.escaped(title))</title>\(style)
      \(elements.joined(separator: "\n"))
      </svg>

      """
  }

  /// The drawing as an element of a page, which has `Paint.darkRules` and sets the font.
  package func element(title: String) -> String {
    "<svg viewBox=\"0 0 \(n(width)) \(n(height))\" role=\"img\"><title>\(SVG.escaped(title))</title>"
      + elements.joined() + "</svg>"
  }

  /// Whether there is a colour with two forms.
  private var isThemed: Bool { elements.contains { $0.contains(" class=\"") } }

  private static let family = "Helvetica, Arial, Liberation Sans, sans-serif"

  /// The approximate width of a text.
  ///
  /// It is rather too large, since programs substitute other fonts.
  package static func width(of text: String, size: Double, bold: Bool = false) -> Double {
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

  package static func escaped(_ text: String) -> String {
    // By scalars: a character may be a mark and something that combines with it.
    text.withControlsEscaped.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // No characters of XML.
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  private func n(_ value: Double) -> String {
    let text = fixed(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
