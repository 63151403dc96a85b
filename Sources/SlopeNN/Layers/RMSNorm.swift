public import SlopeCore

/// Divides by the root of the mean square over the last axes, then scales.
///
/// `y = x / √(mean(x²) + ε) · weight`, with the mean over the last axes, which have the extents
/// `shape`. The output has the input's shape. Nothing is subtracted, and there is no bias. It
/// computes the same in training and evaluation.
///
/// ```swift
/// let norm = RMSNorm<Float>(2)
/// print(norm(Tensor([[3, 4], [6, 8]])).detached())
/// // tensor([[0.8485, 1.1314],
/// //         [0.8485, 1.1314]])
/// ```
///
/// PyTorch's counterpart is `nn.RMSNorm`. The mean of 16-bit floats is kept in Float, and the result
/// is rounded once.
///
/// Source: B. Zhang and R. Sennrich, "Root mean square layer normalization", 2019,
/// arXiv:1910.07467.
public struct RMSNorm<Element: FloatingElement>: Layer {
  /// The extents of the last axes, over which the mean is taken.
  public let shape: Shape
  /// ε, which keeps the divisor above zero.
  public let epsilon: Double
  /// The weights, of shape `shape`; nil without them.
  public let weight: Parameter<Element>?

  /// Normalisation over last axes of the given extents.
  ///
  /// Weights start as 1, on the default device.
  ///
  /// - Parameters:
  ///   - shape: the extents of the last axes; at least one when the layer is called.
  ///   - epsilon: is added to the mean square; nil, as in PyTorch, for the distance from 1 to the
  ///     next number of the type in which the mean is computed: 2⁻⁵² for Double, else 2⁻²³.
  ///   - affine: whether there are weights.
  public init(_ shape: Shape, epsilon: Double? = nil, affine: Bool = true) {
    self.shape = shape
    self.epsilon = epsilon ?? (Element.dtype == .float64 ? 0x1p-52 : 0x1p-23)
    weight = affine ? Parameter(.ones(shape, on: .default)) : nil
  }

  /// Normalisation over a last axis of extent `count`.
  public init(_ count: Int, epsilon: Double? = nil, affine: Bool = true) {
    self.init([count], epsilon: epsilon, affine: affine)
  }

  /// The normalised input, in its shape.
  ///
  /// Precondition: the last extents of `input` are `shape`, which has at least one.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    guard input.isFailed || input.shape.suffix(shape.count).elementsEqual(shape), shape.count > 0
    else {
      return input.fail("RMSNorm", "\(input.shape) does not end with \(shape)")
    }
    return input.rootMeanSquareNormalized(
      axisCount: shape.count, epsilon: epsilon, weight: weight?.tensor)
  }
}

extension RMSNorm {
  /// The extents that are normalised over, and the options.
  public var description: String {
    "RMSNorm(\(shape), epsilon: \(epsilon), affine: \(weight != nil))"
  }
}
