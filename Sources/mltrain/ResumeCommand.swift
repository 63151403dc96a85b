import ArgumentParser
import CommandSupport
import Glibc
import Slope
import SlopeData

/// `mltrain resume`: goes on with a fit that was stopped.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a fit that was stopped.",
    discussion: """
      FOLDER is that of the fit's checkpoints, which names the command to go on with when it is \
      stopped, or the path of a checkpoint in it. The fit goes on from its last checkpoint and writes \
      the model that it would have written, byte for byte. The file that it reads must be as it was.
      """)

  @Argument(
    help: ArgumentHelp(
      "The folder of the checkpoints, such as titanic.run, or one of them.", valueName: "folder"),
    completion: .directory)
  var path: String

  @Flag(help: "No progress and no warnings.")
  var quiet = false

  func run() throws {
    let (folder, record) = try RunFolder.resumed(path)
    func fault(_ message: String) -> FileError { FileError(file: folder.name, message: message) }
    guard chdir(record.workingFolder) == 0 else {
      throw fault("its folder \(record.workingFolder) cannot be opened: \(systemMessage(errno))")
    }
    let (byteCount, checksum) = try RunFolder.Record.fingerprint(of: record.file)
    guard byteCount == record.fileByteCount, checksum == record.fileChecksum else {
      throw fault(
        "\(record.file.quotedForMessage) has changed since: \(byteCount) bytes of the checksum "
          + "\(checksum), not \(record.fileByteCount) of \(record.fileChecksum)")
    }
    var command: FitCommand
    do {
      command = try FitCommand.parse(record.arguments)
      if quiet { command.results.quiet = true }
    } catch {
      throw fault("its arguments are damaged: \(FitCommand.message(for: error))")
    }
    try command.run(goingOn: folder, device: record.device, arguments: record.arguments)
  }
}
