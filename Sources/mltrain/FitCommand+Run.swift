import ArgumentParser
import CommandSupport
import Slope
import SlopeData
import SlopePlot
import SlopeReport
import SlopeTabular
import SlopeTraining
import Synchronization

/// What one run of `mltrain fit` has beside its arguments.
struct FitSession {
  let interruption: TrainingInterruption
  let watch: SignalWatch
  /// The folder of the run, which is made or goes on.
  let open: OpenRun
  /// The folder of the run that goes on; nil for a new one.
  var folder: RunFolder? { open.resumed }
  /// Whether the device is still to be chosen.
  let isAutomatic: Bool
  /// The command's arguments, after its name.
  let arguments: [String]

  /// The command that does the same, for a shell.
  var command: String {
    (["mltrain", "fit"] + arguments.map(\.wordForShell))
      .joined(separator: " ")
  }
}

/// The folder of the checkpoints of a run, known to the thread that waits for signals.
final class OpenRun: Sendable {
  /// The folder of a run that goes on.
  let resumed: RunFolder?
  private let state: Mutex<(folder: RunFolder?, model: String?)>

  init(_ resumed: RunFolder?) {
    self.resumed = resumed
    state = Mutex((resumed, nil))
  }

  /// Sets the folder that was made.
  func set(_ made: RunFolder?) { state.withLock { $0.folder = made } }

  /// Removes the folder, since the model is written.
  func end(modelAt path: String) {
    state.withLock { state in
      state.folder?.remove()
      state = (nil, path)
    }
  }

  /// Whether the model is written.
  var hasEnded: Bool { state.withLock { $0.model != nil } }

  /// How to go on, or that there is nothing to go on with; a folder without checkpoints is removed.
  var whatIsKept: String {
    state.withLock { state in
      if let model = state.model { return "; the model is written: \(model)" }
      guard let folder = state.folder else { return "; nothing is kept" }
      guard folder.hasCheckpoints else {
        folder.remove()
        return "; nothing is kept"
      }
      return "; go on with: mltrain resume \(folder.name.quotedForShell)"
    }
  }
}

/// The files that a fit writes, opened before its work, so that one that cannot be written is known then.
struct FitFiles {
  let modelPath: String
  let model: AtomicFile
  let page: AtomicFile?
  let plot: PlotFile?
  let log: EventLog?
  /// So that no other training writes them meanwhile; for as long as they are kept.
  let claims: [PathClaim]

  /// Opens the files that `results` name; throws where one would replace the table or another of them.
  init(_ results: ResultArguments, table: String, config: String?) throws {
    modelPath =
      results.output.map { $0 == "-" ? "/dev/stdout" : $0 } ?? FitCommand.defaultOutput(for: table)
    try refuseToReplace(
      table, with: "the model would replace the file it is trained on", at: modelPath)
    if let config {
      try refuseToReplace(
        config, with: "the model would replace the file of its options", at: modelPath)
    }
    model = try AtomicFile(path: modelPath)
    var others = [modelPath]
    /// Throws if writing to a path changes the table or what is written elsewhere.
    func claim(_ path: String, _ what: String, _ verb: String) throws {
      if let config {
        try refuseToReplace(
          config, with: "the \(what) would \(verb) the file of its options", at: path)
      }
      try refuseToReplace(
        table, with: "the \(what) would \(verb) the file it is trained on", at: path)
      for (index, other) in others.enumerated() {
        let message = "the \(what) would \(verb) the \(index == 0 ? "model" : "other results")"
        try refuseToReplace(other, with: message, at: path)
        // Also where neither exists yet.
        if let place = try? FilePlace(following: path),
          let there = try? FilePlace(following: other),
          place == there
        {
          throw FileError(file: path, message: message)
        }
      }
      others.append(path)
    }
    if let path = results.log { try claim(path, "log", "be added to") }
    let report = results.report.map { $0 == "-" ? "/dev/stdout" : $0 }
    if let path = report { try claim(path, "report", "replace") }
    if let path = results.plot { try claim(path, "plot", "replace") }
    if let path = results.tensorboard { try claim(path, "folder for TensorBoard", "replace") }
    page = try report.map { try AtomicFile(path: $0) }
    plot = try results.plot.map { try PlotFile(path: $0) }
    claims = try [modelPath, report, results.plot].compactMap { path in
      guard let path, let place = try? FilePlace(following: path) else { return nil }
      guard let claim = PathClaim(place) else {
        throw FileError(file: path, message: "another training is about to write it")
      }
      return claim
    }
    log = try results.log.map { try EventLog(path: $0) }
  }
}

