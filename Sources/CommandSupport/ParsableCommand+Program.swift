import ArgumentParser
import Glibc
import SlopeData

extension ParsableCommand {
  /// Reads the arguments, runs the command and ends the process.
  ///
  /// The exit code is 0 if everything was done, 1 with one line on standard error if data, files or
  /// devices are at fault, 64 for wrong usage.
  ///
  /// - Parameters:
  ///   - name: the name before the line on standard error.
  ///   - run: runs the command.
  package static func runProgram(
    _ name: String, _ run: (inout any ParsableCommand) throws -> Void = { try $0.run() }
  ) -> Never {
    StandardStreams.prepare()
    do {
      let arguments = try ConfigFile.expanding(
        Array(CommandLine.arguments.dropFirst()), for: Self.self)
      var command = try parseAsRoot(arguments)
      try run(&command)
    } catch {
      Glibc.exit(report(error, name))
    }
    Glibc.exit(0)
  }

  /// Reports the error that a command ended with, and returns the exit code.
  private static func report(_ error: any Error, _ name: String) -> Int32 {
    if let code = error as? ExitCode { return code.rawValue }
    let code = exitCode(for: error)
    switch code {
    case .success:
      // Help is a result like any other: failing to write it is an error.
      do {
        try StandardOutput.write(fullMessage(for: error) + "\n")
        return 0
      } catch {
        return report(error, name)
      }
    case .failure:
      StandardError.write("\(name): \(error)".withControlsEscaped)
      return 1
    default:
      StandardError.write(fullMessage(for: error))
      return code.rawValue
    }
  }
}
