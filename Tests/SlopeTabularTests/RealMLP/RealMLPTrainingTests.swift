import SlopeCore
import SlopeData
import SlopeNN
import SlopeTraining
import Testing

@testable import SlopeTabular

@Suite struct RealMLPTrainingTests {
  private static func training(
    members: Int = 1, embedding: Int = 1, rows: [[Int]]? = nil,
    _ change: (inout RealMLPRecipe) -> Void = { _ in }
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
        schema: schema, asksForClasses: true), generator: Generator(seed: 3), metric: .logLoss,
      rowsOfMembers: rows)
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

  /// Of errors that are made up the best is at epoch 5, or the last one.
  @Test(arguments: [
    (5, 256, 120), (27, 256, 121), (30, 256, 130), (90, 256, 256), (1, 30, 30), (2, 90, 46),
    (2, 150, 71), (2, 151, 71),
  ])
  func trainingEndsWhenNothingIsGained(best: Int, most: Int, last: Int) throws {
    var recipe = RealMLPRecipe.fast(isClassification: false)
    (recipe.hidden, recipe.epochs) = ([2], most)
    var inputs = NetworkInputs()
    inputs.numbers = [0, 1]
    let shape = RealMLPShape(
      members: 1, inputs: inputs, hidden: recipe.hidden, outputCount: 1,
      activation: recipe.activation, numberEmbedding: 1, waves: 1, levelEmbedding: 1,
      range: [-9, 9])
    let generator = Generator(seed: 1)
    let features = Tensor<Float>.normal([8, 2], generator: generator)
    let training = RealMLPTraining(
      network: RealMLP<Float>(shape, generator: generator), recipe: recipe,
      rows: NetworkRows(features: features, numbers: (0..<8).map(Double.init)),
      generator: generator)
    var epoch = 0
    func score() -> Double? {
      epoch += 1
      return abs(Double(epoch - best))
    }
    let result = try training.run(validationScore: score) {
      #expect($0.number == epoch && $0.best == min(epoch, best))
    }
    #expect(result.epochs.count == last && result.best?.epoch == best && epoch == last)
  }

  @Test func membersLearnFromRowsOfTheirOwn() throws {
    let rows = [[0, 1, 2, 3, 4, 5, 6, 7], [4, 5, 6, 7, 8, 9, 10, 11, 3]]
    let training = Self.training(members: 2, rows: rows) { $0.batchSize = 4 }
    var seen: [Set<Int>] = [[], []]
    for _ in 0..<20 {
      let sampler = training.sampler
      let rows = sampler.epoch()
      #expect(rows.count == 16 && sampler.count == 16 && sampler.batchCount == 2)
      let orders = [Array(rows[..<8]), Array(rows[8...])]
      for member in 0..<2 {
        let taken = orders.flatMap { $0[(4 * member)..<(4 * member + 4)] }
        #expect(Set(taken).count == 8)
        seen[member].formUnion(taken)
      }
    }
    #expect(seen == rows.map(Set.init))
    // The shortest list says how many steps an epoch has: two of four rows.
    var epochs = 0
    let short = Self.training(members: 2, rows: rows) { ($0.epochs, $0.batchSize) = (3, 4) }
    let result = try short.run(validationScore: Self.none) { _ in epochs += 1 }
    #expect(result.epochs.count == 3 && epochs == 3)
    let few = Self.training(members: 1, rows: [[5, 6, 7]]).sampler
    #expect(few.epoch().sorted() == [5, 6, 7] && few.batchSize == 3)
  }

  @Test func smoothingFollowsTheRate() {
    func smoothings(follows: Bool) -> [Double] {
      let training = Self.training(members: 1) {
        ($0.labelSmoothing, $0.smoothingFollowsRate) = (0.5, follows)
      }
      let course = RealMLPTraining.Course(training)
      return (0..<3).map { step in
        course.follow(step, of: 30)
        return course.labelSmoothing
      }
    }
    // The rate of the first step is 0.
    #expect(smoothings(follows: false) == [0.5, 0.5, 0.5])
    #expect(smoothings(follows: true)[0] == 0)
    let second = LearningRateSchedule.coslog4.rate(at: 1, base: 0.5, totalSteps: 30)
    #expect(smoothings(follows: true)[1] == second && second > 0)
    let training = Self.training(members: 1)
    let batch = training.rows.all
    #expect(training.loss(batch, 0).item() != training.loss(batch, 0.5).item())
    // A little is always smoothed, against subnormal gradients.
    #expect(training.smoothed(0) == 1e-20 && training.smoothed(0.1) == 0.1)
  }

  @Test func dropoutIsLoweredInTheSecondHalf() {
    let training = Self.training(members: 1) { $0.dropout = 0.4 }
    let course = RealMLPTraining.Course(training)
    let probabilities = [0, 50, 75, 100].map { step in
      course.follow(step, of: 100)
      return training.network.dropout.probability
    }
    for (probability, expected) in zip(probabilities, [0.4, 0.4, 0.2, 0]) {
      #expect(abs(probability - expected) < 1e-12)
    }
    course.follow(0, of: 100)
    let inputs = training.rows.all.features.unsqueezed(at: 0)
    let network = training.network
    #expect(network(inputs).scalars != network(inputs).scalars)
    network.eval()
    #expect(network(inputs).scalars == network(inputs).scalars)
  }

  @Test func theFirstLayerHasARateOfItsOwn() throws {
    func change(_ factor: Double) throws -> [[Double]] {
      let training = Self.training { $0.firstLayerFactor = factor }
      let before = training.network.layers.map(\.weight.tensor.scalars)
      // The rate of the first step is 0.
      _ = try training.run(last: 2, validationScore: Self.none) { _ in }
      return zip(before, training.network.layers).map { before, layer in
        zip(before, layer.weight.tensor.scalars).map { $1 - $0 }
      }
    }
    let (whole, half) = (try change(1), try change(0.5))
    #expect(zip(whole[0], half[0]).allSatisfy { abs($0 / 2 - $1) < 1e-9 })
    #expect(whole[0].contains { $0 != 0 })
    #expect(whole[1] == half[1] && whole[1].contains { $0 != 0 })
  }
}
