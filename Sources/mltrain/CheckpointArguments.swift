import ArgumentParser
import Slope
import SlopeTraining

/// How often checkpoints are written: `30s`, or `500steps`.
struct CheckpointInterval: ExpressibleByArgument, CustomStringConvertible {
  let interval: CheckpointPlan.Interval
  let description: String

  /// The interval that is used unless another one is given.
  static let usual = CheckpointInterval(interval: .seconds(30), description: "30s")

  private init(interval: CheckpointPlan.Interval, description: String) {
    (self.interval, self.description) = (interval, description)
  }

  init?(argument: String) {
    let text = argument.filter { $0 != " " }
    for end in ["steps", "step"] where text.hasSuffix(end) {
      guard let count = Int(text.dropLast(end.count)), count > 0 else { return nil }
      (interval, description) = (.steps(count), argument)
      return
    }
    guard text.hasSuffix("s"), let seconds = Double(text.dropLast()), seconds >= 0, seconds < 1e9
    else { return nil }
    (interval, description) = (.seconds(seconds), argument)
  }

  var defaultValueDescription: String { description }
}

/// The options of `mltrain fit` that say where checkpoints are kept.
struct CheckpointArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The folder for checkpoints, by which `mltrain resume` goes on after a stop (default: the model \
      file's name with .run, which is removed when the model is written).
      """, valueName: "folder"), completion: .directory)
  var checkpoint: String?

  @Option(
    help: ArgumentHelp(
      "How often a checkpoint is written, as 30s or 500steps.", valueName: "interval"),
    completion: .list(["30s", "500steps"]))
  var checkpointEvery = CheckpointInterval.usual

  @Option(help: ArgumentHelp("How many checkpoints are kept.", valueName: "count"))
  var checkpointsKept = 2

  @Flag(help: "Keep no checkpoints.")
  var noCheckpoints = false

  func validate() throws {
    if noCheckpoints, checkpoint != nil {
      throw ValidationError("--no-checkpoints and --checkpoint exclude each other.")
    }
    if checkpointsKept < 1 {
      throw ValidationError("--checkpoints-kept \(checkpointsKept): at least 1 is needed.")
    }
  }
}
