public import SlopeCore

/// A layer that a product of matrices can end with.
protocol ActivationLayer {
  var activation: Activation { get }
}

extension Activation {
  /// The activation as a layer.
  public func layer<Element: FloatingElement>(
    of element: Element.Type = Element.self
  ) -> any Layer<Element> {
    switch self {
    case .relu: ReLU<Element>()
    case .sigmoid: Sigmoid<Element>()
    case .tanh: Tanh<Element>()
    }
  }
}

/// `1 / (1 + exp(−x))`, element by element.
public struct Sigmoid<Element: FloatingElement>: Layer, ActivationLayer, Sendable {
  var activation: Activation { .sigmoid }

  /// The layer, which has no parameters.
  public init() {}

  /// The function of each element of `input`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> { input.sigmoid() }
}

/// `x` where it is positive, else 0, element by element; its derivative at 0 is 0.
public struct ReLU<Element: FloatingElement>: Layer, ActivationLayer, Sendable {
  var activation: Activation { .relu }

  /// The layer, which has no parameters.
  public init() {}

  /// The function of each element of `input`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> { input.relu() }
}

/// The hyperbolic tangent, element by element.
public struct Tanh<Element: FloatingElement>: Layer, ActivationLayer, Sendable {
  var activation: Activation { .tanh }

  /// The layer, which has no parameters.
  public init() {}

  /// The function of each element of `input`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> { input.tanh() }
}
