import Glibc
import SlopeCore

/// How a rate goes from one number to another.
public enum AnnealingShape: String, CaseIterable, Sendable, Codable {
  /// Along half a cosine.
  case cosine
  /// Along a straight line.
  case linear

  /// The number between two others where the part `part` of the way is over.
  func between(_ first: Double, _ last: Double, _ part: Double) -> Double {
    switch self {
    case .cosine: last + (first - last) / 2 * (cos(Double.pi * part) + 1)
    case .linear: (last - first) * part + first
    }
  }
}

/// The cycle of a rate, and of a momentum.
extension LearningRateSchedule {
  /// Up to a peak, down again, and on to almost nothing; the momentum the other way round.
  ///
  /// The rate rises from peak ÷ `divisor` to the peak in the first `rising` part of the steps, then
  /// falls to peak ÷ `divisor` ÷ `finalDivisor` in the last step. In three phases it falls to where
  /// it began as fast as it rose, and to its end in the remaining steps. PyTorch: `OneCycleLR`,
  /// whose names are `max_lr`, `total_steps`, `pct_start`, `anneal_strategy`, `cycle_momentum`,
  /// `base_momentum`, `max_momentum`, `div_factor`, `final_div_factor` and `three_phase`.
  ///
  /// - Parameters:
  ///   - peak: the largest rate, of all groups; nil for the rate that each group was given.
  ///   - steps: the number of steps; nil for the whole training. After them the rate stays.
  ///   - rising: the part of the steps in which the rate rises, 0…1.
  ///   - shape: the shape of the phases.
  ///   - momentum: the smallest and the largest momentum, which an optimiser with a momentum or
  ///     with betas takes; nil to leave it as it is.
  ///   - divisor: the peak over the first rate.
  ///   - finalDivisor: the first rate over the last.
  ///   - threePhases: whether the rate falls to where it began as fast as it rose.
  /// - Returns: the schedule.
  ///
  /// Source: L. N. Smith and N. Topin, "Super-convergence: very fast training of neural networks
  /// using large learning rates", 2018, arXiv:1708.07120.
  public static func oneCycle(
    peak: Double? = nil, steps: Int? = nil, rising: Double = 0.3, shape: AnnealingShape = .cosine,
    momentum: ClosedRange<Double>? = 0.85...0.95, divisor: Double = 25, finalDivisor: Double = 1e4,
    threePhases: Bool = false
  ) -> LearningRateSchedule {
    check("oneCycle", ["peak": peak ?? 0, "divisor": divisor, "finalDivisor": finalDivisor])
    if !(0...1).contains(rising) {
      reportFailure(operation: "oneCycle", "rising \(rising) is not in 0...1")
    }
    let length = ScheduleLength(steps, of: "oneCycle")
    let cycle = Cycle(rising: rising, shape: shape, threePhases: threePhases)
    let range = momentum ?? 0...0
    let momentumRule: @Sendable (Moment) -> Double = { moment in
      cycle.number(
        moment.step, of: length.steps(moment), first: range.upperBound, peak: range.lowerBound,
        last: range.upperBound)
    }
    return LearningRateSchedule(
      "oneCycle", needsTotal: length.isOpen, momentum: momentum == nil ? nil : momentumRule
    ) { moment in
      let peak = peak ?? moment.base
      return cycle.number(
        moment.step, of: length.steps(moment), first: peak / divisor, peak: peak,
        last: peak / divisor / finalDivisor)
    }
  }

  /// The phases of a cycle; their ends are numbers of steps, with fractions.
  private struct Cycle: Sendable {
    let rising: Double
    let shape: AnnealingShape
    let threePhases: Bool

    func number(_ step: Int, of steps: Int, first: Double, peak: Double, last: Double) -> Double {
      let top = rising * Double(steps) - 1
      var phases = [(end: top, from: first, to: peak)]
      if threePhases {
        phases.append((2 * rising * Double(steps) - 2, peak, first))
        phases.append((Double(steps) - 1, first, last))
      } else {
        phases.append((Double(steps) - 1, peak, last))
      }
      // One step later PyTorch's rate is beyond the end of the last phase, and may be negative.
      let place = Double(min(step, steps - 1))
      var start = 0.0
      for phase in phases.dropLast() {
        if place <= phase.end { return number(place, start, phase) }
        start = phase.end
      }
      return number(place, start, phases[phases.count - 1])
    }

    private func number(
      _ place: Double, _ start: Double, _ phase: (end: Double, from: Double, to: Double)
    ) -> Double {
      // A phase without length is over.
      let part = phase.end == start ? 1 : (place - start) / (phase.end - start)
      return shape.between(phase.from, phase.to, part)
    }
  }
}
