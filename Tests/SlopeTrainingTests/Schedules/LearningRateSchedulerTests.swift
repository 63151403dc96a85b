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
          zip(optimizer.learningRates, wanted).allSatisfy(isClose),
          "\(stored.name), step \(step): \(optimizer.learningRates), not \(wanted)")
        #expect(isClose(optimizer.momentum, stored.momenta?[step] ?? 0.9))
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
      #expect(isClose(optimizer.betas.0, momentum))
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
    let other = LearningRateSchedulerState(step: 3, rates: [1], decays: [1])
    #expect(
      message { second.state = other } == "oneCycle: a state of step 3 and 1 groups for 2")
    #expect(
      message {
        second.state = LearningRateSchedulerState(step: -1, rates: [1, 1], decays: [0, 0])
      }
        == "oneCycle: a state of step -1 and 2 groups for 2")
    #expect(second.state == first.state)
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
