import Foundation
import Testing

/// The outcome of running the built command.
private struct CommandRun {
  let exitCode: Int32
  let output: String
  let error: String

  init(_ arguments: String...) throws { try self.init(arguments) }

  init(_ arguments: [String]) throws {
    let process = Process()
    // The command is next to the executable that runs the tests.
    let runner = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.executableURL = runner.deletingLastPathComponent().appendingPathComponent("conformance")
    process.arguments = arguments
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    try process.run()
    self.output = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    self.error = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    exitCode = process.terminationStatus
  }

  var lastLine: Substring? { output.split(separator: "\n").last }
}

/// Calls `body` with the path of a file of the given lines, then removes it.
private func withFile(_ lines: String..., body: (String) throws -> Void) throws {
  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("golden-\(UUID().uuidString).jsonl").path
  defer { try? FileManager.default.removeItem(atPath: path) }
  try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
  try body(path)
}

private let header = #"{"format":"golden-1"}"#

/// A case of `1 + 1` whose expected result is `base64`; `AAAAQA==` is 2.
private func sum(_ base64: String, _ strength: String, op: String = "add") -> String {
  let one = #"{"dtype":"float32","shape":[],"b64":"AACAPw=="}"#
  return
    #"{"id":"\#(op)/x","op":"\#(op)","attrs":{},"strength":"\#(strength)","inputs":[\#(one),\#(one)],"#
    + #""expect":"value","outputs":[{"dtype":"float32","shape":[],"b64":"\#(base64)"}],"#
    + #""tol":{"mode":"exact"}}"#
}

@Suite struct CommandTests {
  @Test func passingFileEndsWithZero() throws {
    try withFile(header, sum("AAAAQA==", "must"), sum("AAAAQA==", "must", op: "zap")) { path in
      let run = try CommandRun(path, "--device", "cpu")
      #expect(run.exitCode == 0)
      #expect(run.lastLine == "1 passed, 0 failed, 1 skipped")
      #expect(run.output.hasPrefix("operations skipped: zap\n"))
      #expect(run.error == "")
    }
  }

  @Test func failingMustEndsWithOneAndFailingShouldWithZero() throws {
    try withFile(header, sum("AACAPw==", "must")) { path in
      let run = try CommandRun(path)
      #expect(run.exitCode == 1)
      #expect(run.output.contains("FAILED add/x (must): index []: want 1.0, got 2.0"))
      #expect(run.lastLine == "0 passed, 1 failed, 0 skipped")
    }
    try withFile(header, sum("AACAPw==", "should")) { path in
      let run = try CommandRun(path)
      #expect(run.exitCode == 0)
      #expect(run.lastLine == "0 passed, 1 failed, 0 skipped")
    }
  }

  @Test func operationAndJSONAreChosen() throws {
    try withFile(header, sum("AAAAQA==", "must"), sum("AACAPw==", "must", op: "mul")) { path in
      let run = try CommandRun(path, "--op", "mul", "--json")
      #expect(run.exitCode == 0)
      let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      #expect(object?["passed"] as? Int == 1)
      let none = try CommandRun(path, "--op", "zap")
      #expect(none.lastLine == "0 passed, 0 failed, 0 skipped")
      #expect(none.error.contains("no case of the operation 'zap'"))
    }
  }

  @Test func aTimeLimitCountsWhatWasNotReached() throws {
    let more = #"{"format":"golden-1","cases":3}"#
    let cases = [
      sum("AAAAQA==", "must"), sum("AAAAQA==", "must"), sum("AACAPw==", "must", op: "mul"),
    ]
    try withFile(more, cases[0], cases[1], cases[2]) { path in
      let ample = try CommandRun(path, "--seconds", "600")
      #expect(ample.lastLine == "3 passed, 0 failed, 0 skipped")
      // Starting a process takes longer.
      let short = try CommandRun(path, "--seconds", "1e-9")
      #expect(short.exitCode == 0)
      #expect(short.output == "not reached in time: 3 cases\n0 passed, 0 failed, 0 skipped\n")
      let json = try CommandRun(path, "--seconds", "1e-9", "--json")
      #expect(json.output.contains(#""notReached":3"#))
    }
  }

  @Test func aLineThatCannotBeReadIsOneFailure() throws {
    try withFile(header, sum("AAAAQA==", "must"), "{", sum("AAAAQA==", "must")) { path in
      let run = try CommandRun(path)
      #expect(run.exitCode == 1 && run.error == "")
      #expect(run.output.contains("FAILED line 3 (must): line 3: not valid JSON\n"))
      #expect(run.lastLine == "2 passed, 1 failed, 0 skipped")
    }
  }

  @Test func valuesAreWrittenWhateverIsExpected() throws {
    let divided = sum("AACAPw==", "must", op: "div")
    try withFile(header, sum("AACAPw==", "must"), divided, sum("AACAPw==", "must", op: "zap")) {
      path in
      let run = try CommandRun(path, "--values", "--device", "cpu")
      #expect(run.exitCode == 0)
      #expect(
        run.output
          == #"{"id": "add/x", "outputs": [{"dtype": "float32", "shape": [], "v": [2.0]}]}"#
          + "\n" + #"{"id": "div/x", "outputs": [{"dtype": "float32", "shape": [], "v": [1.0]}]}"#
          + "\n" + #"{"id": "zap/x", "error": "no operation 'zap' for float32"}"# + "\n")
    }
  }

  @Test func unusableFileEndsWithOneAndNamesTheLine() throws {
    try withFile("{") { path in
      let run = try CommandRun(path)
      #expect(run.exitCode == 1)
      #expect(run.error == "conformance: \(path):1: not valid JSON\n")
    }
    let none = try CommandRun("/nowhere/at/all")
    #expect(none.exitCode == 1)
    #expect(
      none.error
        == "conformance: /nowhere/at/all: cannot be opened: No such file or directory\n")
    let endless = try CommandRun("/dev/zero")
    #expect(endless.exitCode == 1)
    #expect(
      endless.error
        == "conformance: /dev/zero: it is read again by the process of the cases: name a plain file\n"
    )
    try withFile(String(repeating: "x", count: 5000)) { path in
      let run = try CommandRun(path)
      #expect(
        run.error
          == "conformance: \(path): not a golden file: it does not begin with a JSON object\n")
    }
  }

  @Test(arguments: [
    [], ["--frob", "x"], ["x", "--device", "abacus"], ["x", "y"], ["x", "--seconds", "0"],
  ])
  func wrongUsageEndsWith64(arguments: [String]) throws {
    let run = try CommandRun(arguments)
    #expect(run.exitCode == 64)
    #expect(run.error.contains("Usage"))
  }
}
