import FoundationEssentials
import TestSupport
import Testing

/// What shells offer for the words of a command line.
@Suite struct CompletionTests {
  /// The parser's description of a program.
  private struct Program: Decodable { let command: Command }

  private struct Command: Decodable {
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?
    let shouldDisplay: Bool?
  }

  private struct Argument: Decodable {
    struct Name: Decodable { let name: String }

    let kind: String
    let valueName: String?
    let names: [Name]?
    let completionKind: [String: JSONValue]?
    let shouldDisplay: Bool

    var title: String { names?.first?.name ?? valueName ?? "" }
    var completion: String? { completionKind?.keys.first }
  }

  private let folder: TemporaryFolder
  private let commands: [Command]

  init() throws {
    folder = try TemporaryFolder()
    let run = try CommandRun(["--experimental-dump-help"], in: folder)
    let program = try JSONDecoder().decode(Program.self, from: Data(run.output.utf8))
    commands = (program.command.subcommands ?? []).filter {
      $0.shouldDisplay != false && $0.commandName != "help"
    }
  }

  /// The kind of completion that values of a name have; nil for those that nobody can know.
  private static func completion(of argument: Argument) -> String? {
    switch argument.valueName {
    case "file", "model": argument.title == "model" && argument.kind == "option" ? "list" : "file"
    case "folder": "directory"
    case "column", "seconds|column": "custom"
    case "delimiter", "decimal", "scaling", "task", "metric", "quality", "activation", "optimizer",
      "dtype", "device", "products", "weight", "interval":
      "list"
    case "rows": "list"
    default: nil
    }
  }

  @Test func everyOptionHasTheCompletionOfItsValues() {
    #expect(commands.count >= 9)
    var kinds: [String: Int] = [:]
    for command in commands {
      for argument in command.arguments ?? []
      where argument.shouldDisplay && argument.kind != "flag" {
        #expect(
          argument.completion == Self.completion(of: argument),
          "\(command.commandName) \(argument.title)")
        kinds[argument.completion ?? "none", default: 0] += 1
      }
    }
    #expect(kinds["custom", default: 0] >= 15 && kinds["file", default: 0] >= 12, "\(kinds)")
    #expect(kinds["list", default: 0] >= 20 && kinds["directory", default: 0] >= 2, "\(kinds)")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func thereIsAScriptForEachShell(shell: String) throws {
    let run = try CommandRun(["--generate-completion-script", shell], in: folder)
    #expect(run.exitCode == 0 && run.error.isEmpty)
    for command in commands { #expect(run.output.contains(command.commandName)) }
    #expect(run.output.contains("checkpoint-every") && !run.output.contains("TOPICS"))
  }

  // MARK: Columns

  /// What is offered for the value of `--target` on a command line.
  private func columns(_ words: String...) throws -> [Substring] {
    let run = try CommandRun(
      ["---completion", "fit", "--", "--target", "\(words.count)", "0", "mltrain", "fit"] + words
        + [""], in: folder)
    #expect(run.exitCode == 0 && run.error.isEmpty, "\(run.error)")
    return run.output.split(separator: "\n")
  }

  @Test func columnsAreThoseOfTheTableOnTheCommandLine() throws {
    try folder.write("size,weight of it,\"a \"\"b\"\"\",\n1,2,3,4\n", to: "table.csv")
    try folder.write("other;names\n1;2\n", to: "semicolons.csv")
    try folder.write("target = \"x\"\n", to: "options.toml")
    let all: [Substring] = ["size", "weight of it", "a \"b\"", "column 4"]
    #expect(try columns("table.csv", "--target") == all)
    // Where the table stands on the line makes no difference, and other files are none.
    #expect(
      try columns("--config", "options.toml", "-o", "none.st", "table.csv", "--target") == all)
    #expect(try columns("semicolons.csv", "--target") == ["other", "names"])
    #expect(
      try columns("table.csv", "--no-header", "--target") == [
        "column 1", "column 2", "column 3", "column 4",
      ])
  }

  @Test func withoutATableNothingIsOffered() throws {
    try folder.write([UInt8]([0x1F, 0x8B, 8, 0, 0, 0]), to: "table.csv.gz")
    try folder.write("", to: "empty.csv")
    for words in [["none.csv"], ["table.csv.gz"], ["empty.csv"], ["/dev/zero"], ["-"]] {
      #expect(try columns(words[0], "--target").isEmpty, "\(words)")
    }
    // The next one is read where the first one is no table.
    try folder.write("a,b\n1,2\n", to: "table.csv")
    #expect(try columns("table.csv.gz", "table.csv", "--target") == ["a", "b"])
  }
}
