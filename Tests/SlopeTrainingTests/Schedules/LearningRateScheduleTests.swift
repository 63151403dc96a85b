import SlopeCore
import SlopeOptimizers
import SlopeTraining
import Testing

@Suite struct LearningRateScheduleTests {
  private func message(_ body: () -> Void) -> String? {
    do {
      try checked { body() }
      return nil
    } catch { return "\(error)" }
  }

  private func rates(_ schedule: LearningRateSchedule, _ steps: Int, total: Int? = nil) -> [Double]
  {
    (0..<steps).map { schedule.rate(at: $0, base: 1, totalSteps: total) }
  }

  @Test func ratesAreThoseOfPyTorch() throws {
    let cases = try ScheduleCases.stored.get()
    #expect(Set(cases.schedules.map(\.name)) == Set(storedSchedules.keys))
    for stored in cases.schedules {
      let schedule = try #require(storedSchedules[stored.name])
      for (step, wanted) in stored.rates.enumerated() {
        for (base, rate) in zip(cases.bases, wanted) {
          let found = schedule.rate(at: step, base: base)
          #expect(isClose(found, rate), "\(stored.name), step \(step): \(found), not \(rate)")
        }
      }
    }
  }

  @Test func openSchedulesExtendOverTheTraining() {
    #expect(
      rates(.oneCycle(peak: 0.5), 10, total: 10) == rates(.oneCycle(peak: 0.5, steps: 10), 10))
    #expect(rates(.cosine(), 10, total: 10) == rates(.cosine(steps: 10), 10))
    #expect(rates(.polynomial(), 4, total: 4) == [1, 0.75, 0.5, 0.25])
    #expect(rates(.linear(from: 0, to: 1, steps: nil), 5, total: 4) == [0, 0.25, 0.5, 0.75, 1])
    // A given number of steps is not that of the training.
    #expect(rates(.polynomial(steps: 2), 4, total: 4) == [1, 0.5, 0, 0])
    // After two steps of warming up two more remain.
    #expect(
      rates(.warmUp(steps: 2, from: 0.5, then: .polynomial()), 4, total: 4) == [0.5, 0.75, 1, 0.5])
    let parts = LearningRateSchedule.sequential(
      [.polynomial(), .constant, .linear(from: 1, to: 0, steps: nil)], milestones: [2, 3])
    #expect(rates(parts, 7, total: 7) == [1, 0.5, 1, 1, 0.75, 0.5, 0.25])
  }

  /// The numbers of the formulas in the paper's Table A.1.
  @Test func tabularSchedulesAreThoseOfThePaper() {
    let cycles = rates(.coslog4, 16, total: 15)
    for (step, wanted) in [(0, 0.0), (1, 0), (3, 0), (7, 0), (15, 0)] {
      #expect(abs(cycles[step] - wanted) < 1e-12)
    }
    // log₂(1 + 2) and log₂(1 + 5)
    #expect(abs(cycles[2] - 0.9304309704) < 1e-6 && abs(cycles[5] - 0.9304309704) < 1e-9)
    let flat = rates(.flatCosine, 9, total: 8)
    #expect(flat.prefix(5) == [1, 1, 1, 1, 1])
    for (step, wanted) in [(5, 0.853553390593), (6, 0.5), (7, 0.146446609407), (8, 0)] {
      #expect(abs(flat[step] - wanted) < 1e-11)
    }
  }

  @Test func ratesStayAfterTheLastStep() {
    #expect(rates(.linear(from: 0.5, to: 0.25, steps: 1), 3) == [0.5, 0.25, 0.25])
    #expect(rates(.polynomial(steps: 1), 3) == [1, 0, 0])
    let cycle = LearningRateSchedule.oneCycle(peak: 1, steps: 4)
    #expect(cycle.rate(at: 5, base: 1) == cycle.rate(at: 4, base: 1))
    #expect(cycle.rate(at: .max, base: 1) == cycle.rate(at: 4, base: 1))
    #expect(LearningRateSchedule.coslog4.rate(at: 99, base: 1, totalSteps: 4) < 1e-12)
    #expect(LearningRateSchedule.constant.rate(at: 99, base: 0.5) == 0.5)
    // One step, or a phase without a step, is the end of the phase.
    #expect(isClose(LearningRateSchedule.oneCycle(peak: 1, steps: 1).rate(at: 0, base: 1), 4e-6))
    let steep = LearningRateSchedule.oneCycle(peak: 1, steps: 4, rising: 0.25)
    #expect(isClose(steep.rate(at: 0, base: 1), 1))
  }

  @Test func hugeStepsAreQuick() {
    let schedules: [LearningRateSchedule] = [
      .step(size: 1), .multiStep(milestones: [3]), .exponential(gamma: 0.5), .linear(),
      .polynomial(steps: 3), .cosine(steps: 3), .cosineWithRestarts(steps: 1),
      .cosineWithRestarts(steps: 1, multiplier: .max), .oneCycle(steps: 3),
      .sequential([.constant, .constant], milestones: [.max]),
    ]
    for schedule in schedules {
      #expect(schedule.rate(at: .max, base: 1).isFinite, "\(schedule.name)")
    }
  }

  @Test func badArgumentsAreNamed() {
    let cases: [(String, () -> Void)] = [
      ("step: size 0 is not positive", { _ = LearningRateSchedule.step(size: 0) }),
      (
        "step: gamma -1.0 is negative or not a number",
        { _ = .step(size: 1, gamma: -1) as LearningRateSchedule }
      ),
      (
        "multiStep: gamma nan is negative or not a number",
        { _ = LearningRateSchedule.multiStep(milestones: [], gamma: .nan) }
      ),
      (
        "exponential: gamma -0.5 is negative or not a number",
        { _ = LearningRateSchedule.exponential(gamma: -0.5) }
      ),
      (
        "constant: factor -1.0 is negative or not a number",
        { _ = LearningRateSchedule.constant(factor: -1, steps: 1) }
      ),
      (
        "constant: steps 0 is not positive",
        { _ = LearningRateSchedule.constant(factor: 1, steps: 0) }
      ),
      (
        "linear: from -1.0 is negative or not a number",
        { _ = LearningRateSchedule.linear(from: -1) }
      ),
      ("linear: to nan is negative or not a number", { _ = LearningRateSchedule.linear(to: .nan) }),
      ("linear: steps -3 is not positive", { _ = LearningRateSchedule.linear(steps: -3) }),
      (
        "polynomial: power -1.0 is negative or not a number",
        { _ = LearningRateSchedule.polynomial(power: -1) }
      ),
      ("cosine: steps 0 is not positive", { _ = LearningRateSchedule.cosine(steps: 0) }),
      (
        "cosine: minimum -1.0 is negative or not a number",
        { _ = LearningRateSchedule.cosine(steps: 1, minimum: -1) }
      ),
      (
        "cosineWithRestarts: steps 0 is not positive",
        { _ = LearningRateSchedule.cosineWithRestarts(steps: 0) }
      ),
      (
        "cosineWithRestarts: multiplier 0 is not positive",
        { _ = LearningRateSchedule.cosineWithRestarts(steps: 1, multiplier: 0) }
      ),
      (
        "cosineWithRestarts: minimum nan is negative or not a number",
        { _ = LearningRateSchedule.cosineWithRestarts(steps: 1, minimum: .nan) }
      ),
      ("oneCycle: rising 1.5 is not in 0...1", { _ = LearningRateSchedule.oneCycle(rising: 1.5) }),
      (
        "oneCycle: peak -1.0 is negative or not a number",
        { _ = LearningRateSchedule.oneCycle(peak: -1) }
      ),
      (
        "oneCycle: divisor nan is negative or not a number",
        { _ = LearningRateSchedule.oneCycle(divisor: .nan) }
      ),
      (
        "sequential: 1 milestones for 1 schedules",
        { _ = LearningRateSchedule.sequential([.constant], milestones: [1]) }
      ),
      (
        "sequential: 0 milestones for 0 schedules",
        { _ = LearningRateSchedule.sequential([], milestones: []) }
      ),
      (
        "sequential: the milestones [3, 3] do not increase from 0",
        {
          _ = LearningRateSchedule.sequential(
            [.constant, .constant, .constant], milestones: [3, 3])
        }
      ),
      (
        "sequential: the milestones [-1] do not increase from 0",
        { _ = LearningRateSchedule.sequential([.constant, .constant], milestones: [-1]) }
      ),
      ("warmUp: steps 0 is not positive", { _ = LearningRateSchedule.warmUp(steps: 0) }),
      (
        "stochasticAverage: rate -1.0 is negative or not a number",
        { _ = LearningRateSchedule.stochasticAverage(rate: -1) }
      ),
      (
        "stochasticAverage: steps -1 is negative",
        { _ = LearningRateSchedule.stochasticAverage(rate: 1, steps: -1) }
      ),
      (
        "cosine: the number of steps is neither given nor known from the training",
        { _ = LearningRateSchedule.cosine().rate(at: 0, base: 1) }
      ),
      (
        "cosine: a training of 0 steps",
        { _ = LearningRateSchedule.cosine().rate(at: 0, base: 1, totalSteps: 0) }
      ),
      (
        "constant: step -1 is negative", { _ = LearningRateSchedule.constant.rate(at: -1, base: 1) }
      ),
    ]
    for (wanted, body) in cases { #expect(message(body) == wanted) }
  }
}
