import Slope
import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import SlopeTraining

/// The trainer, on small models and few epochs.
extension CallList {
  func addTrainerCalls() {
    typealias PairTrainer = Trainer<Float, (Tensor<Float>, Tensor<Float>)>
    func loader(_ draw: inout Draw) -> DataLoader<TensorDataset<Float, Float>> {
      // An epoch of a large data set in batches of two rows comes back, but not soon.
      func few() -> Tensor<Float> {
        let tensor = draw.tensor(Float.self)
        return tensor.shape.first ?? 0 > 64 ? Tensor.zeros([3, 3]) : tensor
      }
      return DataLoader(TensorDataset(few(), few()), batchSize: 2)
    }
    func limit(_ draw: inout Draw) -> PairTrainer.GradientLimit? {
      switch draw.below(3) {
      case 0: return .norm(draw.number())
      case 1: return .value(draw.number())
      default: return nil
      }
    }
    func trainer(_ draw: inout Draw) -> PairTrainer {
      let model = Sequential<Float>(Linear(3, 2))
      return Trainer(
        model, loss: MSELoss(reduction: draw.one(of: [LossReduction.mean, .sum, .none])),
        optimizer: SGD(model.parameters(), learningRate: draw.number()),
        schedule: draw.bool() ? nil : .oneCycle(peak: draw.number()),
        weightDecaySchedule: draw.bool() ? nil : .flatCosine,
        scheduleInterval: draw.bool() ? .step : .epoch, gradientLimit: limit(&draw),
        metrics: draw.bool() ? [] : [draw.one(of: Metric.allCases)],
        monitor: draw.bool() ? nil : draw.one(of: Metric.allCases),
        earlyStopping: draw.bool() ? nil : EarlyStopping(patience: draw.int()))
    }
    add(
      "Trainer.init(_:loss:optimizer:schedule:weightDecaySchedule:scheduleInterval:gradientLimit:"
        + "metrics:monitor:earlyStopping:callbacks:checkpoints:)"
    ) { _ = trainer(&$0) }
    add(
      "Trainer.init(_:optimizer:schedule:weightDecaySchedule:scheduleInterval:gradientLimit:"
        + "earlyStopping:callbacks:checkpoints:rowCount:batchLoss:)"
    ) { draw in
      let model = Linear<Float>(3, 2)
      let count = draw.int()
      let trainer = PairTrainer(
        model, optimizer: SGD(model.parameters(), learningRate: draw.number()),
        gradientLimit: limit(&draw), rowCount: { _ in count },
        batchLoss: { x, _ in model(x).mean() })
      _ = try? trainer.fit(loader(&draw), epochs: 2)
    }
    add("Trainer.fit(_:epochs:)") { draw in
      _ = try? trainer(&draw).fit(loader(&draw), epochs: min(draw.int(), 2))
    }
    add("Trainer.fit(_:validation:epochs:)") { draw in
      let history = try? trainer(&draw).fit(
        loader(&draw), validation: loader(&draw), epochs: min(draw.int(), 2))
      _ = history?.description
    }
    add("Trainer.fit(_:epochs:metric:score:)") { draw in
      let trainer = trainer(&draw)
      trainer.prefersLater = draw.bool()
      let scores = (0..<4).map { _ in draw.bool() ? draw.number() : nil }
      let metric = draw.one(of: Metric.allCases)
      var epoch = 0
      _ = try? trainer.fit(loader(&draw), epochs: min(draw.int(), 2), metric: metric) {
        epoch += 1
        return scores[epoch % 4]
      }
    }
    add("Trainer.evaluate(_:)") { draw in _ = try? trainer(&draw).evaluate(loader(&draw)) }
    func history(_ draw: inout Draw) -> TrainingHistory? {
      let model = Linear<Float>(3, 2)
      let trainer = PairTrainer(
        model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 0.1),
        callbacks: [Silent(), Stopping(after: draw.int())])
      return try? trainer.fit(loader(&draw), validation: loader(&draw), epochs: 2)
    }
    add("TrainingCallback.stepEnded(_:of:)") { Silent().stepEnded($0.int(), of: $0.int()) }
    add("TrainingCallback.stepEnded(_:of:)") { Stopping(after: 1).stepEnded($0.int(), of: 1) }
    add("TrainingCallback.epochEnded(_:of:)") { _ = history(&$0) }
    add("TrainingCallback.epochEnded(_:of:)") { draw in
      guard let record = history(&draw)?.epochs.first else { return }
      _ = Silent().epochEnded(record, of: draw.int())
    }
    addCheckpointCalls()
    add("TrainingHistory.best") { _ = history(&$0)?.best }
    add("TrainingHistory.description") { _ = history(&$0)?.description }
    add("TrainingHistory.epochs") { _ = history(&$0)?.epochs }
  }

  private func addCheckpointCalls() {
    let folders = ["", "/proc/none", "/dev/null", "/proc", "\u{0}"]
    func plan(_ draw: inout Draw) -> CheckpointPlan {
      .every(
        draw.bool() ? .seconds(draw.number()) : .steps(draw.int()), in: draw.one(of: folders),
        keeping: draw.int())
    }
    func trainer(_ plan: CheckpointPlan?) -> Trainer<Float, (Tensor<Float>, Tensor<Float>)> {
      let model = Linear<Float>(1, 1)
      return Trainer(
        model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 0.1),
        checkpoints: plan)
    }
    let loader = DataLoader(
      TensorDataset(Tensor<Float>.ones([3, 1]), Tensor<Float>.ones([3, 1])), batchSize: 2)
    func average() -> ExponentialMovingAverage<Float> {
      ExponentialMovingAverage(Linear<Float>(1, 1), decay: 0.5)
    }
    add("CheckpointPlan.every(_:in:keeping:)") { draw in
      _ = try? trainer(plan(&draw)).fit(loader, epochs: 1)
    }
    add("Trainer.checkpoint(to:every:keeping:)") { draw in
      let trainer = trainer(nil)
      let plan = plan(&draw)
      trainer.checkpoint(to: plan.folder, every: plan.interval, keeping: draw.int())
      _ = try? trainer.fit(loader, epochs: 1)
    }
    add("Trainer.resume(from:)") { _ = try? trainer(nil).resume(from: $0.one(of: folders)) }
    add("TrainingInterruption.request()") { draw in
      let interruption = TrainingInterruption()
      interruption.request()
      let trainer = trainer(plan(&draw))
      trainer.interruption = interruption
      _ = try? trainer.fit(loader, epochs: 2)
    }
    add("TrainingInterruption.init()") { _ in _ = TrainingInterruption() }
    add("TrainingInterruption.isRequested") { _ in _ = TrainingInterruption().isRequested }
    add("TrainingInterrupted.description") { draw in
      let interruption = TrainingInterruption()
      interruption.request()
      let trainer = trainer(nil)
      trainer.interruption = interruption
      do { try trainer.fit(loader, epochs: 1) } catch { _ = "\(error)" }
    }
    add("TrainingCallback.checkpointEnded(_:)") {
      Silent().checkpointEnded(.success($0.one(of: folders)))
    }
    add("TrainingCallback.checkpointEnded(_:)") {
      average().checkpointEnded(.success($0.one(of: folders)))
    }
    add("TrainingCallback.checkpointState()") { _ in _ = average().checkpointState() }
    add("TrainingCallback.resumed(at:of:after:from:)") { draw in
      guard let history = try? trainer(nil).fit(loader, epochs: 1) else { return }
      try? average().resumed(at: draw.int(), of: 1, after: history, from: Safetensors())
    }
    add("TrainingCallback.checkpointState()") { _ in _ = Silent().checkpointState() }
    add("TrainingCallback.resumed(at:of:after:from:)") { draw in
      guard let history = try? trainer(nil).fit(loader, epochs: 1) else { return }
      try? Silent().resumed(at: draw.int(), of: draw.int(), after: history, from: Safetensors())
    }
    add("ParameterAverage.stepEnded(_:of:)") { average().stepEnded($0.int(), of: $0.int()) }
    add("ParameterAverage.checkpointState()") { _ in _ = average().checkpointState() }
    add("ParameterAverage.resumed(at:of:after:from:)") { draw in
      guard let history = try? trainer(nil).fit(loader, epochs: 1) else { return }
      var state = Safetensors()
      state.insert(draw.tensor(Float.self), as: "\(draw.below(3))")
      state.metadata["updateCount"] = "\(draw.int())"
      try? average().resumed(at: draw.int(), of: draw.int(), after: history, from: state)
    }
  }

  private final class Silent: TrainingCallback {}

  private final class Stopping: TrainingCallback {
    let epoch: Int

    init(after epoch: Int) { self.epoch = epoch }

    func epochEnded(_ record: EpochRecord, of epochCount: Int) -> TrainingDecision {
      record.epoch == epoch ? .stop : .goOn
    }
  }
}
