import ArgumentParser
import CommandSupport
import FoundationEssentials
import Slope
import SlopeCore
import SlopeData

/// `flops`: the peak of this machine, and the fraction of it that the library reaches.
@main
struct Flops: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flops",
    abstract: "Measures this machine's devices and what the library reaches on them.",
    discussion: """
      --only NAME[,NAME] takes sections, or names of single results as the JSON file has them; \
      without it all sections run but the graphs and the soak:
      \(Section.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

      --dtype NAME[,NAME] measures those element types; all: every numeric one. Without it \
      \(DTypeChoice.usual.full.map(\.name).joined(separator: " and ")) are measured, and of \
      \(DTypeChoice.usual.brief.map(\.name).joined(separator: ", ")) one product and one sum. \
      Transfers, overheads and training steps are float32's.

      The shapes of matrix products, \
      results matmul_DTYPE_SHAPE: \(MatMulShape.allCases.map(\.rawValue).joined(separator: ", ")).

      Every figure is the median over rounds in which the workloads take turns with probes of the \
      device's peak: multiply-adds in registers, a triad and a sum over memory. A peak is the best \
      of its rounds; a matrix product, or for memory an addition, that is faster than the probes \
      takes their place. Shares of memory's peak are told only of work on four times the last cache or more. A share above \
      100 % is an error: exit code 1. The first call, which may compile, is told apart. Progress \
      goes to standard error where that is a terminal, the table to standard output.
      """)

  @Option(help: "Only these sections or results, with commas between them.")
  var only: String?

  @Option(help: "The device, as `mltrain devices` names it; all: every one that can be used.")
  var device = "all"

  @Option(help: "Only these element types, with commas between them; all: every numeric one.")
  var dtype: String?

  @Option(help: "Write the results to this file as JSON.")
  var json: String?

  @Option(help: "Write a roofline plot of all devices to this file as SVG.")
  var plot: String?

  @Option(help: "Write a short table of all devices to this file as Markdown.")
  var markdown: String?

  @Option(help: "Training steps of the soak.")
  var steps = 10_000

  @Option(help: "Batches of each workload.")
  var rounds = 9

  @Option(help: "The least seconds of one batch.")
  var seconds: NumberArgument = 0.05

  private var dtypes: DTypeChoice? { dtype.map { DTypeChoice($0) } ?? DTypeChoice.usual }

  private var selection: Selection? {
    var selection = only.map { Selection($0) } ?? Selection.usual
    if let dtypes { selection?.dtypes = dtypes }
    return selection
  }

  func validate() throws {
    guard device == "all" || Device.isName(device) else {
      throw ValidationError("--device \(device): \(Device.nameSyntax), or all.")
    }
    guard selection != nil else {
      let names = Section.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--only \(only ?? ""): the sections are \(names)")
    }
    guard dtypes != nil else {
      let names = DTypeChoice.every.full.map(\.name).joined(separator: ", ")
      throw ValidationError("--dtype \(dtype ?? ""): the numeric types are \(names)")
    }
    for (name, value) in [("--steps", steps), ("--rounds", rounds)]
    where !(1...Self.largestCount).contains(value) {
      throw ValidationError("\(name) \(value): from 1 to \(Self.largestCount).")
    }
    guard (0...Self.longestBatch).contains(seconds.value) else {
      throw ValidationError("--seconds \(seconds): from 0 to \(Int(Self.longestBatch)).")
    }
  }

  /// A billion steps or rounds, and batches of an hour, are typing mistakes.
  private static let largestCount = 1_000_000_000
  private static let longestBatch = 3600.0

  static func main() { runProgram("flops") }

  func run() throws {
    let selection = selection ?? .usual
    // Before minutes of measuring: can the results be written?
    let files = try ReportFiles([json, plot, markdown])
    let usual = try selection.sections.contains(.soak) ? Device.ofEnvironment.get() : .cpu
    let progress = Progress()
    var report = Report(results: [], machine: .current(), rounds: rounds)
    let effort = Effort(seconds: seconds.value, rounds: rounds)
    let devices = device == "all" ? Device.all : [try Device(named: device)]
    let sessions = devices.map {
      Session(selection, effort, on: $0, report.machine, progress: progress)
    }
    for session in sessions {
      let (record, results) = session.run()
      if !results.isEmpty { report.devices.append(record) }
      report.results += results
    }
    if selection.sections.contains(.soak) {
      report.results += withDevice(usual) { Soak(steps: steps).run(progress) }
    }
    report.machine.loadAverageAfter = Machine.currentLoad
    progress.clear()
    let isStandardOutput = files.isStandardOutput
    // The files first: a closed terminal must not cost them.
    try files.write([
      { [UInt8](try report.json()) }, { Array(RooflinePlot(report).svg.utf8) },
      { Array(report.markdown.utf8) },
    ])
    if isStandardOutput {
      StandardError.write(report.text)
    } else {
      try StandardOutput.write(report.text + "\n")
    }
    try Flops.check(report)
  }

  /// Reports percentages that are impossible, and ends with exit code 1 if there are any.
  static func check(_ report: Report) throws {
    let impossible = report.impossibleShares
    guard !impossible.isEmpty else { return }
    for share in impossible { say("\(share): a share above 100 %") }
    say(
      "the peak was measured while the machine was busy, or the work is counted wrong: "
        + "run it again on a quiet machine")
    throw ExitCode(1)
  }

  private static func say(_ line: String) { StandardError.write("flops: \(line)") }
}

/// The files for the results, opened before anything is measured.
struct ReportFiles {
  private let files: [AtomicFile?]

  /// - Throws: `FileError` if a file cannot be written, or is named twice.
  init(_ paths: [String?]) throws {
    files = try paths.map { try $0.map { try AtomicFile(path: $0) } }
    var seen: Set<FilePlace> = []
    for (path, file) in zip(paths, files) {
      guard let path, let file, file.isReplaced, !seen.insert(file.place).inserted else { continue }
      throw FileError(file: path, message: "named twice: the second result would replace the first")
    }
  }

  /// Whether one of the files is standard output.
  var isStandardOutput: Bool { files.contains { $0.map(StandardOutput.isPlace) ?? false } }

  /// Writes the contents of the files that were named.
  func write(_ contents: [() throws -> [UInt8]]) throws {
    for (file, content) in zip(files, contents) {
      guard let file else { continue }
      try file.write(try content())
      try file.commit()
    }
  }
}
