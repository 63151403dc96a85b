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
  /// Asks a training to stop after a step.
  private final class Stop: TrainingCallback {
    private let step: Int
    private let interruption: TrainingInterruption
    init(_ step: Int, _ interruption: TrainingInterruption) {
      (self.step, self.interruption) = (step, interruption)
    }
    func stepEnded(_ step: Int, of stepCount: Int) {
      if step == self.step { interruption.request() }
    }
  }

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
        callbacks: [average] + (step.map { [Stop($0, interruption)] } ?? [Stop(0, interruption)]))
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

  // MARK: Files

  private typealias Rows = TensorDataset<Float, Float>

  /// A trainer of one weight on some rows, which takes a step for each row.
  private static func trainer(
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

  private static func loader(_ count: Int = 5, size: Int = 1) -> DataLoader<Rows> {
    DataLoader(
      Rows(Tensor<Float>.ones([count, 1]), Tensor<Float>.full([count, 1], 3)), batchSize: size)
  }

  @Test func asManyAreKeptAsThePlanSays() throws {
    for (kept, wanted) in [(1, [12]), (2, [9, 12]), (3, [6, 9, 12])] {
      let folder = try TemporaryFolder()
      // One every three steps; the last one is of the end.
      try Self.trainer(.every(.steps(3), in: folder.path, keeping: kept)).fit(
        Self.loader(4), validation: Self.loader(1), epochs: 3)
      let names = wanted.map { "step-00000000\($0 < 10 ? "0" : "")\($0).safetensors" }
      #expect(folder.names == ["best.safetensors"] + names)
    }
    #expect(CheckpointPlan.every(.steps(1), in: "x", keeping: 0).kept == 1)
    #expect(CheckpointPlan.every(.steps(1), in: "x").kept == 2)
  }

  @Test func theBestEpochIsAFileOfItsOwn() throws {
    let folder = try TemporaryFolder()
    // The weight passes 2 on its way to 3: the second epoch is best.
    let validation = DataLoader(Rows(Tensor<Float>([[1]]), Tensor([[0.6]])))
    let trainer = Self.trainer(.every(.steps(1), in: folder.path))
    let history = try trainer.fit(Self.loader(1), validation: validation, epochs: 4)
    #expect(history.best?.epoch == 2)
    let best = try Safetensors(path: folder.file("best.safetensors"))
    #expect(best.names == ["weight"])
    #expect(
      best.tensor("weight", as: Float.self)?.scalars == trainer.model.state()["weight"]?.scalars)
    // Without validation rows no epoch is the best.
    let other = try TemporaryFolder()
    try Self.trainer(.every(.steps(2), in: other.path)).fit(Self.loader(1), epochs: 3)
    #expect(other.names == ["step-0000000002.safetensors", "step-0000000003.safetensors"])
  }

  @Test func intervalsAreOfStepsOrSeconds() {
    #expect(!CheckpointPlan.Interval.steps(3).isOver(steps: 2, seconds: 1e9))
    #expect(CheckpointPlan.Interval.steps(3).isOver(steps: 3, seconds: 0))
    #expect(CheckpointPlan.Interval.steps(0).isOver(steps: 1, seconds: 0))
    #expect(!CheckpointPlan.Interval.seconds(2).isOver(steps: 100, seconds: 1.99))
    #expect(CheckpointPlan.Interval.seconds(2).isOver(steps: 1, seconds: 2))
    #expect(CheckpointPlan.Interval.seconds(.nan).isOver(steps: 1, seconds: 0))
  }

  @Test func withoutCheckpointsATrainingBegins() throws {
    let folder = try TemporaryFolder()
    let trainer = Self.trainer()
    #expect(try !trainer.resume(from: folder.file("none")))
    #expect(try !trainer.resume(from: folder.path))
    #expect(try trainer.fit(Self.loader(), epochs: 2).epochs.count == 2)
  }

  @Test func whatHasNotEndedIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    let interruption = TrainingInterruption()
    let stopped = Self.trainer(.every(.steps(1), in: folder.path))
    stopped.interruption = interruption
    interruption.request()
    #expect(throws: TrainingInterrupted.self) { try stopped.fit(Self.loader(), epochs: 2) }
    let error = #expect(throws: FileError.self) {
      try Self.trainer(.every(.steps(1), in: folder.path)).fit(Self.loader(), epochs: 2)
    }
    #expect(
      error?.message
        == "has checkpoints of a training that has not ended: resume from it, or remove it")
    // What has ended is.
    let going = Self.trainer(.every(.steps(1), in: folder.path))
    #expect(try going.resume(from: folder.path))
    try going.fit(Self.loader(), epochs: 2)
    try Self.trainer(.every(.steps(1), in: folder.path)).fit(Self.loader(2), epochs: 1)
    #expect(folder.names == ["step-0000000001.safetensors", "step-0000000002.safetensors"])
  }

  /// An early stopping that no training has.
  private static func stopped(at epochCount: String, best: String) -> EarlyStopping? {
    let text =
      "{\"patience\":3,\"minimumDelta\":0,\"higherIsBetter\":false,\"bestEpoch\":\(best),"
      + "\"epochCount\":\(epochCount)}"
    return try? JSONDecoder().decode(EarlyStopping.self, from: Data(text.utf8))
  }

  private static let record = EpochRecord(
    epoch: 1, trainingLoss: 1, validationLoss: nil, metrics: [:], learningRates: [], rowCount: 5,
    seconds: 0, isBest: false)

  /// Keeps what a training says of its checkpoints.
  private final class Log: TrainingCallback {
    var written: [String] = []
    var errors: [String] = []
    func checkpointEnded(_ result: Result<String, any Error>) {
      switch result {
      case .success(let path): written.append(path)
      case .failure(let error): errors.append("\(error)")
      }
    }
  }

  @Test func whatCannotBeWrittenDoesNotEndATraining() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    let log = Log()
    let path = folder.file("file/run")
    let trainer = Self.trainer(.every(.steps(4), in: path), callbacks: [log])
    // Neither can it be read: that is said before the first step.
    #expect(throws: FileError.self) { try trainer.fit(Self.loader(), epochs: 1) }
    trainer.checkpoints = .every(.steps(4), in: folder.file("run"))
    try trainer.fit(Self.loader(), epochs: 1)
    #expect(log.written.count == 2 && log.errors.isEmpty)
    let full = Self.trainer(.every(.steps(2), in: "/proc/none"), callbacks: [log])
    #expect(try full.fit(Self.loader(), epochs: 1).epochs.count == 1)
    #expect(log.errors.count == 3 && log.errors[0].hasPrefix("/proc/none: cannot be made"))
  }

  @Test func withoutAPlanAStopKeepsNothing() throws {
    let trainer = Self.trainer()
    let interruption = TrainingInterruption()
    trainer.interruption = interruption
    #expect(!interruption.isObserved && !interruption.isRequested)
    interruption.request()
    let error = #expect(throws: TrainingInterrupted.self) {
      try trainer.fit(Self.loader(), epochs: 1)
    }
    #expect(error?.step == 1 && error?.checkpoint == nil)
    #expect(error?.description == "stopped after step 1")
    #expect(
      TrainingInterrupted(step: 3, checkpoint: "a/b").description
        == "stopped after step 3; checkpoint a/b")
    #expect(!interruption.isObserved)
  }

  // MARK: Refusals

  /// The folder of a training of five steps an epoch that was stopped after its second.
  private static func stopped(_ folder: TemporaryFolder) throws {
    let trainer = trainer(.every(.steps(1), in: folder.path))
    let interruption = TrainingInterruption()
    trainer.interruption = interruption
    trainer.callbacks = [Stop(2, interruption)]
    trainer.data = "one"
    #expect(throws: TrainingInterrupted.self) { try trainer.fit(loader(), epochs: 2) }
  }

  private static func refusal(
    _ folder: TemporaryFolder, _ trainer: Trainer<Float, Rows.Batch>,
    _ loader: DataLoader<Rows> = loader(), epochs: Int = 2, data: String = "one"
  ) throws -> String? {
    if trainer.callbacks.isEmpty { trainer.callbacks = [Log()] }
    trainer.data = data
    let weight = trainer.model.state()["weight"]?.scalars
    #expect(try trainer.resume(from: folder.path))
    let error = #expect(throws: FileError.self) { try trainer.fit(loader, epochs: epochs) }
    #expect(trainer.model.state()["weight"]?.scalars == weight)
    return error?.message
  }

  @Test func anotherTrainingIsRefusedByName() throws {
    let folder = try TemporaryFolder()
    try Self.stopped(folder)
    func refusal(_ message: String, _ found: String?, line: Int = #line) {
      #expect(found == "a checkpoint " + message, "line \(line)")
    }
    refusal("of 2 epochs, not 3", try Self.refusal(folder, Self.trainer(), epochs: 3))
    refusal(
      "of 5 batches an epoch, not 4", try Self.refusal(folder, Self.trainer(), Self.loader(4)))
    refusal(
      "of 1 rows a batch, not 2", try Self.refusal(folder, Self.trainer(), Self.loader(10, size: 2))
    )
    refusal("with the data one, not two", try Self.refusal(folder, Self.trainer(), data: "two"))
    refusal(
      "with the optimiser SGD, not Adam",
      try Self.refusal(folder, Self.trainer { Adam($0, learningRate: 0.1) }))
    refusal(
      "with the schedule none, not step",
      try Self.refusal(folder, Self.trainer(schedule: .step(size: 2))))
    let averaging = Self.trainer()
    averaging.callbacks = [ExponentialMovingAverage(averaging.optimizer.parameters)]
    refusal("of 0 callbacks with a state, not 1", try Self.refusal(folder, averaging))
    let drawing = Self.trainer()
    drawing.generators = [Generator(seed: 1)]
    refusal("of 1 generators, not 2", try Self.refusal(folder, drawing))
    let momentum = try Self.refusal(
      folder, Self.trainer { SGD($0, learningRate: 0.05, momentum: 0.9) })
    #expect(momentum?.hasPrefix("a checkpoint of another training: SGD: the state ") == true)
  }

  @Test func anotherModelIsRefusedByName() throws {
    let folder = try TemporaryFolder()
    try Self.stopped(folder)
    let model = Linear<Float>(1, 1)
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: SGD([model.weight], learningRate: 0.05),
      callbacks: [Log()])
    trainer.data = "one"
    try trainer.resume(from: folder.path)
    let error = #expect(throws: FileError.self) { try trainer.fit(Self.loader(), epochs: 2) }
    #expect(
      error?.message
        == "a checkpoint of another training: the state does not fit the module: 'bias' is missing")
  }

  @Test func elementTypeMetricAndEarlyStoppingMustBeAlike() {
    func identity(_ change: (inout TrainingIdentity) -> Void) -> TrainingIdentity {
      var identity = TrainingIdentity(
        dtype: "float32", optimizer: "SGD", schedule: "none", weightDecaySchedule: "none",
        metric: "loss", earlyStopping: "none", epochs: 1, batches: 2, batchSize: 3, generators: 4,
        callbacks: 5, data: "")
      change(&identity)
      return identity
    }
    let own = identity { _ in }
    func difference(_ change: (inout TrainingIdentity) -> Void) -> String? {
      own.difference(from: identity(change))
    }
    #expect(difference { _ in } == nil)
    #expect(difference { $0.dtype = "float64" } == "with the element type float32, not float64")
    #expect(
      difference { $0.weightDecaySchedule = "x" } == "with the schedule of decays none, not x")
    #expect(difference { $0.metric = "R²" } == "with the metric loss, not R²")
    #expect(difference { $0.earlyStopping = "x" } == "with the early stopping none, not x")
  }

  @Test func beforeADamagedCheckpointIsAnother() throws {
    let folder = try TemporaryFolder()
    try Self.stopped(folder)
    try folder.write("no checkpoint", to: "step-0000000002.safetensors")
    // What is not called like a checkpoint is none.
    try folder.write("", to: "step-9.safetensors")
    try folder.write("", to: "step-+000000009.safetensors")
    let log = Log()
    let trainer = Self.trainer(callbacks: [log])
    trainer.data = "one"
    #expect(try trainer.resume(from: folder.path))
    let message = "\(folder.path)/step-0000000002.safetensors: not a safetensors file"
    #expect(log.errors == [message])
    #expect(try trainer.fit(Self.loader(), epochs: 2).epochs.count == 2)
    let other = Self.trainer()
    try other.fit(Self.loader(), epochs: 2)
    #expect(trainer.model.state()["weight"]?.scalars == other.model.state()["weight"]?.scalars)
  }

  @Test func callbacksWithoutAStateMayDiffer() throws {
    let folder = try TemporaryFolder()
    try Self.stopped(folder)
    let layer = Linear(weight: Parameter(Tensor<Float>([[0]])), bias: nil)
    for callbacks: [any TrainingCallback] in [[], [Log(), Log()]] {
      let trainer = Trainer(
        layer, loss: MSELoss(), optimizer: SGD(layer.parameters(), learningRate: 0.05),
        callbacks: callbacks)
      trainer.data = "one"
      try trainer.resume(from: folder.path)
      #expect(try trainer.fit(Self.loader(), epochs: 2).epochs.count == 2)
    }
  }

  @Test func aStopThatCannotBeWrittenIsAStop() throws {
    let log = Log()
    let trainer = Self.trainer(.every(.steps(9), in: "/proc/none"), callbacks: [log])
    let interruption = TrainingInterruption()
    trainer.interruption = interruption
    interruption.request()
    let error = #expect(throws: TrainingInterrupted.self) {
      try trainer.fit(Self.loader(), epochs: 1)
    }
    #expect(error?.step == 1 && error?.checkpoint == nil && log.errors.count == 1)
    // With one from before, that one is named.
    let folder = try TemporaryFolder()
    var plan = CheckpointPlan.every(.steps(1), in: folder.path)
    plan.kept = -1
    let other = Self.trainer(plan)
    other.interruption = interruption
    let named = #expect(throws: TrainingInterrupted.self) {
      try other.fit(Self.loader(), epochs: 1)
    }
    #expect(named?.checkpoint == folder.file("step-0000000001.safetensors"))
    #expect(folder.names == ["step-0000000001.safetensors"])
  }

  @Test func damageIsFound() throws {
    let folder = try TemporaryFolder()
    try Self.stopped(folder)
    let path = folder.file("step-0000000002.safetensors")
    unlink(folder.file("step-0000000001.safetensors"))
    let whole = try Safetensors(path: path)
    func message(_ change: (inout Safetensors) -> Void, seals: Bool = true) throws -> String? {
      var file = whole
      change(&file)
      if seals { file.seal() }
      try file.write(to: path)
      return #expect(throws: FileError.self) { try Self.trainer().resume(from: folder.path) }?
        .message
    }
    let key = "slope.checkpoint"
    #expect(try message { $0.metadata[key] = nil } == "not a checkpoint of a training")
    #expect(
      try message({ $0.metadata["slope.checksum"] = nil }, seals: false)
        == "damaged: its checksum is missing")
    #expect(
      try message({ $0.insert(Tensor<Float>([[1]]), as: "model.weight") }, seals: false)?
        .hasPrefix("damaged: the checksum of its contents is ") == true)
    #expect(try message { $0.metadata[key] = "{" } == "a damaged checkpoint")
    // Numbers that no training writes, in a file that is whole.
    let header = try TrainingCheckpoint(path: path, whole).header
    let changes: [(inout TrainingCheckpoint.Header) -> Void] = [
      { $0.batch = -1 }, { $0.batch = 0 }, { $0.batch = 6 }, { $0.step = 1 }, { $0.step = .max },
      { $0.step = 11 }, { $0.lossRowCount = -1 }, { $0.optimizerSteps = [.max] },
      { $0.optimizerSteps = [-1] }, { $0.learningRates = [] }, { $0.learningRates = [-1] },
      { $0.weightDecays = [.nan] }, { $0.generators = [] }, { $0.generatorsOfEpoch = [] },
      { $0.generators = [Generator(seed: 1, algorithm: .philox).state] },
      { $0.history.epochs = [Self.record, Self.record] },
      { $0.history.epochs = [Self.record, Self.record, Self.record] },
      { $0.stopping = Self.stopped(at: "9223372036854775807", best: "0") },
      { $0.stopping = Self.stopped(at: "0", best: "-9223372036854775808") },
    ]
    for (index, change) in changes.enumerated() {
      var checkpoint = TrainingCheckpoint(header)
      change(&checkpoint.header)
      checkpoint.insert(["weight": Tensor<Float>([[0]])], under: "model.")
      try checkpoint.write(to: path)
      let message = try Self.refusal(folder, Self.trainer())
      #expect(
        message == "a checkpoint that is damaged: its numbers contradict each other", "\(index)")
    }
    #expect(
      try message { $0.metadata[key] = "{\"format\":\"training 0\"}" }
        == "a checkpoint of the format \"training 0\", not \"training 1\"")
    #expect(
      try message { $0.metadata[key] = "{\"format\":\"training 1\",\"version\":\"9.0\"}" }
        == "a checkpoint of version \"9.0\", not \(SlopeVersion.number): its numbers may differ")
    #expect(
      try message { $0.metadata[key] = "{\"format\":\"training 1\"}" }?
        .hasPrefix("a damaged checkpoint: ") == true)
  }
}
