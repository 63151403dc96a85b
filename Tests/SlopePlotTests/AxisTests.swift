import Testing

@testable import SlopePlot

struct AxisTests {
  @Test(
    arguments: [
      (0.0, 10.0, 5, ["0", "2", "4", "6", "8", "10"]),
      (0, 1, 5, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (-1, 1, 4, ["-1.0", "-0.5", "0", "0.5", "1.0"]),
      (0, 50_000, 5, ["0", "10,000", "20,000", "30,000", "40,000", "50,000"]),
      (-120_000, 0, 3, ["-100,000", "-50,000", "0"]),
      (0, 3e6, 3, ["0", "1e6", "2e6", "3e6"]),
      (0, 1.5e6, 3, ["0", "5e5", "1e6", "1.5e6"].map { $0 == "1e6" ? "1.0e6" : $0 }),
      (0, 5e-4, 5, ["0", "1e-4", "2e-4", "3e-4", "4e-4", "5e-4"]),
      (1000.5, 1001, 5, ["1000.5", "1000.6", "1000.7", "1000.8", "1000.9", "1001.0"]),
      (3.1, 9.9, 4, ["4", "6", "8"]),
      (1.7e9 - 500, 1.7e9 + 500, 2, ["1,699,999,500", "1,700,000,000", "1,700,000,500"]),
    ] as [(Double, Double, Int, [String])])
  func linearTicksAreRound(_ low: Double, _ high: Double, _ most: Int, _ labels: [String]) {
    let ticks = AxisTicks(low...high, .linear, most: most)
    #expect(ticks.labels == labels)
  }

  @Test(
    arguments: [
      (1.0, 1000.0, 6, ["1", "10", "100", "1000"]),
      (1, 100, 6, ["1", "2", "5", "10", "20", "50", "100"]),
      (0.02, 0.5, 6, ["0.02", "0.05", "0.1", "0.2", "0.5"]),
      (40, 65, 5, ["40", "45", "50", "55", "60", "65"]),
      (1e-8, 1e8, 4, ["1e-8", "0.001", "100", "1e7"]),
    ] as [(Double, Double, Int, [String])])
  func logarithmicTicksAreRound(_ low: Double, _ high: Double, _ most: Int, _ labels: [String]) {
    #expect(AxisTicks(low...high, .logarithmic, most: most).labels == labels)
  }

  @Test func placesAreParts() {
    let linear = AxisTicks(2...4, .linear, most: 4)
    #expect(linear.part(of: 2) == 0 && linear.part(of: 3) == 0.5 && linear.part(of: 4) == 1)
    #expect(linear.part(of: 1.99) == nil && linear.part(of: 4.01) == nil)
    #expect(linear.part(of: .nan) == nil && linear.part(of: .infinity) == nil)
    // What rounding puts beyond an end is at the end.
    #expect(linear.part(of: 4 + 1e-12) == 1 && linear.part(of: 2 - 1e-12) == 0)
    let logarithmic = AxisTicks(1...100, .logarithmic, most: 4)
    #expect(abs((logarithmic.part(of: 10) ?? 0) - 0.5) < 1e-12)
    #expect(logarithmic.part(of: 0) == nil && logarithmic.part(of: -1) == nil)
  }

  @Test func rangesEndAtTicks() {
    #expect(LinearScale.range(of: [0.3, 9.7], isRound: true) == 0...10)
    #expect(LinearScale.range(of: [0.3, 9.7], isRound: false) == 0.3...9.7)
    #expect(LinearScale.range(of: [4], isRound: true) == 2...6)
    #expect(LinearScale.range(of: [0, 0], isRound: true) == -1...1)
    #expect(LinearScale.range(of: [], isRound: true) == nil)
    #expect(LinearScale.range(of: [-7, 13], isRound: true) == -10...15)
  }

  @Test func stepsAreOneTwoOrFive() {
    func step(_ high: Double, _ count: Int) -> Double {
      LinearScale(numbers: 0...high, start: 0, end: 1).step(count)
    }
    #expect(step(10, 10) == 1 && step(11, 10) == 2 && step(21, 10) == 5 && step(51, 10) == 10)
    #expect(step(10, 0) == 10 && abs(step(0.3, 3) - 0.1) < 1e-15)
    let scale = LinearScale(numbers: -0.3...0.3, start: 100, end: 400)
    #expect(scale.multiples(of: 0.1).count == 7 && scale.multiples(of: 1) == [0])
    #expect(scale.multiples(of: 1e-6).isEmpty)
    #expect(scale(0) == 250 && scale(0.3) == 400)
    // The sign of zero is not shown.
    #expect(scale.multiples(of: 1)[0].sign == .plus)
  }

  @Test(
    arguments: [
      (1.0, 3.0, 8, ["1", "2", "3"]), (1, 1.5, 4, ["1"]), (0.5, 3.5, 2, ["2"]),
      (1, 40, 5, ["10", "20", "30", "40"]),
    ] as [(Double, Double, Int, [String])])
  func wholeNumbersHaveNoTicksBetweenThem(
    _ low: Double, _ high: Double, _ most: Int, _ labels: [String]
  ) {
    #expect(AxisTicks(low...high, .linear, kind: .whole, most: most).labels == labels)
  }

  @Test func epochsAreWholeNumbers() {
    let curve = LearningCurve(name: "a", numbers: [3, 2, 1])
    var chart = LearningCurve.chart([curve], title: "", yTitle: "", bestEpoch: nil)
    chart.y.range = 100...101
    let texts = Picture(chart.svg()).texts
    #expect(texts.contains("1") && texts.contains("3") && !texts.contains("1.5"))
    // A vertical axis of such numbers too.
    chart.y = Chart.Axis(range: 1...3)
    chart.y.kind = .whole
    #expect(!Picture(chart.svg()).texts.contains("1.5"))
    chart.y.kind = .number
    #expect(Picture(chart.svg()).texts.contains("1.5"))
  }
}
