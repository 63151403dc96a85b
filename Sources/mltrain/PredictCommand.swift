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

  @Argument(help: "The model file that mltrain fit wrote.", completion: .file())
  var model: String

  @Argument(help: "The CSV file; - is standard input.", completion: .file())
  var file: String

  @Flag(help: "Keep the columns of FILE before the predictions.")
  var append = false

  @OptionGroup(title: "Reading")
  var reading: TableArguments

  @Option(
    name: [.long, .customShort("o")],
    help: ArgumentHelp("The file to write (default: standard output).", valueName: "file"),
    completion: .file())
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
    let target = try output.flatMap { $0 == "-" ? nil : $0 }.map { output in
      try refuseToReplace(
        file, with: "the predictions would replace the file they are made from", at: output)
      try refuseToReplace(
        self.model, with: "the predictions would replace the model", at: output)
      return try AtomicFile(path: output)
    }
    var options = reading.options
    model.schema.apply(to: &options)
    // A file is read again for the cells as they are written; a stream is read once.
    if append, !isFile { options.columns = nil }
    let table = try Table(
      csv: file, options: options,
      beside: TableUse("its predictions", bytesPerValue: 0, bytesPerRow: 32))
    ProgressReport(isQuiet: quiet).warn(of: table, for: model.schema)
    // All are computed first: if one is invalid, nothing is written.
    let predictions = try model.predict(table)
    let isSeen = target?.isTerminal ?? StandardOutput.isTerminal
    func put(_ text: String) throws {
      // What a file says must not reach a terminal as commands.
      let text = isSeen ? text.linesWithControlsEscaped : text
      if let target { try target.write(text) } else { try StandardOutput.write(text) }
    }
    if json {
      try put(predictions.json(target: model.schema.target).text + "\n")
    } else {
      let input = append ? try written(table) : nil
      try predictions.write(
        names: model.schema.predictionNames(beside: input?.columnNames ?? []), beside: input, put)
    }
    try target?.commit()
  }

  /// Whether the input can be read twice.
  private var isFile: Bool { file != "-" && isRegularFile(file) }

  /// The table with its cells as the file has them; those that were read, if it cannot be read again.
  private func written(_ table: Table) throws -> Table {
    guard isFile else { return table }
    var options = reading.options
    options.isVerbatim = true
    let written = try Table(csv: file, options: options)
    guard written.rowCount == table.rowCount else {
      throw FileError(
        file: file,
        message: "it changed while it was read: \(table.rowCount) rows, then \(written.rowCount)")
    }
    return written
  }
}

extension String {
  /// The text with its control characters escaped, but for the ends of lines.
  fileprivate var linesWithControlsEscaped: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { String($0).withControlsEscaped }
      .joined(separator: "\n")
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
      let kind = pipeline.columns.first { $0.name == target }?.kind ?? .number
      // Classes are the texts that they were trained as, `1.0` not 1; true and false may be numbers.
      if kind.isText {
        options.categorical.insert(target)
      } else if !task.isClassification, kind != .boolean {
        options.numeric.insert(target)
      }
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

extension ProgressReport {
  /// What the reader of a table found, and the levels in it that training never saw.
  func warn(of table: Table, for schema: TabularSchema) {
    for note in table.warnings + schema.pipeline.unseenNotes(in: table) {
      warn("\(table.source): \(note)")
    }
  }
}

extension TabularPredictions {
  /// The number of rows whose text is collected before it is written.
  private static var rowsOfText: Int { 4096 }

  /// Writes a CSV file: the rows of a table, if there is one, and the predictions.
  ///
  /// Numbers are the shortest texts that read back as they are in memory.
  func write(
    names: [String], beside table: Table?, _ put: (String) throws -> Void
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
        text += "\(numbers[row])"
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
  func json(target: String) -> JSON {
    var members: [(String, JSON)] = [
      ("rows", .integer(rowCount)), ("target", .string(target)), ("task", .string(task.name)),
    ]
    let count = task.classes.count
    if count == 0 {
      members.append(("predictions", .array(numbers.map { .number($0) })))
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
