import TestSupport
import Testing

/// The examples at the end of every command's help, which are run as they are.
@Suite struct CommandExamplesTests {
  private static let commands = [
    "fit", "resume", "predict", "evaluate", "inspect", "describe", "devices", "tune", "ops",
  ]

  /// The lines below EXAMPLES in a command's help.
  private func examples(of command: String, in folder: TemporaryFolder) throws -> [Substring] {
    let run = try CommandRun([command, "--help"], in: folder, environment: ["COLUMNS=80"])
    #expect(run.exitCode == 0)
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "EXAMPLES:"), "\(command) has no examples")
    #expect(lines[start - 1] == "" && lines.last == "")
    return lines[lines.index(after: start)...].filter { !$0.isEmpty }
  }

  @Test func everyCommandThatHelpShowsHasExamples() throws {
    let folder = try TemporaryFolder()
    let page = try CommandRun(["help"], in: folder, environment: ["COLUMNS=80"]).output
    for command in HelpPagesTests.commands(of: page) {
      #expect(try !examples(of: command, in: folder).isEmpty)
    }
    #expect(Set(HelpPagesTests.commands(of: page)).isSuperset(of: Self.commands))
  }

  @Test(arguments: commands)
  func examplesRun(command: String) throws {
    let folder = try TemporaryFolder()
    try DataSets.link(in: folder)
    let lines = try examples(of: command, in: folder)
    #expect(lines.count.isMultiple(of: 2) && lines.allSatisfy { $0.count <= 80 }, "\(lines)")
    for (index, line) in lines.enumerated() {
      guard index.isMultiple(of: 2) == false else {
        #expect(line.hasPrefix("  # "))
        continue
      }
      // Words without quotes, so that they are what a shell makes of them.
      let words = line.split(separator: " ").map(String.init)
      #expect(line.hasPrefix("  mltrain ") && !line.contains { "'\"|<>$\\".contains($0) })
      let run = try CommandRun(
        Array(words.dropFirst()), in: folder, environment: ["SLOPE_DEVICE=cpu"])
      switch command {
      // There is no such run here, and the CPU has nothing to tune: only the arguments are right.
      case "resume":
        #expect(run.exitCode == 1)
        #expect(run.error == "mltrain: diabetes.run: cannot be opened: No such file or directory\n")
      case "tune": #expect(run.exitCode == 1 && run.error.hasPrefix("mltrain: "), "\(run.error)")
      default: #expect(run.exitCode == 0, "\(line): \(run.error)")
      }
    }
    #expect(lines.contains { $0.contains("mltrain \(command)") })
  }
}
