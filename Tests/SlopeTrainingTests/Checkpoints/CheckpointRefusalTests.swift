import FoundationEssentials
import Glibc
import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import TestSupport
import Testing

@testable import SlopeTraining

/// Checkpoints that a training does not go on from.
struct CheckpointRefusalTests {
  private typealias Rows = SmallTraining.Rows

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

  /// The folder of a training of five steps an epoch that was stopped after its second.
  private static func stopped(_ folder: TemporaryFolder) throws {
    let trainer = SmallTraining.trainer(.every(.steps(1), in: folder.path))
    let interruption = TrainingInterruption()
    trainer.interruption = interruption
    trainer.callbacks = [StopAfterStep(2, interruption)]
    trainer.data = "one"
    #expect(throws: TrainingInterrupted.self) { try trainer.fit(SmallTraining.loader(), epochs: 2) }
  }

  private static func refusal(
    _ folder: TemporaryFolder, _ trainer: Trainer<Float, Rows.Batch>,
    _ loader: DataLoader<Rows> = SmallTraining.loader(), epochs: Int = 2, data: String = "one"
  ) throws -> String? {
    if trainer.callbacks.isEmpty { trainer.callbacks = [CheckpointLog()] }
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
    refusal("of 2 epochs, not 3", try Self.refusal(folder, SmallTraining.trainer(), epochs: 3))
    refusal(
      "of 5 batches an epoch, not 4",
      try Self.refusal(folder, SmallTraining.trainer(), SmallTraining.loader(4)))
    refusal(
      "of 1 rows a batch, not 2",
      try Self.refusal(folder, SmallTraining.trainer(), SmallTraining.loader(10, size: 2))
    )
    refusal(
      "with the data one, not two", try Self.refusal(folder, SmallTraining.trainer(), data: "two"))
    refusal(
      "with the optimiser SGD, not Adam",
      try Self.refusal(folder, SmallTraining.trainer { Adam($0, learningRate: 0.1) }))
    refusal(
      "with the schedule none, not step",
      try Self.refusal(folder, SmallTraining.trainer(schedule: .step(size: 2))))
    let averaging = SmallTraining.trainer()
    averaging.callbacks = [ExponentialMovingAverage(averaging.optimizer.parameters)]
    refusal("of 0 callbacks with a state, not 1", try Self.refusal(folder, averaging))
    let drawing = SmallTraining.trainer()
    drawing.generators = [Generator(seed: 1)]
    refusal("of 1 generators, not 2", try Self.refusal(folder, drawing))
    let momentum = try Self.refusal(
      folder, SmallTraining.trainer { SGD($0, learningRate: 0.05, momentum: 0.9) })
    #expect(momentum?.hasPrefix("a checkpoint of another training: SGD: the state ") == true)
  }

  @Test func anotherModelIsRefusedByName() throws {
    let folder = try TemporaryFolder()
    try Self.stopped(folder)
    let model = Linear<Float>(1, 1)
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: SGD([model.weight], learningRate: 0.05),
      callbacks: [CheckpointLog()])
    trainer.data = "one"
    try trainer.resume(from: folder.path)
    let error = #expect(throws: FileError.self) {
      try trainer.fit(SmallTraining.loader(), epochs: 2)
    }
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
    let log = CheckpointLog()
    let trainer = SmallTraining.trainer(callbacks: [log])
    trainer.data = "one"
    #expect(try trainer.resume(from: folder.path))
    let message = "\(folder.path)/step-0000000002.safetensors: not a safetensors file"
    #expect(log.errors == [message])
    #expect(try trainer.fit(SmallTraining.loader(), epochs: 2).epochs.count == 2)
    let other = SmallTraining.trainer()
    try other.fit(SmallTraining.loader(), epochs: 2)
    #expect(trainer.model.state()["weight"]?.scalars == other.model.state()["weight"]?.scalars)
  }

  @Test func callbacksWithoutAStateMayDiffer() throws {
    let folder = try TemporaryFolder()
    try Self.stopped(folder)
    let layer = Linear(weight: Parameter(Tensor<Float>([[0]])), bias: nil)
    for callbacks: [any TrainingCallback] in [[], [CheckpointLog(), CheckpointLog()]] {
      let trainer = Trainer(
        layer, loss: MSELoss(), optimizer: SGD(layer.parameters(), learningRate: 0.05),
        callbacks: callbacks)
      trainer.data = "one"
      try trainer.resume(from: folder.path)
      #expect(try trainer.fit(SmallTraining.loader(), epochs: 2).epochs.count == 2)
    }
  }

  @Test func aStopThatCannotBeWrittenIsAStop() throws {
    let log = CheckpointLog()
    let trainer = SmallTraining.trainer(.every(.steps(9), in: "/proc/none"), callbacks: [log])
    let interruption = TrainingInterruption()
    trainer.interruption = interruption
    interruption.request()
    let error = #expect(throws: TrainingInterrupted.self) {
      try trainer.fit(SmallTraining.loader(), epochs: 1)
    }
    #expect(error?.step == 1 && error?.checkpoint == nil && log.errors.count == 1)
    // With one from before, that one is named.
    let folder = try TemporaryFolder()
    var plan = CheckpointPlan.every(.steps(1), in: folder.path)
    plan.kept = -1
    let other = SmallTraining.trainer(plan)
    other.interruption = interruption
    let named = #expect(throws: TrainingInterrupted.self) {
      try other.fit(SmallTraining.loader(), epochs: 1)
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
      return #expect(throws: FileError.self) {
        try SmallTraining.trainer().resume(from: folder.path)
      }?
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
      let message = try Self.refusal(folder, SmallTraining.trainer())
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
