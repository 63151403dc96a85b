import Foundation
import FoundationXML

/// The elements of a drawing, parsed from its text.
final class Picture: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
    var text = ""

    func number(_ name: String) -> Double {
      attributes[name].flatMap { Double($0) } ?? .nan
    }

    /// The places of a line or an area.
    var points: [(x: Double, y: Double)] {
      (attributes["points"] ?? "").split(separator: " ").map { pair in
        let numbers = pair.split(separator: ",").compactMap { Double($0) }
        return (numbers[0], numbers[1])
      }
    }

    /// The places of dots: `M1 2h0M3 4h0`.
    var dots: [(x: Double, y: Double)] {
      (attributes["d"] ?? "").split(separator: "M").map { dot in
        let numbers = dot.dropLast(2).split(separator: " ").compactMap { Double($0) }
        return (numbers[0], numbers[1])
      }
    }
  }

  private(set) var isWellFormed = false
  private(set) var elements: [Element] = []
  private var open: [Int] = []

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  /// What a reader reads, in the order of drawing.
  var texts: [String] { all("text").map(\.text) }

  /// The lines of series: those as thick as a series' are.
  var curves: [Element] { all("polyline").filter { $0.number("stroke-width") == 2 } }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if let last = open.last { elements[last].text += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { open.removeLast() }
}
