import FoundationEssentials
import SlopeCore
import SlopeOptimizers
import SlopeTraining
import Testing

@Suite struct ReduceLROnPlateauTests {
  private func scheduler(
    _ o: ScheduleCases.Plateau.Options, _ bases: [Double]
  ) -> ReduceLROnPlateau<Double> {
    let optimizer = SGD(
      bases.map { .init([Parameter(Tensor<Double>([1]))], learningRate: $0) }, learningRate: 1)
    return ReduceLROnPlateau(
      optimizer, higherIsBetter: o.mode == "max", factor: o.factor ?? 0.1,
      patience: o.patience ?? 10, threshold: o.threshold ?? 1e-4,
      isRelative: o.thresholdMode != "abs", cooldown: o.cooldown ?? 0, minimumRate: o.minLr ?? 0,
      epsilon: o.eps ?? 1e-8)
  }

  @Test func ratesAreThoseOfPyTorch() throws {
    let cases = try ScheduleCases.stored.get()
    #expect(cases.plateaus.count == 6)
    for stored in cases.plateaus {
      var scheduler = scheduler(stored.options, cases.bases)
      for (epoch, wanted) in stored.rates.enumerated() {
        if epoch == 11 {
          // Another one goes on from the state.
          let text = try JSONEncoder().encode(scheduler.state)
          let rates = scheduler.optimizer.learningRates
          scheduler = self.scheduler(stored.options, rates)
          scheduler.state = try JSONDecoder().decode(PlateauState.self, from: text)
        }
        scheduler.step(cases.metrics[epoch] ?? .nan)
        #expect(
          zip(scheduler.optimizer.learningRates, wanted).allSatisfy(isClose),
          "\(stored.options), epoch \(epoch)")
      }
    }
  }

  @Test func defaultsAreThoseOfPyTorch() {
    let optimizer = SGD([Parameter(Tensor<Float>([1]))], learningRate: 1)
    let scheduler = ReduceLROnPlateau(optimizer)
    for _ in 0..<11 { scheduler.step(1) }
    #expect(optimizer.learningRate == 1 && scheduler.state.badEpochs == 10)
    // Better, but by less than a ten-thousandth.
    scheduler.step(0.99995)
    #expect(optimizer.learningRate == 0.1 && scheduler.state.badEpochs == 0)
    #expect(scheduler.state.best == 1 && scheduler.state.cooldownLeft == 0)
    scheduler.step(0.9998)
    #expect(scheduler.state.best == 0.9998)
  }

  @Test func theFirstMetricsMayBeInfinite() {
    let optimizer = SGD([Parameter(Tensor<Float>([1]))], learningRate: 1)
    let scheduler = ReduceLROnPlateau(optimizer, patience: 5)
    scheduler.step(.infinity)
    scheduler.step(.nan)
    #expect(scheduler.state.best == nil && scheduler.state.badEpochs == 2)
    let rising = ReduceLROnPlateau(optimizer, higherIsBetter: true, patience: 5)
    rising.step(-.infinity)
    #expect(rising.state.best == nil && rising.state.badEpochs == 1)
    rising.step(0)
    #expect(rising.state.best == 0 && rising.state.badEpochs == 0)
  }

  @Test func badArgumentsAreNamed() {
    let optimizer = SGD([Parameter(Tensor<Float>([1]))], learningRate: 1)
    func message(_ body: () -> Void) -> String? {
      do {
        try checked { body() }
        return nil
      } catch { return "\(error)" }
    }
    #expect(
      message { _ = ReduceLROnPlateau(optimizer, factor: 1) }
        == "ReduceLROnPlateau: factor 1.0 is not in 0..<1")
    #expect(
      message { _ = ReduceLROnPlateau(optimizer, patience: -1) }
        == "ReduceLROnPlateau: patience -1.0 is negative or not a number")
    #expect(
      message { _ = ReduceLROnPlateau(optimizer, minimumRate: .nan) }
        == "ReduceLROnPlateau: minimumRate nan is negative or not a number")
  }
}
