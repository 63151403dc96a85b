import ConformanceKit
import Foundation
import Slope
import Testing

/// A Float tensor in the form of a golden file.
private func tensor(_ values: [Float], _ shape: [Int]? = nil, dtype: String = "float32") -> String {
  let base64 = values.withUnsafeBytes { Data($0).base64EncodedString() }
  return #"{"dtype":"\#(dtype)","shape":\#(shape ?? [values.count]),"b64":"\#(base64)"}"#
}

/// One complete case with the given parts.
private func golden(
  op: String = "add", strength: String = "must", inputs: [String], expect: String = "value",
  outputs: [String] = [], more: String = ""
) throws -> GoldenCase {
  let line =
    #"{"id":"\#(op)/case","op":"\#(op)","attrs":{},"strength":"\#(strength)","#
    + #""inputs":[\#(inputs.joined(separator: ","))],"expect":"\#(expect)","#
    + #""outputs":[\#(outputs.joined(separator: ","))],"tol":{"mode":"exact"}\#(more)}"#
  let text = "{\"format\":\"golden-1\"}\n" + line
  return try #require(GoldenFile(data: Data(text.utf8), path: "x").cases.first)
}

private let runner = CaseRunner()

@Test func rightResultPasses() throws {
  let golden = try golden(
    inputs: [tensor([1, 2]), tensor([3, 4])], outputs: [tensor([4, 6])])
  #expect(runner.run(golden) == .passed)
}

@Test func firstDifferenceIsNamedWithItsIndex() throws {
  let golden = try golden(
    inputs: [tensor([1, 2, 3, 4], [2, 2]), tensor([0, 1])],
    outputs: [tensor([1, 3, 9, 9], [2, 2])])
  #expect(runner.run(golden) == .failed("index [1, 0]: want 9.0, got 3.0", strength: .must))
}

@Test func wrongShapeAndTypeAndCountFail() throws {
  let inputs = [tensor([1]), tensor([2])]
  #expect(
    runner.run(try golden(inputs: inputs, outputs: [tensor([3], [])]))
      == .failed("shape: want [], got [1]", strength: .must))
  let int32 = tensor([Float(bitPattern: 3)], dtype: "int32")
  #expect(
    runner.run(try golden(inputs: inputs, outputs: [int32]))
      == .failed("dtype: want int32, got float32", strength: .must))
  #expect(
    runner.run(try golden(inputs: inputs, outputs: [int32], more: #","out_dtype":"value""#))
      == .passed)
  #expect(
    runner.run(try golden(inputs: inputs, outputs: []))
      == .failed("want 0 outputs, got 1", strength: .must))
}

@Test func gradientsAreComparedAndHaveTheirOwnStrength() throws {
  func outcome(_ wanted: Float, _ more: String = "") throws -> Outcome {
    let gradients =
      #","cotangents":[\#(tensor([1, 10]))],"grads":[\#(tensor([3, 40])),\#(tensor([1, wanted]))],"#
      + #""grad_tol":{"mode":"exact"}"# + more
    return runner.run(
      try golden(
        op: "mul", inputs: [tensor([1, 2]), tensor([3, 4])], outputs: [tensor([3, 8])],
        more: gradients))
  }
  #expect(try outcome(20) == .passed)
  let message = "gradient of input 1, index [1]: want 21.0, got 20.0"
  #expect(try outcome(21) == .failed(message, strength: .must))
  #expect(
    try outcome(21, #","grad_strength":"info""#) == .failed(message, strength: .info))
}

@Test func samplesAndTheirSumAreCompared() throws {
  func outcome(_ value: Int, sum: Int) throws -> Outcome {
    let output =
      #"{"dtype":"float32","shape":[2],"flat_indices":[1],"values":[\#(value)],"sum":\#(sum)}"#
    return runner.run(
      try golden(
        inputs: [tensor([1, 2]), tensor([3, 4])], expect: "samples", outputs: [output]))
  }
  #expect(try outcome(6, sum: 10) == .passed)
  #expect(
    try outcome(7, sum: 10) == .failed("index [1]: want 7, got 6.0", strength: .must))
  #expect(
    try outcome(6, sum: 11)
      == .failed("sum of all elements: want 11, got 10.0", strength: .must))
}

@Test func wantedErrorPassesOnlyIfItComes() throws {
  let misfit = [tensor([1, 2, 3]), tensor([1, 2])]
  #expect(runner.run(try golden(inputs: misfit, expect: "error")) == .passed)
  #expect(runner.run(try golden(inputs: misfit, expect: "no_crash")) == .passed)
  let fit = [tensor([1]), tensor([1])]
  #expect(
    runner.run(try golden(inputs: fit, expect: "error"))
      == .failed("want an error, got a value", strength: .must))
  #expect(runner.run(try golden(inputs: fit, expect: "no_crash")) == .passed)
}

@Test func unexpectedErrorIsAFailure() throws {
  let outcome = runner.run(
    try golden(inputs: [tensor([1, 2, 3]), tensor([1, 2])], outputs: [tensor([1])]))
  guard case .failed(let message, .must) = outcome else {
    Issue.record("\(outcome)")
    return
  }
  #expect(message.contains("add"))
}

