import ArgumentParser
import CommandSupport
import Slope
import SlopeData
import SlopeTabular

#if OpenCL
  import SlopeTuning
#endif

/// `mltrain fit`: trains a model on the rows of a CSV file.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Train a model that predicts one column of a CSV file from the others.",
    discussion: """
      Numbers, categories, dates and missing cells are made inputs; a target of words, of true and \
      false, or of few whole numbers is predicted as classes. Prints what becomes of each column, and \
      how good the model is on each part of the rows beside a baseline: the mean, or the frequencies \
      of the classes. Everything is in the file's units.
      """)

  @Argument(help: "The CSV file; - is standard input.")
  var file: String

  @Option(help: "The column to predict.")
  var target: String

  @OptionGroup(title: "Reading")
  var reading: TableArguments

  @OptionGroup(title: "Columns")
  var kinds: KindArguments

  @OptionGroup(title: "Columns")
  var columns: ColumnArguments

  @OptionGroup(title: "Rows")
  var rows: RowArguments

  @OptionGroup(title: "Model")
  var training: TrainingArguments

  @OptionGroup(title: "Model")
  var device: DeviceOption

  @OptionGroup(title: "Results")
  var results: ResultArguments

  @OptionGroup
  var config: ConfigOption

  @Option(help: .hidden)
  var tuningSeconds: Double?

  func validate() throws {
    if let seconds = rows.seconds, training.kind == .linear {
      throw ValidationError(
        "--time \(seconds.shortened) is a number of seconds, which is for --model mlp or auto"
          + "\(training.plainReason).")
    }
    if let tuningSeconds, !(tuningSeconds >= 0 && tuningSeconds < 1e6) {
      throw ValidationError("--tuning-seconds \(tuningSeconds): not a number of seconds.")
    }
  }

  func run() throws {
    try withDevice(try device.device(for: training.dtype.dtype)) {
      switch training.dtype {
      case .float32: try fit(Float.self)
      case .float64: try fit(Double.self)
      }
    }
  }

  private func fit<Element: FloatingElement>(_ element: Element.Type) throws {
    let output =
      results.output.map { $0 == "-" ? "/dev/stdout" : $0 } ?? Self.defaultOutput(for: file)
    // Before the work instead of after it: can the model be written?
    try refuseToReplace(
      file, with: "the model would replace the file it is trained on", at: output)
    let modelFile = try AtomicFile(path: output)

    let report = ProgressReport(isQuiet: results.quiet)
    let options = options
    let table = try Table(
      csv: file, options: try csvOptions(options), beside: TabularModel<Element>.fitUse)
    let device =
      try device.isAutomatic
      ? FastestDevice.find(table, options, element, note: report.note) : .default
    let fit = try withDevice(device) {
      try tune(table, Element.dtype, report)
      // Also before an error, which in a terminal must begin on a new line.
      defer { report.finish() }
      return try TabularModel<Element>.fit(table, options) { report.show($0) }
    }
    for warning in fit.warnings { report.warn("\(table.source): \(warning)") }
    let isStandardOutput = StandardOutput.isPlace(of: modelFile)
    try TabularModelFile.write(fit.model, to: modelFile, called: output)

    let summary = FitSummary(
      table: table, fit: fit, modelPath: output, device: device)
    let text = results.json ? summary.json.text + "\n" : summary.text
    if isStandardOutput { StandardError.writeRaw(text) } else { try StandardOutput.write(text) }
  }

  /// Finds a fast matrix product for a GPU that was never tuned, if the training is long.
  private func tune(_ table: borrowing Table, _ dtype: DType, _ report: ProgressReport) throws {
    #if OpenCL
      guard !options.isSolved else { return }
      let rows = Double(table.rowCount) * 0.6
      let features = table.sourceColumnCount - options.otherUse.count
      let isNetwork = options.kind != .linear
      let batchRows =
        switch training.batchSize ?? .rows(isNetwork ? 256 : 32) {
        case .rows(let count): min(count, table.rowCount)
        case .all: table.rowCount
        }
      let hidden = isNetwork ? [256, 256, 256] : options.hidden
      let tuning = AutomaticTuning(
        device: .default, dtype: dtype, widths: [features] + hidden + [1],
        batchRows: batchRows, trainedRows: rows * Double(options.epochs))
      try tuning.run(
        seconds: tuningSeconds ?? AutomaticTuning.seconds, note: report.note, warn: report.warn)
    #endif
  }

  /// How the file is read: columns that are not needed may hold anything.
  private func csvOptions(_ options: TabularOptions) throws -> CSVOptions {
    var csv = reading.options
    kinds.apply(to: &csv)
    if case .column(let name) = options.split { csv.categorical.insert(name) }
    csv.unused = Set(options.drop)
    csv.columns = options.features.map { $0 + options.otherUse }
    return csv
  }

  private var options: TabularOptions {
    var options = TabularOptions(target: target)
    columns.apply(to: &options)
    rows.apply(to: &options)
    training.apply(to: &options)
    return options
  }

  /// The input's name without folder and last extension, as a path in the current folder.
  static func defaultOutput(for file: String) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? ""
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return (stem.isEmpty || stem == "-" ? "model" : stem) + ".safetensors"
  }
}

/// Where the results of a command go.
struct ResultArguments: ParsableArguments {
  @Option(
    name: [.long, .customShort("o")],
    help: ArgumentHelp(
      "The model file (default: FILE's name with .safetensors, in this folder).",
      valueName: "model"))
  var output: String?

  @Flag(help: "Print one JSON object instead of the tables.")
  var json = false

  @Flag(help: "No progress and no warnings.")
  var quiet = false
}
