import Slope
import SlopeCore
import SlopeOptimizers
import SlopeTraining

/// Schedules, and what applies them.
extension CallList {
  func addScheduleCalls() {
    func optional(_ draw: inout Draw) -> Int? { draw.bool() ? nil : draw.int() }
    func shape(_ draw: inout Draw) -> AnnealingShape { draw.one(of: AnnealingShape.allCases) }
    func oneCycle(_ draw: inout Draw) -> LearningRateSchedule {
      let (low, high) = (draw.number(), draw.number())
      return .oneCycle(
        peak: draw.bool() ? nil : draw.number(), steps: optional(&draw), rising: draw.number(),
        shape: shape(&draw), momentum: low <= high ? low...high : nil, divisor: draw.number(),
        finalDivisor: draw.number(), threePhases: draw.bool())
    }
    func schedule(_ draw: inout Draw) -> LearningRateSchedule {
      switch draw.below(8) {
      case 0: return .step(size: draw.int(), gamma: draw.number())
      case 1: return .linear(steps: optional(&draw))
      case 2: return .cosine(steps: optional(&draw), minimum: draw.number())
      case 3: return .cosineWithRestarts(steps: draw.int(), multiplier: draw.int())
      case 4: return oneCycle(&draw)
      case 5: return .coslog4
      case 6: return .flatCosine
      default: return .constant
      }
    }
    func ask(_ schedule: LearningRateSchedule, _ draw: inout Draw) {
      for _ in 0..<3 {
        _ = schedule.rate(at: draw.int(), base: draw.number(), totalSteps: optional(&draw))
      }
    }
    add("LearningRateSchedule.rate(at:base:totalSteps:)") { ask(schedule(&$0), &$0) }
    add("LearningRateSchedule.constant(factor:steps:)") {
      ask(.constant(factor: $0.number(), steps: $0.int()), &$0)
    }
    add("LearningRateSchedule.step(size:gamma:)") {
      ask(.step(size: $0.int(), gamma: $0.number()), &$0)
    }
    add("LearningRateSchedule.multiStep(milestones:gamma:)") {
      ask(.multiStep(milestones: $0.ints(), gamma: $0.number()), &$0)
    }
    add("LearningRateSchedule.exponential(gamma:)") {
      ask(.exponential(gamma: $0.number()), &$0)
    }
    add("LearningRateSchedule.linear(from:to:steps:)") {
      ask(.linear(from: $0.number(), to: $0.number(), steps: optional(&$0)), &$0)
    }
    add("LearningRateSchedule.polynomial(power:steps:)") {
      ask(.polynomial(power: $0.number(), steps: optional(&$0)), &$0)
    }
    add("LearningRateSchedule.lambda(_:)") { draw in
      let factor = draw.number()
      ask(.lambda { _ in factor }, &draw)
    }
    add("LearningRateSchedule.cosine(steps:minimum:)") {
      ask(.cosine(steps: optional(&$0), minimum: $0.number()), &$0)
    }
    add("LearningRateSchedule.cosineWithRestarts(steps:multiplier:minimum:)") {
      ask(
        .cosineWithRestarts(steps: $0.int(), multiplier: $0.int(), minimum: $0.number()), &$0)
    }
    add(
      "LearningRateSchedule.oneCycle(peak:steps:rising:shape:momentum:divisor:finalDivisor:"
        + "threePhases:)"
    ) { ask(oneCycle(&$0), &$0) }
    add("LearningRateSchedule.sequential(_:milestones:)") { draw in
      let parts = (0..<draw.below(4)).map { _ in schedule(&draw) }
      let milestones =
        draw.bool() ? draw.ints() : (0..<max(parts.count - 1, 0)).map { 2 * $0 + draw.below(2) }
      ask(.sequential(parts, milestones: milestones), &draw)
    }
    add("LearningRateSchedule.warmUp(steps:from:then:)") {
      ask(.warmUp(steps: $0.int(), from: $0.number(), then: schedule(&$0)), &$0)
    }
    add("LearningRateSchedule.stochasticAverage(rate:steps:shape:)") {
      ask(
        .stochasticAverage(rate: $0.number(), steps: $0.int(), shape: shape(&$0)), &$0)
    }
    addSchedulerCalls(schedule)
  }

  private func addSchedulerCalls(_ schedule: @escaping (inout Draw) -> LearningRateSchedule) {
    func optimizer(_ draw: inout Draw) -> Optimizer<Float> {
      let parameter = Parameter(Tensor<Float>([1, 2]))
      return draw.bool()
        ? Adam([parameter]) : SGD([parameter], learningRate: draw.number(), momentum: 0.9)
    }
    func scheduler(_ draw: inout Draw) -> LearningRateScheduler<Float> {
      LearningRateScheduler(
        optimizer(&draw), schedule(&draw), weightDecay: draw.bool() ? nil : schedule(&draw),
        totalSteps: draw.bool() ? nil : draw.int())
    }
    add("LearningRateScheduler.init(_:_:weightDecay:totalSteps:)") { _ = scheduler(&$0) }
    add("LearningRateScheduler.step()") { draw in
      let scheduler = scheduler(&draw)
      for _ in 0..<3 { scheduler.step() }
    }
    add("LearningRateSchedulerState.init(step:baseRates:baseDecays:rates:decays:)") {
      _ = LearningRateSchedulerState(
        step: $0.int(), baseRates: [], baseDecays: [], rates: [$0.number()], decays: [])
    }
    add("LearningRateScheduler.state") { draw in
      let scheduler = scheduler(&draw)
      scheduler.state = LearningRateSchedulerState(
        step: draw.int(), baseRates: [draw.number()], baseDecays: [draw.number()],
        rates: [draw.number()], decays: draw.bool() ? [] : [draw.number()])
      scheduler.step()
      scheduler.state = scheduler.state
    }
    add(
      "ReduceLROnPlateau.init(_:higherIsBetter:factor:patience:threshold:isRelative:cooldown:"
        + "minimumRate:epsilon:)"
    ) { draw in
      let scheduler = ReduceLROnPlateau(
        optimizer(&draw), higherIsBetter: draw.bool(), factor: draw.number(),
        patience: draw.int(), threshold: draw.number(), isRelative: draw.bool(),
        cooldown: draw.int(), minimumRate: draw.number(), epsilon: draw.number())
      for _ in 0..<4 { scheduler.step(draw.number()) }
    }
    add("ReduceLROnPlateau.step(_:)") { draw in
      let scheduler = ReduceLROnPlateau(optimizer(&draw), patience: 0)
      scheduler.state.badEpochs = draw.int()
      scheduler.state.cooldownLeft = draw.int()
      for _ in 0..<4 { scheduler.step(draw.number()) }
    }
    add("PlateauState.init()") { _ in _ = PlateauState() }
    func stopping(_ draw: inout Draw) -> EarlyStopping {
      var stopping = EarlyStopping(
        patience: draw.int(), minimumDelta: draw.number(), higherIsBetter: draw.bool())
      for _ in 0..<3 { _ = stopping.update(draw.number()) }
      return stopping
    }
    for name in [
      "init(patience:minimumDelta:higherIsBetter:)", "update(_:)", "shouldStop", "best",
      "bestEpoch", "epochCount", "epochsWithoutImprovement",
    ] {
      add("EarlyStopping.\(name)") { _ = stopping(&$0).shouldStop }
    }
  }
}
