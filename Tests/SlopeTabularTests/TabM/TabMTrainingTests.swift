import SlopeCore
import SlopeData
import SlopeNN
import SlopeTraining
import Testing

@testable import SlopeTabular

/// The steps of TabM.
struct TabMTrainingTests {
  private static let count = 40
  private static let features = Tensor<Double>.normal(
    [count, 2], generator: Generator(seed: 4), on: .cpu)

  /// Two ensembles of three members, the first of which learns from the first half of the rows.
  private static func training(
    classes: Int = 1, weights: [Double]? = nil, _ change: (inout TabMRecipe) -> Void = { _ in }
  ) throws -> TabMTraining<Double> {
    var recipe = TabMRecipe()
    change(&recipe)
    var inputs = NetworkInputs()
    inputs.numbers = [0, 1]
    let shape = TabMShape(
      ensembles: 2, members: 3, inputs: inputs, hidden: [6], outputCount: classes, edges: [],
      numberEmbedding: 1, levelEmbedding: 1, range: classes == 1 ? [-9, 9] : nil)
    let pipeline = try Pipeline().fit(
      Table([Column("x0", TabularCases.a), Column("x1", TabularCases.b)]))
    let schema = TabularSchema(
      pipeline: pipeline, task: classes == 1 ? .regression : .classification(classes: ["a", "b"]),
      target: "y", targetMean: 0, targetDeviation: 1, hidden: [], activation: .relu, baseline: [])
    let targets =
      classes == 1
      ? TargetRows(numbers: (0..<count).map { Double($0 % 5) })
      : TargetRows(classes: (0..<count).map { $0 % 3 % 2 })
    return TabMTraining(
      network: TabM(shape, generator: Generator(seed: 2)), recipe: recipe,
      rows: NetworkRows(
        features: features, targets: targets, weights: weights, schema: schema,
        asksForClasses: true), generator: Generator(seed: 3),
      metric: classes == 1 ? .rootMeanSquaredError : .logLoss,
      rowsOfEnsembles: [Array(0..<20), Array(20..<40)])
  }

  /// A batch of five rows for each ensemble.
  private static let places = [3, 1, 4, 15, 9, 22, 26, 35, 38, 29]

  @Test(arguments: [false, true])
  func theLossIsTheMeanOfEachMembersLoss(isWeighted: Bool) throws {
    let weights = (0..<Self.count).map { isWeighted ? 0.25 * Double($0 % 7) : 1 }
    let training = try Self.training(weights: isWeighted ? weights : nil) { $0.dropout = 0 }
    let batch = training.rows.taking(Self.places)
    let found = training.loss(batch).item()
    var sum = 0.0
    for (index, place) in Self.places.enumerated() {
      let output = training.network(Self.features[place].reshaped(to: [1, 1, 2]))
      for member in 0..<3 {
        let difference = output[index / 5, member, 0, 0].item() - Double(place % 5)
        sum += weights[place] * difference * difference
      }
    }
    #expect(abs(found - sum / 30) < 1e-9)
  }

  @Test func theLossOfClassesIsTheMeanOfEachMembersToo() throws {
    let training = try Self.training(classes: 2) { $0.dropout = 0 }
    let found = training.loss(training.rows.taking(Self.places)).item()
    var sum = 0.0
    for (index, place) in Self.places.enumerated() {
      let output = training.network(Self.features[place].reshaped(to: [1, 1, 2]))
        .logSoftmax(axis: -1)
      for member in 0..<3 { sum -= output[index / 5, member, 0, place % 3 % 2].item() }
    }
    #expect(abs(found - sum / 30) < 1e-9)
  }

  @Test func ensemblesShareNothing() throws {
    let training = try Self.training { $0.dropout = 0 }
    // Rows of the second ensemble count nothing.
    let weights = (0..<Self.count).map { $0 < 20 ? 1.0 : 0 }
    let weighted = try Self.training(weights: weights) { $0.dropout = 0 }
    for (training, isAlone) in [(training, false), (weighted, true)] {
      training.loss(training.rows.taking(Self.places)).backward()
      for (name, parameter) in training.network.namedParameters() {
        let gradient = try #require(parameter.grad, "\(name)")
        #expect(gradient[0].scalars.contains { $0 != 0 }, "\(name)")
        #expect(gradient[1].scalars.contains { $0 != 0 } != isAlone, "\(name)")
      }
    }
  }

  @Test func aBatchHasTheRowsOfEachEnsemble() throws {
    let sampler = try Self.training().sampler
    #expect(sampler.members == 2 && sampler.batchSize == 20 && sampler.batchCount == 1)
    let order = sampler.epoch()
    #expect(order[..<20].sorted() == Array(0..<20) && order[20...].sorted() == Array(20..<40))
  }

  @Test func trainingEndsSomeEpochsAfterTheBest() throws {
    let training = try Self.training { $0.patience = (epochs: 4, steps: 3) }
    #expect(!training.ends(after: 9, best: 6) && training.ends(after: 10, best: 6))
    #expect(!training.ends(after: 90, best: nil))
    // One step an epoch.
    let patient = try Self.training { $0.patience = (epochs: 4, steps: 30) }
    #expect(!patient.ends(after: 35, best: 6) && patient.ends(after: 36, best: 6))
    var late = training
    late.deadline = Deadline(seconds: 0)
    #expect(late.ends(after: 1, best: 1))
  }

  @Test func biasesDoNotDecay() throws {
    // No row counts: all that changes a parameter is its decay.
    let training = try Self.training(weights: Self.features[0..., 0].scalars.map { _ in 0 }) {
      ($0.learningRate, $0.weightDecay) = (0.5, 0.5)
    }
    let before = training.network.namedParameters().map(\.parameter.tensor.scalars)
    training.trainer([]).takeStep(training.rows.taking(Self.places))
    for (index, (name, parameter)) in training.network.namedParameters().enumerated() {
      let factor = name.hasSuffix("bias") ? 1 : 0.75
      for (old, new) in zip(before[index], parameter.tensor.scalars) {
        #expect(abs(new - factor * old) < 1e-12, "\(name)")
      }
    }
  }

  @Test func stepsLowerTheLoss() throws {
    let training = try Self.training { $0.epochs = 40 }
    var losses: [Double] = []
    func none() -> Double? { nil }
    let result = try training.run(validationScore: none) { losses.append($0.trainingLoss) }
    #expect(result.epochs.count == 40 && result.best == nil && losses.count == 40)
    #expect(losses[39] < losses[0])
    // Dropout ends with training.
    training.network.eval()
    let (first, second) = (
      training.network.outputs(of: Self.features), training.network.outputs(of: Self.features)
    )
    #expect(first.scalars == second.scalars)
  }
}
