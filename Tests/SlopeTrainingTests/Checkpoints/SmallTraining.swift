import FoundationEssentials
import Glibc
import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import TestSupport
import Testing

@testable import SlopeTraining

/// A small training for tests of its checkpoints.
enum SmallTraining {
  typealias Rows = TensorDataset<Float, Float>

  /// A trainer of one weight on some rows, which takes a step for each row.
  static func trainer(
    _ plan: CheckpointPlan? = nil, callbacks: [any TrainingCallback] = [],
    optimizer: (([Parameter<Float>]) -> Optimizer<Float>)? = nil,
    schedule: LearningRateSchedule? = nil
  ) -> Trainer<Float, Rows.Batch> {
    let layer = Linear(weight: Parameter(Tensor<Float>([[0]])), bias: nil)
    return Trainer(
      layer, loss: MSELoss(),
      optimizer: optimizer?(layer.parameters()) ?? SGD(layer.parameters(), learningRate: 0.05),
      schedule: schedule, callbacks: callbacks, checkpoints: plan)
  }

  static func loader(_ count: Int = 5, size: Int = 1) -> DataLoader<Rows> {
    DataLoader(
      Rows(Tensor<Float>.ones([count, 1]), Tensor<Float>.full([count, 1], 3)), batchSize: size)
  }
}

/// Asks a training to stop after a step.
final class StopAfterStep: TrainingCallback {
  private let step: Int
  private let interruption: TrainingInterruption
  init(_ step: Int, _ interruption: TrainingInterruption) {
    (self.step, self.interruption) = (step, interruption)
  }
  func stepEnded(_ step: Int, of stepCount: Int) {
    if step == self.step { interruption.request() }
  }
}

/// Keeps what a training says of its checkpoints.
final class CheckpointLog: TrainingCallback {
  var written: [String] = []
  var errors: [String] = []
  func checkpointEnded(_ result: Result<String, any Error>) {
    switch result {
    case .success(let path): written.append(path)
    case .failure(let error): errors.append("\(error)")
    }
  }
}
