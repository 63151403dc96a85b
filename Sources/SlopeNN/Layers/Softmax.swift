public import SlopeCore

/// Probabilities along an axis: `exp(xᵢ) / Σⱼ exp(xⱼ)`.
///
/// The output has the input's shape, `[…] → […]`, and sums to 1 along the axis. Large elements do not
/// overflow, since the largest is subtracted first. It is the operation `x.softmax(axis:)`. PyTorch:
/// `nn.Softmax`; for a loss, give the scores themselves to `CrossEntropyLoss`.
///
/// ```swift
/// print(Softmax<Float>()(Tensor([[0, 1], [1000, 1000]])))
/// // tensor([[0.2689, 0.7311],
/// //         [0.5000, 0.5000]])
/// ```
public struct Softmax<Element: FloatingElement>: Layer, Sendable {
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
    input.softmax(axis: axis)
  }
}

extension Softmax {
  /// The layer's name and axis.
  public var description: String { "Softmax(axis: \(axis))" }
}

/// Logarithms of the probabilities along an axis: `xᵢ − log Σⱼ exp(xⱼ)`.
///
/// The output has the input's shape, `[…] → […]`; small probabilities keep their digits. It is the
/// operation `x.logSoftmax(axis:)`, and what `NLLLoss` takes. PyTorch: `nn.LogSoftmax`.
///
/// ```swift
/// print(LogSoftmax<Float>()(Tensor([0, 1000])))
/// // tensor([-1000.,     0.])
/// ```
public struct LogSoftmax<Element: FloatingElement>: Layer, Sendable {
  /// The axis along which the probabilities sum to 1; negative from the end.
  public let axis: Int

  /// A layer without parameters.
  ///
  /// - Parameter axis: the axis along which the probabilities sum to 1; negative from the end.
  public init(axis: Int = -1) { self.axis = axis }

  /// The logarithms of the probabilities, in the input's shape.
  ///
  /// Precondition: the axis exists.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.logSoftmax(axis: axis)
  }
}

extension LogSoftmax {
  /// The layer's name and axis.
  public var description: String { "LogSoftmax(axis: \(axis))" }
}
