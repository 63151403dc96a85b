import SlopeData
import SlopeTraining

/// A callback that is functions.
final class TrainingEvents: TrainingCallback {
  private let afterEpoch: (EpochRecord) -> TrainingDecision
  private let goingOn: (TrainingHistory) -> Void

  /// What follows an epoch, and what is set before a training goes on.
  init(
    goingOn: @escaping (TrainingHistory) -> Void,
    afterEpoch: @escaping (EpochRecord) -> TrainingDecision
  ) {
    (self.goingOn, self.afterEpoch) = (goingOn, afterEpoch)
  }

  func epochEnded(_ record: EpochRecord, of epochCount: Int) -> TrainingDecision {
    afterEpoch(record)
  }

  func resumed(
    at step: Int, of stepCount: Int, after history: TrainingHistory, from state: Safetensors
  ) { goingOn(history) }
}