extension FitCommand {
  /// Fits a model of an element type and writes the results.
  func fit<Element: FloatingElement>(
    _ element: Element.Type, _ session: FitSession
  ) throws {
    let files = try FitFiles(results, table: file, config: config.config)
    defer { withExtendedLifetime(files.claims) {} }
    let report = ProgressReport(isQuiet: results.quiet, log: files.log, dtype: Element.dtype)
    let table = try Table(
      csv: file, options: try csvOptions(options), beside: TabularModel<Element>.fitUse)
    let device =
      try self.device.isAutomatic && session.isAutomatic
      ? FastestDevice.find(table, options, element, note: report.note) : .default
    let board = try results.tensorboard.map {
      try TabularBoard(folder: $0, settings: settings(of: options, device))
    }
    let folder = try session.folder ?? runFolder(files.model, files.modelPath, device, report)
    session.open.set(folder)
    files.log?.add(
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
        return try TabularModel<Element>.fit(table, options(session, folder, report)) { progress in
          report.show(progress)
          board?.add(progress)
        }
      }
      for warning in fit.warnings { report.warn("\(table.source): \(warning)") }
      let isStandardOutput =
        StandardOutput.isPlace(of: files.model)
        || files.page.map { StandardOutput.isPlace(of: $0) } ?? false
      try TabularModelFile.write(fit.model, to: files.model, called: files.modelPath)
      session.open.end(modelAt: files.modelPath)
      let summary = FitSummary(
        table: table, fit: fit, modelPath: files.modelPath, device: device)
      files.log?.add("result", [("result", summary.json)])
      let text = results.json ? summary.json.text + "\n" : summary.text
      if isStandardOutput { StandardError.writeRaw(text) } else { try StandardOutput.write(text) }
      // The model is safe, and what it is worth is told: whatever happens now loses neither.
      try withDevice(device) { try writePictures(of: fit, table, session, files, report) }
      board?.add(fit)
      if let failure = board?.failure { report.warn("nothing more for TensorBoard: \(failure)") }
      if let fault = files.log?.fault { report.warn("\(fault)") }
    } catch let error as TrainingInterrupted {
      files.log?.add("stopped", [("step", .integer(error.step))])
      let kept = session.open.whatIsKept
      StandardError.write("mltrain: stopped after step \(error.step)\(kept)".withControlsEscaped)
      throw ExitCode(session.watch.exitCode ?? 1)
    } catch {
      // What fails in the same way again has nothing to go on with; memory or a disk may be there later.
      if !session.open.hasEnded, let folder,
        Self.failsAgain(error) || session.folder == nil && !folder.hasCheckpoints
      {
        folder.remove()
      }
      files.log?.add("failed", [("message", .string("\(error)"))])
      throw error
    }
  }

  /// The options of the fit, with what this run keeps and shows of it.
  private func options(
    _ session: FitSession, _ folder: RunFolder?, _ report: ProgressReport
  ) -> TabularOptions {
    var options = options
    options.interruption = session.interruption
    options.stepEnded = report.stepEnded
    if let folder {
      options.checkpoints = .every(
        checkpoints.checkpointEvery.interval, in: folder.path,
        keeping: checkpoints.checkpointsKept)
      options.resumes = session.folder != nil
      options.checkpointEnded = { report.show($0) }
    }
    return options
  }

  /// What TensorBoard's table of hyperparameters says of a fit.
  private func settings(
    of options: TabularOptions, _ device: Device
  ) -> [(String, TensorBoardWriter.Setting)] {
    [("file", .text(file)), ("target", .text(target)), ("device", .text("\(device)"))]
      + options.settings + [("version", .text(SlopeVersion.description))]
  }

  /// Writes the page and the chart that were asked for.
  private func writePictures<Element: FloatingElement>(
    of fit: TabularFit<Element>, _ table: Table, _ session: FitSession, _ files: FitFiles,
    _ report: ProgressReport
  ) throws {
    if let plot = files.plot {
      let training = fit.model.schema.training
      let chart =
        training?.curve?.chart(metric: fit.metric, bestEpoch: training?.bestEpoch)
        ?? training?.otherCurve?.chart(metric: fit.metric)
      if let chart {
        try plot.write(chart)
      } else {
        report.warnAlways(
          "no plot is written: a linear model that is solved has no errors by epoch")
      }
    }
    if let page = files.page {
      var about = try TabularReport(fit, table: table, weights: rows.weight)
      about.command = session.command
      try about.write(to: page)
    }
  }

  /// Whether a fit that goes on ends with the same error.
  private static func failsAgain(_ error: any Error) -> Bool {
    if case TabularError.diverged = error { return true }
    return false
  }
}
