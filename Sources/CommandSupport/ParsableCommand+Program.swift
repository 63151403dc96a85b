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
  ///   - help: what is told beside what the parser knows.
  ///   - run: runs the command.
  package static func runProgram(
    _ name: String, help: ProgramHelp = .none,
    _ run: (inout any ParsableCommand) throws -> Void = { try $0.run() }
  ) -> Never {
    StandardStreams.prepare()
    guard !CommandLine.arguments.isEmpty else {
      // Swift reads them there; without them every command would print the help of the program.
      StandardError.write("\(name): /proc is not mounted, and the arguments cannot be read")
      Glibc.exit(1)
    }
    let given = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try parseAsRoot(try ConfigFile.expanding(given, for: Self.self))
      try run(&command)
    } catch {
      Glibc.exit(report(error, name, given, help))
    }
    Glibc.exit(0)
  }

  /// Reports the error that a command ended with, and returns the exit code.
  private static func report(
    _ error: any Error, _ name: String, _ arguments: [String], _ help: ProgramHelp
  ) -> Int32 {
    if let code = error as? ExitCode { return code.rawValue }
    let code = exitCode(for: error)
    switch code {
    case .success:
      // Help is a result like any other: failing to write it is an error.
      do {
        try StandardOutput.write(try help.page(fullMessage(for: error), arguments) + "\n")
        return 0
      } catch {
        return report(error, name, arguments, help)
      }
    case .failure:
      StandardError.write("\(name): \(error)".withControlsEscaped)
      return 1
    default:
      StandardError.write(usageMessage(for: error, arguments, help))
      return code.rawValue
    }
  }

  /// What is printed about wrong usage: the parser's message, or one about a mistyped name, and the usage.
  ///
  /// A value that an option does not have is followed by the one that is most like it.
  private static func usageMessage(
    for error: any Error, _ arguments: [String], _ help: ProgramHelp
  ) -> String {
    let message = fullMessage(for: error).guessingValue
    guard
      let mistyped = mistypedName(in: arguments, otherWords: help.otherWords),
      let usage = message.firstRange(of: "\nUsage: ")
    else { return message }
    return "Error: \(mistyped)" + message[usage.lowerBound...]
  }
}
