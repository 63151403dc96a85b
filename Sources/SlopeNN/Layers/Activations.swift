public import SlopeCore

/// A layer that a matrix product can apply to its results.
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

/// The logistic function `1 / (1 + exp(−x))`, element by element.
///
/// The output has the input's shape, `[…] → […]`. After a `Linear` in a `Sequential` it is part of
/// the same operation. PyTorch: `nn.Sigmoid`.
public struct Sigmoid<Element: FloatingElement>: Layer, ActivationLayer, Sendable {
  var activation: Activation { .sigmoid }

  /// A layer without parameters.
  public init() {}

  /// The sigmoid of each element of `input`, in its shape.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> { input.sigmoid() }
}

/// The rectifier `max(x, 0)`, element by element.
///
/// The output has the input's shape, `[…] → […]`. The derivative at 0 is 0, as in PyTorch. After a
/// `Linear` in a `Sequential` it is part of the same operation. PyTorch: `nn.ReLU`; there is no
/// form that overwrites its input.
public struct ReLU<Element: FloatingElement>: Layer, ActivationLayer, Sendable {
  var activation: Activation { .relu }

  /// A layer without parameters.
  public init() {}

  /// The larger of each element of `input` and 0, in the input's shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> { input.relu() }
}

/// The hyperbolic tangent, element by element.
///
/// The output has the input's shape, `[…] → […]`. After a `Linear` in a `Sequential` it is part of
/// the same operation. PyTorch: `nn.Tanh`.
public struct Tanh<Element: FloatingElement>: Layer, ActivationLayer, Sendable {
  var activation: Activation { .tanh }

  /// A layer without parameters.
  public init() {}

  /// The hyperbolic tangent of each element of `input`, in its shape.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> { input.tanh() }
}
