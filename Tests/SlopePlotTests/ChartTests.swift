import Slope
import TestSupport
import Testing

@testable import SlopePlot

struct ChartTests {
  private func line(_ y: [Double]) -> Chart {
    var chart = Chart(title: "A & B")
    chart.add(.line, named: "first", y: y)
    return chart
  }

  @Test func aLineGoesThroughItsPoints() throws {
    var chart = line([0, 10, 5])
    chart.x.title = "step"
    chart.y.title = "size, m"
    let picture = Picture(chart.svg())
    #expect(picture.isWellFormed)
    #expect(picture.all("title").first?.text == "A & B")
    for text in ["A & B", "first", "step", "size, m", "0", "10", "2.0"] {
      #expect(picture.texts.contains(text), "\(text)")
    }
    // The legend has a line of two points before it.
    let points = try #require(picture.curves.last).points
    #expect(picture.curves.count == 2 && points.count == 3)
    #expect(points[0].x < points[1].x && points[1].x < points[2].x)
    // Downwards y grows; the middle of the axis is the middle of the numbers.
    #expect(abs(points[2].y - (points[0].y + points[1].y) / 2) < 0.11)
    #expect(abs(points[1].x - (points[0].x + points[2].x) / 2) < 0.11)
    #expect(points[1].y < points[2].y && points[2].y < points[0].y)
    #expect(
      points.allSatisfy { (0...chart.width).contains($0.x) && (0...chart.height).contains($0.y) })
  }

  @Test func whatIsNoNumberLeavesAGap() {
    let picture = Picture(line([1, 2, .nan, 3, 4, .infinity, 5]).svg())
    // The legend, two lines, and a dot for the number between two gaps.
    #expect(picture.curves.map(\.points.count) == [2, 2, 2])
    #expect(picture.all("path").map(\.dots.count) == [1])
  }

  @Test(arguments: [[], [.nan], [.infinity, -.infinity], [1e301]] as [[Double]])
  func withoutNumbersItSaysSo(_ numbers: [Double]) {
    let picture = Picture(line(numbers).svg())
    #expect(picture.isWellFormed && picture.texts.contains("no numbers"))
  }

  @Test(
    arguments: [
      [0.0], [5], [-3, -3], [1e300, -1e300], [1e-300, 2e-300], [1, 1 + 1e-15], [1e-200, 1e200],
      [5e-324, 1], [1e-300, 1e300], [1e300],
    ]
      as [[Double]])
  func oddNumbersAreInTheDrawing(_ numbers: [Double]) {
    for scale in [Chart.Scale.linear, .logarithmic] {
      var chart = line(numbers)
      chart.y.scale = scale
      let picture = Picture(chart.svg())
      #expect(picture.isWellFormed)
      #expect(!chart.svg().contains("nan") && !chart.svg().contains("inf"))
      for point in picture.curves.flatMap(\.points) {
        #expect((0...640).contains(point.x) && (0...400).contains(point.y))
      }
    }
  }

  @Test func equalRatiosHaveEqualLengths() throws {
    var chart = line([1, 10, 100, -1, 0])
    chart.y.scale = .logarithmic
    let picture = Picture(chart.svg())
    let points = try #require(picture.curves.last).points
    #expect(points.count == 3)
    #expect(abs((points[0].y - points[1].y) - (points[1].y - points[2].y)) < 0.21)
    for text in ["1", "10", "100"] { #expect(picture.texts.contains(text)) }
  }

  @Test func theEndsOfAnAxisCanBeSaid() throws {
    var chart = line([5, 20])
    chart.y.range = 0...10
    // What lies beyond is not drawn.
    var picture = Picture(chart.svg())
    #expect(picture.curves.count == 1 && picture.all("path").map(\.dots.count) == [1])
    #expect(picture.texts.contains("10") && !picture.texts.contains("20"))
    for range in [3.0...3.0, -1...1] {
      chart.y.range = range
      chart.y.scale = range.lowerBound < 0 ? .logarithmic : .linear
      picture = Picture(chart.svg())
      #expect(picture.curves.count == 2)
    }
  }

  @Test func barsStandOnZero() throws {
    var chart = Chart()
    chart.add(.bars, x: [0, 1, 2, 3], y: [2, -1, 4])
    let bars = Picture(chart.svg()).all("rect").dropFirst()
    #expect(bars.count == 3)
    let boxes = bars.map { (top: $0.number("y"), height: $0.number("height")) }
    let zero = boxes[0].top + boxes[0].height
    #expect(abs(boxes[1].top - zero) < 0.11 && abs(boxes[2].top + boxes[2].height - zero) < 0.11)
    #expect(abs(boxes[0].height - 2 * boxes[1].height) < 0.31)
    #expect(abs(boxes[2].height - 2 * boxes[0].height) < 0.31)
    // Below 0 alone they hang from the upper end.
    var negative = Chart()
    negative.y.range = -10...(-1)
    negative.add(.bars, x: [0, 1], y: [-4])
    let hanging = try #require(Picture(negative.svg()).all("rect").dropFirst().first)
    let frame = try #require(Frame(negative, top: 18, bottom: 372))
    #expect(abs(hanging.number("height") - frame.area.height / 3) < 0.11)
    // Without places the bars are beside one another, too.
    chart = Chart()
    chart.add(.bars, y: [1, 2])
    #expect(chart.series[0].x == [0, 1, 2])
    chart.add(.points, y: [1, 2])
    #expect(chart.series[1].x == [0, 1])
  }

  @Test func dotsAndDashes() {
    var chart = Chart()
    chart.add(.points, named: "dots", y: [Double](repeating: 1, count: 301))
    chart.add(.linePoints, named: "both", y: [1, 2])
    chart.add(.dashed, named: "dashed", y: [2, 1])
    let picture = Picture(chart.svg())
    // Dots in the legend, then those of the series: small and transparent where they are many.
    // Each of these is painted, so that it is darker where they overlap.
    let one = [Int](repeating: 1, count: 303)
    #expect(picture.all("path").map(\.dots.count) == one + [2])
    let groups = picture.all("g")
    #expect(groups.count == 1 && groups[0].number("stroke-width") == 4)
    #expect(groups[0].attributes["stroke-opacity"] == "0.35")
    #expect(groups[0].attributes["stroke-linecap"] == "round")
    #expect(picture.all("path")[303].number("stroke-width") == 6)
    #expect(picture.all("path")[303].attributes["stroke-opacity"] == nil)
    let dashed = picture.curves.filter { $0.attributes["stroke-dasharray"] == "5 3" }
    #expect(dashed.count == 2 && picture.curves.count == 4)
    // Each series has its own colour.
    #expect(Set(picture.all("path").compactMap { $0.attributes["stroke"] }).count == 2)
    #expect(groups[0].attributes["stroke"] == picture.all("path")[0].attributes["stroke"])
    // Fewer are less transparent, and sixty not at all.
    for (count, opacity) in [(61, "0.50"), (60, nil)] as [(Int, String?)] {
      var few = Chart()
      few.add(.points, y: [Double](repeating: 1, count: count))
      #expect(Picture(few.svg()).all("g").first?.attributes["stroke-opacity"] == opacity)
    }
  }

  @Test func guidesHaveNames() throws {
    var chart = line([0, 10])
    chart.addGuide(x: 0.25, named: "early")
    chart.addGuide(x: 0.75, named: "late")
    chart.addGuide(y: 5, named: "half")
    chart.addGuide(y: 50, named: "beyond")
    let picture = Picture(chart.svg())
    let guides = picture.all("polyline").filter { $0.attributes["stroke-dasharray"] == "4 3" }
    #expect(guides.count == 3)
    #expect(guides[0].points[0].x == guides[0].points[1].x)
    #expect(guides[2].points[0].y == guides[2].points[1].y)
    // A name is on the side where there is room.
    let names = picture.all("text")
    #expect(try #require(names.first { $0.text == "early" }).attributes["text-anchor"] == nil)
    #expect(try #require(names.first { $0.text == "late" }).attributes["text-anchor"] == "end")
    #expect(!picture.texts.contains("beyond"))
  }

  @Test func theDiagonalIsWhereBothAreEqual() throws {
    var chart = Chart()
    chart.x.range = 0...10
    chart.y.range = 5...20
    chart.add(.points, x: [1], y: [6])
    chart.addDiagonal()
    let guide = try #require(
      Picture(chart.svg()).all("polyline").first { $0.attributes["stroke-dasharray"] == "4 3" })
    let frame = try #require(Frame(chart, top: 18, bottom: 372))
    #expect(abs(guide.points[0].x - (frame.x(5) ?? 0)) < 0.06)
    #expect(abs(guide.points[0].y - (frame.y(5) ?? 0)) < 0.06)
    #expect(abs(guide.points[1].x - (frame.x(10) ?? 0)) < 0.06)
    #expect(abs(guide.points[1].y - (frame.y(10) ?? 0)) < 0.06)
    chart.y.range = 11...20
    #expect(
      !Picture(chart.svg()).all("polyline").contains { $0.attributes["stroke-dasharray"] == "4 3" })
  }

  @Test func aLongLegendHasRows() {
    var chart = Chart(title: "Many")
    for index in 0..<9 { chart.add(.line, named: "a series with a long name \(index)", y: [0, 1]) }
    let picture = Picture(chart.svg())
    let names = picture.all("text").filter { $0.text.hasPrefix("a series") }
    #expect(names.count == 9 && Set(names.map { $0.number("y") }).count > 1)
    for name in names {
      #expect(name.number("x") + SVG.width(of: name.text, size: 12) <= 640)
    }
    // The axes begin below it.
    let last = names.map { $0.number("y") }.max() ?? 0
    #expect(picture.curves.suffix(9).flatMap(\.points).allSatisfy { $0.y > last })
  }

  @Test func sizesAreLimited() {
    var chart = line([1, 2])
    (chart.width, chart.height) = (10, 1e9)
    #expect(chart.width == 200 && chart.height == 10_000)
    (chart.width, chart.height) = (.nan, -.infinity)
    #expect(chart.width == 200 && chart.height == 200)
    #expect(Picture(chart.svg()).isWellFormed)
  }

  @Test func itIsDarkWhereTheScreenIs() {
    let svg = line([1, 2]).svg()
    #expect(svg.contains("@media screen and (prefers-color-scheme:dark)"))
    #expect(svg.contains("class=\"s1\"") && svg.contains(".s1{stroke:#6aa9ff}"))
    #expect(svg.contains("fill=\"#ffffff\"") && svg.contains(".fb{fill:#14181d}"))
    // A page has the rules once.
    #expect(!line([1, 2]).element.contains("<style>"))
  }

  // MARK: Files

  @Test func filesAreWrittenByTheirEnding() throws {
    let folder = try TemporaryFolder()
    let chart = line([1, 3, 2])
    try chart.write(to: folder.file("a.svg"))
    #expect(try folder.text("a.svg") == chart.svg())
    for name in ["a.jpg", "svg", "a.svgz"] {
      let error = #expect(throws: FileError.self) { try chart.write(to: folder.file(name)) }
      #expect(error?.description == "\(folder.file(name)): a plot's file ends in .svg or .png")
    }
    #expect(folder.names == ["a.svg"])
  }

  @Test func anImageHasTwoPixelsForOne() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.png")
    let error = #expect(throws: FileError.self) {
      _ = try PNGLibrary(for: path, library: "libnone.so.7")
    }
    #expect(
      error?.description
        == "\(path): PNG needs libnone.so.7, which is not found (Debian's package librsvg2-2); .svg needs nothing"
    )
    do {
      try line([1, 3, 2]).write(to: path)
    } catch let error as FileError {
      // A machine without the library: the message names what is missing, and nothing is left.
      #expect(error.description.contains("Debian's package librsvg2-2"))
      #expect(folder.names.isEmpty)
      return
    }
    let bytes = try folder.read("a.png")
    #expect(bytes.prefix(8).elementsEqual([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    // The header's width and height, big-endian.
    #expect(Array(bytes[16..<24]) == [0, 0, 5, 0, 0, 0, 3, 32])
    var large = line([1, 2])
    large.width = 10_000
    large.height = 10_000
    #expect(throws: Never.self) { try large.write(to: folder.file("b.svg")) }
  }
}
