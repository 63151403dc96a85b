import ConformanceKit
import Foundation
import Slope

/// Cases run in a process of their own, so that one that kills it is a failed case and no more.
enum Worker {
  /// Runs the cases and writes the outcome of each as a line of JSON to standard output.
  static func run(_ cases: some Sequence<GoldenCase>) throws {
    let runner = CaseRunner()
    let encoder = JSONEncoder()
    for golden in cases {
      var line = try encoder.encode(runner.run(golden))
      line.append(UInt8(ascii: "\n"))
      try FileHandle.standardOutput.write(contentsOf: line)
    }
  }

  /// The outcome of each case; a new worker goes on behind a case on which the last one died.
  static func outcomes(
    of cases: [GoldenCase], file: String, operation: String?, device: Device
  ) throws -> [Outcome] {
    var outcomes: [Outcome] = []
    while outcomes.count < cases.count {
      let (found, death) = try start(
        at: outcomes.count, file: file, operation: operation, device: device)
      outcomes += found.prefix(cases.count - outcomes.count)
      if outcomes.count < cases.count {
        outcomes.append(
          .failed("the process died (\(death))", strength: cases[outcomes.count].strength))
      }
    }
    return outcomes
  }

  /// What a new worker wrote before it ended, and how it ended.
  private static func start(
    at first: Int, file: String, operation: String?, device: Device
  ) throws -> (outcomes: [Outcome], death: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments =
      ["--worker", "\(first)", "--device", "\(device)"]
      + (operation.map { ["--op", $0] } ?? []) + ["--", file]
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    // What a dying process says would fill the pipe; only its first line is of use.
    let said = Said()
    errors.fileHandleForReading.readabilityHandler = { said.append($0.availableData) }
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    errors.fileHandleForReading.readabilityHandler = nil
    let decoder = JSONDecoder()
    let outcomes = text.split(separator: UInt8(ascii: "\n")).compactMap {
      try? decoder.decode(Outcome.self, from: $0)
    }
    let reason = process.terminationReason == .uncaughtSignal ? "signal" : "exit code"
    let death = "\(reason) \(process.terminationStatus)"
    return (outcomes, said.firstLine.map { "\(death): \($0)" } ?? death)
  }
}

/// The beginning of what a process wrote to standard error.
private final class Said: @unchecked Sendable {
  private let lock = NSLock()
  private var data = Data()

  func append(_ more: Data) {
    lock.withLock { if data.count < 4096 { data.append(more.prefix(4096)) } }
  }

  var firstLine: String? {
    let text = lock.withLock { String(decoding: data, as: UTF8.self) }
    return text.split(separator: "\n").first.map(String.init)
  }
}
