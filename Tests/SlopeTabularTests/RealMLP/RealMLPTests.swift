import Foundation
import SlopeCore
import SlopeData
import SlopeNN
import Testing

@testable import SlopeTabular

struct RealMLPTests {
  private static let table = Table([
    Column("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as [Double]),
    Column("flag", [true, false, true, true, true, true, true, true, true, true]),
    Column("colour", ["a", "b", "a", "b", "a", "b", "a", "b", "a", "b"]),
    Column("city", ["p", "q", "r", "s", "t", "u", "v", "w", "x", "x"]),
  ])

  private static func pipeline() throws -> FittedPipeline {
    try Pipeline(
      .impute(.median), .scale(.robust), .oneHotOrCodes(limit: 8, maximumLevels: 64)
    ).fit(table)
  }

  private static func shape(members: Int = 2, classes: Int = 1) throws -> RealMLPShape {
    RealMLPShape(
      members: members, inputs: NetworkInputs(try pipeline()), hidden: [6, 5],
      outputCount: classes, activation: .mish, numberEmbedding: 4, waves: 3, levelEmbedding: 2,
      range: classes == 1 ? [-1, 1] : nil)
  }

  private static func network(_ shape: RealMLPShape) -> RealMLP<Double> {
    RealMLP(shape, generator: Generator(seed: 1))
  }

  private static func features() throws -> Tensor<Double> { try pipeline().transform(table) }

  // MARK: Inputs

  @Test func columnsAreNumbersIndicatorsAndCodes() throws {
    let inputs = NetworkInputs(try Self.pipeline())
    #expect(inputs.numbers == [0] && inputs.indicators == [1, 2, 3])
    #expect(inputs.codes == [4] && inputs.levelCounts == [9])
    #expect(try Self.shape().featureCount == 1 * 4 + 3 + 2)
  }

  @Test func fewLevelsHaveAnInputEachAndManyOneCode() throws {
    let column = Column("c", (0..<30).map { "level \($0 % 9)" })
    for (limit, maximum, names) in [
      (9, 64, 9), (8, 64, 1), (8, 4, 4), (2, 3, 1),
    ] {
      let fitted = try Pipeline(.oneHotOrCodes(limit: limit, maximumLevels: maximum)).fit(
        Table([column]))
      #expect(fitted.outputCount == names, "\(limit) \(maximum)")
    }
    let codes: Tensor<Double> = try Pipeline(.oneHotOrCodes(limit: 2, maximumLevels: 64))
      .fit(Table([column])).transform(Table([Column("c", ["level 3", "level 0", "new"])]))
    #expect(codes.scalars == [3, 0, -1])
  }

  @Test func indicatorsAreScaledByTheirQuartiles() throws {
    var inputs = NetworkInputs(try Self.pipeline())
    inputs.fit(try Self.features())
    // Nine of ten flags are true: the quartiles are equal, and the range, 2 halves, counts.
    #expect(inputs.centers == [0, 0.5, 0.5] && inputs.factors[1...] == [1, 1])
    let least = try Self.features()[0..., 1].min().item()
    #expect(abs(inputs.factors[0] * least + 2) < 1e-12)
    let arranged = inputs.arranged(try Self.features())
    #expect(arranged.shape == [10, 5])
    let z = inputs.factors[1] * (1 - inputs.centers[1])
    #expect(abs(arranged[0, 2].item() - z / (1 + z * z / 9).squareRoot()) < 1e-12)
    #expect(arranged[0..., 4].scalars == [0, 1, 2, 3, 4, 5, 6, 7, 8, 8])
  }

  @Test func indicatorsThatDoNotVaryAreZero() {
    var inputs = NetworkInputs()
    (inputs.indicators, inputs.centers, inputs.factors) = ([0, 1, 2], [0, 0, 0], [1, 1, 1])
    let features = Tensor<Double>([[5, 0, 1], [5, 0, 2], [5, 0, 3], [5, 0, 4], [5, 8, 5]])
    inputs.fit(features)
    // One value; equal quartiles, of which half of the range counts; the quartiles 2 and 4.
    #expect(inputs.centers == [5, 0, 3] && inputs.factors == [0, 0.25, 0.5])
    let arranged = inputs.arranged(features)
    #expect(arranged[0..., 0].scalars == [0, 0, 0, 0, 0])
    #expect(abs(arranged[4, 1].item() - 2 / (13.0 / 9).squareRoot()) < 1e-12)
    #expect(abs(arranged[4, 2].item() - 1 / (10.0 / 9).squareRoot()) < 1e-12)
  }

  @Test func aStepTakesSixOperationsAWeight() {
    // 4·256 + 256·256 + 256·256 + 256 weights, for rows of all members.
    #expect(RealMLPBenchmark.operations(rows: 1, columns: 1, members: 1) == 6 * 132_352)
    #expect(RealMLPBenchmark.operations(rows: 3, columns: 1, members: 2) == 36 * 132_352)
    #expect(RealMLPBenchmark.operations(rows: 1, columns: 2, members: 1) == 6 * 133_376)
  }

  @Test func theOrderIsNumbersIndicatorsCodes() throws {
    let table = Table([
      Column("a", ["x", "y", "x", "y", "x", "y"]), Column("b", [1, 2, 3, 5, 8, 13] as [Double]),
      Column("c", ["u", "v", "w", "u", "v", "w"]), Column("d", [4, 5, 9, 4, 5, 9] as [Double]),
    ])
    let fitted = try Pipeline(
      .impute(.median), .scale(.robust), .oneHotOrCodes(limit: 2, maximumLevels: 9)
    ).fit(table)
    let inputs = NetworkInputs(fitted)
    #expect(inputs.order == [2, 4, 0, 1, 3])
    let features: Tensor<Double> = try fitted.transform(table)
    let arranged = inputs.arranged(features)
    #expect(arranged[0..., 0].scalars == features[0..., 2].scalars)
    #expect(arranged[0..., 1].scalars == features[0..., 4].scalars)
    #expect(arranged[0..., 4].scalars == [0, 1, 2, 0, 1, 2])
  }

  // MARK: Networks

  @Test(arguments: [1, 2, 3])
  func theParametersAreThoseThatTheShapeNames(classes: Int) throws {
    let shape = try Self.shape(classes: classes)
    let named = Self.network(shape).namedParameters()
    #expect(named.map(\.name) == shape.parameterShapes.map(\.name))
    #expect(named.map(\.parameter.shape) == shape.parameterShapes.map(\.shape))
    var plain = shape
    plain.numberEmbedding = 1
    plain.inputs.numbers = []
    plain.inputs.indicators = [0, 1, 2, 3]
    let others = Self.network(plain).namedParameters()
    #expect(others.map(\.name) == plain.parameterShapes.map(\.name))
    #expect(others.map(\.parameter.shape) == plain.parameterShapes.map(\.shape))
  }

  @Test func membersAreIndependent() throws {
    let network = Self.network(try Self.shape(members: 3))
    let input = network.shape.inputs.arranged(try Self.features()).unsqueezed(at: 0)
    let before = network(input)
    #expect(before.shape == [3, 10, 1])
    #expect(before[0].scalars != before[1].scalars)
    let weight = network.layers[1].weight
    weight.tensor = concatenate(
      [weight.tensor[..<1], weight.tensor[1..<2] * 2, weight.tensor[2...]], axis: 0
    ).detached()
    let after = network(input)
    #expect(after[0].scalars == before[0].scalars && after[2].scalars == before[2].scalars)
    #expect(after[1].scalars != before[1].scalars)
  }

  @Test func levelsLookUpTheVectorsOfTheirMember() throws {
    let shape = try Self.shape()
    let network = Self.network(shape)
    // All rows of the table but the codes of levels.
    let levels = (0..<20).map { [Double($0), -Double($0)] }
    network.levels[0].tensor = Tensor(levels)
    var values = shape.inputs.arranged(try Self.features()).scalars
    values[4] = -1
    let features = network.features(Tensor(shape: [1, 10, 5], scalars: values))
    #expect(features.shape == [2, 10, 9])
    // Ten rows a member, the last for what is no level; times the factor of the first layer.
    func vector(_ row: Double) -> [Double] { [row, -row].map { $0 * network.layers[0].factor } }
    #expect(features[0, 0, 7...].scalars == vector(9))
    #expect(features[1, 0, 7...].scalars == vector(19))
    #expect(features[0, 3, 7...].scalars == vector(3))
    #expect(features[1, 3, 7...].scalars == vector(13))
  }

  @Test func hiddenLayersAreLinearThenActivated() throws {
    let network = Self.network(try Self.shape())
    network.activations[0].weight.tensor = .full([2, 6], 0.5)
    let input = network.features(
      network.shape.inputs.arranged(try Self.features()).unsqueezed(at: 0))
    let fused = network.hidden(0, input)
    // What it is given and what it returns have the factors of their layers.
    let (layer, bias) = (network.layers[0], network.layers[0].rowBias ?? .zeros([1]))
    let apart = network.activations[0](layer.product(input) + bias) * network.layers[1].factor
    #expect(fused.shape == apart.shape && network.layers[1].factor < 1)
    for (one, other) in zip(fused.scalars, apart.scalars) { #expect(abs(one - other) < 1e-12) }
  }

  // MARK: Initial values

  @Test func initialUnitsHaveDeviationOneOverTheRows() throws {
    let network = Self.network(try Self.shape())
    let input = network.shape.inputs.arranged(try Self.features()).unsqueezed(at: 0)
    network.initialize(by: input, generator: Generator(seed: 5))
    var output = network.features(input)
    for (index, layer) in network.layers.enumerated() {
      let product = layer.product(output) * (index < 2 ? 1 : layer.factor)
      for deviation in product.std(axes: [1], correction: 0).scalars {
        #expect(abs(deviation - 1) < 1e-9)
      }
      // A bias is minus an average of outputs of rows.
      let sums = product + (layer.rowBias ?? .zeros([1]))
      #expect(sums.max(axes: [1]).scalars.allSatisfy { $0 >= 0 })
      #expect(sums.min(axes: [1]).scalars.allSatisfy { $0 <= 0 })
      if index < 2 { output = network.hidden(index, output) }
    }
  }

  @Test func aUnitThatDoesNotVaryKeepsItsWeights() throws {
    let network = Self.network(try Self.shape())
    let before = network.layers[0].weight.tensor.scalars
    let row = network.shape.inputs.arranged(try Self.features())[..<1]
    let rows = concatenate([row, row, row], axis: 0).unsqueezed(at: 0)
    network.initialize(by: rows, generator: Generator(seed: 5))
    #expect(network.layers[0].weight.tensor.scalars == before)
    #expect(network(rows).scalars.allSatisfy { abs($0) < 1e-9 })
  }

  // MARK: Outputs

  @Test func numbersAreTheMeanOfTheMembersInTheRange() throws {
    let network = Self.network(try Self.shape())
    let input = try Self.features()
    let all = network(network.shape.inputs.arranged(input).unsqueezed(at: 0)).scalars
    let outputs = network.outputs(of: input)
    #expect(outputs.shape == [10, 1])
    for row in 0..<10 {
      let mean = (all[row] + all[10 + row]) / 2
      #expect(abs(outputs[row, 0].item() - min(1, max(-1, mean))) < 1e-12)
    }
  }

  @Test(arguments: [1, 2, 3]) func aRowsOutputDoesNotDependOnTheNumberOfRows(classes: Int) {
    var inputs = NetworkInputs()
    inputs.numbers = [0, 1]
    let shape = RealMLPShape(
      members: 7, inputs: inputs, hidden: [6], outputCount: classes, activation: .mish,
      numberEmbedding: 4, waves: 3, levelEmbedding: 1, range: classes == 1 ? [-1, 1] : nil)
    let network = RealMLP<Float>(shape, generator: Generator(seed: 9))
    let input = Tensor<Float>.normal([2000, 2], generator: Generator(seed: 8))
    let all = withRowwiseProducts { network.outputs(of: input) }
    for rows in [0..<1, 0..<3, 500..<517, 0..<1000] {
      let some = withRowwiseProducts { network.outputs(of: input[rows] + 0) }
      #expect(some.scalars == all[rows].scalars)
    }
  }

  @Test(arguments: [1.0, 2.5]) func classesHaveTheMeanProbability(temperature: Double) throws {
    for classes in [2, 3] {
      var shape = try Self.shape(classes: classes)
      shape.temperature = temperature
      let network = Self.network(shape)
      let input = try Self.features()
      let probabilities = network(shape.inputs.arranged(input).unsqueezed(at: 0))
        .softmax(axis: -1).mean(axes: [0])
      let powers = (probabilities.log() * (1 / temperature)).softmax(axis: -1)
      let outputs = network.outputs(of: input)
      let actual =
        classes == 2
        ? concatenate([1 - outputs.sigmoid(), outputs.sigmoid()], axis: -1)
        : outputs.softmax(axis: -1)
      for (one, other) in zip(actual.scalars, powers.scalars) { #expect(abs(one - other) < 1e-12) }
    }
  }

  @Test func recipesAreThoseOfThePaper() {
    let fast = RealMLPRecipe.fast(isClassification: true)
    #expect(fast.members == 1 && fast.hidden == [256, 256, 256] && fast.activation == .selu)
    #expect(fast.numberEmbedding == 1 && fast.dropout == 0 && fast.weightDecay == 0)
    #expect(fast.learningRate == 0.04 && fast.epochs == 256 && fast.batchSize == 256)
    #expect(fast.scaleFactor == 6 && fast.biasFactor == 0.1 && fast.activationFactor == 0)
    #expect(fast.betas == (0.9, 0.95))
    let numbers = RealMLPRecipe.fast(isClassification: false)
    #expect(numbers.learningRate == 0.07 && numbers.activation == .mish)
    let good = RealMLPRecipe.good(isClassification: false)
    #expect(good.numberEmbedding == 4 && good.waves == 16 && good.levelEmbedding == 8)
    #expect(good.dropout == 0.15 && good.weightDecay == 0.02 && good.learningRate == 0.2)
    #expect(good.activationFactor == 0.1 && good.embeddingFactor == 0.1 && good.members > 1)
    #expect(RealMLPRecipe.good(isClassification: true).learningRate == 0.04)
  }
}
