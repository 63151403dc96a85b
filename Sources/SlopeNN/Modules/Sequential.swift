public import SlopeCore

/// Layers one after the other; each takes what the one before it gives.
///
/// `Sequential(Linear<Float>(8, 64), ReLU(), Linear(64, 1))`. Parameters are named by the layers'
/// places: `0.weight`, `2.bias`.
public struct Sequential<Element: FloatingElement>: Layer, CustomReflectable {
  /// The layers in the order in which they run.
  public let layers: [any Layer<Element>]

  private let steps: [Step]

  /// What runs as one.
  private enum Step {
    case layer(any Layer<Element>)
    /// A linear layer and the activation behind it: one pass over memory.
    case activated(Linear<Element>, Activation)
  }

  /// `layers` one after the other.
  public init(_ layers: any Layer<Element>...) { self.init(layers) }

  /// `layers` one after the other.
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

  /// What the last layer gives.
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

  /// The layers by their places, which name the parameters.
  public var customMirror: Mirror { Mirror(self, unlabeledChildren: layers) }
}
