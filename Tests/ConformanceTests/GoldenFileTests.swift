import ConformanceKit
import Foundation
import Slope
import Testing

/// The bytes of a file of one header and one case, made of the given fields.
private func file(_ fields: String, cases: Int = 1) -> Data {
  Data("{\"format\":\"golden-1\",\"cases\":\(cases)}\n{\(fields)}\n".utf8)
}

private let head = #""id":"a/b","op":"add","attrs":{},"strength":"must","expect":"error""#
private let value =
  #""id":"a/b","op":"add","attrs":{},"strength":"must","expect":"value","#
  + #""tol":{"mode":"exact"},"outputs":[],"inputs":"#

private func read(_ fields: String, cases: Int = 1) throws -> GoldenCase? {
  try GoldenFile(data: file(fields, cases: cases), path: "x.jsonl").cases.first
}

@Test func caseIsReadWithAllItsParts() throws {
  let golden = try #require(
    try read(
      #""id":"sum/x","op":"sum","attrs":{"dims":[1,-1],"keepdim":true,"p":0.5,"n":null,"s":"t"},"#
        + #""strength":"should","inputs":[{"dtype":"int16","shape":[2],"b64":"AQD//w=="}],"#
        + #""expect":"value","outputs":[{"dtype":"int64","shape":[],"b64":"AAAAAAAAAAA="}],"#
        + #""tol":{"mode":"close","rtol":1e-6,"atol":0},"out_dtype":"value","tags":["x"]"#))
  #expect(golden.id == "sum/x")
  #expect(golden.operation == "sum")
  #expect(golden.strength == .should)
  #expect(golden.line == 2)
  #expect(!golden.requiresType)
  #expect(golden.inputs[0].shape == [2])
  #expect((0..<2).map { golden.inputs[0][$0] } == [.integer(1), .integer(-1)])
  #expect(try golden.attributes.ints("dims") == [1, -1])
  #expect(try golden.attributes.flag("keepdim"))
  #expect(try golden.attributes.double("p") == 0.5)
  #expect(try golden.attributes.optionalInt("n") == nil)
  #expect(try golden.attributes.string("s") == "t")
  #expect(throws: Unsupported.self) { try golden.attributes.int("p") }
  guard case .value(let outputs, .close(1e-6, 0)) = golden.expectation else {
    Issue.record("not a value within a tolerance")
    return
  }
  #expect(outputs[0].dtype == .int64 && outputs[0].count == 1)
}

@Test func formulaTensorFollowsItsFormula() throws {
  // ((i·5 + 3) mod 4 − 1) / 2 for i = 0…5, of which the last remainders are 3 0 1 2 3 0.
  let golden = try #require(
    try read(
      value
        + #"[{"dtype":"float64","shape":[2,3],"formula":{"mul":5,"add":3,"mod":4,"sub":1,"div":2}}]"#
    ))
  #expect((0..<6).map { golden.inputs[0][$0].doubleValue } == [1, -0.5, 0, 0.5, 1, -0.5])
}

@Test func remaindersOfFormulasAreNotNegative() throws {
  let golden = try #require(
    try read(
      value
        + #"[{"dtype":"int8","shape":[3],"formula":{"mul":-1,"add":0,"mod":3,"sub":0,"div":1}}]"#
    ))
  #expect((0..<3).map { golden.inputs[0][$0] } == [.integer(0), .integer(2), .integer(1)])
}

