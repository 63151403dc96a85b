import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers

extension Trainer {
  /// Has trainings write checkpoints to a folder, from which `resume(from:)` goes on.
  ///
  /// It is the same as setting `checkpoints`.
  ///
  /// ```swift
  /// let rows = TensorDataset(Tensor<Float>.ones([8, 1]), Tensor<Float>.ones([8, 1]))
  /// let model = Linear<Float>(1, 1)
  /// let trainer = Trainer(
  ///   model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 0.1))
  /// trainer.checkpoint(to: "runs/2", every: .steps(2))
  /// try trainer.fit(DataLoader(rows, batchSize: 2), epochs: 2)
  /// print(try trainer.resume(from: "runs/2"))
  /// // true
  /// ```
  ///
  /// - Parameters:
  ///   - folder: the path of the folder, which is made with the first checkpoint.
  ///   - interval: how often one is written, after a step.
  ///   - kept: the number of checkpoints that are kept, at least 1.
  public func checkpoint(
    to folder: String, every interval: CheckpointPlan.Interval = .seconds(30), keeping kept: Int = 2
  ) {
    checkpoints = .every(interval, in: folder, keeping: kept)
  }

  /// Has the next training go on from the last checkpoint of a folder.
  ///
  /// The trainer is made as the one before, with a model of the same layers, and the next `fit` is called
  /// with loaders of the same rows and sizes and with as many epochs. It then ends with the bytes of a
  /// training that was never stopped: parameters, optimiser, schedules, averages, early stopping,
  /// generators, and the place in the epoch are those of the checkpoint. After a training that had ended,
  /// `fit` returns its history at once. Checkpoints are still written as the trainer's own plan says. Where
  /// the last checkpoint is damaged the one before is taken, and the callbacks are told. The bytes are the
  /// same on processors of one kind: another one may choose other matrix products.
  ///
  /// ```swift
  /// let rows = TensorDataset(Tensor<Float>.normal([8, 1]), Tensor<Float>.ones([8, 1]))
  /// func trainer() -> Trainer<Float, (Tensor<Float>, Tensor<Float>)> {
  ///   manualSeed(1)
  ///   let model = Linear<Float>(1, 1)
  ///   return Trainer(
  ///     model, loss: MSELoss(), optimizer: Adam(model.parameters(), learningRate: 0.01),
  ///     checkpoints: .every(.steps(3), in: "runs/1"))
  /// }
  /// let loader = DataLoader(rows, batchSize: 2, shuffle: true)
  /// try trainer().fit(loader, epochs: 5)
  ///
  /// let second = trainer()
  /// print(try second.resume(from: "runs/1"))
  /// // true
  /// print(try second.fit(loader, epochs: 5).epochs.count)
  /// // 5
  /// ```
  ///
  /// - Parameter folder: the path of the folder.
  /// - Returns: whether there is a checkpoint; without one the training begins as ever.
  /// - Throws: `FileError` if the folder cannot be read, or no checkpoint in it. `fit` throws it
  ///   for a checkpoint of another training, and says what differs.
  @discardableResult
  public func resume(from folder: String) throws -> Bool {
    guard let (path, checkpoint, errors) = try CheckpointFolder(folder).newestReadable() else {
      return false
    }
    pending = (path, checkpoint)
    for error in errors {
      for callback in callbacks { callback.checkpointEnded(.failure(error)) }
    }
    return true
  }
}

/// What writes the checkpoints of one training.
struct CheckpointWriter<Element: FloatingElement, Batch> {
  private let trainer: Trainer<Element, Batch>
  private let identity: TrainingIdentity
  private let scheduler: LearningRateScheduler<Element>?
  private let generators: [Generator]
  private let plan: CheckpointPlan?
  private let stepCount: Int
  private var generatorsOfEpoch: [Generator.State] = []
  private var lastStep = 0
  private var lastTime = ContinuousClock.now
  /// The epoch whose state `best.safetensors` has.
  private var writtenBest: Int?

  init<Rows: Dataset>(
    _ trainer: Trainer<Element, Batch>, _ loader: DataLoader<Rows>,
    _ scheduler: LearningRateScheduler<Element>?, epochs: Int, stepCount: Int, metric: Metric?
  ) where Rows.Batch == Batch {
    self.trainer = trainer
    self.scheduler = scheduler
    plan = trainer.checkpoints
    self.stepCount = stepCount
    var generators: [Generator] = [.default]
    let others =
      loader.generators + trainer.model.stored(Generator.self).map(\.value) + trainer.generators
    for generator in others where !generators.contains(where: { $0 === generator }) {
      generators.append(generator)
    }
    self.generators = generators
    identity = TrainingIdentity(
      dtype: "\(Element.dtype)", optimizer: trainer.optimizer.name,
      schedule: trainer.schedule?.name ?? "none",
      weightDecaySchedule: trainer.weightDecaySchedule?.name ?? "none",
      metric: metric?.shortName ?? "loss",
      earlyStopping: trainer.earlyStopping.map { "after \($0.patience) epochs" } ?? "none",
      epochs: epochs, batches: loader.count, batchSize: loader.batchSize,
      generators: generators.count,
      callbacks: trainer.callbacks.count { !$0.checkpointState().isEmpty },
      data: trainer.data)
  }

