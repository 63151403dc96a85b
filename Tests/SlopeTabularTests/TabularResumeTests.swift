import SlopeCore
import SlopeData
import SlopeTraining
import Synchronization
import TestSupport
import Testing

@testable import SlopeTabular

/// Fits that are stopped and go on.
struct TabularResumeTests {
  private static let numbers = TabularCases.table(
    [TabularCases.a, TabularCases.b], Column("y", TabularCases.target))
  private static let classes = TabularCases.table(
    [TabularCases.a, TabularCases.b], Column("y", TabularCases.triples))

  private static func options(_ change: (inout TabularOptions) -> Void = { _ in }) -> TabularOptions
  {
    var options = TabularOptions(target: "y")
    options.split = .column("part")
    options.networkEpochs = 3
    change(&options)
    return options
  }

  private static func bytes(_ fit: TabularFit<Float>) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try fit.model.save(to: folder.file("model"))
    return try folder.read("model")
  }

  /// Fits until epoch `stop` of all, and then goes on; the model's bytes.
  private static func stopped(
    _ table: Table, _ options: TabularOptions, after stop: Int, in folder: TemporaryFolder
  ) throws -> [UInt8]? {
    var options = options
    let interruption = TrainingInterruption()
    options.interruption = interruption
    options.checkpoints = .every(.steps(2), in: folder.file("run"))
    var count = 0
    do {
      _ = try TabularModel<Float>.fit(table, options) { _ in
        count += 1
        if count == stop { interruption.request() }
      }
      return nil
    } catch let error as TrainingInterrupted {
      #expect(error.checkpoint?.hasPrefix(folder.file("run/training-0")) == true)
    }
    options.interruption = nil
    options.resumes = true
    // Who looks makes no difference.
    options.stepEnded = { _ in }
    return try bytes(try TabularModel<Float>.fit(table, options))
  }

  @Test func theModelIsTheOneOfAFitThatWasNotStopped() throws {
    let cases: [(Table, TabularOptions)] = [
      (Self.numbers, Self.options()), (Self.classes, Self.options()),
      (Self.classes, Self.options { $0.refits = true }),
      (Self.numbers, Self.options { ($0.model, $0.quality) = (.mlp, .fast) }),
      (
        Self.classes,
        Self.options { ($0.hidden, $0.epochs, $0.optimizer) = ([8], 6, .adam) }
      ),
      (
        Self.numbers,
        Self.options { ($0.quality, $0.trials, $0.networkEpochs) = (.best, 3, 2) }
      ),
    ]
    for (index, (table, options)) in cases.enumerated() {
      let wanted = try Self.bytes(try TabularModel<Float>.fit(table, options))
      var stop = 1
      while true {
        let folder = try TemporaryFolder()
        guard let found = try Self.stopped(table, options, after: stop, in: folder) else { break }
        #expect(found == wanted, "case \(index), stopped after \(stop)")
        stop += 1
      }
      #expect(stop > 2, "case \(index)")
    }
  }

  /// An epoch as it is told.
  private struct Told: Hashable {
    let epoch: Int
    let epochCount: Int
    let trainingError: Double
    let validationScore: Double?
    let bestEpoch: Int?
    let learningRate: Double?
    let errorName: String
    let areFolds: Bool

    init(_ progress: TabularProgress) {
      (epoch, epochCount, areFolds) = (progress.epoch, progress.epochCount, progress.areFolds)
      (trainingError, validationScore) = (progress.trainingError, progress.validationScore)
      (bestEpoch, learningRate) = (progress.bestEpoch, progress.learningRate)
      errorName = progress.errorName
    }
  }

  @Test(arguments: [true, false]) func earlierEpochsAreToldAgain(hasLayers: Bool) throws {
    var options = Self.options { options in
      (options.model, options.quality, options.networkEpochs) = (.mlp, .fast, 5)
      if hasLayers { (options.model, options.hidden, options.epochs) = (.automatic, [8], 5) }
    }
    var wanted: [Told] = []
    _ = try TabularModel<Float>.fit(Self.numbers, options) { progress in
      #expect(!progress.isEarlier)
      wanted.append(Told(progress))
    }
    let folder = try TemporaryFolder()
    let interruption = TrainingInterruption()
    options.interruption = interruption
    options.checkpoints = .every(.steps(1), in: folder.file("run"))
    #expect(throws: TrainingInterrupted.self) {
      try TabularModel<Float>.fit(Self.numbers, options) { progress in
        if progress.epoch == 3 { interruption.request() }
      }
    }
    (options.interruption, options.resumes) = (nil, true)
    var earlier: [Told] = []
    var later: [Told] = []
    _ = try TabularModel<Float>.fit(Self.numbers, options) { progress in
      if progress.isEarlier { earlier.append(Told(progress)) } else { later.append(Told(progress)) }
    }
    #expect(earlier.map(\.epoch) == [1, 2, 3] && earlier + later == wanted)
  }

  @Test func aTrainingWhoseLastEpochIsKnownSaysSo() throws {
    let steps = Mutex<[TabularStep]>([])
    let options = Self.options { options in
      (options.model, options.quality, options.networkEpochs) = (.mlp, .fast, 12)
      options.refits = true
      options.stepEnded = { step in steps.withLock { $0.append(step) } }
    }
    let fit = try TabularModel<Float>.fit(Self.classes, options)
    let best = try #require(fit.model.schema.training?.bestEpoch)
    let taken = steps.withLock { $0 }
    let first = try #require(taken.firstIndex { $0.step == 12 * $0.stepsPerEpoch })
    #expect(taken[first].stepCount == taken[first].step && taken.count > first + 1 && best < 12)
    // The second training ends with the best epoch of the first.
    #expect(taken.last?.step == taken.last?.stepCount)
    #expect(taken.last.map { $0.step / $0.stepsPerEpoch } == best)
  }

  @Test func otherRowsAreRefused() throws {
    let folder = try TemporaryFolder()
    var options = Self.options { $0.model = .mlp }
    _ = try #require(try Self.stopped(Self.numbers, options, after: 1, in: folder))
    options.checkpoints = .every(.steps(2), in: folder.file("run"))
    let fresh = #expect(throws: FileError.self) {
      try TabularModel<Float>.fit(Self.numbers, options)
    }
    #expect(fresh?.message == "has checkpoints of another fit: resume it, or remove them")
    options.resumes = true
    var target = TabularCases.target
    target[0] += 0.1
    let other = TabularCases.table([TabularCases.a, TabularCases.b], Column("y", target))
    let error = #expect(throws: FileError.self) { try TabularModel<Float>.fit(other, options) }
    #expect(error?.message.hasPrefix("a checkpoint with the data ") == true)
    options.networkEpochs = 5
    let epochs = #expect(throws: FileError.self) {
      try TabularModel<Float>.fit(Self.numbers, options)
    }
    #expect(epochs?.message == "a checkpoint of 3 epochs, not 5")
  }

  @Test func checkpointsAndStepsAreTold() throws {
    let messages = Mutex<[String]>([])
    let steps = Mutex<[TabularStep]>([])
    func options(_ folder: String) -> TabularOptions {
      Self.options {
        ($0.model, $0.quality) = (.mlp, .fast)
        $0.checkpoints = .every(.steps(3), in: folder)
        $0.checkpointEnded = { result in
          messages.withLock {
            switch result {
            case .success(let path): $0.append(path)
            case .failure(let error): $0.append("\(error)")
            }
          }
        }
        $0.stepEnded = { step in steps.withLock { $0.append(step) } }
      }
    }
    _ = try TabularModel<Float>.fit(Self.numbers, options("/proc/none"))
    #expect(
      messages.withLock { $0 }.first
        == "/proc/none/training-01: cannot be made: No such file or directory")
    // 360 rows are one batch of 256 in each of three epochs; what is told of them is said once for each.
    let taken = steps.withLock { $0 }
    #expect(taken.map(\.step) == [1, 2, 3] && taken.allSatisfy { $0.stepCount == 3 })
    #expect(taken.allSatisfy { $0.stepsPerEpoch == 1 && $0.rowCount == 256 })
    let multiplyAdds = 2 * 256 + 2 * 256 * 256 + 256
    #expect(taken.allSatisfy { $0.operations == 6 * 256 * Double(multiplyAdds) })
    let folder = try TemporaryFolder()
    messages.withLock { $0 = [] }
    _ = try TabularModel<Float>.fit(Self.numbers, options(folder.file("run")))
    let path = folder.file("run/training-01/step-0000000003.safetensors")
    #expect(messages.withLock { $0 } == [path, path])
  }
}
