import ArgumentParser
import FoundationEssentials
import SlopeData

extension ParsableCommand {
  /// What a message says about the first name of a command line that the program does not have.
  ///
  /// The parser reports what is missing before what is too much, and would answer a mistyped option with
  /// the demand for another one.
  ///
  /// - Parameters:
  ///   - arguments: the arguments, without the program's name.
  ///   - otherWords: other words for commands, each with the command's name.
  /// - Returns: the message; nil if the program has all names.
  static func mistypedName(
    in arguments: [String], otherWords: KeyValuePairs<String, String>
  ) -> String? {
    let commands = configuration.subcommands
    guard !commands.isEmpty, arguments.first?.hasPrefix("-") != true else {
      return mistypedOption(in: arguments)
    }
    guard let name = arguments.first, name != "help" else { return nil }
    if let command = commands.first(where: { $0._commandName == name }) {
      return command.mistypedOption(in: Array(arguments.dropFirst()))
    }
    let shown = commands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
    let word = (shown + ["help"] + otherWords.map(\.key)).nearestOrLonger(than: name)
    let nearest = word.map { word in otherWords.first { $0.key == word }?.value ?? word }
    return "Unknown command '\(name.withControlsEscaped)'"
      + (nearest.map { ". Did you mean '\($0)'?" } ?? "")
  }

  /// What a message says about the first option that the command does not have.
  private static func mistypedOption(in arguments: [String]) -> String? {
    let known = optionNames
    guard !known.isEmpty else { return nil }
    for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("--") {
      let option = String(argument.prefix { $0 != "=" })
      guard !known.contains(option) else { continue }
      return "Unknown option '\(option.withControlsEscaped)'"
        + (known.nearestOrLonger(than: option).map { ". Did you mean '\($0)'?" } ?? "")
    }
    return nil
  }

  /// The long names of the command's options and flags with their dashes, as its parser describes them.
  private static var optionNames: [String] {
    let data = Data(_dumpHelp().utf8)
    guard let description = try? JSONDecoder().decode(CommandDescription.self, from: data) else {
      return []
    }
    let names = (description.command.arguments ?? []).flatMap { $0.names ?? [] }
    return names.filter { $0.kind == "long" }.map { "--\($0.name)" } + ["--version"]
  }
}

/// The part of the parser's description of a command that has the names of its options.
private struct CommandDescription: Decodable {
  struct Command: Decodable { let arguments: [Argument]? }
  struct Argument: Decodable { let names: [Name]? }
  struct Name: Decodable { let kind, name: String }

  let command: Command
}

extension String {
  /// The parser's message about a value that is none of some, with the one that was probably meant, and with
  /// all of them on its first line; other messages as they are.
  var guessingValue: String {
    let start = "Error: The value '"
    let offer = " Please provide one of "
    var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let first = lines.first, first.hasPrefix(start), let place = first.firstRange(of: offer)
    else { return self }
    // Few values are in the same line, between quotes.
    let few = first[place.upperBound...].split(separator: "'", omittingEmptySubsequences: false)
      .enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    let many = lines.dropFirst().prefix { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
    lines.removeFirst(1 + many.count)
    let values = few + many
    let value = String(first.dropFirst(start.count).prefix { $0 != "'" })
    let guess = values.nearestOrLonger(than: value).map { "Did you mean '\($0)'? " } ?? ""
    let all = values.joined(separator: ", ")
    return (["\(first[..<place.lowerBound]) \(guess)The values are: \(all)"] + lines)
      .joined(separator: "\n")
  }
}