/// A case with a given input.
private func taking(_ input: String) -> String { head + #","inputs":[{\#(input)}]"# }

/// A case with an input that is a formula.
private func evaluating(_ formula: String, _ shape: String = "[1]") -> String {
  taking(#""dtype":"int8","shape":\#(shape),"formula":{\#(formula)}"#)
}

/// A case with a sampled output.
private func sampling(_ fields: String) -> String {
  head.replacingOccurrences(of: "error", with: "samples")
    + #","inputs":[],"tol":{"mode":"exact"},"outputs":[{"dtype":"int8","shape":[2],\#(fields)}]"#
}

private func changed(_ text: String, _ old: String, _ new: String, _ more: String) -> String {
  text.replacingOccurrences(of: old, with: new) + more
}

private func malformedCases() -> [(fields: String, message: String)] {
  let noInputs = #","inputs":[]"#
  let exact = #""grad_tol":{"mode":"exact"}"#
  var cases: [(fields: String, message: String)] = []
  cases.append((head, "'inputs' is missing"))
  cases.append((changed(head, "error", "magic", noInputs), "'expect' is 'magic'"))
  cases.append((changed(head, "error", "value", noInputs), "'outputs' or 'tol'"))
  cases.append((changed(head, "must", "might", noInputs), "strength"))
  cases.append((taking(#""dtype":"int8","shape":[-1],"b64":"""#), "shape [-1] is not possible"))
  cases.append((taking(#""dtype":"int8","shape":[2],"b64":"AA==""#), "does not fit 1 bytes"))
  cases.append((taking(#""dtype":"int8","shape":[1],"b64":"*""#), "not valid Base64"))
  cases.append((taking(#""dtype":"int8","shape":[1]"#), "neither b64 nor formula"))
  cases.append((taking(#""dtype":"bool","shape":[1],"b64":"Ag==""#), "a bool is 2"))
  cases.append(
    (taking(#""dtype":"int8","shape":[4611686018427387904,4],"b64":"""#), "is not possible"))
  cases.append(
    (taking(#""dtype":"float64","shape":[2305843009213693952],"b64":"""#), "not fit 0 bytes"))
  cases.append((evaluating(#""mul":1,"add":0,"mod":0,"sub":0,"div":1"#), "mod must be positive"))
  cases.append((evaluating(#""mul":1,"add":0,"mod":1,"sub":0,"div":0"#), "its div not zero"))
  cases.append(
    (evaluating(#""mul":1,"add":0,"mod":2,"sub":0,"div":1"#, "[99999999999]"), "are the limit"))
  cases.append(
    (evaluating(#""mul":\#(Int.max),"add":0,"mod":2,"sub":0,"div":1"#, "[3]"), "overflows at 2"))
  cases.append(
    (evaluating(#""mul":1,"add":\#(Int.max),"mod":2,"sub":0,"div":1"#, "[3]"), "overflows at 1"))
  cases.append((value + #"[],"grads":[null],"cotangents":[],"# + exact, "1 grads for 0 inputs"))
  cases.append((value + #"[],"grads":[],"cotangents":[null],"# + exact, "1 cotangents for 0"))
  cases.append((value + #"[],"grads":[]"#, "'cotangents' or 'grad_tol'"))
  cases.append((value + #"[],"out_dtype":"loose""#, "'out_dtype' is 'loose'"))
  cases.append((changed(value, "exact", "near", "[]"), "mode is 'near'"))
  cases.append((sampling(#""flat_indices":[2],"values":[0],"sum":0"#), "flat index 2 lies"))
  cases.append((sampling(#""flat_indices":[-1],"values":[0],"sum":0"#), "flat index -1 lies"))
  cases.append((sampling(#""flat_indices":[1],"values":[],"sum":0"#), "1 flat_indices for 0"))
  cases.append((sampling(#""flat_indices":[1],"values":[0]"#), "'values' or 'sum' is missing"))
  return cases
}

@Test(arguments: malformedCases())
func malformedCaseFailsWithItsLineAndFault(fields: String, message: String) throws {
  let golden = try #require(try read(fields))
  #expect(golden.line == 2 && golden.id == "a/b" && golden.operation == "add")
  guard case .failed(let found, .must) = CaseRunner().run(golden) else {
    Issue.record("not a failure")
    return
  }
  #expect(found.hasPrefix("line 2: ") && found.contains(message), "\(found)")
}

@Test(arguments: [
  (#""dtype":"complex64","shape":[],"b64":"AAAAAAAAAAA=""#, "line 2: unknown dtype 'complex64'"),
  (
    #""dtype":"int8","shape":[1,1,1,1,1,1,1,1,1],"b64":"AA==""#,
    "line 2: shape [1, 1, 1, 1, 1, 1, 1, 1, 1] has more than 8 axes"
  ),
])
func whatTheLibraryLacksSkipsOneCase(tensor: String, message: String) throws {
  let golden = try #require(try read(taking(tensor)))
  #expect(CaseRunner().run(golden) == .skipped(message))
}

@Test func casesAfterOneThatCannotBeReadAreRead() throws {
  let good = "{\(value)[]}"
  let text = [#"{"format":"golden-1","cases":5}"#, good, "{\"id\":", "7", "", "{\"op\":3}", good]
    .joined(separator: "\n")
  let cases = try GoldenFile(data: Data(text.utf8), path: "x").cases
  #expect(cases.map(\.line) == [2, 3, 4, 6, 7])
  #expect(cases.map(\.id) == ["a/b", "line 3", "line 4", "line 6", "a/b"])
  let report = Report(cases)
  #expect(report.failsMust)
  #expect(report.text.contains("FAILED line 3 (must): line 3: not valid JSON"))
  #expect(report.text.contains("FAILED line 6 (must): line 6: 'id' is missing"))
}

@Test func integersOf64BitsAreExact() throws {
  let big = 9_007_199_254_740_993
  let golden = try #require(
    try read(
      #""id":"a/b","op":"full","attrs":{"shape":[1],"value":\#(big),"n":18446744073709551615},"#
        + #""strength":"must","expect":"samples","tol":{"mode":"exact"},"inputs":["#
        + #"{"dtype":"int64","shape":[2],"formula":{"mul":1,"add":0,"mod":4,"sub":-\#(big),"div":1}},"#
        + #"{"dtype":"uint64","shape":[1],"formula":{"mul":0,"add":3,"mod":4,"sub":-\#(big),"div":2}}"#
        + #"],"outputs":[{"dtype":"int64","shape":[1],"flat_indices":[0],"values":[\#(big)],"#
        + #""sum":\#(big)}]"#))
  #expect(golden.inputs[0][1] == .integer(Int128(big) + 1))
  #expect(golden.inputs[1][0] == .integer(Int128(big + 3) / 2))
  #expect(try golden.attributes.int("value") == big)
  #expect(CaseRunner().run(golden) == .passed)
  let other = try #require(
    try read(
      #""id":"a/b","op":"full","attrs":{"shape":[1],"value":\#(big - 1)},"strength":"must","#
        + #""expect":"samples","tol":{"mode":"exact"},"inputs":[],"outputs":["#
        + #"{"dtype":"int64","shape":[1],"flat_indices":[0],"values":[\#(big)],"sum":\#(big)}]"#))
  #expect(
    CaseRunner().run(other)
      == .failed("index [0]: want \(big), got \(big - 1)", strength: .must))
}

@Test func unsignedIntegersBeyondInt64AreExact() throws {
  let golden = try #require(
    try read(
      #""id":"a/b","op":"full","attrs":{"shape":[],"value":18446744073709551615},"strength":"must","#
        + #""expect":"value","tol":{"mode":"exact"},"inputs":[],"outputs":["#
        + #"{"dtype":"uint64","shape":[],"b64":"//////////8="}]"#))
  #expect(CaseRunner().run(golden) == .passed)
}

@Test func axesMayBeNumbersOrListsUnderEitherName() throws {
  let attributes: Attributes = ["dim": 1, "k": [3], "none": [], "two": [1, 2], "x": .null]
  #expect(try attributes.ints("dims") == [1] && attributes.int("dims") == 1)
  #expect(try attributes.int("k") == 3 && attributes.ints("none") == [])
  #expect(try attributes.optionalInts("x") == nil && !attributes.has("x"))
  #expect(try Attributes(["dims": [0, 1]]).ints("dim") == [0, 1])
  #expect(throws: Unsupported.self) { try attributes.int("two") }
  #expect(throws: Unsupported.self) { try attributes.ints("dims2") }
}

@Test(arguments: [
  ("", "the file is empty"),
  ("\n \n", "the file is empty"),
  ("{\"format\":\"golden-2\"}\n", "the format is 'golden-2'"),
  ("[1]\n", "x.jsonl:1: "),
  ("{\"format\":\"golden-1\",\"cases\":3}\n", "promises 3 cases, the file holds 0"),
  ("\u{0}\u{1}\u{ff}", "x.jsonl:1: not valid JSON"),
])
func malformedFileIsAnError(text: String, message: String) {
  let error = #expect(throws: GoldenFileError.self) {
    try GoldenFile(data: Data(text.utf8), path: "x.jsonl")
  }
  #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
}

@Test func missingFileIsAnError() {
  #expect(throws: GoldenFileError.self) { try GoldenFile(path: "/nowhere/at/all.jsonl") }
}

@Test func deeplyNestedAttributesDoNotOverflowTheStack() throws {
  let nested = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
  let golden = try #require(
    try read(head.replacingOccurrences(of: "{}", with: "{\"a\":\(nested)}") + #","inputs":[]"#))
  guard case .failed = CaseRunner().run(golden) else {
    Issue.record("not a failure")
    return
  }
}
