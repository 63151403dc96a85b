import Glibc
import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import SlopeTraining

/// The training of a network by batches, which keeps the parameters of the best epoch.
struct NetworkTraining<Element: FloatingElement> {
  private let model: TabularModel<Element>
  private let options: TabularOptions
  private let generator: Generator
  private let rows: NetworkRows<Element>
  private let learningRate: Double
  private let metric: Metric

  init(
    model: TabularModel<Element>, features: Tensor<Element>, targets: TargetRows,
    weights: [Double]?, options: TabularOptions, metric: Metric, generator: Generator
  ) {
    self.metric = metric
    self.model = model
    self.options = options
    self.generator = generator
    rows = NetworkRows(features: features, targets: targets, weights: weights, schema: model.schema)
    learningRate =
      options.learningRate ?? options.defaultLearningRate(inputCount: features.shape[1])
  }

  /// Trains, until the epoch `last` if there is one; returns the epochs.
  func run(
    _ entry: JournalEntry, last: Int?, validationScore: () throws -> Double?,
    _ progress: (TabularProgress) -> Void
  ) throws -> TrainingHistory {
    let loader = loader
    let stepCount = max(1, Double(options.epochs) * Double(loader.count))
    let count = last ?? options.epochs
    return try withoutActuallyEscaping(progress) { progress in
      var (epoch, best) = (1, Int?.none)
      func tell(_ record: EpochRecord, isEarlier: Bool) {
        epoch = record.epoch + 1
        if record.isBest { best = record.epoch }
        progress(
          TabularProgress(
            epoch: record.epoch, epochCount: count,
            errorName: errorName, trainingError: inUnits(record.trainingLoss), metric: metric,
            validationScore: record.metrics[metric], bestEpoch: best,
            learningRate: record.learningRates.first, isEarlier: isEarlier
          ).of(model.network))
      }
      let events = TrainingEvents(goingOn: { history in
        for record in history.epochs { tell(record, isEarlier: true) }
      }) { record in
        tell(record, isEarlier: false)
        guard let best, let patience = options.patience else { return .goOn }
        return record.epoch - best >= patience ? .stop : .goOn
      }
      let trainer = trainer(
        .lambda { 0.5 * (1 + cos(.pi * Double($0) / stepCount)) }, [events])
      do {
        let multiplyAdds = model.network.parameters().filter { $0.shape.rank == 2 }
          .reduce(0) { $0 + $1.shape.elementCount }
        try entry.apply(
          to: trainer, rows.all, [],
          StepSize(
            stepsPerEpoch: loader.count, lastEpoch: last, rowCount: loader.batchSize,
            multiplyAdds: multiplyAdds))
        return try trainer.fit(loader, epochs: count, metric: metric, score: validationScore)
      } catch {
        throw TabularError.ofTraining(error, epoch: epoch, learningRate: learningRate)
      }
    }
  }

  /// The duration of a step in seconds, from a few steps, which change the model.
  func secondsOfAStep() -> Double {
    let trainer = trainer()
    func takeSteps(_ count: Int) {
      var taken = 0
      while taken < count {
        for batch in loader where taken < count {
          _ = trainer.takeStep(batch).loss.item()
          taken += 1
        }
      }
    }
    // The first ones make programs and memory.
    takeSteps(3)
    return ContinuousClock().measure { takeSteps(20) }.inSeconds / 20
  }

  private func trainer(
    _ schedule: LearningRateSchedule? = nil, _ callbacks: [any TrainingCallback] = []
  ) -> Trainer<Element, NetworkRows<Element>.Batch> {
    let trainer = Trainer(
      model.network, optimizer: optimizer, schedule: schedule, callbacks: callbacks,
      rowCount: { (batch: NetworkRows<Element>.Batch) in batch.count }, batchLoss: loss)
    trainer.prefersLater = true
    return trainer
  }

  /// The batches of an epoch; one step on all rows needs no order.
  private var loader: DataLoader<NetworkRows<Element>> {
    let batchSize =
      switch options.batchSize {
      case .rows(let count): max(1, min(count, rows.count))
      case .all: rows.count
      }
    return DataLoader(
      rows, batchSize: batchSize, shuffle: batchSize < rows.count, generator: generator)
  }

  private var optimizer: Optimizer<Element> {
    options.optimizer.optimizer(
      model.network.parameters(), learningRate: learningRate,
      momentum: options.momentum ?? (options.optimizer == .sgd ? 0.9 : 0))
  }

  /// The mean loss of some rows, each times its weight.
  private func loss(_ batch: NetworkRows<Element>.Batch) -> Tensor<Element> {
    let output = model.tabularNetwork.outputs(of: batch.features)
    let reduction: LossReduction = batch.weights == nil ? .mean : .none
    let losses: Tensor<Element>
    if let classes = batch.classes {
      losses = CrossEntropyLoss<Element>(reduction: reduction)(output, classes)
    } else if let numbers = batch.numbers {
      losses =
        model.task.isClassification
        ? BCEWithLogitsLoss<Element>(reduction: reduction)(output, numbers)
        : MSELoss<Element>(reduction: reduction)(output, numbers)
    } else {
      losses = output
    }
    guard let weights = batch.weights else { return losses }
    return (losses.flattened() * weights).mean()
  }

  /// The errors by epoch as people see them.
  func curve(_ history: TrainingHistory) -> TabularCurve? {
    TabularCurve(history, errorName: errorName, metric: metric, error: inUnits)
  }

  private var errorName: String { model.task.isClassification ? "log loss" : "RMSE" }

  /// A mean loss as the error that people see.
  private func inUnits(_ loss: Double) -> Double {
    model.task.isClassification ? loss : loss.squareRoot() * model.schema.targetDeviation
  }
}

extension Double {
  /// A tenth with a short decimal form: 0.07 for 0.7, not 0.06999999999999999.
  var tenth: Double {
    let parts = "\(self)".split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return parts.first.flatMap { Double("\($0)e\(exponent - 1)") } ?? self / 10
  }
}
