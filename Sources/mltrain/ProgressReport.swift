import CommandSupport
import Glibc
import Slope
import SlopeData
import Synchronization

/// Reports the progress of a training on standard error.
///
/// In a terminal it is a few lines that are updated at most ten times a second; elsewhere about ten lines
/// for each training. Nothing of the terminal is changed but the lines, so that nothing has to be restored
/// at any end.
final class ProgressReport: Sendable {
  private struct State {
    var display = TrainingDisplay()
    /// The columns of each line that is drawn; the cursor is in the last.
    var drawn: [Int] = []
    var lastDrawn: ContinuousClock.Instant?
    /// When the present training began, and its first step since then.
    var start: (time: ContinuousClock.Instant, step: Int)?
    var peakRate: Double?
    /// The last checkpoint, and whether a later one could not be written.
    var checkpoint: (path: String?, isOld: Bool) = (nil, false)

    /// Forgets the training before.
    mutating func begin() { (display, start) = (TrainingDisplay(), nil) }
  }

  private let isQuiet: Bool
  private let isLive: Bool
  private let isColoured: Bool
  private let log: EventLog?
  private let dtype: DType
  private let state = Mutex(State())

  /// A report of computations in `dtype`, which prints nothing if `isQuiet`; a log is told everything.
  init(isQuiet: Bool, log: EventLog? = nil, dtype: DType = .float32) {
    self.isQuiet = isQuiet
    self.log = log
    self.dtype = dtype
    let kind = Environment.value(of: "TERM") ?? "dumb"
    isLive = !isQuiet && StandardError.isTerminal && kind != "dumb"
    isColoured = Environment.value(of: "NO_COLOR") == nil
  }

  /// What is asked of a fit so that the display is live; nil if there is none.
  var stepEnded: (@Sendable (TabularStep) -> Void)? {
    guard isLive else { return nil }
    return { @Sendable [self] step in show(step) }
  }

  /// Shows the state after a step, if the display is due.
  private func show(_ step: TabularStep) {
    state.withLock { state in
      let now = ContinuousClock.now
      let perEpoch = max(1, step.stepsPerEpoch)
      let epoch = (step.step - 1) / perEpoch + 1
      // The epochs before this one are those of a training that goes on.
      if step.step <= state.display.step || state.display.errors.count >= epoch { state.begin() }
      if state.start == nil {
        state.peakRate = state.peakRate ?? peakRate()
        state.start = (ContinuousClock.now, step.step)
      }
      state.display.peakRate = state.peakRate
      state.display.step = step.step
      state.display.stepCount = step.stepCount
      state.display.epoch = epoch
      state.display.epochCount = max(1, step.stepCount / perEpoch)
      if let start = state.start, step.step > start.step {
        let (taken, seconds) = (Double(step.step - start.step), (now - start.time) / .seconds(1))
        let duration = seconds / taken
        state.display.rowsPerSecond = Double(step.rowCount) / duration
        state.display.rate = step.operations / duration
        state.peakRate = state.peakRate.map { max($0, step.operations / duration) }
        state.display.secondsLeft = Double(step.stepCount - step.step) * duration
      }
      guard isDue(state, now) else { return }
      state.display.memory = MachineMemory.resident
      draw(&state, now)
    }
  }

  /// Shows the state after an epoch, if a line is due.
  func show(_ progress: TabularProgress) {
    if !progress.isEarlier { log?.add(progress) }
    guard !isQuiet else { return }
    guard isLive else {
      if progress.isEarlier { return }
      let interval = max(1, progress.epochCount / 10)
      if progress.epoch == progress.epochCount || progress.epoch.isMultiple(of: interval) {
        StandardError.write(Self.line(progress))
      }
      return
    }
    state.withLock { state in
      let now = ContinuousClock.now
      if progress.epoch <= state.display.errors.count { state.begin() }
      state.display.title = Self.title(progress)
      (state.display.epoch, state.display.epochCount) = (progress.epoch, progress.epochCount)
      state.display.errorName = progress.errorName
      state.display.errors.append(progress.trainingError)
      state.display.scoreName = progress.metric.shortName
      if let score = progress.validationScore { state.display.scores.append(score) }
      if let best = progress.bestEpoch, best == progress.epoch, let score = progress.validationScore
      {
        state.display.best = (best, score)
      }
      if progress.epoch == progress.epochCount || isDue(state, now), !progress.isEarlier {
        draw(&state, now)
      }
    }
  }