@Test func unknownOperationAndMixedTypesAreSkipped() throws {
  #expect(
    runner.run(try golden(op: "frobnicate", inputs: [], outputs: []))
      == .skipped("no operation 'frobnicate'"))
  let mixed = [tensor([1]), tensor([1, 2], [1], dtype: "float64")]
  guard case .skipped = runner.run(try golden(inputs: mixed, outputs: [])) else {
    Issue.record("mixed element types were taken")
    return
  }
  // An operand that cannot be made does not prove that the library refuses it.
  guard case .skipped = runner.run(try golden(inputs: mixed, expect: "error")) else {
    Issue.record("the runner's own refusal passed for the library's")
    return
  }
}

@Test func reportCountsAndJudges() throws {
  let good = try golden(inputs: [tensor([1]), tensor([1])], outputs: [tensor([2])])
  let bad = try golden(
    strength: "should", inputs: [tensor([1]), tensor([1])], outputs: [tensor([3])])
  let info = try golden(
    strength: "info", inputs: [tensor([1]), tensor([1])], outputs: [tensor([3])])
  let unknown = try golden(op: "frobnicate", inputs: [], outputs: [])
  let report = Report([good, bad, info, unknown], runner: runner)
  #expect(report.summary == "1 passed, 1 failed, 2 skipped")
  #expect(report.skippedOperations == ["frobnicate"])
  #expect(!report.failsMust)
  let lines = report.text.split(separator: "\n")
  #expect(lines.first == "operations skipped: frobnicate")
  #expect(lines.contains("FAILED add/case (should): index [0]: want 3.0, got 2.0"))
  #expect(lines.last == "1 passed, 1 failed, 2 skipped")

  let fault = try golden(inputs: [tensor([1]), tensor([1])], outputs: [tensor([3])])
  #expect(Report([fault], runner: runner).failsMust)
}

@Test func knownDifferencesExcuseNothingThatAllEnginesAgreeOn() throws {
  let difference = [KnownDifference(pattern: "add/*", reason: "decided otherwise")]
  func report(_ strength: String) throws -> Report {
    let golden = try golden(
      strength: strength, inputs: [tensor([1]), tensor([1])], outputs: [tensor([3])])
    return Report([golden], runner: runner, differences: difference)
  }
  #expect(try report("should").skipped.first?.message == "known difference: decided otherwise")
  #expect(try report("must").failsMust)
  // A known difference that no longer exists counts as passed.
  let good = try golden(
    strength: "should", inputs: [tensor([1]), tensor([1])], outputs: [tensor([2])])
  #expect(Report([good], runner: runner, differences: difference).passed == 1)
}

@Test func reportAsJSONIsOneObjectOnOneLine() throws {
  let bad = try golden(inputs: [tensor([1]), tensor([1])], outputs: [tensor([3])])
  let text = try Report([bad], runner: runner).json()
  #expect(!text.contains("\n"))
  let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
  #expect(object?["passed"] as? Int == 0)
  #expect(object?["failed"] as? Int == 1)
  #expect(object?["failsMust"] as? Bool == true)
  let failures = object?["failures"] as? [[String: String]]
  #expect(failures?.first?["message"] == "index [0]: want 3.0, got 2.0")
}

@Test func everyPublicGoldenCaseHolds() throws {
  let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/golden-public.jsonl").path
  let cases = try GoldenFile(path: path).cases
  #expect(cases.count == 1216)
  let report = Report(cases, runner: runner)
  #expect(report.failures.isEmpty, "\(report.text)")
  // Operations that the library does not have yet; a name that is removed from this list must not
  // come back.
  #expect(Set(report.skippedOperations).isSubset(of: laterOperations))
}

/// Operations of the public file that are not implemented yet.
private let laterOperations: Set<String> = [
  "add_mixed", "addmm", "avg_pool2d", "batch_norm_eval", "batch_norm_running", "batch_norm_train",
  "bce_loss", "bce_with_logits", "chunk", "conv2d", "count_nonzero", "cummax",
  "cummin", "cumprod", "cumsum", "diagonal", "dropout", "flip", "gather", "huber_loss", "inplace",
  "kl_div", "l1_loss", "layer_norm", "logsumexp", "masked_fill", "masked_select",
  "max_pool2d", "norm", "one_hot", "optim_adagrad", "optim_adamw", "optim_rmsprop", "pad",
  "repeat_interleave", "roll", "scatter_add", "searchsorted", "smooth_l1_loss", "sort", "split",
  "tile", "topk", "tril", "triu", "unique", "argsort",
]

@Test func operationsTakeTurns() throws {
  let cases = try "a a b a c b".split(separator: " ").map { name in
    try golden(op: String(name), inputs: [], outputs: [])
  }
  #expect(cases.takingTurns().map(\.operation).joined(separator: " ") == "a b c a b a")
}

@Test func casesWithoutAnOutcomeWereNotReached() throws {
  let good = try golden(inputs: [tensor([1]), tensor([2])], outputs: [tensor([3])])
  let report = Report([good, good, good], outcomes: [.passed], runner: runner)
  #expect(report.notReached == 2)
  #expect(report.text == "not reached in time: 2 cases\n1 passed, 0 failed, 0 skipped")
  #expect(try report.json().contains(#""notReached":2"#))
  #expect(Report([good], runner: runner).text == "1 passed, 0 failed, 0 skipped")
}
