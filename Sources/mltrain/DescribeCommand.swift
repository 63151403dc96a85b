import ArgumentParser
import CommandSupport
import Slope
import SlopeData

/// `mltrain describe`: what a CSV file holds.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Show the kind, missing cells, and levels or quantiles of each column of a CSV file.")

  @Argument(help: "The CSV file; - is standard input.", completion: .file())
  var file: String

  @OptionGroup(title: "Reading")
  var reading: TableArguments

  @OptionGroup(title: "Columns")
  var kinds: KindArguments

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  @Flag(help: "No warnings.")
  var quiet = false

  @OptionGroup
  var config: ConfigOption

  func run() throws {
    var options = reading.options
    kinds.apply(to: &options)
    let table = try Table(csv: file, options: options)
    let report = ProgressReport(isQuiet: quiet)
    for warning in table.warnings { report.warn("\(table.source): \(warning)") }
    let description = table.describe()
    guard !json else {
      let object = JSON.object([
        ("rows", .integer(table.rowCount)), ("columns", .integer(table.sourceColumnCount)),
        ("schema", .array(description.columns.map(\.json))),
      ])
      try StandardOutput.write(object.text + "\n")
      return
    }
    try StandardOutput.write(
      "\(table.source.withControlsEscaped): "
        + (table.rowCount == 1 ? "1 row × " : "\(table.rowCount.grouped) rows × ")
        + (table.columnCount == 1 ? "1 column\n\n" : "\(table.columnCount.grouped) columns\n\n")
        + description.description + "\n")
  }
}

extension TableDescription.ColumnSummary {
  var json: JSON {
    .object([
      ("name", .string(name)), ("kind", .string(kind.rawValue)),
      ("missing", .integer(missingCount)), ("distinct", .integer(distinctCount)),
      (
        "levels",
        kind.isText || kind == .boolean
          ? .array(
            levels.map { .object([("name", .string($0.name)), ("count", .integer($0.count))]) })
          : .null
      ),
      ("quantiles", quantiles.map { .array($0.map { .number($0) }) } ?? .null),
      ("mean", .number(mean)), ("deviation", .number(standardDeviation)),
      (
        "dates",
        dates.map { .array([.string("\($0.lowerBound)"), .string("\($0.upperBound)")]) } ?? .null
      ),
    ])
  }
}
