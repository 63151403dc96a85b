import FoundationEssentials
import Glibc
import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import TestSupport
import Testing

@testable import SlopeTraining

/// Trainings that are stopped after each of their steps and go on in a trainer made anew.
struct CheckpointTests {
  /// What a training leaves behind.
  private struct Outcome: Equatable {
    var state: [String: [Float]]
    var optimizer: [[Float]]
    var steps: [Int]
    var rates: [Double]
    var averages: [[Float]]
    var losses: [Double]
    var validation: [Double?]
    var isBest: [Bool]
    var rowCounts: [Int]
    var draws: [Float]
  }

  /// How the rows of an epoch are drawn.
  enum Order: CaseIterable {
    case asTheyAre, shuffled, shuffledByAGenerator, weighted
  }

  /// A training of two epochs of four batches, the last of which is short, with everything that has a state.
  private struct Case {
    let order: Order
    var interval = LearningRateInterval.step

    enum LearningRateInterval { case step, epoch }

    func run(in folder: String?, stoppingAfter step: Int? = nil) throws -> Outcome {
      manualSeed(11)
      let own = Generator(seed: 4)
      let x = Tensor<Float>.normal([19, 3], generator: Generator(seed: 1))
      let y = (x[0..., 0] - 2 * x[0..., 1]).unsqueezed(at: 1)
      let rows = TensorDataset(x[0..<14], y[0..<14])
      let loader =
        switch order {
        case .asTheyAre: DataLoader(rows, batchSize: 4)
        case .shuffled: DataLoader(rows, batchSize: 4, shuffle: true)
        case .shuffledByAGenerator:
          DataLoader(rows, batchSize: 4, shuffle: true, generator: own)
        case .weighted:
          DataLoader(
            rows, batchSize: 4,
            sampler: WeightedRandomSampler(
              weights: (1...14).map(Double.init), count: 14, generator: own))
        }
      let model = Sequential<Float>(
        Linear(3, 6), BatchNorm1d(6), Tanh(), Dropout(p: 0.3),
        Dropout(p: 0.2, generator: Generator(seed: 9, algorithm: .philox)), Linear(6, 1))
      let average = StochasticWeightAverage(model)
      let interruption = TrainingInterruption()
      let trainer = Trainer(
        model, loss: MSELoss(), optimizer: Adam(model.parameters(), learningRate: 0.05),
        schedule: interval == .step ? .oneCycle(peak: 0.1) : .exponential(gamma: 0.5),
        weightDecaySchedule: interval == .step ? .cosine(steps: 20) : nil,
        scheduleInterval: interval == .step ? .step : .epoch,
        metrics: [.meanAbsoluteError], monitor: .meanAbsoluteError,
        earlyStopping: .init(patience: 3),
        callbacks: [average]
          + (step.map { [StopAfterStep($0, interruption)] } ?? [StopAfterStep(0, interruption)]))
      trainer.interruption = interruption
      if let folder {
        trainer.checkpoints = .every(.steps(1), in: folder)
        try trainer.resume(from: folder)
      }
      let validation = DataLoader(TensorDataset(x[14..<19], y[14..<19]), batchSize: 2)
      let history = try trainer.fit(loader, validation: validation, epochs: 3)
      let optimizer = trainer.optimizer.state()
      return Outcome(
        state: model.state().mapValues(\.scalars),
        optimizer: optimizer.tensors.flatMap { $0.map(\.scalars) }, steps: optimizer.steps,
        rates: trainer.optimizer.learningRates, averages: average.averages.map(\.scalars),
        losses: history.epochs.map(\.trainingLoss),
        validation: history.epochs.map(\.validationLoss),
        isBest: history.epochs.map(\.isBest), rowCounts: history.epochs.map(\.rowCount),
        draws: Tensor<Float>.uniform([3]).scalars
          + Tensor<Float>.uniform([3], generator: own).scalars)
    }
  }

  // The default generator is everybody's: these have a process of their own.

  @Test func aStopAfterAnyStepChangesNothing() async {
    await #expect(processExitsWith: .success) {
      for order in Order.allCases {
        let training = Case(order: order)
        let wanted = try training.run(in: nil)
        precondition(wanted.losses.count == 3 && wanted.averages.count == 6)
        for step in 1...12 {
          let folder = try TemporaryFolder()
          let path = folder.file("run/deep")
          do {
            _ = try training.run(in: path, stoppingAfter: step)
            preconditionFailure("not stopped")
          } catch let error as TrainingInterrupted {
            let name = "step-00000000\(step < 10 ? "0" : "")\(step).safetensors"
            precondition(error.step == step && error.checkpoint == path + "/" + name)
          }
          let resumed = try training.run(in: path)
          precondition(resumed == wanted, "\(order), \(step)")
          // The training has ended: its outcome comes without a step.
          let again = try training.run(in: path)
          precondition(again == wanted, "\(order), \(step), again")
        }
      }
    }
  }

  @Test func schedulesOfEpochsGoOnToo() async {
    await #expect(processExitsWith: .success) {
      let training = Case(order: .shuffled, interval: .epoch)
      let wanted = try training.run(in: nil)
      for step in [3, 4, 5] {
        let folder = try TemporaryFolder()
        _ = try? training.run(in: folder.path, stoppingAfter: step)
        let resumed = try training.run(in: folder.path)
        precondition(resumed == wanted, "\(step)")
      }
    }
  }

  @Test func aTrainingCanBeStoppedAgainAndAgain() async {
    await #expect(processExitsWith: .success) {
      let training = Case(order: .shuffledByAGenerator)
      let wanted = try training.run(in: nil)
      let folder = try TemporaryFolder()
      for step in 1...12 { _ = try? training.run(in: folder.path, stoppingAfter: step) }
      let resumed = try training.run(in: folder.path)
      precondition(resumed == wanted)
    }
  }
}
