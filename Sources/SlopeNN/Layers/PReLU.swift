public import SlopeCore

/// The rectifier whose slope below 0 is learnt: `x` above 0, else `weight · x`.
///
/// There is one slope for all elements, or one for each channel, which is axis 1 of the input:
/// `[rows, channels, …]`. The output has the input's shape. The derivative at 0 is the slope.
///
/// ```swift
/// let unit = PReLU<Float>()
/// let y = unit(Tensor([-2, 3]))
/// print(y.detached())
/// // tensor([-0.5000,  3.0000])
/// y.sum().backward()
/// if let gradient = unit.weight.grad { print(gradient) }
/// // tensor([-2.])
/// ```
///
/// PyTorch's counterpart is `nn.PReLU`, with the same parameter. Use no weight decay for it.
///
/// Source: K. He et al., "Delving deep into rectifiers", 2015, arXiv:1502.01852.
public struct PReLU<Element: FloatingElement>: Layer {
  /// The slopes below 0: `[1]` or `[channels]`.
  public let weight: Parameter<Element>

  /// A layer with `count` slopes, on the default device.
  ///
  /// Precondition: `count` is positive.
  ///
  /// - Parameters:
  ///   - count: 1, or the number of channels.
  ///   - initial: the value with which all slopes start.
  public init(_ count: Int = 1, initial: Double = 0.25) {
    if count < 1 { reportFailure(operation: "PReLU", "\(count) slopes") }
    weight = Parameter(.full([max(count, 1)], Element(clamping: initial), on: .default))
  }

  /// The unit of each element of `input`, in its shape; NaN stays NaN.
  ///
  /// Precondition: there is one slope, or axis 1 of `input` is the layer's channels.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    if input.isFailed { return input }
    let count = weight.shape.elementCount
    guard count == 1 || input.rank > 1 && input.shape[1] == count else {
      return input.fail("PReLU", "\(input.shape) has no \(count) channels on axis 1")
    }
    return input.prelu(weight.tensor)
  }
}

extension PReLU {
  /// The number of slopes.
  public var description: String { "PReLU(\(weight.shape.elementCount))" }
}
