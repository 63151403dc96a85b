import SlopeCore
public import SlopeData
import SlopeNN
import SlopeOptimizers

extension Trainer {
  /// What the model is worth after an epoch.
  private typealias Worth = (loss: Double?, metrics: [Metric: Double])

  /// Trains without validation: the model has the parameters of the last epoch.
  ///
  /// - Parameters:
  ///   - training: the batches of an epoch.
  ///   - epochs: the number of epochs.
  /// - Returns: what each epoch gave.
  /// - Throws: as `fit(_:validation:epochs:)`.
  @discardableResult
  public func fit<Rows: Dataset>(
    _ training: DataLoader<Rows>, epochs: Int
  ) throws -> TrainingHistory where Rows.Batch == Batch {
    try fit(training, validation: DataLoader<Rows>?.none, epochs: epochs)
  }

  /// Trains, and keeps the best epoch.
  ///
  /// - Parameters:
  ///   - training: the batches of an epoch.
  ///   - validation: the batches that epochs are compared by; nil for none, and the last epoch.
  ///   - epochs: the most epochs.
  /// - Returns: what each epoch gave.
  /// - Throws: `TrainingError` if a loss stops being finite, `MetricError` for outputs that a metric
  ///   cannot judge, and the failure of an operation. The parameters are then those of the last
  ///   step.
  @discardableResult
  public func fit<Rows: Dataset, OtherRows: Dataset>(
    _ training: DataLoader<Rows>, validation: DataLoader<OtherRows>?, epochs: Int
  ) throws -> TrainingHistory where Rows.Batch == Batch, OtherRows.Batch == Batch {
    try run(training, epochs: epochs, monitor: monitor) {
      try validation.map { try evaluate($0) }.map { ($0.loss, $0.metrics) } ?? (nil, [:])
    }
  }

  /// Trains, and keeps the epoch with the best score of the caller's own.
  ///
  /// The score is a function of the model, which is in evaluation mode then, such as the metric of rows
  /// that are no batches:
  ///
  /// ```swift
  /// let layer = Linear(weight: Parameter(Tensor<Float>([[0]])), bias: nil)
  /// let rows = TensorDataset(Tensor<Float>([[1]]), Tensor<Float>([[10]]))
  /// let trainer = Trainer(
  ///   layer, loss: MSELoss(), optimizer: SGD(layer.parameters(), learningRate: 0.05))
  /// let history = try trainer.fit(DataLoader(rows), epochs: 6, metric: .meanAbsoluteError) {
  ///   abs(Double(layer.weight.tensor.item()) - 2)
  /// }
  /// print(history.best?.epoch ?? 0, layer.weight.tensor)
  /// // 2 tensor([[1.9000]], requiresGradient: true)
  /// ```
  ///
  /// - Parameters:
  ///   - training: the batches of an epoch.
  ///   - epochs: the most epochs.
  ///   - metric: what the score is, which says whether a higher one is better; it takes the place of
  ///     `monitor`.
  ///   - score: the score after an epoch; nil where there is none, NaN where it is undefined.
  /// - Returns: what each epoch gave, the score among its metrics.
  /// - Throws: what `score` throws, and as `fit(_:validation:epochs:)`.
  @discardableResult
  public func fit<Rows: Dataset>(
    _ training: DataLoader<Rows>, epochs: Int, metric: Metric, score: () throws -> Double?
  ) throws -> TrainingHistory where Rows.Batch == Batch {
    try run(training, epochs: epochs, monitor: metric) {
      model.eval()
      return (nil, try score().map { [metric: $0] } ?? [:])
    }
  }

  private func run<Rows: Dataset>(
    _ training: DataLoader<Rows>, epochs: Int, monitor: Metric?, _ currentWorth: () throws -> Worth
  ) throws -> TrainingHistory where Rows.Batch == Batch {
    var hasStepFailed = false
    do {
      return try takeEpochs(
        training, epochs: epochs, monitor: monitor, currentWorth, &hasStepFailed)
    } catch let error as TensorError
      where error.lacksMemory && hasStepFailed && namesBatchSize && training.batchSize > 1
    {
      throw error.adding(
        "; batches of \(training.batchSize) rows: try \(training.batchSize / 2)")
    }
  }

