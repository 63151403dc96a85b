import SlopeCore
import SlopeNN
import Testing

struct ModuleTests {
  private func layer(_ inputs: Int, _ outputs: Int, bias: Bool = true) -> Linear<Float> {
    Linear(inputs, outputs, bias: bias, generator: Generator(seed: 1))
  }

  @Test func aLayersParametersAreWeightAndBias() {
    #expect(layer(2, 3).namedParameters().map(\.name) == ["weight", "bias"])
    #expect(layer(2, 3, bias: false).namedParameters().map(\.name) == ["weight"])
    #expect(layer(2, 3).parameters().map(\.shape) == [[3, 2], [3]])
  }

  /// A linear layer and the activation after it run as one, which must not show.
  @Test func activationsBehindLinearLayersAreTheSameAsAlone() {
    func check<Element: FloatingElement>(
      _: Element.Type, _ activation: some Layer<Element>, _ name: String
    ) {
      let layer = Linear<Element>(3, 4)
      let x = Parameter(Tensor<Element>.normal([5, 3]))
      func run(_ model: (Tensor<Element>) -> Tensor<Element>) -> [[Element]] {
        let y = model(x.tensor)
        #expect(y.graph.vertices.suffix(2).map(\.operation) == ["linear", name])
        let parameters = [x, layer.weight] + [layer.bias].compactMap { $0 }
        let first = gradients(
          of: (y * y).sum(), withRespectTo: parameters, retainGraph: true, recorded: true
        ).compactMap { $0 }
        let second = gradients(
          of: first.map { ($0 * $0).sum() }.reduce(Tensor<Element>(0), +), withRespectTo: parameters
        ).compactMap { $0 }
        #expect(first.count == 3 && second.count == 3)
        return ([y] + first + second).map(\.scalars)
      }
      let alone = run { activation(layer($0)) }
      let model = Sequential<Element>(layer, activation)
      #expect(run { model($0) } == alone)
      #expect(model(Tensor<Element>.zeros([2, 6, 3])).shape == [2, 6, 4])
      #expect(model(Tensor<Element>.zeros([0, 3])).shape == [0, 4])
    }
    check(Float.self, ReLU(), "relu")
    check(Double.self, Sigmoid(), "sigmoid")
    check(Double.self, Tanh(), "tanh")
    check(BFloat16.self, Sigmoid(), "sigmoid")
    check(Double.self, ReLU(), "relu")
  }