  /// Makes sure that the plan's folder has no checkpoints of a training that has not ended, other than the one
  /// that goes on from a checkpoint.
  func checkFolder(goingOnFrom path: String? = nil) throws {
    guard let plan else { return }
    let folder = CheckpointFolder(plan.folder)
    if let path, folder.has(path) { return }
    guard let newest = try folder.newest else { return }
    guard try TrainingCheckpoint(path: newest).header.isOver else {
      throw FileError(
        file: plan.folder,
        message: "has checkpoints of a training that has not ended: resume from it, or remove it")
    }
    try folder.removeOld(keeping: 0)
  }

  /// An epoch begins: its order is drawn next, but of batches that are taken already.
  mutating func epochBegins() { generatorsOfEpoch = generators.map(\.state) }

  // MARK: Going on

  /// Sets everything to what a checkpoint says, but the generators.
  ///
  /// Throws for a checkpoint of another training; then model and optimiser are what they were.
  mutating func restore(
    _ run: inout TrainingRun<Element>, from checkpoint: TrainingCheckpoint, at path: String
  ) throws {
    func fault(_ message: String) -> FileError {
      FileError(file: path, message: "a checkpoint \(message)")
    }
    let header = checkpoint.header
    if let difference = header.identity.difference(from: identity) { throw fault(difference) }
    let losses = checkpoint.file.tensor("losses", as: Element.Computed.self)
    guard isPossible(header), losses?.shape ?? [] == [] else {
      throw fault("that is damaged: its numbers contradict each other")
    }
    let places = header.optimizerSteps.indices
    typealias Computed = Element.Computed
    let states = places.map { place in
      let found = checkpoint.tensors(under: "optimizer.\(place).", as: Computed.self)
      return (0..<found.count).compactMap { found["\($0)"] }
    }
    let (modelBefore, optimizerBefore) = (trainer.model.state(), trainer.optimizer.state())
    let best = header.bestValue.map { _ in
      checkpoint.tensors(under: "best.", as: Element.self)
    }
    do {
      // The best epoch is needed at the end, but a fault of it is told now.
      if let best, !header.isOver { try trainer.model.load(best) }
      try trainer.model.load(checkpoint.tensors(under: "model.", as: Element.self))
      try trainer.optimizer.load(OptimizerState(steps: header.optimizerSteps, tensors: states))
      var place = 0
      for callback in trainer.callbacks {
        var state = Safetensors()
        if !callback.checkpointState().isEmpty {
          state = checkpoint.file.part(under: "callback.\(place).")
          place += 1
        }
        try callback.resumed(
          at: header.step, of: stepCount, after: header.history, from: state)
      }
    } catch {
      try trainer.model.load(modelBefore)
      try trainer.optimizer.load(optimizerBefore)
      throw fault("of another training: \(error)")
    }
    if let scheduler, let state = header.scheduler { scheduler.state = state }
    trainer.optimizer.learningRates = header.learningRates
    trainer.optimizer.weightDecays = header.weightDecays
    run.history = header.history
    run.stopping = header.stopping
    if let value = header.bestValue, let best { run.best = (value, best) }
    (run.step, run.batch, run.rates) = (header.step, header.batch, header.rates)
    (run.earlierSeconds, run.isOver) = (header.seconds, header.isOver)
    let device = trainer.model.parameters().first?.tensor.device
    run.losses = LossSum(
      rowCount: header.lossRowCount, sum: losses.flatMap { sum in device.map { sum.to($0) } })
    lastStep = header.step
  }

  /// Whether a training like this one can have written the numbers of a header.
  private func isPossible(_ header: TrainingCheckpoint.Header) -> Bool {
    let epochs = header.history.epochs
    let groups = trainer.optimizer.learningRates.count
    func areOfGroups(_ numbers: [Double]) -> Bool {
      numbers.count == groups && numbers.allSatisfy { $0 >= 0 }
    }
    func areGenerators(_ states: [Generator.State]) -> Bool {
      states.map(\.algorithm) == generators.map(\.algorithm)
    }
    func isPossible(_ stopping: EarlyStopping) -> Bool {
      (0...epochs.count).contains(stopping.epochCount)
        && (0...stopping.epochCount).contains(stopping.bestEpoch)
    }
    let leastBatch = header.isOver ? 0 : 1
    guard (leastBatch...max(1, identity.batches)).contains(header.batch),
      (header.batch...max(header.batch, stepCount)).contains(header.step),
      header.optimizerSteps.allSatisfy({ (0...header.step).contains($0) }),
      header.lossRowCount >= 0, epochs.count <= max(0, identity.epochs),
      epochs.indices.allSatisfy({ epochs[$0].epoch == $0 + 1 }),
      header.stopping.map(isPossible) ?? true
    else { return false }
    return areOfGroups(header.learningRates) && areOfGroups(header.weightDecays)
      && areGenerators(header.generators)
      && (areGenerators(header.generatorsOfEpoch) || header.isOver)
  }

