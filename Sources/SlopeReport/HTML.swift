import Glibc
import SlopeData
import SlopePlot

/// Text as a part of a page.
enum HTML {
  /// A text that a reader sees: no part of it is taken for a tag, and controls are visible.
  static func escaped(_ text: String) -> String {
    SVG.escaped(text).replacing("'", with: "&#39;")
  }

  /// A text of at most `length` characters.
  static func shortened(_ text: String, to length: Int = 40) -> String {
    escaped(text.cut(to: length))
  }

  /// A section with a heading.
  static func section(_ title: String, _ content: String) -> String {
    "<section><h2>\(escaped(title))</h2>\n\(content)</section>\n"
  }

  /// Charts beside one another, where there is room.
  static func charts(_ elements: [String], areWide: Bool = false) -> String {
    "<div class=\"charts\(areWide ? " wide" : "")\">"
      + elements.map { "<figure>\($0)</figure>" }.joined(separator: "\n")
      + "</div>\n"
  }

  /// A paragraph of text.
  static func paragraph(_ text: String, class name: String? = nil) -> String {
    "<p\(name.map { " class=\"\($0)\"" } ?? "")>\(escaped(text))</p>\n"
  }

  /// A table; cells are HTML, those of `text` columns are aligned to the left.
  static func table(
    _ head: [String], _ rows: [[String]], text: Set<Int> = [0], class name: String? = nil
  ) -> String {
    func line(_ cells: [String], _ tag: String) -> String {
      "<tr>"
        + cells.enumerated().map { index, cell in
          "<\(tag)\(text.contains(index) ? "" : " class=\"n\"")>\(cell)</\(tag)>"
        }.joined() + "</tr>"
    }
    return "<div class=\"wide\"><table\(name.map { " class=\"\($0)\"" } ?? "")><thead>"
      + line(head.map(escaped), "th") + "</thead><tbody>\n"
      + rows.map { line($0, "td") }.joined(separator: "\n") + "</tbody></table></div>\n"
  }

  /// A number with as many digits as tell it from another one at some distance, for people.
  static func number(_ number: Double, beside distance: Double) -> String {
    let ratio = abs(number) / abs(distance)
    guard ratio > 1000, ratio < 1e12 else { return self.number(number) }
    return "<data value=\"\(number)\">\(fixed(number, abs(distance) < 10 ? 3 : 0))</data>"
  }

  /// A number for people, with all digits for programs.
  static func number(_ number: Double?, name: String? = nil) -> String {
    guard let number, number.isFinite else { return "–" }
    let label = name.map { " data-name=\"\(escaped($0))\"" } ?? ""
    return "<data value=\"\(number)\"\(label)>\(number.figures)</data>"
  }

  /// A number beside others of the same kind, of which the largest has four significant digits.
  static func number(_ number: Double, ofAtMost largest: Double) -> String {
    guard number.isFinite, abs(number) <= largest, largest >= 1e-6, largest < 1e7 else {
      return self.number(number)
    }
    let text = fixed(number, max(0, 3 - Int(log10(largest).rounded(.down))))
    let isZero = text.allSatisfy { "0.".contains($0) }
    return "<data value=\"\(number)\">\(isZero ? "0" : text)</data>"
  }
}

extension String {
  /// The text, or of a long one the beginning and a sign that there is more, `length` characters in all.
  func cut(to length: Int) -> String {
    count > length ? "\(prefix(length - 1))…" : self
  }

  /// A name in a chart: cut, and with controls made visible.
  func label(_ length: Int) -> String { cut(to: length).withControlsEscaped }
}
