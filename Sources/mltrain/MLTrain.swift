import ArgumentParser

@main
struct MLTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mltrain", abstract: "Train models on CSV files.",
    subcommands: [StreamCommand.self])
}
