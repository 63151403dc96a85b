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
}
