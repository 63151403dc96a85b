import SlopeCore
import SlopeData
import SlopeNN
import SlopeTraining
import Testing

@testable import SlopeTabular

@Suite struct RealMLPTrainingTests {
  private static func training(
    members: Int = 1, embedding: Int = 1, _ change: (inout RealMLPRecipe) -> Void = { _ in }
  ) -> RealMLPTraining<Double> {
    var recipe = RealMLPRecipe.fast(isClassification: true)
    (recipe.hidden, recipe.members, recipe.batchSize) = ([3, 3], members, 12)
    (recipe.epochs, recipe.learningRate) = (30, 0.04)
    change(&recipe)
    var inputs = NetworkInputs()
    inputs.numbers = [0, 1]
    let shape = RealMLPShape(
      members: members, inputs: inputs, hidden: recipe.hidden, outputCount: 2,
      activation: recipe.activation, numberEmbedding: embedding, waves: 3, levelEmbedding: 1)
    let features = Tensor<Double>.normal([12, 2], generator: Generator(seed: 1))
    let schema = TabularSchema(
      pipeline: FittedPipeline(standardized: []), task: .classification(classes: ["a", "b"]),
      target: "y", targetMean: 0, targetDeviation: 1, hidden: [], activation: .relu,
      baseline: [0.5, 0.5])
    return RealMLPTraining(
      network: RealMLP(shape, generator: Generator(seed: 2)), recipe: recipe,
      rows: NetworkRows(
        features: features, targets: TargetRows(classes: (0..<12).map { $0 % 2 }), weights: nil,
        schema: schema, asksForClasses: true), generator: Generator(seed: 3), metric: .logLoss)
  }

  private static func none() -> Double? { nil }

  /// What two steps on all rows change, of which the first has the rate 0.
  ///
  /// AdamW then changes each number by the rate of the second step, whatever its gradient.
  private static func changes(
    _ training: RealMLPTraining<Double>, _ parameters: [Parameter<Double>]
  ) throws -> [Double] {
    let before = parameters.flatMap(\.tensor.scalars)
    _ = try training.run(last: 2, validationScore: none) { _ in }
    return zip(before, parameters.flatMap(\.tensor.scalars)).map { $1 - $0 }
  }

  private static let rate = LearningRateSchedule.coslog4.rate(at: 1, base: 0.04, totalSteps: 30)

  @Test(
    arguments: [
      ("weights", 1), ("scale", 6), ("biases", 0.1), ("activations", 0.2), ("embedding", 0.3),
    ] as [(String, Double)])
  func eachKindOfParametersHasARate(kind: String, factor: Double) throws {
    let training = Self.training(embedding: 4) {
      ($0.activationFactor, $0.embeddingFactor) = (0.2, 0.3)
    }
    let network = training.network
    let parameters =
      switch kind {
      case "weights": network.layers.map(\.weight)
      case "scale": [network.scale.weight]
      case "biases": network.layers.compactMap(\.bias)
      case "activations": network.activations.map(\.weight)
      default: network.numbers.map { [$0.linear] } ?? []
      }
    let most = try Self.changes(training, parameters).map { abs($0) }.max() ?? 0
    #expect(abs(most / (Self.rate * factor) - 1) < 1e-3, "\(most)")
  }

  @Test func activationsWithoutARateStay() throws {
    let training = Self.training { $0.activationFactor = 0 }
    let changes = try Self.changes(training, training.network.activations.map(\.weight))
    #expect(changes.count == 6 && changes.allSatisfy { $0 == 0 })
  }

  @Test func biasesDoNotDecay() throws {
    func changes(_ decay: Double) throws -> (weights: [Double], biases: [Double], first: [Double]) {
      let training = Self.training { $0.weightDecay = decay }
      let layers = training.network.layers
      let weights = layers.map(\.weight)
      let first = weights.flatMap(\.tensor.scalars)
      let all = try Self.changes(training, weights + layers.compactMap(\.bias))
      return (Array(all[..<first.count]), Array(all[first.count...]), first)
    }
    let (plain, decayed) = (try changes(0), try changes(0.5))
    #expect(distance(plain.biases, decayed.biases) < 1e-12)
    #expect(plain.biases.contains { $0 != 0 })
    let expected = zip(plain.weights, plain.first).map { $0 - Self.rate * 0.5 * $1 }
    #expect(distance(decayed.weights, expected) < 1e-9)
  }

  @Test(arguments: [1, 2]) func theLossOfAnEpochIsTheMeanOverMembers(members: Int) throws {
    let training = Self.training(members: members)
    let rows = (0..<members).flatMap { _ in Array(0..<12) }
    let expected = noGrad { training.loss(training.rows.taking(rows), 0) }.item()
    var losses: [Double] = []
    _ = try training.run(last: 1, validationScore: Self.none) { losses.append($0.trainingLoss) }
    #expect(losses.count == 1 && abs(losses[0] - expected) < 1e-12)
  }
}
