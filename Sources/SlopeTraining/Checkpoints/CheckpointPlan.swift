/// Where a training keeps its checkpoints, how often, and how many.
///
/// ```swift
/// let plan = CheckpointPlan.every(.seconds(30), in: "runs/1")
/// print(plan.folder, plan.kept)
/// // runs/1 2
/// ```
///
/// The folder is made with the first checkpoint. It then has the last checkpoints, named by their steps,
/// such as `step-0000001200.safetensors`, and `best.safetensors`, the state of the model at its best epoch
/// so far. Each file is written whole or not at all; one more than is kept may be there for a moment.
///
/// - SeeAlso: `Trainer.resume(from:)`.
public struct CheckpointPlan: Sendable, Hashable {
  /// How long a training goes on between two checkpoints.
  public enum Interval: Sendable, Hashable {
    /// So many seconds, counted from the end of the checkpoint before.
    case seconds(Double)
    /// So many steps.
    case steps(Int)
  }

  /// The path of the folder.
  public var folder: String
  /// How often a checkpoint is written, after a step.
  public var interval: Interval
  /// The number of checkpoints that are kept, at least 1.
  public var kept: Int

  /// Checkpoints in some interval.
  ///
  /// - Parameters:
  ///   - interval: how often one is written.
  ///   - folder: the path of the folder.
  ///   - kept: the number of checkpoints that are kept.
  /// - Returns: the plan.
  public static func every(
    _ interval: Interval, in folder: String, keeping kept: Int = 2
  ) -> CheckpointPlan {
    CheckpointPlan(folder: folder, interval: interval, kept: max(1, kept))
  }
}

extension CheckpointPlan.Interval {
  /// Whether a checkpoint is due, so many steps and seconds after the one before.
  func isOver(steps: Int, seconds: Double) -> Bool {
    switch self {
    case .steps(let count): steps >= max(1, count)
    case .seconds(let duration): !(seconds < duration)
    }
  }
}
