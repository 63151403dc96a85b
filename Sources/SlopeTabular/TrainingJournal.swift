import Glibc
import SlopeCore
import SlopeData
import SlopeTraining
import Synchronization

/// The trainings of one fit, which follow one another, each with a folder for its checkpoints.
///
/// A fit that goes on runs from the beginning: what is computed without steps is computed again, a training
/// that had ended gives what it gave, and one that had not goes on.
final class TrainingJournal: Sendable {
  private let plan: CheckpointPlan?
  private let interruption: TrainingInterruption?
  private let checkpointEnded: (@Sendable (Result<String, any Error>) -> Void)?
  private let stepEnded: (@Sendable (TabularStep) -> Void)?
  private let count = Mutex(0)

  /// A journal of a fit that has not begun.
  ///
  /// Throws `FileError` if there are checkpoints of another fit, unless the fit is to go on from them.
  init(_ options: TabularOptions) throws {
    (plan, interruption) = (options.checkpoints, options.interruption)
    (checkpointEnded, stepEnded) = (options.checkpointEnded, options.stepEnded)
    guard let plan, !options.resumes else { return }
    if isDirectory(Self.folder(1, of: plan)) {
      throw FileError(
        file: plan.folder, message: "has checkpoints of another fit: resume it, or remove them")
    }
  }

  /// The checkpoints of the next training.
  func next() -> JournalEntry {
    let number = count.withLock { count in
      count += 1
      return count
    }
    var own = plan
    if let plan { own?.folder = Self.folder(number, of: plan) }
    return JournalEntry(
      plan: own, interruption: interruption, checkpointEnded: checkpointEnded,
      stepEnded: stepEnded)
  }

  private static func folder(_ number: Int, of plan: CheckpointPlan) -> String {
    plan.folder + "/training-" + (number < 10 ? "0" : "") + "\(number)"
  }
}

/// One training of a fit.
struct JournalEntry {
  var plan: CheckpointPlan?
  var interruption: TrainingInterruption?
  /// Is told of each checkpoint.
  var checkpointEnded: (@Sendable (Result<String, any Error>) -> Void)?
  /// Is told of each step.
  var stepEnded: (@Sendable (TabularStep) -> Void)?

  /// The most epochs of a training that had begun; nil if none had.
  var epochs: Int? {
    get throws { try plan.flatMap { try TrainingCheckpoint.epochs(in: $0.folder) } }
  }

  private static let declined = "/declined"

  /// Whether the fit that is gone on with had no time for this training.
  var isDeclined: Bool { plan.map { access($0.folder + Self.declined, F_OK) == 0 } ?? false }

  /// Says that there is no time for this training, so that a fit that goes on does not begin it either.
  ///
  /// - Throws: `FileError` if that cannot be written down.
  func decline() throws {
    guard let plan else { return }
    try makeFolder(plan.folder)
    let file = try AtomicFile(path: plan.folder + Self.declined)
    try file.write("")
    try file.commit()
  }

  /// Has a training go on where it was, and write its checkpoints.
  ///
  /// - Parameters:
  ///   - trainer: the trainer, as it was made for the training.
  ///   - batch: all rows, which must be those of the checkpoint.
  ///   - generators: what is drawn from, beside the loader.
  ///   - size: how large a step is.
  /// - Throws: `FileError` for checkpoints that cannot be read.
  func apply<Element: FloatingElement>(
    to trainer: Trainer<Element, NetworkRows<Element>.Batch>, _ batch: NetworkRows<Element>.Batch,
    _ generators: [Generator], _ size: StepSize
  ) throws {
    trainer.interruption = interruption
    trainer.generators = generators
    if let stepEnded { trainer.callbacks.append(Steps(size, stepEnded)) }
    guard let plan else { return }
    trainer.checkpoints = plan
    trainer.data = batch.checksum
    if let checkpointEnded { trainer.callbacks.append(Checkpoints(tell: checkpointEnded)) }
    try trainer.resume(from: plan.folder)
  }
}

/// How large a step of a training is.
struct StepSize {
  let stepsPerEpoch: Int
  /// The last epoch, if that is known.
  let lastEpoch: Int?
  /// The rows of a step; of networks side by side those of each.
  let rowCount: Int
  /// The multiply-adds of a row's products, forward.
  let multiplyAdds: Int
}

/// Hands over the steps.
private final class Steps: TrainingCallback {
  private let size: StepSize
  private let tell: (TabularStep) -> Void

  init(_ size: StepSize, _ tell: @escaping (TabularStep) -> Void) {
    (self.size, self.tell) = (size, tell)
  }

  func stepEnded(_ step: Int, of stepCount: Int) {
    // A product has two derivatives, and each multiply-add is two operations.
    tell(
      TabularStep(
        step: step,
        stepCount: size.lastEpoch.map { min(stepCount, $0 * size.stepsPerEpoch) } ?? stepCount,
        stepsPerEpoch: size.stepsPerEpoch,
        rowCount: size.rowCount, operations: 6 * Double(size.rowCount) * Double(size.multiplyAdds)))
  }
}

/// Hands over the checkpoints.
private final class Checkpoints: TrainingCallback {
  private let tell: (Result<String, any Error>) -> Void

  init(tell: @escaping (Result<String, any Error>) -> Void) { self.tell = tell }

  func checkpointEnded(_ result: Result<String, any Error>) { tell(result) }
}

extension NetworkRows.Batch {
  /// A number that differs where the rows do.
  fileprivate var checksum: String {
    var checksum = Checksum()
    func add(_ tensor: Tensor<some TensorElement>) {
      tensor.withScalars { $0.bytes.withUnsafeBytes { checksum.update($0) } }
    }
    add(features)
    if let numbers { add(numbers) }
    if let classes { add(classes) }
    if let weights { add(weights) }
    return checksum.text
  }
}

private func isDirectory(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
