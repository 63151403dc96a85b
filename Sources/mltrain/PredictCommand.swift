import ArgumentParser
import CommandSupport
import Slope
import SlopeData

/// `mltrain predict`: applies a model to the rows of a CSV file.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict a column for each row of a CSV file.",
    discussion: """
      The output is a CSV file of one column, named as the model's target, with a row for each row \
      of FILE, in order. Columns are found by name; others than the model's are not looked at.
      """)

  @Argument(help: "The model file that mltrain fit wrote.")
  var model: String

  @Argument(help: "The CSV file; - is standard input.")
  var file: String

  @Option(
    name: [.long, .customShort("o")],
    help: ArgumentHelp("The file to write (default: standard output).", valueName: "file"))
  var output: String?

  @OptionGroup
  var device: DeviceOption

  func run() throws {
    let modelFile = try TabularModelFile(path: model)
    try withDevice(try device.device(for: modelFile.dtype)) {
      switch modelFile.dtype {
      case .float64: try predict(try modelFile.model(as: Double.self))
      default: try predict(try modelFile.model(as: Float.self))
      }
    }
  }

  /// The number of rows whose text is collected before it is written.
  private static let rowsOfText = 4096

  private func predict<Element: FloatingElement>(_ model: TabularModel<Element>) throws {
    // Before the work: can the predictions be written?
    let target = try output.map { output in
      try refuseToReplace(
        file, with: "the predictions would replace the file they are made from", at: output)
      try refuseToReplace(
        self.model, with: "the predictions would replace the model", at: output)
      return try AtomicFile(path: output)
    }
    let table = try Table(
      csv: file, columns: model.schema.features.map(\.name),
      beside: TableUse("its predictions", bytesPerValue: 0, bytesPerRow: 16))
    let predictions = try model.predictions(for: table)
    // All predictions are checked first: if one is invalid, nothing is written.
    for (row, prediction) in predictions.enumerated()
    where !Element(clamping: prediction).doubleValue.isFinite {
      throw FileError(
        file: table.place(ofRow: row), message: "the prediction is not a finite number")
    }
    let isSeen = target?.isTerminal ?? StandardOutput.isTerminal
    let name = model.schema.target.name
    var text = Self.quoted(isSeen ? name.withControlsEscaped : name) + "\n"
    func put() throws {
      if let target { try target.write(text) } else { try StandardOutput.write(text) }
      text = ""
    }
    for (row, prediction) in predictions.enumerated() {
      text += "\(Element(clamping: prediction))\n"
      if row % Self.rowsOfText == Self.rowsOfText - 1 { try put() }
    }
    try put()
    try target?.commit()
  }

  /// A name as a CSV field: in quotes if it needs them.
  static func quoted(_ name: String) -> String {
    let special = name.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
    // At the start of a file a byte order mark would not be read as part of the name.
    let isBlank =
      name.first?.isWhitespace ?? true || name.last?.isWhitespace ?? true
      || name.unicodeScalars.first == "\u{FEFF}"
    guard special || isBlank else { return name }
    var result = "\""
    for scalar in name.unicodeScalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
