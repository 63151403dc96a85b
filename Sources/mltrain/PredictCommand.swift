import ArgumentParser
import Slope

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

  private func predict<Element: FloatingElement>(_ model: TabularModel<Element>) throws {
    let table = try Table(csv: file, columns: model.schema.features.map(\.name))
    var text = Self.quoted(model.schema.target.name) + "\n"
    for (row, prediction) in try model.predictions(for: table).enumerated() {
      let number = Element(clamping: prediction)
      guard number.doubleValue.isFinite else {
        throw FileError(
          file: table.place(ofRow: row), message: "the prediction is not a finite number")
      }
      text += "\(number)\n"
    }
    guard let output else { return try StandardOutput.write(text) }
    let file = try AtomicFile(path: output)
    try file.write(text)
    try file.commit()
  }

  /// A name as a CSV field: in quotes if it needs them.
  static func quoted(_ name: String) -> String {
    let special = name.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
    let isBlank = name.first?.isWhitespace ?? true || name.last?.isWhitespace ?? true
    guard special || isBlank else { return name }
    var result = "\""
    for scalar in name.unicodeScalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
