public import SlopeCore

/// Normalises over the last axes to mean 0 and variance 1, then scales and shifts.
///
/// `y = (x − mean) / √(variance + ε) · weight + bias`, with the mean and the biased variance of
/// each block of the last axes, which have the extents `shape`. The output has the input's shape.
/// It computes the same in training and evaluation.
///
/// ```swift
/// let norm = LayerNorm<Float>(4)
/// print(norm(Tensor([[1, 2, 3, 4]])).detached())
/// // tensor([[-1.3416, -0.4472,  0.4472,  1.3416]])
/// ```
///
/// PyTorch's counterpart is `nn.LayerNorm`. The mean and the variance of 16-bit floats are kept in
/// Float.
///
/// Source: J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016, arXiv:1607.06450.
public struct LayerNorm<Element: FloatingElement>: Layer {
  /// The extents of the last axes, over which the mean and the variance are taken.
  public let shape: Shape
  /// ε, which keeps the divisor above zero.
  public let epsilon: Double
  /// The weights, of shape `shape`; nil without them.
  public let weight: Parameter<Element>?
  /// The biases, of shape `shape`; nil without them.
  public let bias: Parameter<Element>?

  /// Normalisation over last axes of the given extents.
  ///
  /// Weights start as 1 and biases as 0, on the default device.
  ///
  /// - Parameters:
  ///   - shape: the extents of the last axes; at least one when the layer is called.
  ///   - epsilon: is added to the variance.
  ///   - affine: whether there are weights and biases.
  ///   - bias: false for weights alone.
  public init(_ shape: Shape, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.shape = shape
    self.epsilon = epsilon
    weight = affine ? Parameter(.ones(shape, on: .default)) : nil
    self.bias = affine && bias ? Parameter(.zeros(shape, on: .default)) : nil
  }

  /// Normalisation over a last axis of extent `count`.
  public init(_ count: Int, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.init([count], epsilon: epsilon, affine: affine, bias: bias)
  }

  /// The normalised input, in its shape.
  ///
  /// Precondition: the last extents of `input` are `shape`, which has at least one.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    guard input.isFailed || input.shape.suffix(shape.count).elementsEqual(shape), shape.count > 0
    else {
      return input.fail("LayerNorm", "\(input.shape) does not end with \(shape)")
    }
    return input.layerNormalized(
      axisCount: shape.count, epsilon: epsilon, weight: weight?.tensor, bias: bias?.tensor)
  }
}

extension LayerNorm {
  /// The extents that are normalised over, and which parameters there are.
  public var description: String {
    "LayerNorm(\(shape), epsilon: \(epsilon), affine: \(weight != nil), bias: \(bias != nil))"
  }
}
