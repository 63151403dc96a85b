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
      others than the model's are not looked at. Rows are read, predicted and written some at a time, \
      so that memory does not grow with the file.
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

  @Flag(
    help: """
      Answer each row as soon as it arrives, until the input ends. A row that cannot be read or predicted \
      is answered without a prediction, and named on standard error; the exit status is then 1.
      """)
  var follow = false

  @Flag(help: "No warnings.")
  var quiet = false

  @OptionGroup
  var device: DeviceOption

  @OptionGroup
  var config: ConfigOption

  func validate() throws {
    if follow, json {
      throw ValidationError("--follow answers row by row, and --json all at the end.")
    }
    if follow, let output, output != "-" {
      throw ValidationError(
        "--follow answers on standard output; --output \(output) is written at the end.")
    }
  }

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
    guard !follow else { return try answer(model) }
    // Before the work: can the predictions be written?
    let target = try output.flatMap { $0 == "-" ? nil : $0 }.map { output in
      try refuseToReplace(
        file, with: "the predictions would replace the file they are made from", at: output)
      try refuseToReplace(
        self.model, with: "the predictions would replace the model", at: output)
      return try AtomicFile(path: output)
    }
    let isSeen = target?.isTerminal ?? StandardOutput.isTerminal
    func put(_ bytes: [UInt8]) throws {
      // What a file says must not reach a terminal as commands.
      let bytes = isSeen ? bytes.linesWithControlsEscaped : bytes
      if let target { try target.write(bytes) } else { try StandardOutput.write(bytes) }
    }
    try predict(model, put)
    try target?.commit()
  }

  /// Reads, predicts and writes some rows at a time.
  private func predict<Element: FloatingElement>(
    _ model: TabularModel<Element>, _ put: ([UInt8]) throws -> Void
  ) throws {
    var options = reading.options
    model.schema.apply(to: &options)
    var stream = try TableStream(csv: file, options: options, hasWrittenRows: append && !json)
    let report = ProgressReport(isQuiet: quiet)
    let names = append ? stream.writtenColumnNames : []
    let text = PredictionText(model.schema, beside: names)
    var object = PredictionObject(model.schema)
    var unseen: [String: Int] = [:]
    var isFirst = true
    while let rows = try stream.next() {
      if isFirst { report.warn(stream.warnings, of: stream.source) }
      let predictions = try model.predict(rows.table)
      unseen.merge(model.schema.pipeline.unseenCounts(in: rows.table), uniquingKeysWith: +)
      if json {
        object.append(predictions)
      } else {
        let lines = text.lines(predictions, after: rows.written)
        try put(isFirst ? text.header + lines : lines)
      }
      isFirst = false
    }
    report.warn(FittedPipeline.unseenNotes(unseen), of: stream.source)
    if json { try object.write(put) }
  }
}

extension PredictCommand {
  /// Answers rows as they arrive.
  private func answer<Element: FloatingElement>(_ model: TabularModel<Element>) throws {
    var options = reading.options
    model.schema.apply(to: &options)
    var stream = try TableStream(csv: file, options: options, hasWrittenRows: append, isLive: true)
    let report = ProgressReport(isQuiet: quiet)
    report.warn(stream.warnings, of: stream.source)
    let isSeen = StandardOutput.isTerminal
    func put(_ bytes: [UInt8]) throws {
      try StandardOutput.write(isSeen ? bytes.linesWithControlsEscaped : bytes)
    }
    let text = PredictionText(
      model.schema, beside: append ? stream.writtenColumnNames : [])
    var (rowCount, refusedCount) = (0, 0)
    var unseen: [String: Int] = [:]
    try put(text.header)
    try stream.follow { rows in
      let predictions = try model.predict(rows.table)
      return (rows, predictions, model.schema.pipeline.unseenCounts(in: rows.table))
    } isOfRows: { error in
      (error as? FileError).map { !$0.isOfMemory } ?? (error is TableError || error is TabularError)
    } put: { answer, cells in
      switch answer {
      case .success(let (rows, predictions, counts)):
        rowCount += predictions.rowCount
        unseen.merge(counts, uniquingKeysWith: +)
        try put(text.lines(predictions, after: rows.written))
      case .failure(let error):
        rowCount += 1
        refusedCount += 1
        try put(text.lineWithoutPrediction(after: cells))
        report.warn("\(error); the row is answered without a prediction")
      }
    }
    report.warn(FittedPipeline.unseenNotes(unseen), of: stream.source)
    guard refusedCount == 0 else {
      throw FileError(
        file: stream.source,
        message: "\(refusedCount) of \(rowCount) rows were answered without a prediction")
    }
  }
}

extension [UInt8] {
  /// The text with its control characters escaped, but for the ends of lines.
  fileprivate var linesWithControlsEscaped: [UInt8] {
    let lines = String(decoding: self, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    return Array(lines.map { String($0).withControlsEscaped }.joined(separator: "\n").utf8)
  }
}

extension ProgressReport {
  /// Prints warnings about a file.
  func warn(_ notes: [String], of source: String) {
    for note in notes { warn("\(source): \(note)") }
  }

  /// What the reader of a table found, and the levels in it that training never saw.
  func warn(of table: Table, for schema: TabularSchema) {
    warn(table.warnings + schema.pipeline.unseenNotes(in: table), of: table.source)
  }
}
