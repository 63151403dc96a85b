import SlopeCore

/// How a learning rate, or a weight decay, changes with the steps of a training.
///
/// A schedule is a value: a function from the number of a step, counted from 0, to a rate. The rate
/// that the optimiser, or a group of it, was given is the *base*, and most schedules are a factor
/// of it.
///
/// ```swift
/// let schedule = LearningRateSchedule.step(size: 2, gamma: 0.5)
/// print((0..<5).map { schedule.rate(at: $0, base: 0.1) })
/// // [0.1, 0.1, 0.05, 0.05, 0.025]
/// ```
///
/// A schedule whose number of steps is left out, such as `.oneCycle(peak: 1e-2)`, extends over the
/// whole training; whoever applies it says how many steps that has. What a step is, a batch or an
/// epoch, is decided by how often `LearningRateScheduler.step()` is called.
///
/// The numbers are those of PyTorch's schedulers in `torch.optim.lr_scheduler`. Most of these
/// compute a rate from the one before, and so does a `LearningRateScheduler`, with the same
/// rounding; `rate(at:base:totalSteps:)` computes it from the step alone, and may differ in the
/// last digits.
public struct LearningRateSchedule: Sendable {
  /// The step of which a rate is asked.
  struct Moment {
    /// From 0.
    var step: Int
    /// The rate that the optimiser was given.
    var base: Double
    /// The number of steps of the training, if it is known.
    var total: Int?
  }

  /// The name in messages, such as `oneCycle`.
  public let name: String

  /// The rate of a step from its number alone.
  let rule: @Sendable (Moment) -> Double

  /// The rate of a step from that of the step before, or in step 0 from the base; nil if it is
  /// `rule`'s.
  let recurrence: (@Sendable (Moment, _ previous: Double) -> Double)?

  /// The momentum of a step, where the schedule cycles that too.
  let momentum: (@Sendable (Moment) -> Double)?

  /// Whether the schedule extends over the whole training, so that the number of its steps must be
  /// given.
  let needsTotal: Bool

  init(
    _ name: String, needsTotal: Bool = false,
    momentum: (@Sendable (Moment) -> Double)? = nil,
    _ rule: @escaping @Sendable (Moment) -> Double,
    recurrence: (@Sendable (Moment, _ previous: Double) -> Double)? = nil
  ) {
    self.name = name
    self.recurrence = recurrence
    self.needsTotal = needsTotal
    self.momentum = momentum
    self.rule = rule
  }

  /// The rate of a step.
  ///
  /// Precondition: the step is not negative, and the number of steps is given where the schedule
  /// extends over the whole training; otherwise that is a failure, and the rate is the base.
  ///
  /// - Parameters:
  ///   - step: the number of the step, from 0.
  ///   - base: the rate that the optimiser or its group was given.
  ///   - totalSteps: the number of steps of the training.
  /// - Returns: the rate.
  public func rate(at step: Int, base: Double, totalSteps: Int? = nil) -> Double {
    guard step >= 0 else {
      reportFailure(operation: name, "step \(step) is negative")
      return base
    }
    guard hasSteps(totalSteps) else { return base }
    return rule(Moment(step: step, base: base, total: totalSteps))
  }

  /// The rate of a step after the rate `previous`.
  func next(_ moment: Moment, _ previous: Double) -> Double {
    recurrence?(moment, previous) ?? rule(moment)
  }

  /// Whether the number of steps is given where it is needed; if not, that is reported.
  func hasSteps(_ total: Int?) -> Bool {
    if let total, total < 1 {
      reportFailure(operation: name, "a training of \(total) steps")
      return false
    }
    guard needsTotal, total == nil else { return true }
    reportFailure(
      operation: name, "the number of steps is neither given nor known from the training")
    return false
  }

  /// Reports each of the numbers that is negative or NaN as a failure, by its name.
  static func check(_ schedule: String, _ numbers: KeyValuePairs<String, Double>) {
    for (what, number) in numbers where !(number >= 0) {
      reportFailure(operation: schedule, "\(what) \(number) is negative or not a number")
    }
  }

  /// `steps`, or 1 and a failure if it is not positive.
  static func positive(_ steps: Int, _ what: String, of schedule: String) -> Int {
    if steps >= 1 { return steps }
    reportFailure(operation: schedule, "\(what) \(steps) is not positive")
    return 1
  }
}

/// A number of steps that was given, or else that of the training.
struct ScheduleLength: Sendable {
  private let given: Int?

  init(_ steps: Int?, of schedule: String) {
    given = steps.map { LearningRateSchedule.positive($0, "steps", of: schedule) }
  }

  var isOpen: Bool { given == nil }

  func steps(_ moment: LearningRateSchedule.Moment) -> Int { given ?? moment.total ?? 1 }

  /// The part of the steps that is over: 0 in the first step, at most 1.
  func progress(_ moment: LearningRateSchedule.Moment) -> Double {
    let steps = steps(moment)
    return Double(min(moment.step, steps)) / Double(steps)
  }
}
