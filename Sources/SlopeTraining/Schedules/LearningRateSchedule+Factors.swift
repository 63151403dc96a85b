import Glibc
import SlopeCore

/// Schedules that multiply the base by a factor.
extension LearningRateSchedule {
  /// The base in every step.
  public static let constant = LearningRateSchedule("constant") { $0.base }

  /// The base times `factor` for some steps, then the base.
  ///
  /// PyTorch: `ConstantLR(factor, total_iters)`.
  public static func constant(factor: Double, steps: Int) -> LearningRateSchedule {
    check("constant", ["factor": factor])
    let steps = positive(steps, "steps", of: "constant")
    return LearningRateSchedule("constant") {
      $0.step < steps ? $0.base * factor : $0.base
    } recurrence: { moment, previous in
      if moment.step == 0 { return previous * factor }
      if factor == 0, moment.step == steps { return moment.base }
      return moment.step == steps ? previous * (1 / factor) : previous
    }
  }

  /// `gamma` times the rate after every `size` steps: base · gamma^⌊step ÷ size⌋.
  ///
  /// PyTorch: `StepLR(step_size, gamma)`.
  public static func step(size: Int, gamma: Double = 0.1) -> LearningRateSchedule {
    check("step", ["gamma": gamma])
    let size = positive(size, "size", of: "step")
    return LearningRateSchedule("step") {
      $0.base * pow(gamma, Double($0.step / size))
    } recurrence: { moment, previous in
      moment.step > 0 && moment.step % size == 0 ? previous * gamma : previous
    }
  }

  /// `gamma` times the rate at each milestone; one that is given twice counts twice.
  ///
  /// PyTorch: `MultiStepLR(milestones, gamma)`.
  public static func multiStep(milestones: [Int], gamma: Double = 0.1) -> LearningRateSchedule {
    check("multiStep", ["gamma": gamma])
    return LearningRateSchedule("multiStep") { moment in
      let passed = milestones.count { $0 <= moment.step }
      return moment.base * pow(gamma, Double(passed))
    } recurrence: { moment, previous in
      let reached = milestones.count { $0 == moment.step }
      return reached == 0 ? previous : previous * pow(gamma, Double(reached))
    }
  }

  /// `gamma` times the rate in every step: base · gamma^step.
  ///
  /// PyTorch: `ExponentialLR(gamma)`.
  public static func exponential(gamma: Double) -> LearningRateSchedule {
    check("exponential", ["gamma": gamma])
    return LearningRateSchedule("exponential") {
      $0.base * pow(gamma, Double($0.step))
    } recurrence: { moment, previous in
      moment.step == 0 ? previous : previous * gamma
    }
  }

  /// A straight line from one factor of the base to another, where it stays.
  ///
  /// PyTorch: `LinearLR(start_factor, end_factor, total_iters)`.
  ///
  /// - Parameters:
  ///   - first: the factor of the first step.
  ///   - last: the factor after the last step.
  ///   - steps: the number of steps; nil for the whole training.
  /// - Returns: the schedule.
  public static func linear(
    from first: Double = 1.0 / 3, to last: Double = 1, steps: Int? = 5
  ) -> LearningRateSchedule {
    check("linear", ["from": first, "to": last])
    let length = ScheduleLength(steps, of: "linear")
    let rule: @Sendable (Moment) -> Double = {
      $0.base * (first + (last - first) * length.progress($0))
    }
    // From 0 there is no ratio of two rates.
    guard first > 0 else {
      return LearningRateSchedule("linear", needsTotal: length.isOpen, rule)
    }
    return LearningRateSchedule("linear", needsTotal: length.isOpen, rule) { moment, previous in
      if moment.step == 0 { return previous * first }
      let steps = length.steps(moment)
      if moment.step > steps { return previous }
      let change = last - first
      return previous
        * (1 + change / (Double(steps) * first + Double(moment.step - 1) * change))
    }
  }

  /// base · (1 − step ÷ steps)^power, and 0 after the steps.
  ///
  /// PyTorch: `PolynomialLR(total_iters, power)`.
  ///
  /// - Parameters:
  ///   - power: the exponent; 1 is a straight line to 0.
  ///   - steps: the number of steps; nil for the whole training.
  /// - Returns: the schedule.
  public static func polynomial(power: Double = 1, steps: Int? = nil) -> LearningRateSchedule {
    check("polynomial", ["power": power])
    let length = ScheduleLength(steps, of: "polynomial")
    return LearningRateSchedule("polynomial", needsTotal: length.isOpen) {
      $0.base * pow(1 - length.progress($0), power)
    } recurrence: { moment, previous in
      let steps = Double(length.steps(moment))
      if moment.step == 0 || Double(moment.step) > steps { return previous }
      let ratio = (1 - Double(moment.step) / steps) / (1 - Double(moment.step - 1) / steps)
      return previous * pow(ratio, power)
    }
  }

  /// The base times a factor of your own.
  ///
  /// A factor that is negative or not a number is a failure when an optimiser receives the rate.
  /// PyTorch: `LambdaLR(lr_lambda)`.
  ///
  /// - Parameter factor: the factor of a step, which is counted from 0; asked once for each group
  ///   and step, and again where a training resumes.
  /// - Returns: the schedule.
  public static func lambda(
    _ factor: @escaping @Sendable (_ step: Int) -> Double
  ) -> LearningRateSchedule {
    LearningRateSchedule("lambda") { $0.base * factor($0.step) }
  }
}
