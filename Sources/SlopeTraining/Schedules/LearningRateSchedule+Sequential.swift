import Glibc
import SlopeCore

/// Schedules one after another.
extension LearningRateSchedule {
  /// Schedules that take turns: at each milestone the next one begins with its own step 0.
  ///
  /// One that extends over the whole training extends to the next milestone, or from the last one
  /// to the end of the training. A milestone of 0 skips the schedule before it. PyTorch:
  /// `SequentialLR`.
  ///
  /// Precondition: there is one milestone less than there are schedules, and they increase.
  ///
  /// - Parameters:
  ///   - schedules: at least one schedule.
  ///   - milestones: the steps in which the second schedule and those after it begin.
  /// - Returns: the schedule.
  public static func sequential(
    _ schedules: [LearningRateSchedule], milestones: [Int]
  ) -> LearningRateSchedule {
    guard milestones.count == schedules.count - 1 else {
      reportFailure(
        operation: "sequential",
        "\(milestones.count) milestones for \(schedules.count) schedules")
      return .constant
    }
    guard milestones.allSatisfy({ $0 >= 0 }), zip(milestones, milestones.dropFirst()).allSatisfy(<)
    else {
      reportFailure(operation: "sequential", "the milestones \(milestones) do not increase from 0")
      return .constant
    }
    /// The schedule of a step, and the step's number in it.
    @Sendable func part(_ moment: Moment) -> (LearningRateSchedule, Moment) {
      let place = milestones.count { $0 <= moment.step }
      let start = place == 0 ? 0 : milestones[place - 1]
      let end = place < milestones.count ? milestones[place] : moment.total
      return (
        schedules[place],
        Moment(
          step: moment.step - start, base: moment.base, total: end.map { max($0 - start, 1) })
      )
    }
    // Only the last one has no milestone at its end.
    let needsTotal = schedules.last?.needsTotal ?? false
    let momentum: @Sendable (Moment) -> Double = { moment in
      let (schedule, local) = part(moment)
      return schedule.momentum?(local) ?? .nan
    }
    let hasMomentum = schedules.contains { $0.momentum != nil }
    return LearningRateSchedule(
      "sequential", needsTotal: needsTotal, momentum: hasMomentum ? momentum : nil
    ) { moment in
      let (schedule, local) = part(moment)
      return schedule.rule(local)
    } recurrence: { moment, previous in
      let (schedule, local) = part(moment)
      // A later schedule begins with its own first rate, wherever the one before has ended.
      let begins = local.step == 0 && moment.step > 0
      return begins ? schedule.rule(local) : schedule.next(local, previous)
    }
  }

  /// A rate that rises in a straight line to the base, then another schedule from its step 0.
  ///
  /// PyTorch: `SequentialLR` of `LinearLR(start_factor, total_iters=steps)` and the other.
  ///
  /// - Parameters:
  ///   - steps: the number of steps below the base.
  ///   - factor: the factor of the base in the first step.
  ///   - next: what follows.
  /// - Returns: the schedule.
  public static func warmUp(
    steps: Int, from factor: Double = 1.0 / 3, then next: LearningRateSchedule = .constant
  ) -> LearningRateSchedule {
    let steps = positive(steps, "steps", of: "warmUp")
    return sequential([.linear(from: factor, steps: steps), next], milestones: [steps])
  }

  /// From the base to a rate, where it stays: for the steps whose parameters are averaged.
  ///
  /// PyTorch: `torch.optim.swa_utils.SWALR(swa_lr, anneal_epochs, anneal_strategy)`.
  ///
  /// - Parameters:
  ///   - rate: the rate at the end, of all groups.
  ///   - steps: the number of steps to get there; with 0 it is there at once.
  ///   - shape: the shape of the way.
  /// - Returns: the schedule.
  public static func stochasticAverage(
    rate: Double, steps: Int = 10, shape: AnnealingShape = .cosine
  ) -> LearningRateSchedule {
    check("stochasticAverage", ["rate": rate])
    if steps < 0 { reportFailure(operation: "stochasticAverage", "steps \(steps) is negative") }
    return LearningRateSchedule("stochasticAverage") { moment in
      if moment.step >= steps { return rate }
      return shape.between(moment.base, rate, Double(moment.step) / Double(steps))
    } recurrence: { moment, previous in
      let step = steps > 0 ? moment.step : max(moment.step, 1)
      /// The part of the way that is over in a step.
      func share(_ step: Int) -> Double {
        let part = max(0, min(1, Double(step) / Double(max(steps, 1))))
        return shape == .linear ? part : (1 - cos(Double.pi * part)) / 2
      }
      let (past, present) = (share(step - 1), share(step))
      let base = past == 1 ? rate : (previous - past * rate) / (1 - past)
      return rate * present + base * (1 - present)
    }
  }
}
