/// A colour of a drawing, on a light page and on a dark one.
package struct Paint: Hashable, Sendable {
  /// The colour on a light page, as CSS writes it.
  package let light: String
  /// The colour on a dark page, and the name of its class; nil for the same colour on all pages.
  let dark: (name: String, color: String)?

  /// A colour that is the same on all pages.
  package init(_ light: String) {
    self.light = light
    dark = nil
  }

  private init(_ name: String, _ light: String, dark: String) {
    self.light = light
    self.dark = (name, dark)
  }

  package static func == (left: Paint, right: Paint) -> Bool {
    left.light == right.light && left.dark?.name == right.dark?.name
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(light)
    hasher.combine(dark?.name)
  }

  /// No colour.
  package static let transparent = Paint("none")
  package static let background = Paint("b", "#ffffff", dark: "#14181d")
  package static let ink = Paint("i", "#1c2530", dark: "#e8ecf1")
  package static let gray = Paint("g", "#5b6672", dark: "#9aa5b1")
  package static let grid = Paint("l", "#e6e9ed", dark: "#2b323a")

  /// The colours of series, told apart by people who see no red or no green, too.
  package static let series = [
    Paint("1", "#1d5fbf", dark: "#6aa9ff"), Paint("2", "#c2570c", dark: "#f59e5b"),
    Paint("3", "#0b7a5b", dark: "#4cc9a2"), Paint("4", "#a3268b", dark: "#e58ad4"),
    Paint("5", "#7a6a00", dark: "#d6c34a"), Paint("6", "#c22f3d", dark: "#ff8f98"),
    Paint("7", "#5a49c8", dark: "#a99cff"), Paint("8", "#4b5563", dark: "#b6bfca"),
  ]

  /// The colour of a series by its place, from the beginning again after the last.
  package static func series(_ index: Int) -> Paint { series[index % series.count] }

  /// The rules by which drawings become dark where the reader's screen is.
  package static var darkRules: String {
    ([background, ink, gray, grid] + series).compactMap { paint in
      paint.dark.map { ".f\($0.name){fill:\($0.color)}.s\($0.name){stroke:\($0.color)}" }
    }.joined()
  }
}
