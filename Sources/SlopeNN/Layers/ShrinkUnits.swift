public import SlopeCore

/// Moves each element toward 0 by λ: `x − λ` above λ, `x + λ` below −λ, else 0.
///
/// The output has the input's shape, `[…] → […]`. The derivative at ±λ is 0, as in PyTorch's
/// `nn.Softshrink`. It is the operation `x.softshrink(lambda:)`.
///
/// ```swift
/// print(Softshrink<Float>()(Tensor([-2, 0.25, 1])))
/// // tensor([-1.5000,  0.0000,  0.5000])
/// ```
public struct Softshrink<Element: FloatingElement>: Layer, Sendable {
  /// Λ, by which magnitudes shrink.
  public let lambda: Double

  /// A layer without parameters.
  ///
  /// - Parameter lambda: λ, by which magnitudes shrink.
  public init(lambda: Double = 0.5) { self.lambda = lambda }

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  ///
  /// Precondition: λ is at least 0.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.softshrink(lambda: Element(clamping: lambda))
  }
}

extension Softshrink {
  /// The layer's name and options.
  public var description: String { "Softshrink(lambda: \(lambda))" }
}

/// Sets the elements from −λ to λ to 0.
///
/// The output has the input's shape, `[…] → […]`. The derivative at ±λ is 0, as in PyTorch's
/// `nn.Hardshrink`. It is the operation `x.hardshrink(lambda:)`.
///
/// ```swift
/// print(Hardshrink<Float>()(Tensor([-2, 0.25, 1])))
/// // tensor([-2.,  0.,  1.])
/// ```
public struct Hardshrink<Element: FloatingElement>: Layer, Sendable {
  /// Λ, the largest magnitude that becomes 0.
  public let lambda: Double

  /// A layer without parameters.
  ///
  /// - Parameter lambda: λ, the largest magnitude that becomes 0.
  public init(lambda: Double = 0.5) { self.lambda = lambda }

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.hardshrink(lambda: Element(clamping: lambda))
  }
}

extension Hardshrink {
  /// The layer's name and options.
  public var description: String { "Hardshrink(lambda: \(lambda))" }
}

/// The unit `x − tanh(x)`, element by element.
///
/// The output has the input's shape, `[…] → […]`. It is the operation `x.tanhshrink()`. PyTorch:
/// `nn.Tanhshrink`.
///
/// ```swift
/// print(Tanhshrink<Float>()(Tensor([-1, 0, 2])))
/// // tensor([-0.2384,  0.0000,  1.0360])
/// ```
public struct Tanhshrink<Element: FloatingElement>: Layer, Sendable {
  /// A layer without parameters.
  public init() {}

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.tanhshrink()
  }
}
