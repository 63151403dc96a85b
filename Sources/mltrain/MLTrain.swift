import ArgumentParser
import CommandSupport
import Slope
import SlopeData

/// The command `mltrain`: trains models on CSV files and predicts with them.
@main
struct MLTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mltrain",
    abstract: "Train a model on a CSV file, and predict with it.",
    discussion: """
      Exit status: 0 done, 1 the data or the world is at fault (one line on standard error says \
      how), 64 wrong usage, 129, 130 and 143 stopped by a signal.
      """,
    version: "mltrain \(SlopeVersion.description)", subcommands: subcommands)

  private static var subcommands: [any ParsableCommand.Type] {
    let all: [any ParsableCommand.Type] = [
      FitCommand.self, ResumeCommand.self, PredictCommand.self, EvaluateCommand.self,
      ReportCommand.self, InspectCommand.self, ExportCommand.self,
      DescribeCommand.self, DevicesCommand.self, TuneCommand.self,
      OpsCommand.self,
    ]
    #if OpenCL
      return all + [TuneWorkerCommand.self]
    #else
      return all
    #endif
  }

  /// The names of all commands.
  static var commandNames: [String] { subcommands.map { $0._commandName } }

  /// The names of the commands that help shows.
  static var shownCommandNames: [String] {
    subcommands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
  }

  private static let help = ProgramHelp(
    otherWords: [
      "train": "fit", "learn": "fit", "continue": "resume", "infer": "predict", "apply": "predict",
      "test": "evaluate", "score": "evaluate", "show": "inspect", "info": "inspect",
      "summary": "describe", "gpus": "devices", "list": "devices", "operations": "ops",
    ], page: HelpPages.page)

  static func main() {
    runProgram("mltrain", help: help) { command in try checked { try command.run() } }
  }
}
