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

  /// Goes on.
  public func epochEnded(_ record: EpochRecord, of epochCount: Int) -> TrainingDecision { .goOn }
}
