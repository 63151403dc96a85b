public import SlopeCore

/// A chain of layers: each takes the output of the one before it.
///
/// ```swift
/// let model = Sequential<Float>(Linear(2, 3), ReLU(), Linear(3, 1))
/// print(model)
/// // Sequential(
/// //   (0): Linear(inFeatures: 2, outFeatures: 3, bias: true)
/// //   (1): ReLU()
/// //   (2): Linear(inFeatures: 3, outFeatures: 1, bias: true)
/// // )
/// print(model.namedParameters().map(\.name))
/// // ["0.weight", "0.bias", "2.weight", "2.bias"]
/// print(model(Tensor([[1, 2], [3, 4]])).shape)
/// // [2, 1]
/// ```
///
/// A `Linear` that is directly followed by `ReLU`, `Sigmoid` or `Tanh` runs together with it, as
/// one operation: one pass over memory and, on a device, one kernel. The results are those of the
/// two layers. Any other layer, including your own, runs as it is.
///
/// The layers are found under their indices, which count those without parameters too, so that the
/// names match PyTorch's. A `Sequential` is itself a layer and can be part of another one. It
/// copies no parameter: a copy of it, and the layers that it was made from, share theirs.
///
/// PyTorch's counterpart is `nn.Sequential`. The list of layers does not change, and a layer in it
/// is reached by `layers[0]`.
///
/// - SeeAlso: `Layer` for a layer of your own, `Module` for models that are not a chain.
public struct Sequential<Element: FloatingElement>: Layer, CustomReflectable {
  /// The layers in the order in which they run.
  public let layers: [any Layer<Element>]

  private let steps: [Step]

  /// What runs as one operation.
  private enum Step {
    case layer(any Layer<Element>)
    /// A linear layer and the activation after it: one pass over memory.
    case activated(Linear<Element>, Activation)
  }

  /// A chain of the given layers, in this order; without layers the output is the input.
  public init(_ layers: any Layer<Element>...) { self.init(layers) }

  /// A chain of the layers of an array, such as one that a loop has made.
  public init(_ layers: [any Layer<Element>]) {
    self.layers = layers
    var steps: [Step] = []
    for layer in layers {
      if case .layer(let last)? = steps.last, let linear = last as? Linear<Element>,
        let activation = (layer as? any ActivationLayer)?.activation
      {
        steps[steps.count - 1] = .activated(linear, activation)
      } else {
        steps.append(.layer(layer))
      }
    }
    self.steps = steps
  }

  /// The output of the last layer.
  ///
  /// The first layer determines the shape of `input`. A shape that a layer does not take is a
  /// failure.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    var output = input
    for step in steps {
      switch step {
      case .layer(let layer): output = layer(output)
      case .activated(let linear, let activation):
        output = linear(output, activation: activation)
      }
    }
    return output
  }

  /// The layers by their indices, which name the parameters.
  public var customMirror: Mirror { Mirror(self, unlabeledChildren: layers) }
}
