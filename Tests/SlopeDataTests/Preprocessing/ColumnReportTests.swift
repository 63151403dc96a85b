import Testing

@testable import SlopeData

@Suite struct ColumnReportTests {
  private func report(
    _ kind: ColumnKind, omission: ColumnReport.Omission? = nil, outputs: [String] = [],
    range: [Double]? = nil, levelCount: Int = 0
  ) -> ColumnReport {
    ColumnReport(
      name: "x y", kind: kind, missingCount: 0, levels: [], range: range, omission: omission,
      outputNames: outputs, levelCount: levelCount)
  }

  @Test(
    arguments: [
      (.empty, "left out: no values"), (.constant, "left out: one value"),
      (.identifier, "left out: tells rows apart (--keep \"x y\")"),
      (.dropped, "left out: not a feature"), (.otherUse, "not a feature"),
    ] as [(ColumnReport.Omission, String)])
  func aColumnThatIsLeftOutSaysWhy(omission: ColumnReport.Omission, text: String) {
    #expect(report(.number, omission: omission).outcome == text)
  }

  @Test(
    arguments: [
      (.number, ["x y"], "1 input"), (.number, ["x y", "x y missing"], "1 input, 1 flag"),
      (.number, ["x y missing"], "1 flag"), (.category, ["x y=a", "x y missing"], "2 inputs"),
      (.date, ["x y year", "x y day", "x y missing"], "2 inputs, 1 flag"),
      (.text, ["x y"], "1 input"),
    ] as [(ColumnKind, [String], String)])
  func aColumnThatIsUsedSaysWhatItBecomes(kind: ColumnKind, outputs: [String], text: String) {
    #expect(report(kind, outputs: outputs).outcome == text)
  }

  @Test(
    arguments: [
      (.integer, [1, 1_234_567], 0, "integer, 1 … 1.23457e+06"), (.number, nil, 0, "number"),
      (.number, [-0.5, 2], 0, "number, -0.5 … 2"), (.category, nil, 1, "category, 1 level"),
      (.text, nil, 1234, "text, 1,234 levels"), (.boolean, nil, 2, "boolean, 2 levels"),
      (.date, nil, 0, "date"), (.number, [1], 0, "number"),
    ] as [(ColumnKind, [Double]?, Int, String)])
  func aSummaryHasTheRangeOrTheLevels(
    kind: ColumnKind, range: [Double]?, levelCount: Int, text: String
  ) {
    #expect(report(kind, range: range, levelCount: levelCount).summary == text)
  }
}