  /// Sets the generators to where they were when the checkpoint's epoch began.
  mutating func restoreEpoch(of checkpoint: TrainingCheckpoint) {
    set(checkpoint.header.generatorsOfEpoch)
    generatorsOfEpoch = checkpoint.header.generatorsOfEpoch
  }

  /// Sets the generators to where they were when the checkpoint was written.
  func restorePresent(of checkpoint: TrainingCheckpoint) { set(checkpoint.header.generators) }

  private func set(_ states: [Generator.State]) {
    for (generator, state) in zip(generators, states) { generator.state = state }
  }

  // MARK: Writing

  /// A step has been taken: writes a checkpoint if one is due.
  ///
  /// A checkpoint that cannot be written does not end the training: the callbacks are told.
  mutating func stepEnded(_ run: TrainingRun<Element>, _ seconds: () -> Double) {
    guard let plan else { return }
    let elapsed = (ContinuousClock.now - lastTime) / .seconds(1)
    guard plan.interval.isOver(steps: run.step - lastStep, seconds: elapsed) else { return }
    writeAndTell(run, seconds())
  }

  /// The training has ended, with the parameters that it keeps.
  mutating func trainingEnded(_ run: TrainingRun<Element>) {
    if plan != nil { writeAndTell(run, 0) }
  }

  private mutating func writeAndTell(_ run: TrainingRun<Element>, _ seconds: Double) {
    let result = Result { try write(run, seconds) ?? "" }
    (lastStep, lastTime) = (run.step, .now)
    for callback in trainer.callbacks { callback.checkpointEnded(result) }
  }

  /// Writes a checkpoint because the training is asked to stop, and returns the path of the last one that
  /// there is; nil without one.
  mutating func writeLast(_ run: TrainingRun<Element>, _ seconds: Double) -> String? {
    guard let plan else { return nil }
    writeAndTell(run, seconds)
    return try? CheckpointFolder(plan.folder).newest
  }

  /// Writes a checkpoint, and returns its path; nil without a plan.
  mutating func write(_ run: TrainingRun<Element>, _ seconds: Double) throws -> String? {
    guard let plan else { return nil }
    let optimizer = trainer.optimizer
    let state = optimizer.state()
    // Each tensor is copied, and the file of all of them is in memory too.
    let count = trainer.model.parameters().reduce(0) { $0 + $1.shape.elementCount }
    let copies = 2 + (run.best == nil ? 0 : 1) + (state.tensors.first?.count ?? 0)
    guard count * copies * MemoryLayout<Element>.stride <= MachineMemory.remaining else {
      throw FileError(file: plan.folder, message: "there is no memory for a checkpoint")
    }
    var checkpoint = TrainingCheckpoint(
      .init(
        identity: identity, history: run.history, stopping: run.stopping,
        bestValue: run.best?.value, step: run.step, batch: run.batch,
        lossRowCount: run.losses.rowCount, rates: run.rates,
        learningRates: optimizer.learningRates, weightDecays: optimizer.weightDecays,
        scheduler: scheduler?.state, optimizerSteps: state.steps,
        generatorsOfEpoch: generatorsOfEpoch, generators: generators.map(\.state),
        seconds: seconds, isOver: run.isOver))
    checkpoint.insert(trainer.model.state(), under: "model.")
    // After the end the model itself has the best epoch.
    if let best = run.best, !run.isOver { checkpoint.insert(best.state, under: "best.") }
    for (place, tensors) in state.tensors.enumerated() {
      for (number, tensor) in tensors.enumerated() {
        checkpoint.file.insert(tensor, as: "optimizer.\(place).\(number)")
      }
    }
    let states = trainer.callbacks.map { $0.checkpointState() }.filter { !$0.isEmpty }
    for (place, state) in states.enumerated() {
      checkpoint.file.insert(state, under: "callback.\(place).")
    }
    if let sum = run.losses.sum { checkpoint.file.insert(sum, as: "losses") }
    let folder = CheckpointFolder(plan.folder)
    try folder.make()
    let path = folder.path(of: run.step)
    try checkpoint.write(to: path)
    try writeBest(run, folder)
    try folder.removeOld(keeping: max(1, plan.kept))
    return path
  }

  /// Writes the state of the best epoch, if it is another one than was written.
  private mutating func writeBest(_ run: TrainingRun<Element>, _ folder: CheckpointFolder) throws {
    guard let best = run.best, let epoch = run.history.best?.epoch, epoch != writtenBest else {
      return
    }
    var file = Safetensors()
    for (name, tensor) in best.state { file.insert(tensor, as: name) }
    try file.write(to: folder.bestPath)
    writtenBest = epoch
  }
}
