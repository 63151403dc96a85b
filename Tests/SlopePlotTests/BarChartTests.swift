import Slope
import TestSupport
import Testing

@testable import SlopePlot

struct BarChartTests {
  @Test func barsBeginAtZero() throws {
    let chart = BarChart(
      title: "Growth", valueTitle: "m", names: ["up", "down", "none"], values: [4, -2, .nan],
      spreads: [3...5, -3...(-1), 0...0])
    let picture = Picture(chart.svg())
    #expect(picture.isWellFormed)
    for text in ["Growth", "m", "up", "down", "none", "0", "4", "-2"] {
      #expect(picture.texts.contains(text), "\(text)")
    }
    let bars = picture.all("rect").dropFirst().map {
      (left: $0.number("x"), width: $0.number("width"), y: $0.number("y"))
    }
    #expect(bars.count == 2)
    #expect(abs(bars[0].left - bars[1].left - bars[1].width) < 0.11)
    #expect(abs(bars[0].width - 2 * bars[1].width) < 0.21 && bars[0].y < bars[1].y)
    let spreads = picture.all("polyline").filter { $0.number("stroke-width") == 1.5 }
    #expect(spreads.count == 2)
    // From 3 to 5, around the end of the bar.
    let middle = (spreads[0].points[0].x + spreads[0].points[1].x) / 2
    #expect(abs(middle - bars[0].left - bars[0].width) < 0.11)
  }

  @Test func dotsNeedNoZero() {
    var chart = BarChart(names: ["a", "b"], values: [101, 103])
    chart.startsAtZero = false
    let picture = Picture(chart.svg())
    #expect(picture.all("rect").count == 1 && picture.all("path").map(\.dots.count) == [1, 1])
    #expect(picture.all("path")[0].dots[0].x < picture.all("path")[1].dots[0].x)
    #expect(!picture.texts.contains("0"))
    chart.startsAtZero = true
    #expect(Picture(chart.svg()).texts.contains("0"))
  }

  @Test func longNamesAreCut() {
    let name = String(repeating: "name ", count: 20)
    let picture = Picture(BarChart(names: [name], values: [1]).svg())
    #expect(picture.texts.contains(String(name.prefix(27)) + "…"))
  }

  @Test func withoutNumbersItSaysSo() {
    for values in [[], [Double.nan], [.infinity]] {
      let picture = Picture(BarChart(names: ["a"], values: values).svg())
      #expect(picture.isWellFormed && picture.texts.contains("no numbers"))
    }
    // One name more than numbers: the shorter list counts.
    #expect(!Picture(BarChart(names: ["a", "b"], values: [1]).svg()).texts.contains("b"))
  }

  @Test func itIsWritten() throws {
    let folder = try TemporaryFolder()
    let chart = BarChart(names: ["a"], values: [1])
    try chart.write(to: folder.file("bars.svg"))
    #expect(try folder.text("bars.svg") == chart.svg())
    #expect(throws: FileError.self) { try chart.write(to: folder.file("bars.gif")) }
    var sized = chart
    sized.width = 1
    #expect(sized.width == 200)
    sized.width = 1e6
    #expect(sized.width == 10_000)
  }

  @Test func theAxisEndsNearTheNumbers() throws {
    let chart = BarChart(names: ["a"], values: [9], spreads: [-0.01...9.1])
    let picture = Picture(chart.svg())
    #expect(!picture.texts.contains("-5") && picture.texts.contains("0"))
    let bar = try #require(picture.all("rect").dropFirst().first)
    #expect(bar.number("width") > 0.9 * (640 - bar.number("x") - 22))
    // Bars of one sign begin at the axis' end.
    let plain = Picture(BarChart(names: ["a", "b"], values: [9, 3]).svg())
    let (bars, zero) = (plain.all("rect").dropFirst(), plain.all("polyline").first)
    #expect(bars.allSatisfy { $0.number("x") == zero?.points[0].x })
    // The longest has some room after it.
    let right = bars.map { $0.number("x") + $0.number("width") }.max() ?? 0
    #expect(right < 640 - 22 - 5 && right > 640 - 22 - 30)
    let negative = Picture(BarChart(names: ["a", "b"], values: [-9, -3]).svg())
    #expect(
      negative.all("rect").dropFirst().allSatisfy {
        abs($0.number("x") + $0.number("width") - 618) < 0.11
      })
  }

  @Test func aNameHasADotOfEachKind() throws {
    let chart = BarChart(
      title: "T", valueTitle: "p", names: ["a", "b"],
      dots: [("one", [0.1, 0.2]), ("two", [0.3, .nan]), ("three", [0.9])])
    let picture = Picture(chart.svg())
    #expect(picture.isWellFormed && picture.all("rect").count == 1)
    for name in ["one", "two", "three", "a", "b"] { #expect(picture.texts.contains(name)) }
    // Three of the legend, above the rows; then those of the numbers.
    let dots = picture.all("path")
    #expect(dots.count == 3 + 4)
    let colours = dots.map { $0.attributes["stroke"] }
    #expect(Set(colours[0..<3]).count == 3)
    #expect(colours[3...].sorted { ($0 ?? "") < ($1 ?? "") }.count == 4)
    let first = dots[3...].filter { $0.dots[0].y == dots[3].dots[0].y }
    #expect(first.count == 3 && Set(first.map { $0.attributes["stroke"] }).count == 3)
    for dot in first {
      let kind = try #require(colours[0..<3].firstIndex(of: dot.attributes["stroke"]))
      let other = try #require(first.first { $0.attributes["stroke"] == colours[(kind + 1) % 3] })
      #expect((dot.dots[0].x < other.dots[0].x) == (kind < 2))
    }
    #expect(dots[0].dots[0].y < dots[3].dots[0].y)
    // One kind needs no legend.
    let alone = Picture(
      BarChart(title: "T", valueTitle: "p", names: ["a"], dots: [("one", [0.1])]).svg())
    #expect(alone.all("path").count == 1 && !alone.texts.contains("one"))
    #expect(chart.drawing.height > alone.all("svg")[0].number("height") + 22)
    // A long legend has rows.
    let many = (0..<9).map { (name: Optional("a long name of a kind \($0)"), values: [0.1]) }
    let long = BarChart(title: "T", valueTitle: "p", names: ["a"], dots: many)
    let places = Picture(long.svg()).all("text").filter { $0.text.hasPrefix("a long") }
    #expect(Set(places.map { $0.number("y") }).count > 1)
    #expect(places.allSatisfy { $0.number("x") + SVG.width(of: $0.text, size: 12) <= 640 })
  }
}
