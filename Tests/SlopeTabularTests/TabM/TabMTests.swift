import Glibc
import SlopeCore
import SlopeNN
import Testing

@testable import SlopeTabular

/// The layers of TabM, against loops over members and rows.
struct TabMTests {
  /// Two numbers, an indicator and a category of three levels.
  private static func shape(
    ensembles: Int = 2, members: Int = 3, classes: Int = 1, isEmbedded: Bool = true
  ) -> TabMShape {
    var inputs = NetworkInputs()
    (inputs.numbers, inputs.indicators, inputs.codes) = ([0, 1], [2], [3])
    (inputs.levelCounts, inputs.centers, inputs.factors) = ([3], [0], [1])
    return TabMShape(
      ensembles: ensembles, members: members, inputs: inputs, hidden: [6, 5],
      outputCount: classes, edges: isEmbedded ? [[-1, 0, 0.5, 2], [-1, 1]] : [],
      numberEmbedding: 4, levelEmbedding: 2, range: classes == 1 ? [-0.2, 0.3] : nil)
  }

  /// Networks of which no two parameters are alike.
  private static func network<Element>(_ shape: TabMShape) -> TabM<Element> {
    let network = TabM<Element>(shape, generator: Generator(seed: 1))
    for (index, parameter) in network.parameters().enumerated() {
      let noise = Tensor<Element>.normal(
        parameter.shape, generator: Generator(seed: UInt64(index)), on: .cpu)
      parameter.tensor = (parameter.tensor + noise * 0.2).detached()
    }
    return network
  }

  /// Rows of inputs in the network's order.
  private static func inputs<Element: FloatingElement>(_ rows: Int) -> Tensor<Element> {
    let numbers = Tensor<Element>.normal([rows, 3], generator: Generator(seed: 3), on: .cpu)
    let codes = Tensor<Element>(
      shape: [rows, 1], scalars: (0..<rows).map { Element(clamping: Double($0 % 4 - 1)) },
      on: .cpu)
    return concatenate([numbers, codes], axis: 1)
  }

  /// The outputs of a member for a row, by loops.
  private static func plain(
    _ network: TabM<Double>, _ ensemble: Int, _ member: Int, _ row: [Double]
  ) -> [Double] {
    var values: [Double] = []
    for (number, edges) in network.shape.edges.enumerated() {
      guard let embedding = network.numbers else { break }
      let last = edges.count - 2
      let bins = (0...last).map { bin in
        let place = (row[number] - edges[bin]) / (edges[bin + 1] - edges[bin])
        return min(bin == last ? .infinity : 1, max(bin == 0 ? -.infinity : 0, place))
      }
      for part in 0..<network.shape.numberEmbedding {
        var sum = embedding.bias.tensor[ensemble, number, 0, part].item()
        sum += row[number] * embedding.slope.tensor[ensemble, number, 0, part].item()
        for (bin, value) in bins.enumerated() {
          sum += value * embedding.linear.tensor[ensemble, number, bin, part].item()
        }
        values.append(sum)
      }
    }
    if network.numbers == nil { values += row[..<2] }
    values.append(row[2])
    let level = row[3] < 0 ? 3 : Int(row[3])
    values += network.levels[0].tensor[4 * ensemble + level].scalars
    for layer in network.layers {
      let weight = layer.weight.tensor[ensemble]
      let (r, s) = (
        layer.inputFactors.tensor[ensemble, member].scalars,
        layer.outputFactors.tensor[ensemble, member].scalars
      )
      let bias = layer.bias.tensor[ensemble, member].scalars
      values = s.indices.map { unit in
        let products = zip(weight[unit].scalars, zip(values, r)).map { $0 * $1.0 * $1.1 }
        return max(0, products.reduce(0, +) * s[unit] + bias[unit])
      }
    }
    let (weight, bias) = (
      network.heads.weight.tensor[ensemble, member],
      network.heads.bias.tensor[ensemble, member].scalars
    )
    return bias.indices.map { output in
      zip(weight[output].scalars, values).reduce(bias[output]) { $0 + $1.0 * $1.1 }
    }
  }

  // MARK: Layers