  @Test func sequentialNamesParametersByPlace() {
    let model = Sequential(
      layer(2, 3), ReLU(), Sequential(layer(3, 3, bias: false), Tanh()), layer(3, 1))
    #expect(
      model.namedParameters().map(\.name) == [
        "0.weight", "0.bias", "2.0.weight", "3.weight", "3.bias",
      ])
  }

  private final class Network: Module {
    typealias Element = Float
    let name = "not a parameter"
    let first: Linear<Float>
    var heads: [Linear<Float>]
    var pair: (Linear<Float>, scale: Parameter<Float>)
    var table: [String: Linear<Float>]
    var missing: Linear<Float>?
    var present: Linear<Float>?
    lazy var late = Linear<Float>(1, 1, bias: false, generator: Generator(seed: 2))
    let shared: Linear<Float>
    var itself: Network?
    let tensor = Tensor<Float>([1])
    let other = Linear<Double>(1, 1, generator: Generator(seed: 3))

    init() {
      let make = { Linear<Float>(1, 1, bias: false, generator: Generator(seed: 1)) }
      first = make()
      heads = [make(), make()]
      pair = (make(), Parameter(Tensor([2])))
      table = ["b": make(), "a": make()]
      present = make()
      shared = first
      itself = self
      _ = late
    }
  }

  @Test func parametersAreFoundThroughAllKindsOfProperties() {
    let network = Network()
    defer { network.itself = nil }
    #expect(
      network.namedParameters().map(\.name) == [
        "first.weight", "heads.0.weight", "heads.1.weight", "pair.0.weight", "pair.scale",
        "table.a.weight", "table.b.weight", "present.weight", "late.weight",
      ])
  }

  private struct Twins: Module {
    typealias Element = Float
    let first: Linear<Float>
    let second: Linear<Float>
    let mean: ModuleBuffer<Float>
    let average: ModuleBuffer<Float>

    init(_ number: Float) {
      first = Linear(weight: Parameter(Tensor([[number]])), bias: nil)
      second = first
      mean = ModuleBuffer(Tensor([number]))
      average = mean
    }
  }

  @Test func whatIsSharedIsSavedUnderAllItsNamesAndLoadsFromAny() throws {
    let twins = Twins(3)
    #expect(twins.namedParameters().map(\.name) == ["first.weight"])
    #expect(twins.namedBuffers().map(\.name) == ["mean"])
    let state = twins.state()
    #expect(state.keys.sorted() == ["average", "first.weight", "mean", "second.weight"])
    #expect(state["second.weight"]?.scalars == [3] && state["average"]?.scalars == [3])
    for (names, expected) in [
      (["first.weight", "mean"], 5), (["second.weight", "average"], 6),
      (["first.weight", "second.weight", "average", "mean"], 7),
    ] as [([String], Float)] {
      var part: [String: Tensor<Float>] = [:]
      for name in names {
        part[name] = name.hasSuffix("weight") ? Tensor([[expected]]) : Tensor([expected])
      }
      try twins.load(part)
      #expect(twins.first.weight.tensor.scalars == [expected])
      #expect(twins.average.tensor.scalars == [expected])
    }
    // As in PyTorch, the last one counts.
    try twins.load([
      "first.weight": Tensor([[1]]), "second.weight": Tensor([[2]]), "mean": Tensor([8]),
      "average": Tensor([9]),
    ])
    #expect(twins.first.weight.tensor.scalars == [2] && twins.mean.tensor.scalars == [9])
    do {
      try twins.load(["mean": Tensor([1]), "average": Tensor([[1]])])
      Issue.record("was loaded")
    } catch let error as ModuleStateError {
      #expect(
        error.problems == [
          "'first.weight' is missing", "'average' has shape [1, 1], the module's is [1]",
        ])
    }
    #expect(twins.mean.tensor.scalars == [9])
  }

  private class Base: Module {
    typealias Element = Float
    let weight = Parameter(Tensor<Float>([1]))
  }

  private final class Derived: Base {
    let extra = Parameter(Tensor<Float>([2]))
  }

  @Test func inheritedParametersComeFirst() {
    #expect(Derived().namedParameters().map(\.name) == ["weight", "extra"])
  }

  @Test func sequentialRunsItsLayersInOrder() {
    let double = Linear(weight: Parameter(Tensor<Float>([[2]])), bias: nil)
    let shift = Linear(
      weight: Parameter(Tensor<Float>([[1]])), bias: Parameter(Tensor<Float>([-4])))
    #expect(Sequential(double, shift, ReLU())(Tensor([[1], [5]])).scalars == [0, 6])
    #expect(Sequential([shift, double])(Tensor([[5]])).scalars == [2])
    #expect(Sequential<Float>()(Tensor([[5]])).scalars == [5])
  }

  @Test func activationsAreTheirFunctions() {
    let x = Tensor<Double>([-1, 0, 2])
    #expect(ReLU()(x).scalars == [0, 0, 2])
    #expect(Sigmoid()(x).scalars == x.sigmoid().scalars)
    #expect(Tanh()(x).scalars == x.tanh().scalars)
    #expect(Sigmoid()(x).scalars != Tanh()(x).scalars)
  }

  @Test func statesMoveValuesBetweenModules() throws {
    let source = Sequential(layer(2, 3), layer(3, 1))
    let target = Sequential(
      Linear<Float>(2, 3, generator: Generator(seed: 9)),
      Linear(3, 1, generator: Generator(seed: 9)))
    let state = source.state()
    #expect(state.keys.sorted() == ["0.bias", "0.weight", "1.bias", "1.weight"])
    try target.load(state)
    let x = Tensor<Float>([[1, 2]])
    #expect(target(x).scalars == source(x).scalars)
    // A value, not a shared parameter: training one leaves the other.
    descend(target)
    #expect(target(x).scalars != source(x).scalars)
  }

  @Test func aStateThatDoesNotFitChangesNothing() {
    let model = layer(2, 1)
    let before = model.weight.tensor.scalars
    let error = #expect(throws: ModuleStateError.self) {
      try model.load(["weight": Tensor([[1, 2, 3]]), "wieght": Tensor([[1, 2]])])
    }
    #expect(
      error?.problems == [
        "'weight' has shape [1, 3], the module's is [1, 2]", "'bias' is missing",
        "'wieght' is not a parameter of the module",
      ])
    #expect(error?.description.hasPrefix("the state does not fit the module: 'weight'") == true)
    #expect(throws: ModuleStateError.self) { try model.load(["weight": Tensor([[1, 2]])]) }
    #expect(model.weight.tensor.scalars == before)
  }
}

/// Halves every parameter.
private func descend(_ model: some Module<Float>) {
  for parameter in model.parameters() { parameter.tensor = parameter.tensor.detached() * 0.5 }
}
