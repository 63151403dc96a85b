public import SlopeCore

/// Limits each element to a range, −1 … 1 by default.
///
/// The output has the input's shape, `[…] → […]`. The derivative at the bounds is 0, as in PyTorch's
/// `nn.Hardtanh`. It is the operation `x.hardtanh(min:max:)`.
///
/// ```swift
/// print(Hardtanh<Float>()(Tensor([-2, 0.5, 3])))
/// // tensor([-1.0000,  0.5000,  1.0000])
/// ```
public struct Hardtanh<Element: FloatingElement>: Layer, Sendable {
  /// The least output.
  public let minimum: Double

  /// The greatest output.
  public let maximum: Double

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - minimum: the least output.
  ///   - maximum: the greatest output.
  public init(minimum: Double = -1, maximum: Double = 1) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  ///
  /// Precondition: the minimum is at most the maximum.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.hardtanh(min: Element(clamping: minimum), max: Element(clamping: maximum))
  }
}

extension Hardtanh {
  /// The layer's name and options.
  public var description: String { "Hardtanh(minimum: \(minimum), maximum: \(maximum))" }
}

/// The rectifier limited to 6, element by element: `min(max(x, 0), 6)`.
///
/// The output has the input's shape, `[…] → […]`. The derivative at 0 and 6 is 0. It is the
/// operation `x.relu6()`. PyTorch: `nn.ReLU6`.
///
/// ```swift
/// print(ReLU6<Float>()(Tensor([-2, 3, 8])))
/// // tensor([0., 3., 6.])
/// ```
///
/// Source: A. Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010.
public struct ReLU6<Element: FloatingElement>: Layer, Sendable {
  /// A layer without parameters.
  public init() {}

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.relu6()
  }
}

/// A sigmoid of straight pieces, element by element: `(x + 3) / 6` limited to 0 … 1.
///
/// The output has the input's shape, `[…] → […]`. It is the operation `x.hardsigmoid()`. PyTorch:
/// `nn.Hardsigmoid`.
///
/// ```swift
/// print(Hardsigmoid<Float>()(Tensor([-4, 0, 1.5])))
/// // tensor([0.0000, 0.5000, 0.7500])
/// ```
public struct Hardsigmoid<Element: FloatingElement>: Layer, Sendable {
  /// A layer without parameters.
  public init() {}

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.hardsigmoid()
  }
}

/// The unit `x · hardsigmoid(x)`, element by element.
///
/// The output has the input's shape, `[…] → […]`. It is the operation `x.hardswish()`. PyTorch:
/// `nn.Hardswish`.
///
/// ```swift
/// print(Hardswish<Float>()(Tensor([-4, -1.5, 1.5, 4])))
/// // tensor([-0.0000, -0.3750,  1.1250,  4.0000])
/// ```
///
/// Source: A. Howard et al., "Searching for MobileNetV3", 2019, arXiv:1905.02244.
public struct Hardswish<Element: FloatingElement>: Layer, Sendable {
  /// A layer without parameters.
  public init() {}

  /// The unit of each element of `input`, in its shape; NaN stays NaN, and −∞ becomes NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.hardswish()
  }
}

/// Replaces the elements that are not above a threshold.
///
/// The output has the input's shape, `[…] → […]`. The derivative of a replaced element is 0. It is the
/// operation `x.threshold(_:value:)`. PyTorch: `nn.Threshold`.
///
/// ```swift
/// print(Threshold<Float>(0.1, value: 20)(Tensor([-2, 0.1, 3])))
/// // tensor([20., 20.,  3.])
/// ```
public struct Threshold<Element: FloatingElement>: Layer, Sendable {
  /// The largest element that is replaced.
  public let threshold: Double

  /// What replaces an element.
  public let value: Double

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - threshold: the largest element that is replaced.
  ///   - value: what replaces an element.
  public init(_ threshold: Double, value: Double) {
    self.threshold = threshold
    self.value = value
  }

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.threshold(Element(clamping: threshold), value: Element(clamping: value))
  }
}

extension Threshold {
  /// The layer's name and options.
  public var description: String { "Threshold(threshold: \(threshold), value: \(value))" }
}
