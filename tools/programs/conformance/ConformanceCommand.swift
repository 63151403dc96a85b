import ArgumentParser
import CommandSupport
import ConformanceKit
import Slope
import SlopeCore

/// `conformance FILE`: runs the cases of a golden file on the library.
///
/// Exit codes: 0 if all cases passed that must; 1 if a `must` case failed or the file cannot be
/// used; 64 for wrong usage.
@main
struct ConformanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "Compares the library's results with the golden cases of a file.",
    discussion: """
      Prints the names of the operations it skips, the first difference of each failure, and \
      'N passed, N failed, N skipped' last. Ends with 1 if a case marked 'must' fails.
      """)

  @Argument(help: "A file of golden cases (JSON lines, format golden-1).")
  var file: String?

  @Option(help: "The device to run on: cpu, gpu, or opencl:PLATFORM:DEVICE.")
  var device: String?

  @Option(name: .customLong("op"), help: "Run the cases of this operation only.")
  var operation: String?

  @Option(
    help: """
      Stop after so many seconds. The operations then take turns, and the cases that were not reached \
      are counted.
      """)
  var seconds: NumberArgument?

  @Flag(help: "Print one JSON object instead of text.")
  var json = false

  @Flag(
    help: """
      Print the outputs of each case instead, whatever it expects: one JSON object on a line for each.
      """)
  var values = false

  @Flag(help: "Print the table of operations instead: the page docs/operators.md.")
  var operators = false

  @Flag(help: "Print that table as Sources/mltrain/OperationTable.swift.")
  var operatorTable = false

  @Option(
    name: .customLong("worker"),
    help: ArgumentHelp("Run the cases from this one on.", visibility: .hidden))
  var firstCase: Int?

  func validate() throws {
    if file == nil, !operators, !operatorTable {
      throw ValidationError("a golden file is expected")
    }
    if let device, !Device.isName(device) {
      throw ValidationError("--device \(device): \(Device.nameSyntax).")
    }
    if let seconds, !(seconds.value > 0 && seconds.value < 1e6) {
      throw ValidationError("--seconds \(seconds): not a positive number of seconds.")
    }
  }

  func run() throws {
    guard let file, !operators, !operatorTable else {
      let device = try Device.ofEnvironment.get()
      try StandardOutput.write(
        withDevice(device) { operatorTable ? OperatorsPage.source() : OperatorsPage.text() })
      return
    }
    var cases = try GoldenFile(path: file).cases.filter {
      operation == nil || $0.operation == operation
    }
    if seconds != nil { cases = cases.takingTurns() }
    let device = try device.map { try Device(named: $0) } ?? Device.ofEnvironment.get()
    if let firstCase {
      try withDevice(device) {
        try Worker.run(cases.dropFirst(max(firstCase, 0)), seconds: seconds?.value)
      }
      return
    }
    if values {
      let runner = CaseRunner()
      for golden in cases {
        try StandardOutput.write(
          withDevice(device) { OutputLine(golden, runner: runner).json } + "\n")
      }
      return
    }
    if let operation, cases.isEmpty {
      StandardError.write("conformance: no case of the operation '\(operation)'")
    }
    let worker = Worker(file: file, operation: operation, device: device, seconds: seconds?.value)
    let outcomes = try worker.outcomes(of: cases)
    let report = withDevice(device) { Report(cases, outcomes: outcomes, runner: CaseRunner()) }
    try StandardOutput.write((json ? try report.json() : report.text) + "\n")
    if report.failsMust { throw ExitCode(1) }
  }

  static func main() { runProgram("conformance") }
}
