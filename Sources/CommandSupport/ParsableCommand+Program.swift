import ArgumentParser
import Glibc
import SlopeData

extension ParsableCommand {
  /// Reads the arguments, runs the command and ends the process: exit code 0 where all was done, 1 with
  /// one line on standard error where data or the world is at fault, 64 for wrong usage.
  ///
  /// - Parameters:
  ///   - name: stands before the line.
  ///   - run: runs the command.
  package static func runProgram(
    _ name: String, _ run: (inout any ParsableCommand) throws -> Void = { try $0.run() }
  ) -> Never {
    StandardStreams.prepare()
    do {
      var command = try parseAsRoot()
      try run(&command)
    } catch {
      Glibc.exit(report(error, name))
    }
    Glibc.exit(0)
  }

  /// Says what a command ended with, and gives the exit code.
  private static func report(_ error: any Error, _ name: String) -> Int32 {
    if let code = error as? ExitCode { return code.rawValue }
    let code = exitCode(for: error)
    switch code {
    case .success:
      // Help is a result like any other: it must arrive.
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
