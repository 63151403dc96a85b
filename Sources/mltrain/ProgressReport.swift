import CommandSupport
import Slope

/// Reports the progress of a training on standard error.
///
/// In a terminal it is one line that is updated, elsewhere about ten lines.
final class ProgressReport {
  private let isQuiet: Bool
  private let isLive: Bool
  private let clock = ContinuousClock()
  private var lastShown: ContinuousClock.Instant?

  /// A report, which prints nothing if `isQuiet`.
  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    isLive = !isQuiet && StandardError.isTerminal
  }

  /// Shows the state after an epoch, if a line is due.
  func show(_ progress: TabularProgress) {
    guard !isQuiet else { return }
    let isLast = progress.epoch == progress.epochCount
    if isLive {
      let now = clock.now
      if let lastShown, !isLast, now - lastShown < .milliseconds(100) { return }
      lastShown = now
    } else {
      let interval = max(1, progress.epochCount / 10)
      guard isLast || progress.epoch.isMultiple(of: interval) else { return }
    }
    var line =
      (progress.trial.map { "networks \($0), " } ?? (progress.areFolds ? "folds, " : ""))
      + "epoch \(progress.epoch) of \(progress.epochCount): training \(progress.errorName) "
      + progress.trainingError.shortened
    if let score = progress.validationScore {
      let name = progress.metric.shortName
      line += ", validation \(name == progress.errorName ? "" : name + " ")\(score.shortened)"
    }
    if let best = progress.bestEpoch { line += " (best at \(best))" }
    // Back to the start of the line, and clear the rest of a longer one.
    StandardError.writeRaw(isLive ? "\r\(line)\u{1B}[K" : line + "\n")
  }

  /// Ends the line that is updated.
  func finish() {
    if isLive, lastShown != nil { StandardError.writeRaw("\n") }
  }

  /// Prints what takes time now.
  func note(_ text: String) {
    if !isQuiet { StandardError.write(text.withControlsEscaped) }
  }

  /// Prints a warning.
  func warn(_ text: String) {
    if !isQuiet { StandardError.write("warning: \(text)".withControlsEscaped) }
  }
}
