import FoundationEssentials
import SlopeCore
import SlopeNN
import SlopeOptimizers
import SlopeTraining
import Testing

@Suite struct LearningRateSchedulerTests {
  private func message(_ body: () -> Void) -> String? {
    do {
      try checked { body() }
      return nil
    } catch { return "\(error)" }
  }

  private func groups(_ bases: [Double], decay: Double = 0) -> SGD<Double> {
    SGD(
      bases.map { .init([Parameter(Tensor<Double>([1]))], learningRate: $0) }, learningRate: 9,
      momentum: 0.9, weightDecay: decay)
  }

  @Test func everyGroupsRatesAndTheMomentumAreThoseOfPyTorch() throws {
    let cases = try ScheduleCases.stored.get()
    for stored in cases.schedules {
      let optimizer = groups(cases.bases)
      let schedule = try #require(storedSchedules[stored.name])
      let scheduler = LearningRateScheduler(optimizer, schedule)
      for (step, wanted) in stored.rates.enumerated() {
        #expect(
          optimizer.learningRates == wanted,
          "\(stored.name), step \(step): \(optimizer.learningRates), not \(wanted)")
        #expect(optimizer.momentum == stored.momenta?[step] ?? 0.9)
        scheduler.step()
      }
      #expect(scheduler.state.step == stored.rates.count)
    }
  }

  @Test func betasAreCycledToo() throws {
    let cases = try ScheduleCases.stored.get()
    let stored = try #require(cases.schedules.first { $0.name == "oneCycleThree" })
    let optimizer = Adam([Parameter(Tensor<Float>([1]))])
    let scheduler = LearningRateScheduler(optimizer, try #require(storedSchedules[stored.name]))
    for momentum in try #require(stored.momenta) {
      #expect(optimizer.betas.0 == momentum)
      scheduler.step()
    }
  }

  @Test func decaysHaveASchedule() {
    let optimizer = SGD(
      [
        .init([Parameter(Tensor<Double>([1]))], weightDecay: 0.5),
        .init([Parameter(Tensor<Double>([1]))]),
      ], learningRate: 2, weightDecay: 1)
    let scheduler = LearningRateScheduler(
      optimizer, .constant, weightDecay: .polynomial(), totalSteps: 4)
    #expect(optimizer.weightDecays == [0.5, 1])
    scheduler.step()
    #expect(optimizer.weightDecays == [0.375, 0.75] && optimizer.learningRates == [2, 2])
    for _ in 0..<4 { scheduler.step() }
    #expect(optimizer.weightDecays == [0, 0])
  }

  @Test func aSchedulerGoesOnElsewhere() throws {
    let (one, two) = (groups([0.1, 0.7], decay: 0.5), groups([0.1, 0.7], decay: 0.5))
    let schedule = LearningRateSchedule.oneCycle(peak: nil)
    let first = LearningRateScheduler(one, schedule, weightDecay: .flatCosine, totalSteps: 20)
    for _ in 0..<13 { first.step() }
    let text = try JSONEncoder().encode(first.state)
    let second = LearningRateScheduler(two, schedule, weightDecay: .flatCosine, totalSteps: 20)
    second.state = try JSONDecoder().decode(LearningRateSchedulerState.self, from: text)
    for _ in 0..<5 {
      #expect(one.learningRates == two.learningRates && one.momentum == two.momentum)
      #expect(one.weightDecays == two.weightDecays)
      first.step()
      second.step()
    }
    #expect(first.state == second.state)
    let before = second.state
    var other = before
    other.baseDecays = [1]
    #expect(
      message { second.state = other }
        == "oneCycle: a state of step 18 and [2, 1, 2, 2] rates for 2 groups")
    other = before
    other.step = -1
    #expect(
      message { second.state = other }
        == "oneCycle: a state of step -1 and [2, 2, 2, 2] rates for 2 groups")
    #expect(second.state == before)
    other.step = .max
    second.state = other
    second.step()
    #expect(second.state.step == .max)
  }

  /// Recurrences go on from the present rate, with the same bytes after a break.
  @Test func everyScheduleGoesOnElsewhere() throws {
    let cases = try ScheduleCases.stored.get()
    for (name, schedule) in storedSchedules {
      let (one, two) = (groups(cases.bases), groups(cases.bases))
      let first = LearningRateScheduler(one, schedule)
      for _ in 0..<9 { first.step() }
      let second = LearningRateScheduler(two, schedule)
      second.state = first.state
      for _ in 0..<9 {
        #expect(one.learningRates == two.learningRates, "\(name)")
        first.step()
        second.step()
      }
    }
  }

  @Test func twoSchedulersMultiply() {
    let optimizer = groups([8])
    let first = LearningRateScheduler(optimizer, .step(size: 2, gamma: 0.5))
    let second = LearningRateScheduler(optimizer, .exponential(gamma: 0.5))
    for _ in 0..<3 {
      first.step()
      second.step()
    }
    #expect(optimizer.learningRates == [0.5])
  }

  @Test func fromNothingTheRateRisesOnALine() {
    let optimizer = groups([8])
    let scheduler = LearningRateScheduler(optimizer, .linear(from: 0, to: 0.5, steps: 4))
    let off = groups([8])
    let pause = LearningRateScheduler(off, .constant(factor: 0, steps: 2))
    var rates: [[Double]] = []
    for _ in 0..<6 {
      rates.append(optimizer.learningRates + off.learningRates)
      scheduler.step()
      pause.step()
    }
    #expect(rates == [[0, 0], [1, 0], [2, 8], [3, 8], [4, 8], [4, 8]])
  }

  @Test func withoutItsStepsAScheduleLeavesTheRates() {
    let optimizer = groups([0.5])
    let wanted = "coslog4: the number of steps is neither given nor known from the training"
    #expect(message { LearningRateScheduler(optimizer, .coslog4).step() } == wanted)
    #expect(
      message { _ = LearningRateScheduler(optimizer, .constant, weightDecay: .coslog4) } == wanted)
    #expect(optimizer.learningRates == [0.5])
    #expect(
      message { LearningRateScheduler(optimizer, .lambda { _ in -1 }).step() }
        == "SGD: learningRate -0.5 is negative or not a number")
    #expect(optimizer.learningRates == [0.5])
  }

  @Test func averagesOfAModuleMayIncludeItsBuffers() {
    struct Model: Module {
      typealias Element = Double
      let weight = Parameter(Tensor<Double>([1]))
      let mean = ModuleBuffer(Tensor<Double>([10]))
    }
    let model = Model()
    let (with, without) = (
      StochasticWeightAverage(model, includesBuffers: true),
      ExponentialMovingAverage(model, decay: 0.75)
    )
    for step in 0..<2 {
      model.weight.tensor = Tensor([Double(step) * 2 + 1])
      model.mean.tensor = Tensor([Double(step) * 2 + 10])
      with.update()
      without.update()
    }
    #expect(with.averages.map(\.scalars) == [[2], [11]])
    #expect(without.averages.map(\.scalars) == [[1.5]])
    with.withAverages { #expect(model.mean.tensor.item() == 11) }
    without.withAverages { #expect(model.mean.tensor.item() == 12) }
    #expect(model.mean.tensor.item() == 12 && model.weight.tensor.item() == 3)
    #expect(StochasticWeightAverage(model).averages.count == 1)
    let all = ExponentialMovingAverage(model, includesBuffers: true)
    #expect(all.averages.count == 2 && all.decay == 0.999)
  }
}
