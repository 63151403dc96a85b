public import SlopeCore

/// The exponential linear unit, element by element: `x` above 0, else `α · (exp(x) − 1)`.
///
/// The output has the input's shape, `[…] → […]`: continuous, and at least −α. The derivative at 0
/// is α, as in PyTorch's `nn.ELU`. It is the operation `x.elu(alpha:)`.
///
/// ```swift
/// print(ELU<Float>()(Tensor([-1, 0, 2])))
/// // tensor([-0.6321,  0.0000,  2.0000])
/// ```
///
/// Source: D.-A. Clevert, T. Unterthiner and S. Hochreiter, "Fast and accurate deep network learning
/// by exponential linear units", 2015, arXiv:1511.07289.
public struct ELU<Element: FloatingElement>: Layer, Sendable {
  /// α: the output towards −∞ is −α.
  public let alpha: Double

  /// A layer without parameters.
  ///
  /// - Parameter alpha: the negative limit's distance from 0.
  public init(alpha: Double = 1) { self.alpha = alpha }

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.elu(alpha: Element(clamping: alpha))
  }
}

extension ELU {
  /// The layer's name and α.
  public var description: String { "ELU(alpha: \(alpha))" }
}

/// The scaled exponential linear unit, element by element: `λ · x` above 0, else
/// `λ · α · (exp(x) − 1)`.
///
/// λ ≈ 1.0507 and α ≈ 1.6733 keep mean 0 and variance 1 from layer to layer, if weights start as
/// `Initializer.kaimingNormal(nonlinearity: .linear)`. The output has the input's shape, `[…] → […]`.
/// PyTorch: `nn.SELU`, whose derivative at 0 is `λ · α` too.
///
/// ```swift
/// print(SELU<Float>()(Tensor([-1, 0, 2])))
/// // tensor([-1.1113,  0.0000,  2.1014])
/// ```
///
/// Source: G. Klambauer et al., "Self-normalizing neural networks", 2017, arXiv:1706.02515.
public struct SELU<Element: FloatingElement>: Layer, Sendable {
  /// A layer without parameters.
  public init() {}

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.selu()
  }
}

/// The rectifier with a small slope below 0, element by element: `x` above 0, else `slope · x`.
///
/// The output has the input's shape, `[…] → […]`. The derivative at 0 is the slope, as in PyTorch's
/// `nn.LeakyReLU`. It is the operation `x.leakyRelu(negativeSlope:)`.
///
/// ```swift
/// print(LeakyReLU<Float>(negativeSlope: 0.1)(Tensor([-2, 3])))
/// // tensor([-0.2000,  3.0000])
/// ```
///
/// Source: A. L. Maas, A. Y. Hannun and A. Y. Ng, "Rectifier nonlinearities improve neural network
/// acoustic models", 2013.
public struct LeakyReLU<Element: FloatingElement>: Layer, Sendable {
  /// The slope below 0.
  public let negativeSlope: Double

  /// A layer without parameters.
  ///
  /// - Parameter negativeSlope: the slope below 0.
  public init(negativeSlope: Double = 0.01) { self.negativeSlope = negativeSlope }

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.leakyRelu(negativeSlope: Element(clamping: negativeSlope))
  }
}

extension LeakyReLU {
  /// The layer's name and slope.
  public var description: String { "LeakyReLU(negativeSlope: \(negativeSlope))" }
}
