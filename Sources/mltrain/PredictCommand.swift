import ArgumentParser
import CommandSupport
import Slope
import SlopeData
import SlopeTabular

/// `mltrain predict`: applies a model to the rows of a CSV file.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict a column for each row of a CSV file.",
    discussion: """
      The output is a CSV file with a row for each row of FILE, in order: a column named as the \
      model's target, and for classes one with the probability of each. Columns are found by name; \
      others than the model's are not looked at.
      """)

  @Argument(help: "The model file that mltrain fit wrote.")
  var model: String

  @Argument(help: "The CSV file; - is standard input.")
  var file: String

  @Flag(help: "Keep the columns of FILE before the predictions.")
  var append = false

  @OptionGroup(title: "Reading")
  var reading: TableArguments

  @Option(
    name: [.long, .customShort("o")],
    help: ArgumentHelp("The file to write (default: standard output).", valueName: "file"))
  var output: String?

  @Flag(help: "Print one JSON object instead of a CSV file.")
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
      case .float64: try predict(try modelFile.model(as: Double.self))
      default: try predict(try modelFile.model(as: Float.self))
      }
    }
  }

  private func predict<Element: FloatingElement>(_ model: TabularModel<Element>) throws {
    // Before the work: can the predictions be written?
    let target = try output.map { output in
      try refuseToReplace(
        file, with: "the predictions would replace the file they are made from", at: output)
      try refuseToReplace(
        self.model, with: "the predictions would replace the model", at: output)
      return try AtomicFile(path: output)
    }
    var options = reading.options
    model.schema.apply(to: &options)
    if append { options.columns = nil }
    let table = try Table(
      csv: file, options: options,
      beside: TableUse("its predictions", bytesPerValue: 0, bytesPerRow: 32))
    let report = ProgressReport(isQuiet: quiet)
    for warning in table.warnings { report.warn("\(table.source): \(warning)") }
    let unseen = model.schema.pipeline.unseenCounts(in: table)
    for name in unseen.keys.sorted() {
      report.warn(
        "\(table.source): column \(name.quotedForMessage): \(unseen[name] ?? 0) cells have levels "
          + "that the model does not know")
    }
    let predictions = try model.predict(table)
    try check(predictions, Element.self, table)
    func put(_ text: String) throws {
      if let target { try target.write(text) } else { try StandardOutput.write(text) }
    }
    if json {
      try put(predictions.json(Element.self, target: model.schema.target).text + "\n")
    } else {
      let isSeen = target?.isTerminal ?? StandardOutput.isTerminal
      let names = model.schema.predictionNames(beside: append ? table.columnNames : [])
      try predictions.write(
        Element.self, names: names.map { isSeen ? $0.withControlsEscaped : $0 },
        beside: append ? table : nil, put)
    }
    try target?.commit()
  }

  /// All predictions are checked first: if one is invalid, nothing is written.
  private func check<Element: FloatingElement>(
    _ predictions: TabularPredictions, _ element: Element.Type, _ table: Table
  ) throws {
    for (row, prediction) in predictions.numbers.enumerated()
    where !Element(clamping: prediction).doubleValue.isFinite {
      throw FileError(
        file: table.place(ofRow: row), message: "the prediction is not a finite number")
    }
  }
}

extension TabularSchema {
  /// What the reader of a table must know: the model's columns alone are read, as they were.
  func apply(to options: inout CSVOptions, withTarget: Bool = false) {
    var names = features
    for column in pipeline.columns where column.omission == nil {
      switch column.kind {
      case .integer, .number: options.numeric.insert(column.name)
      case .category, .text: options.categorical.insert(column.name)
      case .date: options.dates.insert(column.name)
      case .boolean: break
      }
    }
    if withTarget {
      names.append(target)
      if !task.isClassification { options.numeric.insert(target) }
    }
    options.columns = names
  }

  /// The names of the columns of predictions, other than `taken`.
  func predictionNames(beside taken: [String]) -> [String] {
    var names = [target] + task.classes.map { "probability of \($0)" }
    for index in names.indices {
      if index == 0, taken.contains(names[0]) { names[0] = "predicted \(target)" }
      while taken.contains(names[index]) { names[index] += "'" }
    }
    return names
  }
}

extension TabularPredictions {
  /// The number of rows whose text is collected before it is written.
  private static var rowsOfText: Int { 4096 }

  /// Writes a CSV file: the rows of a table, if there is one, and the predictions.
  func write<Element: FloatingElement>(
    _ element: Element.Type, names: [String], beside table: Table?, _ put: (String) throws -> Void
  ) throws {
    let header = (table?.columnNames ?? []) + names
    var text = header.map(\.csvField).joined(separator: ",") + "\n"
    let (indices, classes) = (classIndices, task.classes)
    for row in 0..<rowCount {
      if let table {
        table.appendCSV(row, to: &text)
        text += ","
      }
      if classes.isEmpty {
        text += "\(Element(clamping: numbers[row]))"
      } else {
        text += classes[indices[row]].csvField
        for index in classes.indices { text += ",\(probabilities[row * classes.count + index])" }
      }
      text += "\n"
      if row % Self.rowsOfText == Self.rowsOfText - 1 {
        try put(text)
        text = ""
      }
    }
    try put(text)
  }

  /// The predictions as one JSON object.
  func json<Element: FloatingElement>(_ element: Element.Type, target: String) -> JSON {
    var members: [(String, JSON)] = [
      ("rows", .integer(rowCount)), ("target", .string(target)), ("task", .string(task.name)),
    ]
    let count = task.classes.count
    if count == 0 {
      members.append(
        ("predictions", .array(numbers.map { .number(Element(clamping: $0).doubleValue) })))
    } else {
      members.append(("classes", .array(task.classes.map { .string($0) })))
      members.append(("predictions", .array(classes.map { .string($0) })))
      members.append(
        (
          "probabilities",
          .array(
            (0..<rowCount).map { row in
              .array((0..<count).map { .number(probabilities[row * count + $0]) })
            })
        ))
    }
    return .object(members)
  }
}
