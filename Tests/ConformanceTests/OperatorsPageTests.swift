import ConformanceKit
import Foundation
import Slope
import Testing

private let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

@Test func operatorsPageIsThatOfTheList() throws {
  let page = package.appendingPathComponent("docs/operators.md")
  let text = try String(contentsOf: page, encoding: .utf8)
  #expect(
    text == OperatorsPage.text(),
    "run: swift run -c release conformance --operators > docs/operators.md")
}

@Test func theCommandsTableIsThatOfTheList() throws {
  let file = package.appendingPathComponent("Sources/mltrain/OperationTable.swift")
  let text = try String(contentsOf: file, encoding: .utf8)
  #expect(
    text == OperatorsPage.source(),
    "run: swift run -c release conformance --operator-table > Sources/mltrain/OperationTable.swift")
}

/// Public functions on tensors that compute nothing a list of operations could test, and why.
private let unlisted = [
  "hash": "BFloat16's", "+=": "x = x + y", "-=": "x = x - y",
  "*=": "x = x * y", "/=": "x = x / y", "uniform": "random", "normal": "random",
  "randint": "random", "randperm": "random", "resolve": "a subscript's index",
  "withScalars": "reads elements", "item": "reads elements",
  "detached": "the same elements",
  "maximumRank": "a limit", "callAsFunction": "a function of one's own",
]

@Test func everyPublicOperationIsInTheList() throws {
  let folder = package.appendingPathComponent("Sources/SlopeCore")
  let files =
    try FileManager.default.contentsOfDirectory(atPath: folder.path + "/Tensor").map {
      "Tensor/" + $0
    } + ["Pointwise/Pointwise+Activations.swift"]
  let spellings = OperationList.summary().map(\.spelling)
  var count = 0
  for file in files.sorted() {
    let source = try String(
      contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    for match in source.matches(
      of: #/\n *public (?:static |prefix )*(?:func|let) `?([^\s(<:`]+)/#)
    {
      let name = String(match.1)
      count += 1
      let isListed = spellings.contains { spelling in
        name.first?.isLetter == true
          ? spelling.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).contains { $0 == name }
          : spelling.contains(name)
      }
      #expect(isListed != (unlisted[name] != nil), "\(name) of \(file)")
    }
  }
  #expect(count > 120)
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

@Test func thePageSaysWhatDiffersAndWhatIsRefused() {
  let page = OperatorsPage.text()
  #expect(
    page.contains(
      "| `flipud` | `x.flipped(axes: [0])` | all | CPU, OpenCL | ∂ | a tensor without axes stays"))
  #expect(page.contains("| `abs` | `x.abs()` | integers, floating | CPU, OpenCL | ∂ |  |\n"))
  #expect(page.contains("\n## What is refused\n"))
  for word in ["complex64", "sparse", "fft", "quantize", "`add_`", "`out=`", "as_strided", "named"]
  {
    #expect(page.contains(word), "\(word)")
  }
}
