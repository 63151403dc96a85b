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

  func run() throws { try run(goingOn: nil, device: nil) }

  /// Fits a model, from the beginning or going on in the folder of a run, on the device that it had.
  func run(goingOn folder: RunFolder?, device name: String?) throws {
    let interruption = TrainingInterruption()
    let watch = SignalWatch { signal in
      // Before the first step of a training, and after the last, there is nothing to save.
      if !interruption.isObserved { _exit(128 + signal) }
      interruption.request()
    }
    let device =
      try name.map { try Device(named: $0) } ?? device.device(for: training.dtype.dtype)
    let session = FitSession(
      interruption: interruption, watch: watch, folder: folder, isAutomatic: name == nil)
    try withDevice(device) {
      switch training.dtype {
      case .float32: try fit(Float.self, session)
      case .float64: try fit(Double.self, session)
      }
    }
  }

  private func fit<Element: FloatingElement>(
    _ element: Element.Type, _ session: FitSession
  ) throws {
    let output =
      results.output.map { $0 == "-" ? "/dev/stdout" : $0 } ?? Self.defaultOutput(for: file)
    // Before the work instead of after it: can the model be written?
    try refuseToReplace(
      file, with: "the model would replace the file it is trained on", at: output)
    let modelFile = try AtomicFile(path: output)

    let log = try eventLog(beside: modelFile, output)
    let report = ProgressReport(isQuiet: results.quiet, log: log)
    var options = options
    let table = try Table(
      csv: file, options: try csvOptions(options), beside: TabularModel<Element>.fitUse)
    let device =
      try self.device.isAutomatic && session.isAutomatic
      ? FastestDevice.find(table, options, element, note: report.note) : .default
    let board = try results.tensorboard.map {
      try TabularBoard(folder: $0, settings: settings(of: options, device))
    }
    let folder = try session.folder ?? runFolder(modelFile, output, device, report)
    options.interruption = session.interruption
    options.stepEnded = report.stepEnded
    if let folder {
      options.checkpoints = .every(
        checkpoints.checkpointEvery.interval, in: folder.path,
        keeping: checkpoints.checkpointsKept)
      options.resumes = session.folder != nil
      options.checkpointEnded = { report.show($0) }
    }
    log?.add(
      session.folder == nil ? "fit" : "resume",
      [
        ("file", .string(file)), ("target", .string(target)), ("device", .string("\(device)")),
        ("version", .string(SlopeVersion.description)),
      ])
    do {
      let fit = try withDevice(device) {
        try tune(table, Element.dtype, report)
        // Also before an error, which in a terminal must begin on a new line.
        defer { report.finish() }
        return try TabularModel<Element>.fit(table, options) { progress in
          report.show(progress)
          board?.add(progress)
        }
      }
      board?.add(fit)
      if let failure = board?.failure { report.warn("nothing more for TensorBoard: \(failure)") }
      for warning in fit.warnings { report.warn("\(table.source): \(warning)") }
      let isStandardOutput = StandardOutput.isPlace(of: modelFile)
      try TabularModelFile.write(fit.model, to: modelFile, called: output)
      folder?.remove()

      let summary = FitSummary(
        table: table, fit: fit, modelPath: output, device: device)
      log?.add("result", [("result", summary.json)])
      let text = results.json ? summary.json.text + "\n" : summary.text
      if isStandardOutput { StandardError.writeRaw(text) } else { try StandardOutput.write(text) }
    } catch let error as TrainingInterrupted {
      log?.add("stopped", [("step", .integer(error.step))])
      let goOn =
        folder.map { "; go on with: mltrain resume \($0.name.quotedForShell)" }
        ?? "; nothing is kept"
      StandardError.write("mltrain: stopped after step \(error.step)\(goOn)".withControlsEscaped)
      throw ExitCode(session.watch.exitCode ?? 1)
    } catch {
      // What fails in the same way again has nothing to go on with; memory or a disk may be there later.
      if let folder, Self.failsAgain(error) || session.folder == nil && !folder.hasCheckpoints {
        folder.remove()
      }
      log?.add("failed", [("message", .string("\(error)"))])
      throw error
    }
  }

  /// What TensorBoard's table of hyperparameters says of a fit.
  private func settings(of options: TabularOptions, _ device: Device) -> [(String, String)] {
    [
      ("file", file), ("target", target), ("model", "\(options.kind)"),
      ("quality", "\(options.quality)"), ("seed", "\(options.seed)"), ("device", "\(device)"),
      ("version", SlopeVersion.description),
    ]
  }

  /// Whether a fit that goes on ends with the same error.
  private static func failsAgain(_ error: any Error) -> Bool {
    if case TabularError.diverged = error { return true }
    return false
  }

  /// The file of `--log`, which must be neither what is read nor what is written.
  private func eventLog(beside modelFile: AtomicFile, _ output: String) throws -> EventLog? {
    guard let path = results.log else { return nil }
    try refuseToReplace(file, with: "the log would be added to the file it is trained on", at: path)
    try refuseToReplace(output, with: "the log would be added to the model", at: path)
    // Also where neither exists yet.
    if let place = try? FilePlace(following: path), let other = try? FilePlace(following: output),
      place == other
    {
      throw FileError(file: path, message: "the log would be added to the model")
    }
    return try EventLog(path: path)
  }

  /// The folder for checkpoints; nil for none.
  ///
  /// The usual one is beside the model. If another run has it, this run keeps no checkpoints there, and says
  /// so.
  private func runFolder(
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
    let name =
      (output.hasSuffix(".safetensors") ? String(output.dropLast(12)) : output) + ".run"
    do {
      return try RunFolder.make(name, try record(device))
    } catch let error as FileError {
      report.warn("no checkpoints are kept: \(error)")
      return nil
    }
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

/// What one run of `mltrain fit` has beside its arguments.
private struct FitSession {
  let interruption: TrainingInterruption
  let watch: SignalWatch
  /// The folder of the run that goes on; nil for a new one.
  let folder: RunFolder?
  /// Whether the device is still to be chosen.
  let isAutomatic: Bool
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

  @Option(
    help: ArgumentHelp(
      "A file to which a JSON object is appended for each epoch, checkpoint, warning and result.",
      valueName: "file"))
  var log: String?

  @Option(
    help: ArgumentHelp(
      "A folder for TensorBoard: a run for each training, and the result.", valueName: "folder"))
  var tensorboard: String?
}
