public import SlopeData

/// What is told of a training as it goes, and can end it.
///
/// A type implements what it needs: everything has a default that does nothing.
///
/// ```swift
/// final class LossLog: TrainingCallback {
///   var losses: [Double] = []
///
///   func epochEnded(_ record: EpochRecord, of epochCount: Int) -> TrainingDecision {
///     losses.append(record.trainingLoss)
///     return record.trainingLoss < 0.01 ? .stop : .goOn
///   }
/// }
/// ```
///
/// Lightning's counterpart is `Callback`.
public protocol TrainingCallback: AnyObject {
  /// A step has been taken: the optimiser's, and the schedule's.
  ///
  /// Reading the loss of a step waits for the device; what a step computed is therefore not told.
  ///
  /// - Parameters:
  ///   - step: the number of the step in the training, from 1.
  ///   - stepCount: the number of steps if no epoch is left out.
  func stepEnded(_ step: Int, of stepCount: Int)

  /// An epoch has ended, its validation included.
  ///
  /// - Parameters:
  ///   - record: what the epoch gave.
  ///   - epochCount: the most epochs of the training.
  /// - Returns: whether the training goes on.
  func epochEnded(_ record: EpochRecord, of epochCount: Int) -> TrainingDecision

  /// A checkpoint has been written, or could not be; the training goes on in either case.
  ///
  /// - Parameter result: the path of the checkpoint, or the error.
  func checkpointEnded(_ result: Result<String, any Error>)

  /// What the callback must have back to go on from a checkpoint, such as an average.
  ///
  /// - Returns: tensors and texts, which the checkpoint keeps.
  func checkpointState() -> Safetensors

  /// The training goes on from a checkpoint; no step of it has been taken in this process.
  ///
  /// - Parameters:
  ///   - step: the steps that have been taken.
  ///   - stepCount: the number of steps if no epoch is left out.
  ///   - history: the epochs that have ended.
  ///   - state: what `checkpointState()` returned.
  /// - Throws: an error if the state is of another callback; the training then does not begin.
  func resumed(
    at step: Int, of stepCount: Int, after history: TrainingHistory, from state: Safetensors) throws
}

/// Whether a training goes on.
public enum TrainingDecision: Sendable {
  /// The next epoch follows.
  case goOn
  /// The training ends, with the parameters of the best epoch.
  case stop
}

extension TrainingCallback {
  /// Does nothing.
  public func stepEnded(_ step: Int, of stepCount: Int) {}

  /// Does nothing.
  public func checkpointEnded(_ result: Result<String, any Error>) {}

  /// Nothing.
  public func checkpointState() -> Safetensors { Safetensors() }

  /// Does nothing.
  public func resumed(
    at step: Int, of stepCount: Int, after history: TrainingHistory, from state: Safetensors
  ) throws {}

  /// Goes on.
  public func epochEnded(_ record: EpochRecord, of epochCount: Int) -> TrainingDecision { .goOn }
}
