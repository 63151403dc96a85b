import Synchronization

/// Asks a training to stop after its present step.
///
/// Any thread may ask, such as one that waits for signals. The training writes a checkpoint, if it has
/// a plan for them, and throws `TrainingInterrupted`:
///
/// ```swift
/// let interruption = TrainingInterruption()
/// interruption.request()
/// print(interruption.isRequested)
/// // true
/// ```
public final class TrainingInterruption: Sendable {
  private let flag = Atomic<Bool>(false)

  private let observers = Atomic<Int>(0)

  /// Nothing is asked yet.
  public init() {}

  /// Asks the training to stop.
  public func request() { flag.store(true, ordering: .releasing) }

  /// Whether a training is taking steps, after which it looks.
  package var isObserved: Bool { observers.load(ordering: .acquiring) > 0 }

  /// Says that a training looks, or that it has ended.
  func observe(_ change: Int) { observers.add(change, ordering: .acquiringAndReleasing) }

  /// Whether it was asked.
  public var isRequested: Bool { flag.load(ordering: .acquiring) }
}

/// A training was stopped by its `TrainingInterruption`.
public struct TrainingInterrupted: Error, Sendable, Hashable, CustomStringConvertible {
  /// The steps that were taken.
  public let step: Int
  /// The path of the checkpoint by which it can go on; nil if the training keeps none.
  public let checkpoint: String?

  /// What happened, in one line.
  public var description: String {
    "stopped after step \(step)" + (checkpoint.map { "; checkpoint \($0)" } ?? "")
  }
}
