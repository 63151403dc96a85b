import Slope
import Testing

@testable import SlopePlot

struct TimeTicksTests {
  private func seconds(_ text: String) throws -> Double {
    Double(try #require(DateTime(text)).microsecondsSince1970) / 1e6
  }

  @Test(
    arguments: [
      ("2020-01-01", "2024-06-01", 6, ["2020", "2021", "2022", "2023", "2024"]),
      ("1900-05-01", "2000-02-01", 5, ["1920", "1940", "1960", "1980", "2000"]),
      ("2020-01-15", "2020-06-02", 6, ["2020-02", "2020-03", "2020-04", "2020-05", "2020-06"]),
      ("2019-11-01", "2020-12-31", 5, ["2020-01", "2020-04", "2020-07", "2020-10"]),
      ("2024-02-27", "2024-03-02", 8, ["02-27 00:00", "02-27 12:00", "02-28 00:00"]),
      ("2024-02-27", "2024-03-02", 4, ["02-27", "02-28", "02-29", "03-01", "03-02"]),
      ("2024-02-27", "2024-02-27T06:00", 6, ["00:00", "01:00", "02:00", "03:00", "04:00"]),
      ("1969-12-30", "1970-01-03", 4, ["12-30", "12-31", "01-01", "01-02", "01-03"]),
    ] as [(String, String, Int, [String])])
  func ticksAreAtTheStartOfWhatPeopleCount(
    _ low: String, _ high: String, _ most: Int, _ parts: [String]
  ) throws {
    let range = try seconds(low)...seconds(high)
    let ticks = try #require(TimeTicks(range, most: most))
    #expect(ticks.labels.count <= most + 1)
    #expect(ticks.numbers.allSatisfy(range.contains))
    for (label, part) in zip(ticks.labels, parts) {
      #expect(label.firstRange(of: part) != nil, "\(ticks.labels)")
    }
    // Each is where its label says.
    for (number, label) in zip(ticks.numbers, ticks.labels) where label.count == 10 {
      #expect(try number == seconds(label))
    }
  }

  @Test func anAxisOfDatesHasTheirLabels() throws {
    var chart = Chart()
    chart.x.kind = .time
    chart.add(
      .line, x: [try seconds("2020-01-01"), try seconds("2023-01-01")], y: [1, 2])
    let texts = Picture(chart.svg()).texts
    #expect(texts.contains("2021-01") && texts.contains("2022-07"))
    // What is no date has numbers.
    #expect(TimeTicks(1...1.5, most: 5) == nil && TimeTicks(0...1e15, most: 5) == nil)
    #expect(AxisTicks(1...3, .linear, kind: .time, most: 2).labels == ["1", "2", "3"])
  }

  @Test func monthsHaveTheirLabels() throws {
    let ticks = try #require(
      TimeTicks(seconds("2019-11-15")...seconds("2020-02-20"), most: 4))
    #expect(ticks.labels == ["2019-12", "2020-01", "2020-02"])
    #expect(
      ticks.numbers == [
        try seconds("2019-12-01"), try seconds("2020-01-01"), try seconds("2020-02-01"),
      ])
    let hours = try #require(
      TimeTicks(seconds("2020-01-01T22:30")...seconds("2020-01-02T01:10"), most: 3))
    #expect(hours.labels == ["01-01 23:00", "01-02 00:00", "01-02 01:00"])
  }
}
