import TestSupport
import Testing

/// What `mltrain help` prints: commands with examples, and topics.
@Suite struct HelpPagesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func page(_ arguments: String...) throws -> String {
    let run = try CommandRun(arguments, in: folder, environment: ["COLUMNS=80"])
    #expect(run.exitCode == 0 && run.error.isEmpty, "\(arguments): \(run.error)")
    return run.output
  }

  /// The lines of a part of a page, whose title is a line of its own, up to the next blank line.
  private static func part(_ title: String, of page: String) -> [String] {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.drop { $0 != title }.dropFirst().prefix { !$0.isEmpty }.map { $0 }
  }

  /// The first words of the lines that begin with two blanks and no more.
  private static func names(_ lines: [String]) -> [String] {
    lines.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  /// The lines that a program's help lists its commands in.
  static func commands(of page: String) -> [String] { names(part("SUBCOMMANDS:", of: page)) }

  // MARK: Topics

  private static let topics = [
    "data", "columns", "models", "metrics", "devices", "checkpoints", "files", "exit-codes",
    "environment", "config",
  ]

  @Test(arguments: [["help"], ["--help"], ["-h"], []])
  func helpListsCommandsAndTopics(arguments: [String]) throws {
    let run = try CommandRun(arguments, in: folder, environment: ["COLUMNS=80"])
    #expect(run.exitCode == 0)
    #expect(run.output.hasPrefix("OVERVIEW: Train a model on a CSV file, and predict with it."))
    #expect(Self.commands(of: run.output).starts(with: ["fit", "resume", "predict"]))
    let topics = Self.part("TOPICS:", of: run.output)
    #expect(Self.names(topics) == Self.topics)
    // What they are about stands in one column, two blanks from the longest name.
    let starts = topics.compactMap { line in
      line.split(separator: "  ", maxSplits: 1).last.map { $0.drop { $0 == " " }.startIndex }
        .map { line.distance(from: line.startIndex, to: $0) }
    }
    #expect(starts.count == Self.topics.count && Set(starts) == [15])
    #expect(run.output.hasSuffix("See 'mltrain help <topic>' for a page about one.\n"))
  }

  @Test(arguments: topics)
  func aTopicIsAShortPage(topic: String) throws {
    let page = try page("help", topic)
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("\(topic.uppercased()): ") })
    let own = lines[start...].dropLast()
    #expect(lines.last == "" && own.count > 10 && own.count <= 40, "\(own.count) lines")
    #expect(own.allSatisfy { $0.count <= 80 }, "\(own.filter { $0.count > 80 })")
    #expect(own.allSatisfy { !$0.hasSuffix(" ") })
    // Below the help of the command that has the same name.
    #expect((start > 0) == (topic == "devices"))
    if start > 0 { #expect(page.hasPrefix("OVERVIEW: List the devices")) }
  }

  @Test func helpOfACommandIsTheCommandsHelp() throws {
    #expect(try page("help", "fit") == page("fit", "--help"))
    #expect(try page("fit", "-h") == page("fit", "--help"))
    // Only `help` prints the topic, too.
    let ofCommand = try page("devices", "--help")
    #expect(!ofCommand.contains("DEVICES: ") && ofCommand.contains("EXAMPLES:"))
    #expect(try page("help", "devices").hasPrefix(ofCommand.dropLast()))
    // A topic is no command's option.
    #expect(try page("help", "help").hasPrefix("OVERVIEW: Show subcommand help information."))
  }

  @Test(arguments: [
    ("modles", "models"), ("metric", "metrics"), ("exitcodes", "exit-codes"), ("pedict", "predict"),
    ("FIT", "fit"),
  ])
  func aMistypedPageIsGuessed(name: String, nearest: String) throws {
    let run = try CommandRun(["help", name], in: folder)
    #expect(run.exitCode == 64 && run.output.isEmpty)
    #expect(
      run.error.hasPrefix(
        "Error: There is no page about '\(name)', did you mean '\(nearest)'? "
          + "'mltrain help' lists the pages.\nUsage: mltrain <subcommand>\n"), "\(run.error)")
  }

  @Test func aPageThatIsLikeNoneIsRefused() throws {
    let run = try CommandRun(["help", "quantum\u{1B}"], in: folder)
    #expect(run.exitCode == 64 && run.output.isEmpty)
    #expect(
      run.error.hasPrefix(
        "Error: There is no page about 'quantum\\u{1B}'. 'mltrain help' lists the pages.\n"))
    // What tests use is not proposed.
    let hidden = try CommandRun(["help", "tune-workr"], in: folder)
    #expect(hidden.exitCode == 64 && !hidden.error.contains("did you mean"), "\(hidden.error)")
  }

  // MARK: What topics say

  /// The values of an option, as the help of `fit` lists them.
  private func values(of option: String) throws -> [Substring] {
    let words = try page("help", "fit").split { $0 == " " || $0 == "\n" }
    let start = try #require(words.firstIndex(of: "--\(option)"))
    let from = try #require(words[start...].firstIndex(of: "(values:"))
    let to = try #require(words[from...].firstIndex { $0.hasSuffix(")") || $0.hasSuffix(";") })
    return words[words.index(after: from)...to].map {
      $0.prefix { $0 != "," && $0 != ")" && $0 != ";" }
    }
  }

  @Test(arguments: [
    ("metric", "metrics", 17), ("model", "models", 3), ("quality", "models", 3),
    ("optimizer", "models", 5),
  ])
  func aTopicHasAllValuesOfAnOption(option: String, topic: String, count: Int) throws {
    let words = try page("help", topic).split { " ,()\n".contains($0) }
    let values = try values(of: option)
    #expect(values.count == count)
    for value in values { #expect(words.contains(value), "\(topic): \(value)") }
  }

  @Test(arguments: topics)
  func optionsThatATopicNamesExist(topic: String) throws {
    let known = try ["fit", "predict", "evaluate", "describe", "tune", "devices"].map {
      try page("help", $0).split { !($0.isLetter || $0 == "-") }.filter { $0.hasPrefix("--") }
    }.joined()
    let named =
      try page("help", topic).split { !($0.isLetter || $0 == "-") }
      .filter { $0.hasPrefix("--") } + ["--version"]
    for option in Set(named) where option != "--version" {
      #expect(known.contains(option), "\(topic): \(option)")
    }
  }

  @Test func theFileOfOptionsOfATopicWorks() throws {
    let lines = try page("help", "config").split(separator: "\n").map { $0.drop { $0 == " " } }
    let file = lines.drop { $0 != "# penguins.toml" }.prefix { !$0.hasPrefix("mltrain") }
    let command = try #require(lines.first { $0.hasPrefix("mltrain fit") })
    #expect(file.count == 7)
    try folder.write(file.joined(separator: "\n") + "\n", to: "penguins.toml")
    try DataSets.link(in: folder)
    let run = try CommandRun(
      command.split(separator: " ").dropFirst().map(String.init), in: folder)
    #expect(run.exitCode == 0 && run.error.isEmpty, "\(run.error)")
    #expect(run.output.contains("year") && run.output.contains("241"))
  }
}
