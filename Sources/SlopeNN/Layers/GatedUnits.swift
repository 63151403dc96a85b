public import SlopeCore

/// The gated linear unit: the first half along an axis times the sigmoid of the second half.
///
/// The output is half as long along the axis: `[…, 2 · units] → […, units]`. It is the operation
/// `x.glu(axis:)`. PyTorch: `nn.GLU`.
///
/// ```swift
/// print(GLU<Float>()(Tensor([1, 2, 0, 100])))
/// // tensor([0.5000, 2.0000])
/// ```
///
/// Source: Y. Dauphin et al., "Language modeling with gated convolutional networks", 2016,
/// arXiv:1612.08083.
public struct GLU<Element: FloatingElement>: Layer, Sendable {
  /// The axis that is halved; negative from the end.
  public let axis: Int

  /// A layer without parameters.
  ///
  /// - Parameter axis: the axis that is halved; negative from the end.
  public init(axis: Int = -1) { self.axis = axis }

  /// The first half of `input`, gated by the second.
  ///
  /// Precondition: the axis exists, and its extent is even.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.glu(axis: axis)
  }
}

extension GLU {
  /// The layer's name and options.
  public var description: String { "GLU(axis: \(axis))" }
}

/// The continuous exponential linear unit: `x` above 0, else `α · (exp(x / α) − 1)`.
///
/// The output has the input's shape, `[…] → […]`. Its derivative is continuous for every α. It is the
/// operation `x.celu(alpha:)`. PyTorch: `nn.CELU`.
///
/// ```swift
/// print(CELU<Float>(alpha: 2)(Tensor([-1, 0, 2])))
/// // tensor([-0.7869,  0.0000,  2.0000])
/// ```
///
/// Source: J. T. Barron, "Continuously differentiable exponential linear units", 2017,
/// arXiv:1704.07483.
public struct CELU<Element: FloatingElement>: Layer, Sendable {
  /// Α: the output towards −∞ is −α.
  public let alpha: Double

  /// A layer without parameters.
  ///
  /// - Parameter alpha: α: the output towards −∞ is −α.
  public init(alpha: Double = 1) { self.alpha = alpha }

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  ///
  /// Precondition: α is not 0.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.celu(alpha: Element(clamping: alpha))
  }
}

extension CELU {
  /// The layer's name and options.
  public var description: String { "CELU(alpha: \(alpha))" }
}

/// The logarithm of the sigmoid, element by element, without overflow.
///
/// The output has the input's shape, `[…] → […]`. It is the operation `x.logSigmoid()`. PyTorch:
/// `nn.LogSigmoid`.
///
/// ```swift
/// print(LogSigmoid<Float>()(Tensor([-1000, 0, 2])))
/// // tensor([-1.0000e+03, -6.9315e-01, -1.2693e-01])
/// ```
public struct LogSigmoid<Element: FloatingElement>: Layer, Sendable {
  /// A layer without parameters.
  public init() {}

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.logSigmoid()
  }
}

/// The softsign `x / (1 + |x|)`, element by element.
///
/// The output has the input's shape, `[…] → […]`. It is the operation `x.softsign()`. PyTorch:
/// `nn.Softsign`.
///
/// ```swift
/// print(Softsign<Float>()(Tensor([-1, 0, 3])))
/// // tensor([-0.5000,  0.0000,  0.7500])
/// ```
public struct Softsign<Element: FloatingElement>: Layer, Sendable {
  /// A layer without parameters.
  public init() {}

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.softsign()
  }
}

/// Probabilities along an axis that are larger for smaller elements: `softmax` of `−x`.
///
/// The output has the input's shape, `[…] → […]`. It is the operation `x.softmin(axis:)`. PyTorch:
/// `nn.Softmin`.
///
/// ```swift
/// print(Softmin<Float>()(Tensor([0, 1])))
/// // tensor([0.7311, 0.2689])
/// ```
public struct Softmin<Element: FloatingElement>: Layer, Sendable {
  /// The axis along which the outputs sum to 1; negative from the end.
  public let axis: Int

  /// A layer without parameters.
  ///
  /// - Parameter axis: the axis along which the outputs sum to 1; negative from the end.
  public init(axis: Int = -1) { self.axis = axis }

  /// The probabilities, in the input's shape.
  ///
  /// Precondition: the axis exists.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.softmin(axis: axis)
  }
}

extension Softmin {
  /// The layer's name and options.
  public var description: String { "Softmin(axis: \(axis))" }
}
