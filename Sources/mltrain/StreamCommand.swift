import ArgumentParser
import TorchStream

/// `mltrain stream`: compares our random stream and training with PyTorch's.
struct StreamCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract: "Compare random draws and training runs with PyTorch's, as a JSON file has them.",
    discussion: """
      The file has the form of Tests/Fixtures/torch-stream.json. Prints each draw or result that \
      differs or is not known, and last 'N passed, N failed, N skipped'.
      """)

  @Argument(help: "The file of draws and training runs.")
  var file: String

  @Option(help: "The folder that holds the training runs' CSV files.")
  var datasets = "datasets"

  /// Reads, draws, trains, compares and prints.
  func run() throws {
    let report = try StreamFile(path: file).check(datasets: datasets)
    for line in report.failures { print("failed \(line)") }
    for line in report.skipped { print("skipped \(line)") }
    print(report.summary)
    if !report.failures.isEmpty { throw ExitCode(1) }
  }
}
