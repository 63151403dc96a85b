import Foundation
import FoundationXML
import SlopePlot
import Testing

@testable import flops

@Suite struct RooflinePlotTests {
  private let plot = RooflinePlot(.sample)

  @Test func theDrawingIsWellFormed() throws {
    let file = Drawing(plot.svg)
    #expect(file.isWellFormed)
    #expect(file.root == "svg")
    #expect(file.texts.contains { $0.text == RooflinePlot.title })
    #expect(file.texts.contains { $0.text == "cpu: cpu <&> \"title\"" })
  }

  @Test func noTextCoversAnother() {
    let drawing = Drawing(plot.svg)
    let boxes = drawing.texts.filter { !$0.isTurned }
    let page = Box(x: 0, y: 0, width: drawing.width, height: drawing.height)
    for (index, text) in boxes.enumerated() {
      #expect(page.contains(text.box), "\(text.text)")
      for other in boxes[(index + 1)...] {
        #expect(!text.box.intersects(other.box), "\(text.text) over \(other.text)")
      }
    }
  }

  @Test func everyOperationHasAPointAndALabelInEachPanel() {
    let drawing = Drawing(plot.svg)
    for label in ["256²", "MLP 784 gradient", "softmax", "sum rows"] {
      // Two devices, two precisions.
      #expect(drawing.texts.filter { $0.text == label }.count == 4)
    }
    // Twenty points and one of the legend.
    #expect(drawing.circles.count == 2 * 21)
    #expect(drawing.polygons == 2 * 21)
  }

  @Test func roofsAreNamedInColorsOfTheirOwn() {
    let drawing = Drawing(plot.svg)
    let names = ["float32: 230 GFLOP/s", "float64: 115 GFLOP/s"]
    let roofs = drawing.texts.filter { names.contains($0.text) }
    #expect(roofs.count == 4)
    #expect(Set(roofs.map(\.fill)).count == 4)
    #expect(drawing.texts.filter { $0.text == "memory: 45.0 GB/s" && $0.isTurned }.count == 2)
  }

  @Test func pointsLieUnderTheirRoofs() throws {
    // In the drawing, a point at the height of a roof has the roof's y; lower rates are further
    // down.
    let drawing = Drawing(plot.svg)
    for panel in 0..<2 {
      let roofs = drawing.levels.dropFirst(2 * panel).prefix(2)
      let (high, low) = (try #require(roofs.min()), try #require(roofs.max()))
      #expect(high < low)
      let points = drawing.circles.dropFirst(21 * panel).prefix(21)
      #expect(points.allSatisfy { $0.y > high })
      #expect(points.contains { $0.y < low })
    }
  }

  @Test func stepsTellTheirLaunchesAndWaits() {
    let drawing = Drawing(plot.svg)
    #expect(drawing.texts.contains { $0.text == "1.25 ms" })
    #expect(drawing.texts.contains { $0.text == "1.25 ms, 32 launches, 1 wait" })
    #expect(drawing.texts.contains { $0.text == "copy" })
  }

  @Test func whatACacheHoldsAndWhatHasNoRoofIsNotDrawn() {
    var report = Report.sample
    report.results[0].isCached = true
    report.results[2].dtype = "float16"
    #expect(RooflinePlot(report).panels[0].marks.count == plot.panels[0].marks.count - 2)
  }

  @Test func theNotesGiveWayToPoints() throws {
    // A slow product, which moves the notes.
    var report = Report.sample
    report.results[0].gigaflopsPerSecond = 2.5
    report.results[0].gigabytesPerSecond = 0.06
    let drawing = Drawing(RooflinePlot(report).svg)
    let notes = drawing.notes
    #expect(notes.count == 2)
    #expect(notes[0].x < notes[1].x || notes[0].y + 560 < notes[1].y)
    let page = Box(x: 0, y: 0, width: drawing.width, height: drawing.height)
    #expect(notes.allSatisfy { page.contains($0) })
    // The legend's circle is the one in the notes.
    for note in notes {
      let inside = drawing.circles.filter { point in
        note.contains(Box(x: point.x, y: point.y, width: 0, height: 0))
      }
      #expect(inside.count == 1)
    }
  }

  @Test func axesHoldPointsAndRoofs() {
    let ranges = plot.ranges
    for panel in plot.panels {
      for mark in panel.marks {
        #expect(ranges.intensities.contains(mark.intensity) && ranges.rates.contains(mark.rate))
      }
      #expect(ranges.rates.contains(230 * 1.5))
      // Both roofs' bends: 230 / 45.
      #expect(ranges.intensities.contains(2 * 230 / 45))
    }
  }

  @Test func aReportWithoutResultsIsADrawingToo() {
    var report = Report.sample
    report.results = []
    #expect(Drawing(RooflinePlot(report).svg).isWellFormed)
    report.devices[0].roofs = []
    #expect(Drawing(RooflinePlot(report).svg).isWellFormed)
    report.devices = []
    #expect(Drawing(RooflinePlot(report).svg).isWellFormed)
  }
}

/// The drawing, parsed from the file.
private final class Drawing: NSObject, XMLParserDelegate {
  struct Text {
    var text = ""
    let x: Double
    let y: Double
    let size: Double
    let anchor: String
    let isBold: Bool
    let isTurned: Bool
    let fill: String

    /// The box, rather too wide.
    var box: Box {
      let width = SVG.width(of: text, size: size, bold: isBold)
      let left = anchor == "end" ? x - width : anchor == "middle" ? x - width / 2 : x
      return Box(x: left, y: y - 0.75 * size, width: width, height: 0.9 * size)
    }
  }

  private(set) var isWellFormed = false
  private(set) var root: String?
  private(set) var (width, height) = (0.0, 0.0)
  private(set) var texts: [Text] = []
  private(set) var circles: [Point] = []
  private(set) var polygons = 0
  /// The y of the thick level lines, the roofs of arithmetic.
  private(set) var levels: [Double] = []
  /// The framed boxes.
  private(set) var notes: [Box] = []
  private var current: Text?

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    func number(_ name: String) -> Double { attributes[name].flatMap { Double($0) } ?? 0 }
    if root == nil { (root, width, height) = (name, number("width"), number("height")) }
    switch name {
    case "text":
      current = Text(
        x: number("x"), y: number("y"), size: number("font-size"),
        anchor: attributes["text-anchor"] ?? "start", isBold: attributes["font-weight"] == "bold",
        isTurned: attributes["transform"] != nil, fill: attributes["fill"] ?? "")
    case "circle": circles.append(Point(x: number("cx"), y: number("cy")))
    case "polygon": polygons += 1
    case "rect" where attributes["stroke"] != nil:
      notes.append(
        Box(x: number("x"), y: number("y"), width: number("width"), height: number("height")))
    case "polyline":
      let places = (attributes["points"] ?? "").split(separator: " ").map { pair in
        pair.split(separator: ",").compactMap { Double($0) }
      }
      if number("stroke-width") == 2.5, places[0][1] == places[1][1] { levels.append(places[0][1]) }
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { current?.text += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard name == "text", let text = current else { return }
    texts.append(text)
    current = nil
  }
}
