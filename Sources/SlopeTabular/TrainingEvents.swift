import SlopeTraining

/// A callback that is two functions.
final class TrainingEvents: TrainingCallback {
  private let afterStep: (_ step: Int, _ stepCount: Int) -> Void
  private let afterEpoch: (EpochRecord) -> TrainingDecision

  init(
    afterStep: @escaping (_ step: Int, _ stepCount: Int) -> Void = { _, _ in },
    afterEpoch: @escaping (EpochRecord) -> TrainingDecision
  ) {
    self.afterStep = afterStep
    self.afterEpoch = afterEpoch
  }

  func stepEnded(_ step: Int, of stepCount: Int) { afterStep(step, stepCount) }

  func epochEnded(_ record: EpochRecord, of epochCount: Int) -> TrainingDecision {
    afterEpoch(record)
  }
}