  @Test(arguments: [true, false], [1, 3])
  func outputsAreThoseOfALoopOverMembers(isEmbedded: Bool, classes: Int) {
    let network: TabM<Double> = Self.network(Self.shape(classes: classes, isEmbedded: isEmbedded))
    let rows = 7
    let inputs: Tensor<Double> = Self.inputs(rows)
    let outputs = network(inputs.unsqueezed(at: 0))
    #expect(outputs.shape == [2, 3, 7, classes])
    for ensemble in 0..<2 {
      for member in 0..<3 {
        for row in 0..<rows {
          let expected = Self.plain(network, ensemble, member, inputs[row].scalars)
          #expect(outputs[ensemble, member, row].scalars.isClose(to: expected))
        }
      }
    }
  }

  @Test func eachEnsembleHasRowsOfItsOwn() {
    let network: TabM<Double> = Self.network(Self.shape())
    let inputs: Tensor<Double> = Self.inputs(8)
    let apart = network(inputs.reshaped(to: [2, 4, 4]))
    for row in 0..<4 {
      #expect(
        apart[1, 2, row].scalars.isClose(
          to: Self.plain(network, 1, 2, inputs[4 + row].scalars)))
    }
  }

  @Test func anEnsembleIsABatchEnsembleLinear() {
    let network: TabM<Double> = Self.network(Self.shape())
    let layer = network.layers[1]
    let input = Tensor<Double>.normal([2, 3, 4, 6], generator: Generator(seed: 2), on: .cpu)
    let other = BatchEnsembleLinear<Double>(6, 5, members: 3)
    other.weight.tensor = layer.weight.tensor[1].detached()
    other.inputFactors.tensor = layer.inputFactors.tensor[1].detached()
    other.outputFactors.tensor = layer.outputFactors.tensor[1].detached()
    other.bias?.tensor = layer.bias.tensor[1].detached()
    #expect(layer(input)[1].scalars.isClose(to: other(input[1]).relu().scalars))
  }

  @Test(arguments: [1, 2, 3])
  func theParametersAreThoseThatTheShapeNames(classes: Int) {
    for isEmbedded in [true, false] {
      let shape = Self.shape(classes: classes, isEmbedded: isEmbedded)
      let named = (Self.network(shape) as TabM<Float>).namedParameters()
      #expect(named.map(\.name) == shape.parameterShapes.map(\.name))
      #expect(named.map(\.parameter.shape) == shape.parameterShapes.map(\.shape))
    }
  }

  // MARK: Initial values

  @Test func membersDifferByTheFactorsOfTheirFeatures() {
    let network = TabM<Double>(Self.shape(), generator: Generator(seed: 1))
    let factors = network.layers[0].inputFactors.tensor
    #expect(factors.shape == [2, 3, 11])
    // Two numbers of four places each, an indicator, and a vector of two.
    for features in [0..<4, 4..<8, 9..<11] {
      let first = factors[0..., 0..., features.lowerBound].scalars
      for place in features { #expect(factors[0..., 0..., place].scalars == first) }
    }
    #expect(Set(factors.scalars).count == 2 * 3 * 4)
    #expect(network.layers[1].inputFactors.tensor.scalars.allSatisfy { $0 == 1 })
    #expect(network.layers.allSatisfy { $0.outputFactors.tensor.scalars.allSatisfy { $0 == 1 } })
    let biases = network.layers[0].bias.tensor
    #expect(biases[0, 0].scalars == biases[0, 2].scalars)
    #expect(biases[0, 0].scalars != biases[1, 0].scalars)
    #expect(network.heads.bias.tensor[0, 0].scalars != network.heads.bias.tensor[0, 1].scalars)
  }

  @Test func factorsAreSignsWhereNumbersAreNotEmbedded() {
    let shape = Self.shape(members: 20, isEmbedded: false)
    let factors = TabM<Float>(shape, generator: Generator(seed: 1)).layers[0].inputFactors.tensor
    #expect(factors.shape == [2, 20, 5])
    #expect(Set(factors.scalars) == [-1, 1])
  }

  // MARK: Outputs

  @Test func numbersAreTheMeanOfTheMembersInTheRange() {
    let network: TabM<Double> = Self.network(Self.shape())
    let inputs: Tensor<Double> = Self.inputs(9)
    // The only scaling of the inputs is that of the indicator.
    let arranged = network.shape.inputs.arranged(inputs)
    let all = network(arranged.unsqueezed(at: 0))
    let outputs = network.outputs(of: inputs)
    let ofEach = network.outputsOfMembers(arranged.unsqueezed(at: 0))
    #expect(outputs.shape == [9, 1] && ofEach.shape == [2, 9, 1])
    func clamped(_ numbers: [Double]) -> Double {
      min(0.3, max(-0.2, numbers.reduce(0, +) / Double(numbers.count)))
    }
    for row in 0..<9 {
      let numbers = (0..<2).map { ensemble in
        (0..<3).map { all[ensemble, $0, row, 0].item() }
      }
      #expect(abs(outputs[row, 0].item() - clamped(numbers[0] + numbers[1])) < 1e-12)
      for ensemble in 0..<2 {
        #expect(abs(ofEach[ensemble, row, 0].item() - clamped(numbers[ensemble])) < 1e-12)
      }
    }
  }

  @Test(arguments: [2, 3]) func classesHaveTheMeanProbability(classes: Int) {
    var shape = Self.shape(classes: classes)
    shape.temperature = 1.5
    let network: TabM<Double> = Self.network(shape)
    let inputs: Tensor<Double> = Self.inputs(9)
    let all = network(shape.inputs.arranged(inputs).unsqueezed(at: 0)).softmax(axis: -1)
    let powers = (all.mean(axes: [0, 1]).log() * (1 / 1.5)).softmax(axis: -1)
    let outputs = network.outputs(of: inputs)
    let actual =
      classes == 2
      ? concatenate([1 - outputs.sigmoid(), outputs.sigmoid()], axis: -1)
      : outputs.softmax(axis: -1)
    #expect(actual.scalars.isClose(to: powers.scalars))
  }

  @Test(arguments: [1, 2, 3]) func aRowsOutputDoesNotDependOnTheNumberOfRows(classes: Int) {
    let network: TabM<Float> = Self.network(Self.shape(members: 5, classes: classes))
    let inputs: Tensor<Float> = Self.inputs(700)
    let all = withRowwiseProducts { network.outputs(of: inputs) }
    for rows in [0..<1, 0..<3, 127..<129, 300..<517, 0..<256] {
      let some = withRowwiseProducts { network.outputs(of: inputs[rows] + 0) }
      #expect(some.scalars == all[rows].scalars)
    }
  }

  // MARK: Shapes of files

  @Test func faultyShapesAreNamed() {
    func fault(_ classes: Int = 1, _ change: (inout TabMShape) -> Void = { _ in }) -> String {
      var shape = Self.shape(classes: classes)
      change(&shape)
      let task: PredictionTask =
        classes == 1 ? .regression : .classification(classes: ["a", "b", "c"])
      return shape.fault(inputCount: 4, task: task) ?? "none"
    }
    #expect(fault() == "none" && fault(3) == "none")
    #expect(fault { $0.edges = [] } == "none")
    #expect(fault { $0.members = 0 } == "a part of the network of size 0")
    #expect(fault { $0.ensembles = -1 } == "a part of the network of size -1")
    #expect(fault { $0.hidden = [1 << 25] } == "a part of the network of size 33554432")
    #expect(fault { $0.numberEmbedding = .max } == "a part of the network of size \(Int.max)")
    #expect(fault { $0.hidden = [] } == "a TabM without hidden layers")
    let inputs = "the network's inputs are not those of the columns"
    #expect(fault { $0.inputs.numbers = [0, 4] } == inputs)
    #expect(fault { $0.inputs.levelCounts = [] } == inputs)
    #expect(fault { $0.inputs.levelCounts = [-1] } == "a number of levels that is none")
    let bins = "the bins of the network's numbers are none"
    for edges in [[0.0], [1, 1], [1, 0], [0, .infinity], [], (0..<258).map { Double($0) }] {
      #expect(fault { $0.edges[1] = edges } == bins, "\(edges)")
    }
    #expect(fault { $0.edges.removeLast() } == bins)
    #expect(fault { $0.outputCount = 2 } == "the network's outputs fit no task")
    #expect(fault { $0.temperature = .nan } == "a temperature of nan")
    #expect(fault { $0.range = nil } == "the range of the network's predictions is none")
    #expect(fault(3) { $0.range = [0, 1] } == "the range of the network's predictions is none")
  }
}

extension [Double] {
  /// Whether all numbers are those of another list but for the rounding of some operations.
  fileprivate func isClose(to other: [Double]) -> Bool {
    count == other.count && zip(self, other).allSatisfy { abs($0 - $1) < 1e-9 }
  }
}
