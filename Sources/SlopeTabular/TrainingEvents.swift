import SlopeTraining

/// A callback that is a function.
final class TrainingEvents: TrainingCallback {
  private let afterEpoch: (EpochRecord) -> TrainingDecision

  init(afterEpoch: @escaping (EpochRecord) -> TrainingDecision) {
    self.afterEpoch = afterEpoch
  }

  func epochEnded(_ record: EpochRecord, of epochCount: Int) -> TrainingDecision {
    afterEpoch(record)
  }
}
