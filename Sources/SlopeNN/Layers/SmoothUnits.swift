public import SlopeCore

/// How a `GELU` computes the normal distribution.
public enum GELUApproximation: String, CaseIterable, Sendable {
  /// Exactly, by the error function.
  case none
  /// By a hyperbolic tangent, which differs from the exact function by less than 0.0005.
  case tanh
}

/// The Gaussian error linear unit, element by element: `x · Φ(x)`.
///
/// Φ is the distribution function of the normal distribution, `½ · (1 + erf(x / √2))`; the
/// approximation is `½ · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))`. The output has the input's shape,
/// `[…] → […]`. The layer is the operation `x.gelu()` or `x.geluTanh()`. PyTorch: `nn.GELU`, with
/// `approximate="tanh"` for the second.
///
/// ```swift
/// print(GELU<Float>()(Tensor([-1, 0, 1])))
/// // tensor([-0.1587,  0.0000,  0.8413])
/// ```
///
/// Source: D. Hendrycks and K. Gimpel, "Gaussian error linear units", 2016, arXiv:1606.08415.
public struct GELU<Element: FloatingElement>: Layer, Sendable {
  /// How Φ is computed.
  public let approximate: GELUApproximation

  /// A layer without parameters.
  ///
  /// - Parameter approximate: how Φ is computed.
  public init(approximate: GELUApproximation = .none) { self.approximate = approximate }

  /// The unit of each element of `input`, in its shape; NaN stays NaN, and −∞ becomes 0.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    switch approximate {
    case .none: input.gelu()
    case .tanh: input.geluTanh()
    }
  }
}

extension GELU {
  /// The layer's name and approximation.
  public var description: String { "GELU(approximate: \(approximate))" }
}

/// The sigmoid linear unit (swish), element by element: `x · sigmoid(x)`.
///
/// The output has the input's shape, `[…] → […]`. It is the operation `x.silu()`. PyTorch: `nn.SiLU`.
///
/// ```swift
/// print(SiLU<Float>()(Tensor([-1, 0, 1])))
/// // tensor([-0.2689,  0.0000,  0.7311])
/// ```
///
/// Source: S. Elfwing, E. Uchibe and K. Doya, "Sigmoid-weighted linear units for neural network
/// function approximation in reinforcement learning", 2017, arXiv:1702.03118.
public struct SiLU<Element: FloatingElement>: Layer, Sendable {
  /// A layer without parameters.
  public init() {}

  /// The unit of each element of `input`, in its shape; NaN stays NaN, and −∞ becomes 0.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> { input.silu() }
}

/// The unit `x · tanh(softplus(x))`, element by element.
///
/// The output has the input's shape, `[…] → […]`. Nothing overflows, and small outputs far below 0
/// keep their digits. PyTorch: `nn.Mish`.
///
/// ```swift
/// print(Mish<Float>()(Tensor([-1, 0, 1])))
/// // tensor([-0.3034,  0.0000,  0.8651])
/// ```
///
/// Source: D. Misra, "Mish: a self regularized non-monotonic activation function", 2019,
/// arXiv:1908.08681.
public struct Mish<Element: FloatingElement>: Layer, Sendable {
  /// A layer without parameters.
  public init() {}

  /// The unit of each element of `input`, in its shape; NaN stays NaN, and −∞ becomes 0.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.mish()
  }
}

/// The smooth rectifier, element by element: `log(1 + exp(β · x)) / β`.
///
/// Where `β · x` is above the threshold, the output is `x` itself. It has the input's shape,
/// `[…] → […]`, and does not overflow, whatever the threshold. PyTorch: `nn.Softplus`.
///
/// ```swift
/// print(Softplus<Float>()(Tensor([-1, 0, 30])))
/// // tensor([ 0.3133,  0.6931, 30.0000])
/// ```
///
/// Source: C. Dugas et al., "Incorporating second-order functional knowledge for better option
/// pricing", 2000.
public struct Softplus<Element: FloatingElement>: Layer, Sendable {
  /// β: the larger, the closer to the rectifier.
  public let beta: Double
  /// The largest `β · x` for which the formula is used.
  public let threshold: Double

  private let function: Pointwise

  /// A layer without parameters.
  ///
  /// Precondition: `beta` is positive and finite.
  ///
  /// - Parameters:
  ///   - beta: the larger, the closer to the rectifier.
  ///   - threshold: the largest `beta · x` for which the formula is used.
  public init(beta: Double = 1, threshold: Double = 20) {
    if !(beta > 0 && beta < .infinity) {
      reportFailure(operation: "Softplus", "beta \(beta) is not positive and finite")
    }
    self.beta = beta
    self.threshold = threshold
    function = beta == 1 && threshold == 20 ? .softplus : .softplus(beta, threshold)
  }

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> { function(input) }
}

extension Softplus {
  /// The layer's name and options.
  public var description: String { "Softplus(beta: \(beta), threshold: \(threshold))" }
}

extension Pointwise {
  /// `log(1 + exp(βx)) / β`, and `x` where βx is above the threshold.
  static func softplus(_ beta: Double, _ threshold: Double) -> Pointwise {
    Pointwise("softplus") { x in
      let z = Expression(beta) * x
      let isHigh = z .> Expression(threshold)
      let soft = -((-z).logSigmoid())
      return .select(isHigh, x, soft / Expression(beta))
    }
  }
}
