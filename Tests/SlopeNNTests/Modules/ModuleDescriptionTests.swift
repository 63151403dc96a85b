import SlopeCore
import SlopeNN
import Testing

/// The texts are PyTorch's, with `inFeatures: 2` for `in_features=2`.
struct ModuleDescriptionTests {
  @Test func layersShowTheirFeatures() {
    #expect("\(Linear<Float>(2, 3))" == "Linear(inFeatures: 2, outFeatures: 3, bias: true)")
    #expect(
      "\(Linear<Double>(4, 0, bias: false))" == "Linear(inFeatures: 4, outFeatures: 0, bias: false)"
    )
    #expect("\(ReLU<Float>()) \(Sigmoid<Double>()) \(Tanh<Float>())" == "ReLU() Sigmoid() Tanh()")
    #expect(
      "\(LayerNorm<Float>([2, 3], bias: false))"
        == "LayerNorm([2, 3], epsilon: 1e-05, affine: true, bias: false)")
    #expect(
      "\(LayerNorm<Float>(2, affine: false))"
        == "LayerNorm([2], epsilon: 1e-05, affine: false, bias: false)")
    #expect(
      "\(BatchNorm1d<Float>(4, momentum: 0.2))"
        == "BatchNorm1d(4, epsilon: 1e-05, momentum: 0.2, affine: true)")
    #expect(
      "\(Dropout<Float>(p: 0.25)) \(Embedding<Float>(5, 3))" == "Dropout(p: 0.25) Embedding(5, 3)")
    let odd = Linear(weight: Parameter(Tensor<Float>(1)), bias: nil)
    #expect("\(odd)" == "Linear(inFeatures: 0, outFeatures: 0, bias: false)")
  }

  @Test func sequentialListsItsLayersByPlace() {
    let model = Sequential<Float>(
      Linear(8, 64), ReLU(), Sequential(Linear(64, 1, bias: false), Sequential()), Tanh())
    #expect(
      "\(model)" == """
        Sequential(
          (0): Linear(inFeatures: 8, outFeatures: 64, bias: true)
          (1): ReLU()
          (2): Sequential(
            (0): Linear(inFeatures: 64, outFeatures: 1, bias: false)
            (1): Sequential()
          )
          (3): Tanh()
        )
        """)
    let layers: [any Layer<Float>] = [ReLU()]
    #expect("\(layers[0]) \(Sequential<Float>())" == "ReLU() Sequential()")
  }

  private final class Child: Module {
    typealias Element = Float
    let layer = Linear<Float>(1, 1, bias: false)
    let scale = Parameter(Tensor<Float>([2]))
    weak var parent: Network?
    init() {}
  }

  private struct Named: Module, CustomStringConvertible {
    typealias Element = Double
    var description: String { "Named, in\ntwo lines" }
  }

  private final class Network: Module {
    typealias Element = Float
    let name = "not a module"
    let heads: [any Module] = [ReLU<Float>(), Named()]
    let table: [String: Tanh<Float>] = ["b": Tanh(), "a": Tanh()]
    let missing: Linear<Float>? = nil
    let child: Child? = Child()
    var again: Child?
    init() {
      child?.parent = self
      again = child
    }
  }

  /// In PyTorch `heads` is a `ModuleList`; here a name leads to each module, as in the names of
  /// parameters.
  ///
  /// A module that leads back to itself makes PyTorch recurse without end.
  @Test func modulesAreNamedByTheirProperties() {
    #expect(
      "\(Network())" == """
        Network(
          (heads.0): ReLU()
          (heads.1): Named, in
          two lines
          (table.a): Tanh()
          (table.b): Tanh()
          (child): Child(
            (layer): Linear(inFeatures: 1, outFeatures: 1, bias: false)
            (parent): Network(...)
          )
          (again): Child(
            (layer): Linear(inFeatures: 1, outFeatures: 1, bias: false)
            (parent): Network(...)
          )
        )
        """)
  }
}
