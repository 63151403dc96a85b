import ArgumentParser
import CommandSupport
import Slope
import SlopeData
import SlopeTabular

/// `mltrain evaluate`: how good a model is on the rows of a CSV file with their targets.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Compare a model's predictions with the targets of a CSV file.",
    discussion: """
      FILE has the columns that the model reads, and its target; rows without a target do not count. \
      The baseline is that of the rows that the model was trained on: their mean, or the frequencies \
      of their classes.
      """)

  @Argument(help: "The model file that mltrain fit wrote.", completion: .file())
  var model: String

  @Argument(help: "The CSV file; - is standard input.", completion: .file())
  var file: String

  @OptionGroup(title: "Reading")
  var reading: TableArguments

  @Option(
    help: ArgumentHelp("A column with what each row counts.", valueName: "column"),
    completion: .columns)
  var weight: String?

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  @Flag(help: "No warnings.")
  var quiet = false

  @OptionGroup
  var device: DeviceOption

  @OptionGroup
  var config: ConfigOption

  func run() throws {
    let modelFile = try TabularModelFile(path: model)
    try withDevice(try device.device(for: modelFile.dtype)) {
      switch modelFile.dtype {
      case .float64: try evaluate(try modelFile.model(as: Double.self))
      default: try evaluate(try modelFile.model(as: Float.self))
      }
    }
  }

  private func evaluate<Element: FloatingElement>(_ model: TabularModel<Element>) throws {
    let schema = model.schema
    let table = try schema.labelledTable(
      csv: file, reading, weight: weight,
      beside: TableUse("its predictions", bytesPerValue: 0, bytesPerRow: 64))
    ProgressReport(isQuiet: quiet).warn(of: table, for: schema)
    let scores = try model.evaluate(table, weights: weight)
    guard !json else {
      let object = JSON.object([
        ("rows", .integer(scores.rowCount)),
        ("droppedRows", .integer(table.rowCount - scores.rowCount)),
        ("target", .string(schema.target)), ("task", .string(schema.task.name)),
        ("classes", .array(schema.task.classes.map { .string($0) })),
        ("model", .string(self.model)), ("metrics", scores.json(schema.task)),
      ])
      try StandardOutput.write(object.text + "\n")
      return
    }
    var text = "\(table.source): ".withControlsEscaped
    text += "\(scores.rowCount.grouped) \(scores.rowCount == 1 ? "row" : "rows") with "
    text += "\(schema.target.quotedForMessage)\n\n"
    text += TabularScores.table(["file": scores], schema.task)
    if let confusion = scores.confusion, confusion.count <= 12 {
      let names = schema.task.classes.map(\.shownCell)
      var rows = [["true \\ predicted"] + names]
      for (name, counts) in zip(names, confusion) { rows.append([name] + counts.map(\.shortened)) }
      text += "\n" + AlignedTable(rows: rows).text
    }
    try StandardOutput.write(text)
  }
}
