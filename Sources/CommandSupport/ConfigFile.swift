import SlopeData
import TOMLKit

/// A TOML file whose keys are long names of a command's options, with a value for each.
///
/// ```toml
/// target = "species"
/// drop = ["year"]          # an option that may be repeated
/// split = [0.7, 0.1, 0.2]  # a list, as --split 0.7,0.1,0.2
/// quiet = true             # a flag
/// ```
package struct ConfigFile {
  /// What a command knows by a name.
  package enum Use: Hashable, Sendable {
    /// An option with one value.
    case option
    /// An option that may be given several times.
    case repeatedOption
    /// A flag without a value.
    case flag
  }

  private let path: String
  private let table: TOMLTable
  private static let largestByteCount = 1 << 20

  /// Reads the file at `path`.
  ///
  /// Throws `FileError` if it cannot be read or is not TOML.
  package init(path: String) throws {
    let bytes = try ByteSource(path: path).read(upTo: Self.largestByteCount + 1)
    try self.init(bytes, path: path)
  }

  /// The file of some bytes, called `path` in messages.
  package init(_ bytes: [UInt8], path: String) throws {
    self.path = path
    guard bytes.count <= Self.largestByteCount else {
      throw FileError(file: path, message: "more than 1 MiB, which is no configuration")
    }
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(file: path, message: "not text in UTF-8")
    }
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw FileError(
        file: path, line: Int(error.source.begin.line), message: "not TOML: \(error.description)")
    }
  }

  /// The arguments that say the same as the file.
  ///
  /// - Parameters:
  ///   - uses: what the command knows, by its long name without dashes.
  ///   - given: the arguments of the command line; what they say has priority over the file.
  /// - Returns: the arguments for what the command line does not say.
  /// - Throws: `FileError` that names a key which the command does not know, or whose value is none for
  ///   it.
  package func arguments(for uses: [String: Use], beside given: [String]) throws -> [String] {
    var arguments: [String] = []
    for key in table.keys.sorted() {
      guard let use = uses[key], let value = table[key] else {
        // Not those for tests, which help does not show either.
        let known = uses.keys.filter { $0 != "tuning-seconds" }.sorted()
        let nearest = known.nearest(to: key).map { ", did you mean \($0.quotedForMessage)? It" }
        throw fault(
          key,
          "the command has no such option\(nearest ?? "; it") has \(known.joined(separator: ", "))")
      }
      let option = "--\(key)"
      let isGiven = given.contains { $0 == option || $0.hasPrefix(option + "=") }
      switch use {
      case .flag:
        guard let isSet = value.bool else { throw fault(key, "true or false is expected") }
        if isSet, !isGiven { arguments.append(option) }
      case .option:
        let texts = try texts(value, key)
        if !isGiven { arguments.append("\(option)=\(texts.joined(separator: ","))") }
      case .repeatedOption:
        let texts = try texts(value, key)
        if !isGiven { arguments += texts.map { "\(option)=\($0)" } }
      }
    }
    return arguments
  }

  /// The texts of a value, or of the values of a list.
  private func texts(_ value: any TOMLValueConvertible, _ key: String) throws -> [String] {
    if let list = value.array {
      return try list.map { element in
        guard let text = text(element) else {
          throw fault(key, "a list of texts or numbers is expected")
        }
        return text
      }
    }
    guard let text = text(value) else { throw fault(key, "a text, a number or a list is expected") }
    return [text]
  }

  private func text(_ value: any TOMLValueConvertible) -> String? {
    if let text = value.string { return text }
    if let number = value.int { return "\(number)" }
    if let number = value.double { return number.cellText }
    return nil
  }

  private func fault(_ key: String, _ message: String) -> FileError {
    FileError(file: path, message: "\(key.quotedForMessage): \(message)")
  }
}
