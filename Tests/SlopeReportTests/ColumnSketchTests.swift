import Slope
import Testing

@testable import SlopeReport

struct ColumnSketchTests {
  @Test func numbersAreCountedInBins() throws {
    let histogram = try #require(Histogram([0, 1, 2, 3, 4, 10], binCount: 5))
    #expect(histogram.counts == [2, 2, 1, 0, 1])
    #expect(histogram.edges == [0, 2, 4, 6, 8, 10])
    #expect(Histogram([1, 1], binCount: 5) == nil && Histogram([], binCount: 5) == nil)
    #expect(Histogram([.nan, .infinity, 1], binCount: 5) == nil)
    // The largest number is in the last bin, and so is what lies far beyond the others.
    let far = try #require(Histogram((0..<1000).map(Double.init) + [1e9], binCount: 10))
    #expect(far.counts.reduce(0, +) == 1001 && far.counts.allSatisfy { $0 > 90 })
    #expect(histogram.beyond == 0 && far.beyond > 0)
    let (low, high) = (try #require(far.edges.first), try #require(far.edges.last))
    let numbers = (0..<1000).map(Double.init) + [1e9]
    #expect(far.beyond == numbers.count { $0 < low || $0 > high } && low > 0 && high < 1000)
  }

  @Test func levelsAreCounted() throws {
    let letters = (0..<60).map { $0 % 6 == 0 ? "b" : $0 % 2 == 0 ? "c" : "a" }
    let cells: [String?] = letters.map { $0 } + [nil, nil, nil, nil]
    let table = Table([
      Column("letter", cells), Column("y", (0..<64).map { Double($0 * 7 % 64) }),
    ])
    var options = TabularOptions(target: "y")
    options.model = .linear
    let fit = try TabularModel<Float>.fit(table, options)
    let report = try #require(fit.model.schema.pipeline.columns.first { $0.name == "letter" })
    let sketch = ColumnSketch(report, table)
    #expect(sketch.counts == [30, 20, 10] && sketch.areLevels)
    #expect(sketch.missing == 4.0 / 64)
    #expect(sketch.picture.components(separatedBy: "<rect").count == 4)
    // A table without the column has nothing to show.
    let none = ColumnSketch(report, try table.select("y"))
    #expect(none.counts.isEmpty && none.picture.isEmpty && none.missing == 0)
  }
}
