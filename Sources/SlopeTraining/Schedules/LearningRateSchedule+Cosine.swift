import Glibc
import SlopeCore

/// Schedules along cosines.
extension LearningRateSchedule {
  /// Half a cosine from the base to a minimum, and back if the training goes on.
  ///
  /// minimum + ½ (base − minimum)(1 + cos(π · step ÷ steps)). PyTorch: `CosineAnnealingLR(T_max,
  /// eta_min)`.
  ///
  /// - Parameters:
  ///   - steps: the number of steps to the minimum; nil for the whole training.
  ///   - minimum: the rate at the end.
  /// - Returns: the schedule.
  ///
  /// Source: I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts",
  /// 2017, arXiv:1608.03983.
  public static func cosine(steps: Int? = nil, minimum: Double = 0) -> LearningRateSchedule {
    check("cosine", ["minimum": minimum])
    let length = ScheduleLength(steps, of: "cosine")
    return LearningRateSchedule("cosine", needsTotal: length.isOpen) { moment in
      let steps = length.steps(moment)
      // The same cosine, of a small number.
      let place = moment.step % steps
      let angle = Double.pi * Double(place) / Double(steps)
      let isRising = moment.step / steps % 2 == 1
      return minimum + (moment.base - minimum) * (1 + (isRising ? -cos(angle) : cos(angle))) / 2
    } recurrence: { moment, previous in
      let (step, steps) = (moment.step, length.steps(moment))
      if step == 0 { return previous }
      /// 1 + cos of the angle of a step.
      func height(_ step: Int) -> Double { 1 + cos(Double.pi * Double(step) / Double(steps)) }
      if (step - 1) % steps == 0, (step - 1) / steps % 2 == 1 {
        // From the minimum there is no ratio of two heights.
        return previous + (moment.base - minimum) * (1 - cos(Double.pi / Double(steps))) / 2
      }
      return height(step) / height(step - 1) * (previous - minimum) + minimum
    }
  }

  /// Half a cosine from the base to a minimum, again and again.
  ///
  /// The first part has `steps` steps, each next one `multiplier` times as many as the one before.
  /// PyTorch: `CosineAnnealingWarmRestarts(T_0, T_mult, eta_min)`.
  ///
  /// - Parameters:
  ///   - steps: the number of steps before the first restart.
  ///   - multiplier: the ratio of the lengths of two parts.
  ///   - minimum: the rate to which each part falls.
  /// - Returns: the schedule.
  public static func cosineWithRestarts(
    steps: Int, multiplier: Int = 1, minimum: Double = 0
  ) -> LearningRateSchedule {
    check("cosineWithRestarts", ["minimum": minimum])
    let first = positive(steps, "steps", of: "cosineWithRestarts")
    let multiplier = positive(multiplier, "multiplier", of: "cosineWithRestarts")
    return LearningRateSchedule("cosineWithRestarts") { moment in
      var (place, length) = (moment.step, first)
      if multiplier == 1 { place %= length }
      while place >= length {
        place -= length
        let (next, isTooLong) = length.multipliedReportingOverflow(by: multiplier)
        length = isTooLong ? .max : next
      }
      let share = (1 + cos(Double.pi * Double(place) / Double(length))) / 2
      return minimum + (moment.base - minimum) * share
    }
  }

  /// Four cosine cycles over the whole training, each longer than the one before.
  ///
  /// base · ½ (1 − cos(2π · log₂(1 + 15t))), where t is the part of the steps that is over. It
  /// begins at 0.
  ///
  /// Source: D. Holzmüller, L. Grinsztajn and I. Steinwart, "Better by default: strong pre-tuned
  /// MLPs and boosted trees on tabular data", 2024, arXiv:2407.04491.
  public static let coslog4 = LearningRateSchedule("coslog4", needsTotal: true) { moment in
    let part = ScheduleLength(nil, of: "coslog4").progress(moment)
    return moment.base * (1 - cos(2 * Double.pi * log2(1 + 15 * part))) / 2
  }

  /// The base for the first half of the training, then half a cosine to 0.
  ///
  /// base · ½ (1 + cos(π(2t − 1))) for t, the part of the steps that is over, above ½.
  ///
  /// Source: as of `coslog4`, where it is the schedule of dropout and weight decay.
  public static let flatCosine = LearningRateSchedule("flatCosine", needsTotal: true) { moment in
    let part = ScheduleLength(nil, of: "flatCosine").progress(moment)
    return part <= 0.5 ? moment.base : moment.base * (1 + cos(Double.pi * (2 * part - 1))) / 2
  }
}