  /// Trains as `run` does, whose message says what to try where a step lacks memory.
  private func takeEpochs<Rows: Dataset>(
    _ training: DataLoader<Rows>, epochs: Int, monitor: Metric?,
    _ currentWorth: () throws -> Worth, _ hasStepFailed: inout Bool
  ) throws -> TrainingHistory where Rows.Batch == Batch {
    try checked {
      defer { model.eval() }
      let (product, isTooLarge) = max(1, epochs).multipliedReportingOverflow(by: training.count)
      let stepCount = isTooLarge ? .max : product
      let scheduler = scheduler(stepCount: stepCount, epochs: epochs)
      var run = TrainingRun<Element>(
        history: TrainingHistory(monitor: monitor), stopping: earlyStopping)
      var writer = CheckpointWriter(
        self, training, scheduler, epochs: epochs, stepCount: stepCount, metric: monitor)
      let resumed = try resume(&run, by: &writer)
      if run.isOver { return run.history }
      interruption?.observe(1)
      defer { interruption?.observe(-1) }
      let clock = ContinuousClock()
      while !run.isOver, run.history.epochs.count < epochs {
        let start = clock.now
        func seconds() -> Double { run.earlierSeconds + (clock.now - start) / .seconds(1) }
        model.train()
        var batches = iterator(training, after: run.batch, &writer, resumed)
        while let batch = batches.next() {
          run.rates = optimizer.learningRates
          let outcome = takeStep(batch)
          if hasFailureInScope {
            hasStepFailed = true
            // What failed first is thrown instead.
            throw TrainingError(description: "step \(run.step + 1) failed")
          }
          if scheduleInterval == .step { scheduler?.step() }
          run.losses.add(outcome.loss, rowCount: outcome.rowCount)
          run.step += 1
          run.batch += 1
          for callback in callbacks { callback.stepEnded(run.step, of: stepCount) }
          if interruption?.isRequested == true {
            throw TrainingInterrupted(
              step: run.step, checkpoint: writer.writeLast(run, seconds()))
          }
          writer.stepEnded(run, seconds)
        }
        if scheduleInterval == .epoch { scheduler?.step() }
        let loss = run.losses.mean
        guard loss.isFinite || run.losses.rowCount == 0 else {
          throw TrainingError(
            description: "epoch \(run.history.epochs.count + 1): the mean loss is \(loss); a lower "
              + "learning rate may help")
        }
        let worth = try currentWorth()
        let value = monitor.map { worth.metrics[$0] } ?? worth.loss
        let isBest = value.map { isBetter($0, than: run.best?.value, by: monitor) } ?? false
        if let value, isBest { run.best = (value, model.state()) }
        let record = EpochRecord(
          epoch: run.history.epochs.count + 1, trainingLoss: loss, validationLoss: worth.loss,
          metrics: worth.metrics, learningRates: run.rates, rowCount: run.losses.rowCount,
          seconds: seconds(), isBest: isBest)
        run.history.epochs.append(record)
        (run.batch, run.losses, run.earlierSeconds) = (0, LossSum(), 0)
        var decisions = callbacks.map { $0.epochEnded(record, of: epochs) }
        if let value, run.stopping?.update(value) == true { decisions.append(.stop) }
        run.isOver = decisions.contains(.stop)
      }
      run.isOver = true
      if let best = run.best { try model.load(best.state) }
      writer.trainingEnded(run)
      return run.history
    }
  }

  /// Goes on from the pending checkpoint, if there is one, which is returned.
  private func resume(
    _ run: inout TrainingRun<Element>, by writer: inout CheckpointWriter<Element, Batch>
  ) throws -> TrainingCheckpoint? {
    guard let (path, checkpoint) = pending else {
      try writer.checkFolder()
      return nil
    }
    pending = nil
    try writer.checkFolder(goingOnFrom: path)
    try writer.restore(&run, from: checkpoint, at: path)
    if run.isOver { writer.restorePresent(of: checkpoint) }
    return checkpoint
  }

  /// The batches of an epoch that are left, after some that a checkpoint has.
  private func iterator<Rows: Dataset>(
    _ training: DataLoader<Rows>, after batch: Int,
    _ writer: inout CheckpointWriter<Element, Batch>, _ checkpoint: TrainingCheckpoint?
  ) -> DataLoader<Rows>.Iterator {
    guard batch > 0, let checkpoint else {
      writer.epochBegins()
      return training.makeIterator()
    }
    writer.restoreEpoch(of: checkpoint)
    var batches = training.makeIterator()
    batches.skip(batch)
    writer.restorePresent(of: checkpoint)
    return batches
  }

  /// Whether an epoch of some value is the best so far.
  private func isBetter(_ value: Double, than best: Double?, by monitor: Metric?) -> Bool {
    guard let best, !value.isNaN else { return !value.isNaN }
    func isBetter(_ value: Double, _ other: Double) -> Bool {
      monitor?.isBetter(value, than: other) ?? (value < other)
    }
    return prefersLater ? !isBetter(best, value) : isBetter(value, best)
  }

  /// Takes a step on a batch: the loss, its gradients, the optimiser's step.
  @discardableResult
  package func takeStep(_ batch: Batch) -> Outcome {
    let outcome = outcomeOf(batch)
    outcome.loss.backward()
    limitGradients()
    optimizer.step()
    optimizer.zeroGrad()
    return outcome
  }

  /// The mean loss and the metrics of some rows.
  ///
  /// The model is in evaluation mode then, and nothing is recorded. Waits for the device.
  ///
  /// - Parameter rows: the batches to evaluate.
  /// - Returns: NaN as the loss of no rows, and the metrics that are defined.
  /// - Throws: `MetricError` for outputs that a metric cannot judge, and the failure of an operation.
  public func evaluate<Rows: Dataset>(
    _ rows: DataLoader<Rows>
  ) throws -> (loss: Double, metrics: [Metric: Double]) where Rows.Batch == Batch {
    try checked {
      model.eval()
      var losses = LossSum<Element>()
      var all = MetricRows<Element>()
      for batch in rows {
        let outcome = noGrad { outcomeOf(batch) }
        losses.add(outcome.loss, rowCount: outcome.rowCount)
        if let rows = outcome.metricRows { all.append(rows) }
      }
      return (losses.mean, try all.values(of: metrics))
    }
  }

  private func scheduler(stepCount: Int, epochs: Int) -> LearningRateScheduler<Element>? {
    guard schedule != nil || weightDecaySchedule != nil else { return nil }
    return LearningRateScheduler(
      optimizer, schedule ?? .lambda { _ in 1 }, weightDecay: weightDecaySchedule,
      totalSteps: scheduleInterval == .step ? stepCount : max(1, epochs))
  }

  private func limitGradients() {
    switch gradientLimit {
    case .norm(let maximum): _ = clipGradientNorm(optimizer.parameters, maximum: maximum)
    case .value(let maximum): clipGradientValue(optimizer.parameters, maximum: maximum)
    case nil: break
    }
  }
}
