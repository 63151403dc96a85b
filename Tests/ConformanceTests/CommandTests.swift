import Foundation
import Testing

/// What a run of the built command gave.
private struct CommandRun {
  let exitCode: Int32
  let output: String
  let error: String

  init(_ arguments: String...) throws { try self.init(arguments) }

  init(_ arguments: [String]) throws {
    let process = Process()
    // The command lies beside the executable that runs the tests.
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

/// A file of the given lines, which goes when this does.
private final class GoldenLines {
  let path: String

  init(_ lines: String...) throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("golden-\(UUID().uuidString).jsonl").path
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

private let header = #"{"format":"golden-1"}"#

/// A case of `1 + 1`, for which `base64` is wanted; `AAAAQA==` is 2.
private func sum(_ base64: String, _ strength: String, op: String = "add") -> String {
  let one = #"{"dtype":"float32","shape":[],"b64":"AACAPw=="}"#
  return
    #"{"id":"\#(op)/x","op":"\#(op)","attrs":{},"strength":"\#(strength)","inputs":[\#(one),\#(one)],"#
    + #""expect":"value","outputs":[{"dtype":"float32","shape":[],"b64":"\#(base64)"}],"#
    + #""tol":{"mode":"exact"}}"#
}

@Suite struct CommandTests {
  @Test func passingFileEndsWithZero() throws {
    let file = try GoldenLines(header, sum("AAAAQA==", "must"), sum("AAAAQA==", "must", op: "zap"))
    let run = try withExtendedLifetime(file) { try CommandRun(file.path, "--device", "cpu") }
    #expect(run.exitCode == 0)
    #expect(run.lastLine == "1 passed, 0 failed, 1 skipped")
    #expect(run.output.hasPrefix("operations skipped: zap\n"))
    #expect(run.error == "")
  }

  @Test func failingMustEndsWithOneAndFailingShouldWithZero() throws {
    let file = try GoldenLines(header, sum("AACAPw==", "must"))
    let must = try withExtendedLifetime(file) { try CommandRun(file.path) }
    #expect(must.exitCode == 1)
    #expect(must.output.contains("FAILED add/x (must): index []: want 1.0, got 2.0"))
    #expect(must.lastLine == "0 passed, 1 failed, 0 skipped")
    let other = try GoldenLines(header, sum("AACAPw==", "should"))
    let should = try withExtendedLifetime(other) { try CommandRun(other.path) }
    #expect(should.exitCode == 0)
    #expect(should.lastLine == "0 passed, 1 failed, 0 skipped")
  }

  @Test func operationAndJSONAreChosen() throws {
    let file = try GoldenLines(header, sum("AAAAQA==", "must"), sum("AACAPw==", "must", op: "mul"))
    let run = try withExtendedLifetime(file) {
      try CommandRun(file.path, "--op", "mul", "--json")
    }
    #expect(run.exitCode == 0)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(object?["passed"] as? Int == 1)
    let none = try withExtendedLifetime(file) { try CommandRun(file.path, "--op", "zap") }
    #expect(none.lastLine == "0 passed, 0 failed, 0 skipped")
    #expect(none.error.contains("no case of the operation 'zap'"))
  }

  @Test func unusableFileEndsWithOneAndNamesTheLine() throws {
    let file = try GoldenLines(header, sum("AAAAQA==", "must"), "{")
    let run = try withExtendedLifetime(file) { try CommandRun(file.path) }
    #expect(run.exitCode == 1)
    #expect(run.error == "conformance: \(file.path):3: not valid JSON\n")
    #expect(try CommandRun("/nowhere/at/all").exitCode == 1)
  }

  @Test(arguments: [
    [], ["--frob", "x"], ["x", "--device", "abacus"], ["x", "y"],
  ])
  func wrongUsageEndsWith64(arguments: [String]) throws {
    let run = try CommandRun(arguments)
    #expect(run.exitCode == 64)
    #expect(run.error.contains("Usage"))
  }
}
