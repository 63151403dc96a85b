import SlopeCore
import SlopeData
import SlopeNN
import Testing

@testable import SlopeTabular

/// Moments when a fit is to end, and what is trained until then.
struct DeadlineTests {
  @Test func secondsCountDown() {
    let deadline = Deadline(seconds: 1000)
    #expect(!deadline.hasPassed && (990...1000).contains(deadline.secondsLeft))
    for seconds in [0, -1, -.infinity, .nan] as [Double] {
      let passed = Deadline(seconds: seconds)
      #expect(passed.hasPassed && passed.secondsLeft == 0)
    }
    for seconds in [.greatestFiniteMagnitude, .infinity] as [Double] {
      #expect(Deadline(seconds: seconds).secondsLeft > 2e9)
    }
  }

  @Test func durationsAreNumbersOfSeconds() {
    #expect(Duration.milliseconds(1500).inSeconds == 1.5)
    #expect(Duration.seconds(-2).inSeconds == -2)
  }

  @Test func aTrainingEndsWithTheEpochInWhichTheMomentIs() throws {
    var recipe = RealMLPRecipe.fast(isClassification: false)
    (recipe.hidden, recipe.epochs) = ([2], 9)
    var inputs = NetworkInputs()
    inputs.numbers = [0]
    let shape = RealMLPShape(
      members: 1, inputs: inputs, hidden: recipe.hidden, outputCount: 1,
      activation: recipe.activation, numberEmbedding: 1, waves: 1, levelEmbedding: 1,
      range: [-9, 9])
    func epochs(_ deadline: Deadline?) throws -> Int {
      let generator = Generator(seed: 1)
      let features = Tensor<Float>.normal([8, 1], generator: generator)
      let training = RealMLPTraining(
        network: RealMLP<Float>(shape, generator: generator), recipe: recipe,
        rows: NetworkRows(features: features, numbers: (0..<8).map(Double.init)),
        generator: generator, deadline: deadline)
      func none() -> Double? { nil }
      return try training.run(validationScore: none) { _ in }.epochs.count
    }
    #expect(try epochs(nil) == 9)
    #expect(try epochs(Deadline(seconds: 1000)) == 9)
    #expect(try epochs(Deadline(seconds: 0)) == 1)
  }

  @Test func fewerEpochsAreTrainedWhereThereIsLittleTime() throws {
    let table = TabularCases.table(
      [TabularCases.a, TabularCases.b], Column("y", TabularCases.target))
    var options = TabularCases.options
    (options.model, options.quality, options.networkEpochs) = (.mlp, .fast, 1_000_000)
    options.seconds = 0.5
    var last: TabularProgress?
    let fit = try TabularModel<Float>.fit(table, options) { last = $0 }
    let count = try #require(last?.epochCount)
    #expect((1..<1_000_000).contains(count) && fit.seconds < 60)
    #expect(fit.warns("there was time for \(count) epochs of 1000000"))
    (options.seconds, options.networkEpochs) = (1000, 3)
    let whole = try TabularModel<Float>.fit(table, options)
    #expect(whole.model.schema.training?.epochs == 3 && !whole.warns("there was time"))
    options.seconds = nil
    let without = try TabularModel<Float>.fit(table, options)
    // The steps that tell the time change nothing.
    #expect(without.scores == whole.scores)
  }
}
