public import SlopeCore
public import SlopeNN
public import SlopeOptimizers

/// Trains a model: epochs of batches, validation, the best epoch, and a history of it all.
///
/// It is the usual loop with names for its parts: the loss of a batch, `backward()`, the optimiser's
/// `step()` and `zeroGrad()`, the step of a schedule; after each epoch the loss and the metrics of
/// the validation rows.
///
/// ```swift
/// let table = try Table(csv: "datasets/iris.csv")
/// let features: Tensor<Float> = try table.tensor(except: "target")
/// let dataset = TensorDataset(features, try table.classes("target").indices)
/// manualSeed(0)
/// let (training, validation, test) = randomSplit(dataset, (0.6, 0.2, 0.2))
/// let model = Sequential<Float>(Linear(4, 16), ReLU(), Linear(16, 3))
/// let trainer = Trainer(
///   model, loss: CrossEntropyLoss(), optimizer: AdamW(model.parameters(), learningRate: 0.01),
///   metrics: [.accuracy], earlyStopping: .init(patience: 20))
/// let history = try trainer.fit(
///   DataLoader(training, batchSize: 16, shuffle: true),
///   validation: DataLoader(validation, batchSize: 256), epochs: 60)
/// print(history.best?.validationLoss ?? .nan < 0.2)
/// // true
/// let evaluation = try trainer.evaluate(DataLoader(test, batchSize: 256))
/// print(evaluation.metrics[.accuracy] ?? 0 > 0.9)
/// // true
/// ```
///
/// With validation rows the model has the parameters and buffers of its best epoch after the
/// training: that of the least validation loss, or of the best `monitor`. It is in evaluation mode
/// after any training. The loss is read once per epoch, so that the device works ahead of the host.
/// Nothing is random but the loaders and the model's dropout: the same seeds give the same bytes, on
/// any number of threads.
///
/// With `checkpoints` a training that was killed goes on where it was, and ends with the same bytes: see
/// `resume(from:)`.
///
/// A model that is no `Layer`, or a batch that is no pair of tensors, is trained by
/// `init(_:optimizer:…:batchLoss:)`, which is given the loss of a batch as a closure.
///
/// Lightning's counterpart is `Trainer`, Keras's `fit`.
///
/// - SeeAlso: `TrainingHistory`, `TrainingCallback`, `CheckpointPlan`, `LearningRateSchedule`,
///   `EarlyStopping`.
public final class Trainer<Element: FloatingElement, Batch> {
  /// How often a schedule takes a step.
  public enum ScheduleInterval: Sendable, Hashable {
    /// After each batch.
    case step
    /// After each epoch.
    case epoch
  }

  /// How gradients are limited before a step.
  public enum GradientLimit: Sendable, Hashable {
    /// All gradients together have at most this norm.
    case norm(Double)
    /// No element of a gradient is farther from 0.
    case value(Double)
  }

  /// What a batch gives: its loss and, for metrics, predictions and targets.
  package struct Outcome {
    package var loss: Tensor<Element>
    var rowCount: Int
    var metricRows: MetricRows<Element>?
  }

  /// The model.
  public let model: any Module<Element>
  /// What changes the parameters.
  public let optimizer: Optimizer<Element>
  /// How the learning rates change; nil for rates that stay.
  public let schedule: LearningRateSchedule?
  /// How the weight decays change; nil for decays that stay.
  public let weightDecaySchedule: LearningRateSchedule?
  /// How often the schedules take a step.
  public let scheduleInterval: ScheduleInterval
  /// How gradients are limited; nil for as they are.
  public let gradientLimit: GradientLimit?
  /// The metrics of the validation rows.
  public let metrics: [Metric]
  /// The metric that decides which epoch is the best; nil for the validation loss.
  public let monitor: Metric?
  /// When the training ends early; nil for never.
  public let earlyStopping: EarlyStopping?
  /// What is told of the training.
  public var callbacks: [any TrainingCallback]
  /// Where checkpoints are kept, and how often; nil for none.
  public var checkpoints: CheckpointPlan?
  /// What can ask the training to stop after its present step; nil for nothing.
  public var interruption: TrainingInterruption?
  /// Generators that the training draws from, in addition to the default one and to those of the loader,
  /// its sampler and the model's layers: what a checkpoint must have of a data set that draws.
  public var generators: [Generator] = []

  /// Whether of equally good epochs the last is the best, not the first.
  public var prefersLater = false

  /// Whether a step that lacks memory names a smaller batch to try.
  package var namesBatchSize = true

  /// What tells the training rows apart from others, which a checkpoint refuses.
  package var data = ""

  let outcomeOf: (Batch) -> Outcome
  /// The checkpoint that the next training goes on from.
  var pending: (path: String, checkpoint: TrainingCheckpoint)?

