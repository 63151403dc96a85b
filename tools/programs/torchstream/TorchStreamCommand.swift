import ArgumentParser
import CommandSupport
import Slope
import SlopeCore
import SlopeData
import TorchStreamKit

/// The command `torchstream`: compares our random stream and training with PyTorch's.
@main
struct TorchStreamCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "torchstream",
    abstract: "Compare random draws and training runs with PyTorch's, as a JSON file has them.",
    discussion: """
      The file has the form of Tests/Fixtures/torch-stream.json. Prints each draw or result that \
      differs or is not known, and last 'N passed, N failed, N skipped'.
      """)

  @Argument(help: "The file of draws and training runs.")
  var file: String

  @Option(help: "The folder that holds the training runs' CSV files.")
  var datasets = "datasets"

  /// Reads the file, draws, trains, compares and prints.
  func run() throws {
    let file = try StreamFile(path: file)
    let report = withDevice(try Device.ofEnvironment.get()) { file.check(datasets: datasets) }
    var text = ""
    for line in report.failures { text += "failed \(line)".withControlsEscaped + "\n" }
    for line in report.skipped { text += "skipped \(line)".withControlsEscaped + "\n" }
    try StandardOutput.write(text + report.summary + "\n")
    if !report.failures.isEmpty { throw ExitCode(1) }
  }

  static func main() {
    runProgram("torchstream") { command in try checked { try command.run() } }
  }
}
