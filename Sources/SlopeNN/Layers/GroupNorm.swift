public import SlopeCore

/// Normalises groups of channels of each row to mean 0 and variance 1, then scales and shifts.
///
/// `y = (x − mean) / √(variance + ε) · weight + bias` for an input `[rows, channels, …]`, in whose
/// shape the output is. Mean and biased variance are those of `channels ÷ groups` neighbouring
/// channels of one row, over all further axes; weight and bias are the channel's. It computes the
/// same in training and evaluation. One group is a normalisation of each row, and as many groups as
/// channels are one of each channel of each row.
///
/// ```swift
/// let norm = GroupNorm<Float>(2, 4)
/// print(norm(Tensor([[1, 3, 10, 30]])).detached())
/// // tensor([[-1.0000,  1.0000, -1.0000,  1.0000]])
/// ```
///
/// PyTorch's counterpart is `nn.GroupNorm`. It refuses a single group of a single element, whose
/// normalised value is 0. The mean and the variance of 16-bit floats are kept in Float.
///
/// Source: Y. Wu and K. He, "Group normalization", 2018, arXiv:1803.08494.
public struct GroupNorm<Element: FloatingElement>: Layer {
  /// The number of groups into which the channels are divided.
  public let groupCount: Int
  /// The number of channels, the extent of axis 1.
  public let channelCount: Int
  /// ε, which keeps the divisor above zero.
  public let epsilon: Double
  /// The weights, `[channels]`; nil without them.
  public let weight: Parameter<Element>?
  /// The biases, `[channels]`; nil without them.
  public let bias: Parameter<Element>?

  /// Normalisation of `channelCount` channels in `groupCount` groups of equal size.
  ///
  /// Weights start as 1 and biases as 0, on the default device. Precondition: `groupCount` is
  /// positive and divides `channelCount`, which is not negative.
  ///
  /// - Parameters:
  ///   - groupCount: the number of groups.
  ///   - channelCount: the number of channels.
  ///   - epsilon: is added to the variance.
  ///   - affine: whether there are weights and biases.
  public init(
    _ groupCount: Int, _ channelCount: Int, epsilon: Double = 1e-5, affine: Bool = true
  ) {
    let fits = groupCount > 0 && channelCount >= 0 && channelCount % groupCount == 0
    if !fits {
      reportFailure(
        operation: "GroupNorm", "\(channelCount) channels do not make \(groupCount) groups")
    }
    self.groupCount = fits ? groupCount : 1
    self.channelCount = max(channelCount, 0)
    self.epsilon = epsilon
    let shape: Shape = [self.channelCount]
    weight = affine ? Parameter(.ones(shape, on: .default)) : nil
    bias = affine ? Parameter(.zeros(shape, on: .default)) : nil
  }

  /// The normalised input, in its shape.
  ///
  /// Precondition: axis 1 of `input` is the layer's channels.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    if input.isFailed { return input }
    guard input.rank >= 2, input.shape[1] == channelCount else {
      return input.fail("GroupNorm", "\(input.shape) has no \(channelCount) channels on axis 1")
    }
    return input.groupNormalized(
      groups: groupCount, weight: weight?.tensor, bias: bias?.tensor, epsilon: epsilon)
  }
}

extension GroupNorm {
  /// The numbers of groups and channels, and the options.
  public var description: String {
    "GroupNorm(\(groupCount), \(channelCount), epsilon: \(epsilon), affine: \(weight != nil))"
  }
}