  /// A trainer of a layer on batches of features and targets.
  ///
  /// - Parameters:
  ///   - model: the model, which maps the features of a batch to what the loss compares.
  ///   - loss: the loss, with the reduction `mean`.
  ///   - optimizer: the optimiser of the model's parameters.
  ///   - schedule: how the learning rates change; nil for rates that stay.
  ///   - weightDecaySchedule: how the weight decays change; nil for decays that stay.
  ///   - scheduleInterval: how often the schedules take a step.
  ///   - gradientLimit: how gradients are limited; nil for as they are.
  ///   - metrics: the metrics of the validation rows. Those of classes read the model's outputs as
  ///     logits, `[rows, classes]`, or one for two classes, `[rows, 1]`.
  ///   - monitor: the metric, one of `metrics`, that decides which epoch is the best; nil for the
  ///     validation loss.
  ///   - earlyStopping: when the training ends early, by the monitored number; nil for never.
  ///   - callbacks: what is told of the training.
  ///   - checkpoints: where checkpoints are kept, and how often; nil for none.
  public convenience init<Model: Layer, Objective: Loss>(
    _ model: Model, loss: Objective, optimizer: Optimizer<Element>,
    schedule: LearningRateSchedule? = nil, weightDecaySchedule: LearningRateSchedule? = nil,
    scheduleInterval: ScheduleInterval = .step, gradientLimit: GradientLimit? = nil,
    metrics: [Metric] = [], monitor: Metric? = nil, earlyStopping: EarlyStopping? = nil,
    callbacks: [any TrainingCallback] = [], checkpoints: CheckpointPlan? = nil
  )
  where
    Model.Element == Element, Objective.Element == Element,
    Batch == (Tensor<Element>, Tensor<Objective.Target>)
  {
    if loss.reduction != .mean {
      reportFailure(operation: "Trainer", "a loss of the reduction \(loss.reduction), not mean")
    }
    self.init(
      model: model, optimizer: optimizer, schedule: schedule,
      weightDecaySchedule: weightDecaySchedule, scheduleInterval: scheduleInterval,
      gradientLimit: gradientLimit, metrics: metrics, monitor: monitor,
      earlyStopping: earlyStopping, callbacks: callbacks, checkpoints: checkpoints
    ) { features, targets in
      let prediction = model(features)
      return Outcome(
        loss: loss(prediction, targets), rowCount: features.shape.first ?? 1,
        metricRows: metrics.isEmpty ? nil : MetricRows(prediction, targets))
    }
  }

  /// A trainer of any module on batches of any kind.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - optimizer: the optimiser of the model's parameters.
  ///   - schedule: how the learning rates change; nil for rates that stay.
  ///   - weightDecaySchedule: how the weight decays change; nil for decays that stay.
  ///   - scheduleInterval: how often the schedules take a step.
  ///   - gradientLimit: how gradients are limited; nil for as they are.
  ///   - earlyStopping: when the training ends early, by the validation loss; nil for never.
  ///   - callbacks: what is told of the training.
  ///   - checkpoints: where checkpoints are kept, and how often; nil for none.
  ///   - rowCount: what a batch counts in the means of losses; each counts 1 if nil.
  ///   - batchLoss: the mean loss of a batch, of shape `[]`.
  public convenience init(
    _ model: any Module<Element>, optimizer: Optimizer<Element>,
    schedule: LearningRateSchedule? = nil, weightDecaySchedule: LearningRateSchedule? = nil,
    scheduleInterval: ScheduleInterval = .step, gradientLimit: GradientLimit? = nil,
    earlyStopping: EarlyStopping? = nil, callbacks: [any TrainingCallback] = [],
    checkpoints: CheckpointPlan? = nil, rowCount: ((Batch) -> Int)? = nil,
    batchLoss: @escaping (Batch) -> Tensor<Element>
  ) {
    self.init(
      model: model, optimizer: optimizer, schedule: schedule,
      weightDecaySchedule: weightDecaySchedule, scheduleInterval: scheduleInterval,
      gradientLimit: gradientLimit, metrics: [], monitor: nil, earlyStopping: earlyStopping,
      callbacks: callbacks, checkpoints: checkpoints
    ) { batch in Outcome(loss: batchLoss(batch), rowCount: rowCount?(batch) ?? 1) }
  }

  private init(
    model: any Module<Element>, optimizer: Optimizer<Element>, schedule: LearningRateSchedule?,
    weightDecaySchedule: LearningRateSchedule?, scheduleInterval: ScheduleInterval,
    gradientLimit: GradientLimit?, metrics: [Metric], monitor: Metric?,
    earlyStopping: EarlyStopping?, callbacks: [any TrainingCallback], checkpoints: CheckpointPlan?,
    outcome: @escaping (Batch) -> Outcome
  ) {
    if let monitor, !metrics.contains(monitor) {
      reportFailure(
        operation: "Trainer", "the monitored \(monitor.shortName) is not among the metrics")
    }
    self.model = model
    self.optimizer = optimizer
    self.schedule = schedule
    self.weightDecaySchedule = weightDecaySchedule
    self.scheduleInterval = scheduleInterval
    self.gradientLimit = gradientLimit
    self.metrics = metrics
    self.monitor = monitor
    self.earlyStopping = earlyStopping
    self.callbacks = callbacks
    self.checkpoints = checkpoints
    outcomeOf = outcome
  }
}
