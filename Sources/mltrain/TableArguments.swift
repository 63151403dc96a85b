import ArgumentParser
import Slope
import SlopeData

extension CSVOptions.DecimalMark: ExpressibleByArgument {}

/// A character between fields, by itself or by name.
struct Delimiter: ExpressibleByArgument {
  let character: Character

  init?(argument: String) {
    let names: [String: Character] = [
      "comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "bar": "|", "pipe": "|",
    ]
    guard let character = names[argument] ?? argument.first,
      CSVOptions.delimiters.contains(character), names[argument] != nil || argument.count == 1
    else { return nil }
    self.character = character
  }
}

/// The options that say how a CSV file is read.
struct TableArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What separates fields: comma, semicolon, tab or bar (default: found in the file).",
      valueName: "delimiter"), completion: .list(["comma", "semicolon", "tab", "bar"]))
  var delimiter: Delimiter?

  @Flag(help: "The first line is a row; columns are called column 1, column 2 ….")
  var noHeader = false

  @Option(help: "The decimal mark of numbers: point or comma.")
  var decimal = CSVOptions.DecimalMark.point

  @Option(
    help: ArgumentHelp(
      """
      A text that stands for a missing cell, besides none, NA, N/A, n/a, NaN, nan, null, NULL, None, \
      ? and -. May be repeated.
      """, valueName: "word"))
  var missing: [String] = []

  /// The options for the reader.
  var options: CSVOptions {
    var options = CSVOptions()
    options.delimiter = delimiter?.character
    options.hasHeader = !noHeader
    options.decimalMark = decimal
    options.missingWords = Set(missing)
    return options
  }
}

/// The options that say what columns are, where their cells do not.
struct KindArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A column of categories, also where its cells are numbers. May be repeated.",
      valueName: "column"), completion: .columns)
  var categorical: [String] = []

  @Option(
    help: ArgumentHelp("A column that must hold numbers. May be repeated.", valueName: "column"),
    completion: .columns)
  var numeric: [String] = []

  @Option(
    help: ArgumentHelp("A column that must hold dates. May be repeated.", valueName: "column"),
    completion: .columns)
  var date: [String] = []

  func validate() throws {
    let named = categorical + numeric + date
    if let name = named.first(where: { name in named.count { $0 == name } > 1 }) {
      throw ValidationError(
        "\(name): a column has one kind, but --categorical, --numeric and --date name it twice.")
    }
  }

  /// Adds the kinds to the options of the reader.
  func apply(to options: inout CSVOptions) {
    options.categorical.formUnion(categorical)
    options.numeric.formUnion(numeric)
    options.dates.formUnion(date)
  }
}
