import FoundationEssentials
import Glibc
import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import TestSupport
import Testing

@testable import SlopeTraining

/// The files of checkpoints: how many, when, and what happens where they cannot be written.
struct CheckpointFileTests {
  @Test func asManyAreKeptAsThePlanSays() throws {
    for (kept, wanted) in [(1, [12]), (2, [9, 12]), (3, [6, 9, 12])] {
      let folder = try TemporaryFolder()
      // One every three steps; the last one is of the end.
      try SmallTraining.trainer(.every(.steps(3), in: folder.path, keeping: kept)).fit(
        SmallTraining.loader(4), validation: SmallTraining.loader(1), epochs: 3)
      let names = wanted.map { "step-00000000\($0 < 10 ? "0" : "")\($0).safetensors" }
      #expect(folder.names == ["best.safetensors"] + names)
    }
    #expect(CheckpointPlan.every(.steps(1), in: "x", keeping: 0).kept == 1)
    #expect(CheckpointPlan.every(.steps(1), in: "x").kept == 2)
  }

  @Test func theBestEpochIsAFileOfItsOwn() throws {
    let folder = try TemporaryFolder()
    // The weight passes 2 on its way to 3: the second epoch is best.
    let validation = DataLoader(SmallTraining.Rows(Tensor<Float>([[1]]), Tensor([[0.6]])))
    let trainer = SmallTraining.trainer(.every(.steps(1), in: folder.path))
    let history = try trainer.fit(SmallTraining.loader(1), validation: validation, epochs: 4)
    #expect(history.best?.epoch == 2)
    let best = try Safetensors(path: folder.file("best.safetensors"))
    #expect(best.names == ["weight"])
    #expect(
      best.tensor("weight", as: Float.self)?.scalars == trainer.model.state()["weight"]?.scalars)
    // Without validation rows no epoch is the best.
    let other = try TemporaryFolder()
    try SmallTraining.trainer(.every(.steps(2), in: other.path)).fit(
      SmallTraining.loader(1), epochs: 3)
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
    let trainer = SmallTraining.trainer()
    #expect(try !trainer.resume(from: folder.file("none")))
    #expect(try !trainer.resume(from: folder.path))
    #expect(try trainer.fit(SmallTraining.loader(), epochs: 2).epochs.count == 2)
  }

  @Test func whatHasNotEndedIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    let interruption = TrainingInterruption()
    let stopped = SmallTraining.trainer(.every(.steps(1), in: folder.path))
    stopped.interruption = interruption
    interruption.request()
    #expect(throws: TrainingInterrupted.self) { try stopped.fit(SmallTraining.loader(), epochs: 2) }
    let error = #expect(throws: FileError.self) {
      try SmallTraining.trainer(.every(.steps(1), in: folder.path)).fit(
        SmallTraining.loader(), epochs: 2)
    }
    #expect(
      error?.message
        == "has checkpoints of a training that has not ended: resume from it, or remove it")
    // What has ended is.
    let going = SmallTraining.trainer(.every(.steps(1), in: folder.path))
    #expect(try going.resume(from: folder.path))
    try going.fit(SmallTraining.loader(), epochs: 2)
    try SmallTraining.trainer(.every(.steps(1), in: folder.path)).fit(
      SmallTraining.loader(2), epochs: 1)
    #expect(folder.names == ["step-0000000001.safetensors", "step-0000000002.safetensors"])
  }

  @Test func whatGoesOnElsewhereReplacesNothingThere() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b"] {
      let stopped = SmallTraining.trainer()
      stopped.checkpoint(to: folder.file(name), every: .steps(1), keeping: 1)
      let interruption = TrainingInterruption()
      stopped.interruption = interruption
      interruption.request()
      #expect(throws: TrainingInterrupted.self) {
        try stopped.fit(SmallTraining.loader(), epochs: 2)
      }
    }
    let going = SmallTraining.trainer(.every(.steps(1), in: folder.file("b")))
    try going.resume(from: folder.file("a"))
    let error = #expect(throws: FileError.self) {
      try going.fit(SmallTraining.loader(), epochs: 2)
    }
    #expect(error?.file == folder.file("b"))
    #expect(
      error?.message
        == "has checkpoints of a training that has not ended: resume from it, or remove it")
    // Neither a new folder nor another name of the same one is meant.
    #expect(symlink("a", folder.file("link")) == 0)
    for name in ["c", "link"] {
      going.checkpoint(to: folder.file(name) + "/", every: .steps(1))
      try going.resume(from: folder.file("a"))
      #expect(try going.fit(SmallTraining.loader(), epochs: 2).epochs.count == 2)
    }
  }

  @Test func aPlanIsSetByACall() {
    let trainer = SmallTraining.trainer()
    trainer.checkpoint(to: "runs/1")
    #expect(trainer.checkpoints == .every(.seconds(30), in: "runs/1", keeping: 2))
    trainer.checkpoint(to: "runs/2", every: .steps(5), keeping: 3)
    #expect(trainer.checkpoints == .every(.steps(5), in: "runs/2", keeping: 3))
  }

  @Test func whatCannotBeWrittenDoesNotEndATraining() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    let log = CheckpointLog()
    let path = folder.file("file/run")
    let trainer = SmallTraining.trainer(.every(.steps(4), in: path), callbacks: [log])
    // Neither can it be read: that is said before the first step.
    #expect(throws: FileError.self) { try trainer.fit(SmallTraining.loader(), epochs: 1) }
    trainer.checkpoints = .every(.steps(4), in: folder.file("run"))
    try trainer.fit(SmallTraining.loader(), epochs: 1)
    #expect(log.written.count == 2 && log.errors.isEmpty)
    let full = SmallTraining.trainer(.every(.steps(2), in: "/proc/none"), callbacks: [log])
    #expect(try full.fit(SmallTraining.loader(), epochs: 1).epochs.count == 1)
    #expect(log.errors.count == 3 && log.errors[0].hasPrefix("/proc/none: cannot be made"))
  }

  @Test func withoutAPlanAStopKeepsNothing() throws {
    let trainer = SmallTraining.trainer()
    let interruption = TrainingInterruption()
    trainer.interruption = interruption
    #expect(!interruption.isObserved && !interruption.isRequested)
    interruption.request()
    let error = #expect(throws: TrainingInterrupted.self) {
      try trainer.fit(SmallTraining.loader(), epochs: 1)
    }
    #expect(error?.step == 1 && error?.checkpoint == nil)
    #expect(error?.description == "stopped after step 1")
    #expect(
      TrainingInterrupted(step: 3, checkpoint: "a/b").description
        == "stopped after step 3; checkpoint a/b")
    #expect(!interruption.isObserved)
  }
}
