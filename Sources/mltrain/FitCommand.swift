import ArgumentParser
import CommandSupport
import Slope
import SlopeData
import SlopeTabular

#if OpenCL
  import SlopeTuning
#endif

/// `mltrain fit`: trains a regression model on the numbers of a CSV file.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Train a model that predicts one column of a CSV file from the others.",
    discussion: """
      Reads a header and numbers, standardises the columns by the training part, trains, prints \
      how good the model is on each part beside always predicting the training part's mean, and \
      writes the model. Everything is reported in the file's units.
      """)

  @Argument(help: "The CSV file; - is standard input.")
  var file: String

  @Option(help: "The column to predict.")
  var target: String

  @Option(
    help: ArgumentHelp(
      "Widths of hidden layers, as 64,64; a linear model without.",
      valueName: "widths"))
  var hidden: Widths?

  @Option(help: "The function after each hidden layer.")
  var activation = Activation.relu

  @Option(
    help: ArgumentHelp(
      "Fractions of the rows for training, validation and test (default: 0.6,0.2,0.2).",
      valueName: "fractions"))
  var split: Fractions?

  @Option(
    help: ArgumentHelp("A column that says train, validation or test.", valueName: "column"))
  var splitColumn: String?

  @Option(help: "How often the training rows are gone through.")
  var epochs = 200

  @Option(help: ArgumentHelp("Rows in a step, or all.", valueName: "rows"))
  var batchSize = TabularOptions.BatchSize.rows(32)

  @Option(
    help: ArgumentHelp(
      """
      The first step's learning rate, which falls to 0 along half a cosine (default: 0.02, 0.005 \
      with hidden layers, less with over 50 features; adagrad 0.05 and 0.01, the others 0.005 and \
      0.001).
      """, valueName: "rate"))
  var learningRate: NumberArgument?

  @Option(help: "The momentum of sgd (default: 0.9) or rmsprop (default: 0).")
  var momentum: NumberArgument?

  @Option(help: "How parameters follow their gradients.")
  var optimizer = OptimizerKind.sgd

  @Option(help: "Where the random numbers start.")
  var seed: UInt64 = 42

  @Option(help: "The numbers that the model computes with.")
  var dtype = ModelElement.float32

  @OptionGroup
  var device: DeviceOption

  @Option(
    name: [.long, .customShort("o")],
    help: ArgumentHelp(
      "The model file (default: FILE's name with .safetensors, in this folder).",
      valueName: "model"))
  var output: String?

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(help: "No progress and no warnings.")
  var quiet = false

  @Option(help: .hidden)
  var tuningSeconds: Double?

  func validate() throws {
    if epochs < 1 { throw ValidationError("--epochs \(epochs): at least 1 is needed.") }
    if split != nil, splitColumn != nil {
      throw ValidationError("--split and --split-column exclude each other.")
    }
    if let learningRate, !(learningRate.value > 0 && learningRate.value.isFinite) {
      throw ValidationError("--learning-rate \(learningRate): not a positive number.")
    }
    if let tuningSeconds, !(tuningSeconds >= 0 && tuningSeconds < 1e6) {
      throw ValidationError("--tuning-seconds \(tuningSeconds): not a number of seconds.")
    }
    if let momentum {
      guard optimizer.hasMomentum else {
        throw ValidationError("--momentum is for --optimizer sgd or rmsprop.")
      }
      guard (0..<1).contains(momentum.value) else {
        throw ValidationError("--momentum \(momentum): not at least 0 and below 1.")
      }
    }
  }

  func run() throws {
    try withDevice(try device.device(for: dtype.dtype)) {
      switch dtype {
      case .float32: try fit(Float.self)
      case .float64: try fit(Double.self)
      }
    }
  }

  private func fit<Element: FloatingElement>(_ element: Element.Type) throws {
    let output = output ?? Self.defaultOutput(for: file)
    // Before the work instead of after it: can the model be written?
    try refuseToReplace(
      file, with: "the model would replace the file it is trained on", at: output)
    let modelFile = try AtomicFile(path: output)

    let report = ProgressReport(isQuiet: quiet)
    let table = try Table(
      csv: file, textColumns: splitColumn.map { [$0] } ?? [],
      beside: TabularModel<Element>.fitUse)
    let source = FitSummary<Element>.Source(table)
    try tune(table, Element.dtype, report)
    let fit = try {
      // Also before an error, which in a terminal must begin on a new line.
      defer { report.finish() }
      return try TabularModel<Element>.fit(consume table, options) { report.show($0) }
    }()
    for warning in fit.warnings { report.warn("\(source.name): \(warning)") }
    let isStandardOutput = StandardOutput.isPlace(of: modelFile)
    try TabularModelFile.write(fit.model, to: modelFile, called: output)

    let summary = FitSummary(
      source: source, fit: fit, seed: seed, epochs: epochs, modelPath: output, device: .default)
    let text = json ? summary.json.text + "\n" : summary.text
    if isStandardOutput { StandardError.writeRaw(text) } else { try StandardOutput.write(text) }
  }

  /// Finds a fast matrix product for a GPU that was never tuned, if the training is long.
  private func tune(_ table: borrowing Table, _ dtype: DType, _ report: ProgressReport) throws {
    #if OpenCL
      let rows = Double(table.rowCount) * 0.6
      let features = table.sourceColumnCount - (splitColumn == nil ? 1 : 2)
      let batchRows =
        switch batchSize {
        case .rows(let count): min(count, table.rowCount)
        case .all: table.rowCount
        }
      let tuning = AutomaticTuning(
        device: .default, dtype: dtype, widths: [features] + (hidden?.values ?? []) + [1],
        batchRows: batchRows, trainedRows: rows * Double(epochs))
      try tuning.run(
        seconds: tuningSeconds ?? AutomaticTuning.seconds, note: report.note, warn: report.warn)
    #endif
  }

  private var options: TabularOptions {
    var options = TabularOptions(target: target)
    options.hidden = hidden?.values ?? []
    options.activation = activation
    if let split { options.split = split.split }
    if let splitColumn { options.split = .column(splitColumn) }
    options.epochs = epochs
    options.batchSize = batchSize
    options.learningRate = learningRate?.value
    options.momentum = momentum?.value
    options.optimizer = optimizer
    options.seed = seed
    return options
  }

  /// The input's name without folder and last extension, as a path in the current folder.
  static func defaultOutput(for file: String) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? ""
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return (stem.isEmpty || stem == "-" ? "model" : stem) + ".safetensors"
  }
}