  private func isDue(_ state: State, _ now: ContinuousClock.Instant) -> Bool {
    state.lastDrawn.map { now - $0 >= .milliseconds(100) } ?? true
  }

  /// Draws the lines over those before.
  private func draw(_ state: inout State, _ now: ContinuousClock.Instant) {
    state.lastDrawn = now
    let width = Self.width
    let lines = state.display.lines(width: width - 1, isColoured: isColoured)
    StandardError.writeRaw(
      Self.erased(state.drawn, width) + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n"))
    state.drawn = state.display.lines(width: width - 1, isColoured: false).map(\.count)
  }

  /// What erases some lines, whatever the terminal's width was when they were drawn.
  private static func erased(_ lines: [Int], _ width: Int) -> String {
    let rows = lines.reduce(0) { $0 + max(1, ($1 + width - 1) / width) }
    return "\r" + (rows > 1 ? "\u{1B}[\(rows - 1)A" : "") + "\u{1B}[J"
  }

  private func peakRate() -> Double? {
    dtype == .float64 ? Self.peakRate(of: Double.self) : Self.peakRate(of: Float.self)
  }

  /// The operations per second of a product of two matrices of 512 by 512 on the default device, the best of
  /// those in a twentieth of a second.
  private static func peakRate<Element: FloatingElement>(of element: Element.Type) -> Double? {
    let matrix = Tensor<Element>.ones([512, 512], on: .default)
    let clock = ContinuousClock()
    let start = clock.now
    var least = Double.infinity
    repeat {
      let time = clock.measure { _ = matmul(matrix, matrix)[0, 0].item() }
      least = min(least, time / .seconds(1))
    } while clock.now - start < .milliseconds(50)
    let operations = 2.0 * 512 * 512 * 512
    return least > 0 ? operations / least : nil
  }

  /// The columns of the terminal.
  private static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private static func title(_ progress: TabularProgress) -> String? {
    progress.trial.map { "networks \($0)" } ?? (progress.areFolds ? "folds" : nil)
  }

  private static func line(_ progress: TabularProgress) -> String {
    var line =
      (title(progress).map { $0 + ", " } ?? "")
      + "epoch \(progress.epoch) of \(progress.epochCount): training \(progress.errorName) "
      + progress.trainingError.figures
    if let score = progress.validationScore {
      let name = progress.metric.shortName
      line += ", validation \(name == progress.errorName ? "" : name + " ")\(score.figures)"
    }
    if let best = progress.bestEpoch { line += " (best at \(best))" }
    return line
  }

  /// Ends the lines that are updated.
  func finish() {
    state.withLock { state in
      if !state.drawn.isEmpty {
        state.display.seconds = state.start.map { (ContinuousClock.now - $0.time) / .seconds(1) }
        draw(&state, .now)
        StandardError.writeRaw("\n")
      }
      (state.drawn, state.lastDrawn) = ([], nil)
    }
  }

  /// Prints what takes time now.
  func note(_ text: String) {
    if !isQuiet { print(text) }
  }

  /// Says that a checkpoint could not be written, once until one can be.
  func show(_ checkpoint: Result<String, any Error>) {
    let before = state.withLock { state in
      let before = state.checkpoint
      if case .success(let path) = checkpoint {
        state.checkpoint = (path, false)
      } else {
        state.checkpoint.isOld = true
      }
      return before
    }
    switch checkpoint {
    case .success(let path):
      log?.add("checkpoint", [("path", .string(path))])
      if before.isOld { note("checkpoints are written again: \(path)") }
    case .failure(let error):
      let text = "no checkpoint: \(error)" + (before.path.map { "; the last one is \($0)" } ?? "")
      if before.isOld { log?.add("warning", [("message", .string(text))]) } else { warn(text) }
    }
  }

  /// Prints a warning.
  func warn(_ text: String) {
    log?.add("warning", [("message", .string(text))])
    if !isQuiet { print("warning: \(text)") }
  }

  /// Warns also where nothing else is printed: of a file that was asked for and is missing.
  func warnAlways(_ text: String) {
    log?.add("warning", [("message", .string(text))])
    print("warning: \(text)")
  }

  /// Prints a line, over those that are updated, which are drawn again.
  private func print(_ text: String) {
    state.withLock { state in
      let start = state.drawn.isEmpty ? "" : Self.erased(state.drawn, Self.width)
      StandardError.write(start + text.withControlsEscaped)
      state.drawn = []
    }
  }
}
