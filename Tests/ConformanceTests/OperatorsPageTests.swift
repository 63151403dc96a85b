import ConformanceKit
import Foundation
import Slope
import Testing

@Test func operatorsPageIsThatOfTheList() throws {
  let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs/operators.md")
  let text = try String(contentsOf: page, encoding: .utf8)
  #expect(
    text == OperatorsPage.text(),
    "run: swift run -c release conformance --operators > docs/operators.md")
}

@Test func summaryKnowsTypesAndGradients() throws {
  let summary = OperationList.summary()
  #expect(summary.map(\.name) == summary.map(\.name).sorted())
  let exp = try #require(summary.first { $0.name == "exp" })
  #expect(exp.spelling == "x.exp()")
  #expect(Set(exp.types) == [.float16, .bfloat16, .float32, .float64] && exp.isDifferentiable)
  let equal = try #require(summary.first { $0.name == "eq" })
  #expect(Set(equal.types) == Set(DType.allCases) && !equal.isDifferentiable)
  let shift = try #require(summary.first { $0.name == "shift_left" })
  #expect(shift.types.allSatisfy { $0.isInteger } && shift.types.count == 8)
}
