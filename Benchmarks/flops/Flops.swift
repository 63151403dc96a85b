import ArgumentParser
import FoundationEssentials
import Glibc
import Slope

/// `flops`: what this machine can do, and what the library reaches of it.
@main
struct Flops: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flops",
    abstract: "Measures this machine and what the library reaches on it.",
    discussion: """
      --only NAME[,NAME] takes sections, or names of single results as the JSON file has them; \
      without it all sections run but the soak:
      \(Section.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

      Every figure is the median over rounds in which the workloads take turns; a peak is the best \
      of its rounds, and memory's counts only where no cache holds the data. The first call, which \
      compiles, is told apart. Progress goes to standard error, the table to standard output.
      """)

  @Option(help: "Only these sections or results, with commas between them.")
  var only: String?

  @Option(help: "The device, as `mltrain devices` names it; all: every one that can be used.")
  var device = "all"

  @Option(help: "Write the results to this file as JSON.")
  var json: String?

  @Option(help: "Training steps of the soak.")
  var steps = 10_000

  @Option(help: "Batches of each workload.")
  var rounds = 7

  @Option(help: "The least seconds of one batch.")
  var seconds = 0.1

  private var selection: Selection? { only.map { Selection($0) } ?? Selection.usual }

  func validate() throws {
    guard device == "all" || Device.isName(device) else {
      throw ValidationError("--device \(device): \(Device.forms), or all.")
    }
    guard selection != nil else {
      let names = Section.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--only \(only ?? ""): the sections are \(names)")
    }
    guard steps > 0, rounds > 0, seconds >= 0, seconds.isFinite else {
      throw ValidationError("--steps and --rounds are at least 1, --seconds at least 0")
    }
  }

  func run() throws {
    let selection = selection ?? .usual
    let machine = Machine.current()
    let effort = Effort(seconds: seconds, rounds: rounds)
    var results: [Result] = []
    let devices = device == "all" ? Device.all : [try Device(named: device)]
    for device in devices {
      results += Session(
        selection, effort, on: device, threads: machine.threads, progress: note
      ).run()
    }
    if selection.sections.contains(.soak) { results += Soak(steps: steps).run(progress: note) }
    let report = Report(results: results, machine: machine)
    print(report.text)
    if let json {
      do {
        try report.json().write(to: URL(filePath: json))
      } catch {
        note("\(json): \(error)")
        throw ExitCode(1)
      }
    }
  }

  private func note(_ line: String) {
    let text = "flops: \(line)\n"
    _ = text.utf8CString.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, text.utf8.count) }
  }
}
