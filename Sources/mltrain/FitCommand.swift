import ArgumentParser
import CommandSupport
import Glibc
import Slope
import SlopeData
import SlopeTabular
import SlopeTraining

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

  @Argument(help: "The CSV file; - is standard input.", completion: .file())
  var file: String

  @Option(
    help: ArgumentHelp("The column to predict.", valueName: "column"), completion: .columns)
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

  @OptionGroup(title: "Checkpoints")
  var checkpoints: CheckpointArguments

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
    try run(goingOn: nil, device: nil, arguments: Array(CommandLine.arguments.dropFirst(2)))
  }

  /// Fits a model, from the beginning or going on in the folder of a run, on the device that it had.
  func run(goingOn folder: RunFolder?, device name: String?, arguments: [String]) throws {
    let interruption = TrainingInterruption()
    let open = OpenRun(folder)
    let watch = SignalWatch { signal in
      if interruption.isObserved { return interruption.request() }
      // Before the first step of a training, and after the last, there is nothing to save.
      StandardError.write("mltrain: stopped\(open.whatIsKept)".withControlsEscaped)
      _exit(128 + signal)
    }
    let device =
      try name.map { try Device(named: $0) } ?? device.device(for: training.dtype.dtype)
    let session = FitSession(
      interruption: interruption, watch: watch, open: open, isAutomatic: name == nil,
      arguments: arguments)
    try withDevice(device) {
      switch training.dtype {
      case .float32: try fit(Float.self, session)
      case .float64: try fit(Double.self, session)
      }
    }
  }

  /// The folder for checkpoints; nil for none.
  ///
  /// The usual one is beside the model. If another run has it, this run takes one with a number, and says so.
  func runFolder(
    _ modelFile: AtomicFile, _ output: String, _ device: Device, _ report: ProgressReport
  ) throws -> RunFolder? {
    guard !checkpoints.noCheckpoints, !options.isSolved else { return nil }
    let isRegular = isRegularFile(file)
    if let name = checkpoints.checkpoint {
      guard isRegular else {
        throw FileError(file: name, message: "no checkpoints: \(file) cannot be read again")
      }
      return try RunFolder.make(name, try record(device))
    }
    guard isRegular, modelFile.isReplaced else { return nil }
    let name = output.hasSuffix(".safetensors") ? String(output.dropLast(12)) : output
    let record = try record(device)
    var first: FileError?
    for number in 1...9 {
      let folder = name + (number == 1 ? "" : "-\(number)") + ".run"
      do {
        let made = try RunFolder.make(folder, record)
        if let first { report.warn("\(first); the checkpoints of this fit are in \(folder)") }
        return made
      } catch let error as FileError {
        first = first ?? error
      }
    }
    if let first { report.warn("no checkpoints are kept: \(first)") }
    return nil
  }

  private func record(_ device: Device) throws -> RunFolder.Record {
    let arguments = try ConfigFile.expanding(
      Array(CommandLine.arguments.dropFirst()), for: MLTrain.self)
    guard let folder = getcwd(nil, 0) else {
      throw FileError(file: ".", message: "cannot be read: \(systemMessage(errno))")
    }
    defer { free(folder) }
    let (byteCount, checksum) = try RunFolder.Record.fingerprint(of: file)
    return RunFolder.Record(
      arguments: Array(arguments.dropFirst()), workingFolder: String(cString: folder), file: file,
      fileByteCount: byteCount, fileChecksum: checksum, device: "\(device)")
  }

  /// Finds a fast matrix product for a GPU that was never tuned, if the training is long.
  func tune(_ table: borrowing Table, _ dtype: DType, _ report: ProgressReport) throws {
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
  func csvOptions(_ options: TabularOptions) throws -> CSVOptions {
    var csv = reading.options
    kinds.apply(to: &csv)
    if case .column(let name) = options.split { csv.categorical.insert(name) }
    csv.unused = Set(options.drop)
    csv.columns = options.features.map { $0 + options.otherUse }
    return csv
  }

  var options: TabularOptions {
    var options = TabularOptions(target: target)
    columns.apply(to: &options)
    rows.apply(to: &options)
    training.apply(to: &options)
    return options
  }

  /// The input's name without folder and last extension, as a path in the current folder.
  static func defaultOutput(for file: String, ending: String = ".safetensors") -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? ""
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return (stem.isEmpty || stem == "-" ? "model" : stem) + ending
  }
}

/// Where the results of a command go.
struct ResultArguments: ParsableArguments {
  @Option(
    name: [.long, .customShort("o")],
    help: ArgumentHelp(
      "The model file (default: FILE's name with .safetensors, in this folder).",
      valueName: "model"), completion: .file())
  var output: String?

  @Flag(help: "Print one JSON object instead of the tables.")
  var json = false

  @Flag(help: "No progress and no warnings.")
  var quiet = false

  @Option(
    help: ArgumentHelp(
      "A page about model, predictions and columns to write, as HTML in one file.",
      valueName: "file"), completion: .file())
  var report: String?

  @Option(
    help: ArgumentHelp(
      "A chart of the errors by epoch to write; the name ends in .svg or .png.", valueName: "file"),
    completion: .file())
  var plot: String?

  @Option(
    help: ArgumentHelp(
      "A file to which a JSON object is appended for each epoch, checkpoint, warning and result.",
      valueName: "file"), completion: .file())
  var log: String?

  @Option(
    help: ArgumentHelp(
      "A folder for TensorBoard: a run for each training, and the result.", valueName: "folder"),
    completion: .directory)
  var tensorboard: String?

  func validate() throws {
    if let plot, !plot.hasSuffix(".svg"), !plot.hasSuffix(".png") {
      throw ValidationError("--plot \(plot): a plot's file ends in .svg or .png.")
    }
  }
}
