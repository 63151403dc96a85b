public import SlopeCore

/// Layers one after the other; each takes what the one before it gives.
///
/// `Sequential(Linear<Float>(8, 64), ReLU(), Linear(64, 1))`. Parameters are named by the layers'
/// places: `0.weight`, `2.bias`.
public struct Sequential<Element: FloatingElement>: Layer, CustomReflectable {
  /// The layers in the order in which they run.
  public let layers: [any Layer<Element>]

  /// `layers` one after the other.
  public init(_ layers: any Layer<Element>...) { self.layers = layers }

  /// `layers` one after the other.
  public init(_ layers: [any Layer<Element>]) { self.layers = layers }

  /// What the last layer gives.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    var output = input
    for layer in layers { output = layer(output) }
    return output
  }

  /// The layers by their places, which name the parameters.
  public var customMirror: Mirror { Mirror(self, unlabeledChildren: layers) }
}
