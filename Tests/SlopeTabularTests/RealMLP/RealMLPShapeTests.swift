import SlopeData
import Testing

@testable import SlopeTabular

@Suite struct RealMLPShapeTests {
  private static let shape = {
    var inputs = NetworkInputs()
    (inputs.numbers, inputs.indicators, inputs.codes) = ([0], [1], [2])
    (inputs.levelCounts, inputs.centers, inputs.factors) = ([3], [0], [1])
    return RealMLPShape(
      members: 2, inputs: inputs, hidden: [4], outputCount: 1, activation: .mish,
      numberEmbedding: 4, waves: 3, levelEmbedding: 2, range: [-1, 1])
  }()

  private func fault(
    _ task: PredictionTask = .regression, inputCount: Int = 3,
    _ change: (inout RealMLPShape) -> Void = { _ in }
  ) -> String? {
    var shape = Self.shape
    change(&shape)
    return shape.fault(inputCount: inputCount, task: task)
  }

  @Test func sizesArePositiveAndAtMostSixteenMillion() {
    #expect(fault() == nil)
    let nothing = "a part of the network of size 0"
    #expect(fault { $0.members = 0 } == nothing && fault { $0.outputCount = 0 } == nothing)
    #expect(fault { $0.numberEmbedding = 0 } == nothing && fault { $0.waves = 0 } == nothing)
    #expect(fault { $0.levelEmbedding = 0 } == nothing && fault { $0.hidden = [4, 0] } == nothing)
    #expect(fault { $0.hidden = [1 << 24] } == nil)
    #expect(
      fault { $0.hidden = [(1 << 24) + 1] } == "a part of the network of size 16777217")
    #expect(fault { $0.inputs.levelCounts = [0] } == nil)
    #expect(fault { $0.inputs.levelCounts = [1 << 31] } == nil)
    for count in [-1, (1 << 31) + 1] {
      #expect(fault { $0.inputs.levelCounts = [count] } == "a number of levels that is none")
    }
  }

  @Test func eachInputHasOnePlace() {
    let message = "the network's inputs are not those of the columns"
    #expect(fault(inputCount: 4) == message && fault(inputCount: 2) == message)
    #expect(fault { $0.inputs.numbers = [1] } == message)
    #expect(fault { $0.inputs.numbers = [0, 0] } == message)
    #expect(fault { $0.inputs.levelCounts = [] } == message)
    #expect(fault { $0.inputs.centers = [] } == message)
    #expect(fault { $0.inputs.factors = [] } == message)
    #expect(fault { $0.inputs.centers = [.nan] } == message)
    #expect(fault { $0.inputs.factors = [.infinity] } == message)
  }

  @Test(arguments: [0, -1, .infinity, .nan] as [Double])
  func temperaturesArePositive(temperature: Double) {
    #expect(fault { $0.temperature = temperature } == "a temperature of \(temperature)")
  }

  @Test func numbersHaveARangeAndClassesHaveNone() {
    let message = "the range of the network's predictions is none"
    #expect(fault { $0.range = [1, 1] } == nil)
    for range in [nil, [], [0], [0, 1, 2], [1, 0], [0, .infinity], [-.infinity, 0]]
      as [[Double]?]
    {
      #expect(fault { $0.range = range } == message)
    }
    for names in [["a", "b"], ["a", "b", "c"]] {
      let task = PredictionTask.classification(classes: names)
      #expect(fault(task) { ($0.outputCount, $0.range) = (names.count, nil) } == nil)
      #expect(fault(task) { $0.outputCount = names.count } == message)
      #expect(fault(task) { $0.range = nil } == "the network's outputs fit no task")
    }
    #expect(fault { $0.outputCount = 2 } == "the network's outputs fit no task")
  }

  // MARK: The schema around it

  private func schemaFault(_ change: (inout TabularSchema) -> Void) -> String? {
    var schema = TabularSchema(
      pipeline: FittedPipeline(standardized: [("a", 0, 1)]),
      task: .classification(classes: ["p", "q"]), target: "y", targetMean: 0, targetDeviation: 1,
      hidden: [], activation: .relu, baseline: [0.25, 0.75])
    change(&schema)
    return schema.fault
  }

  @Test func frequenciesAreInZeroToOne() {
    #expect(schemaFault { _ in } == nil && schemaFault { $0.baseline = [0, 1] } == nil)
    for baseline in [[-0.5, 1.5], [0, 1.5], [-0.5, 1]] {
      #expect(
        schemaFault { $0.baseline = baseline } == "its classes' frequencies are not in 0...1")
    }
    for baseline in [[1], [0, 0, 1], [.nan, 1]] {
      #expect(
        schemaFault { $0.baseline = baseline } == "its baseline does not fit what it predicts")
    }
  }

  @Test func scalesAndWidthsAreBounded() {
    #expect(schemaFault { $0.hidden = [1 << 24] } == nil)
    #expect(schemaFault { $0.hidden = [(1 << 24) + 1] } == "a hidden layer of 16777217 units")
    for (mean, deviation) in [(.infinity, 1), (.nan, 1), (0, .infinity), (0, 0), (0, -1)]
      as [(Double, Double)]
    {
      #expect(
        schemaFault { ($0.targetMean, $0.targetDeviation) = (mean, deviation) }
          == "the scale of the target is no scale")
    }
  }
}
