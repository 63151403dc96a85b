import ArgumentParser
import SlopeData

/// The option `--config` of a command.
package struct ConfigOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A TOML file with options: its keys are their long names, without dashes. What is also given as \
      an option has priority.
      """, valueName: "file"), completion: .file(extensions: ["toml"]))
  package var config: String?

  package init() {}
}

extension ConfigFile {
  /// The arguments of a command line with those of the file that `--config` names before them.
  ///
  /// - Parameters:
  ///   - arguments: the arguments, without the program's name.
  ///   - root: the command that they are for, with its subcommands.
  /// - Returns: the arguments to parse.
  /// - Throws: `FileError` for a file that cannot be read or does not fit the command.
  package static func expanding(
    _ arguments: [String], for root: any ParsableCommand.Type
  ) throws -> [String] {
    guard
      let name = arguments.first,
      let command = root.configuration.subcommands.first(where: { $0._commandName == name }),
      let path = path(in: arguments)
    else { return arguments }
    let uses = uses(of: command)
    guard uses["config"] != nil else { return arguments }
    var known = uses
    known["config"] = nil
    let given = Array(arguments.dropFirst())
    return [name] + (try ConfigFile(path: path).arguments(for: known, beside: given)) + given
  }

  /// The value of the last `--config`.
  private static func path(in arguments: [String]) -> String? {
    var path: String?
    for (index, argument) in arguments.enumerated() {
      if argument == "--" { break }
      if argument == "--config", index + 1 < arguments.count { path = arguments[index + 1] }
      if argument.hasPrefix("--config=") { path = String(argument.dropFirst(9)) }
    }
    return path
  }

  /// The options and flags of a command, by their long names.
  package static func uses(of command: any ParsableArguments.Type) -> [String: Use] {
    var uses: [String: Use] = [:]
    for child in Mirror(reflecting: command.init()).children {
      guard let label = child.label else { continue }
      if let group = child.value as? any ArgumentGroup {
        uses.merge(Self.uses(of: group.content)) { first, _ in first }
      } else if let use = (child.value as? any NamedArgument)?.use {
        uses[label.drop { $0 == "_" }.kebabCased] = use
      }
    }
    return uses
  }
}

/// A group of options.
private protocol ArgumentGroup {
  var content: any ParsableArguments.Type { get }
}

extension OptionGroup: ArgumentGroup {
  fileprivate var content: any ParsableArguments.Type { Value.self }
}

/// An option or a flag.
private protocol NamedArgument {
  var use: ConfigFile.Use { get }
}

extension Option: NamedArgument {
  fileprivate var use: ConfigFile.Use {
    "\(Value.self)".hasPrefix("Array<") ? .repeatedOption : .option
  }
}

extension Flag: NamedArgument {
  fileprivate var use: ConfigFile.Use { .flag }
}

extension Substring {
  /// `splitColumn` as `split-column`.
  fileprivate var kebabCased: String {
    var result = ""
    for character in self {
      if character.isUppercase, !result.isEmpty { result += "-" }
      result += character.lowercased()
    }
    return result
  }
}
