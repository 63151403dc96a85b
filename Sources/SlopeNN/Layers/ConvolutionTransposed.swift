public import SlopeCore

/// A transposed convolution of images: `[batch, in, rows, columns] → [batch, out, height, width]`.
///
/// Each element of the input, times a kernel, is added to the output:
/// `convTranspose2d(_:weight:bias:stride:padding:outputPadding:groups:dilation:)`. An input without a
/// batch, `[in, rows, columns]`, gives `[out, height, width]`.
///
/// ```swift
/// let layer = ConvTranspose2d<Float>(16, 3, kernel: 2, stride: 2)
/// print(layer.weight.shape, layer(Tensor<Float>.zeros([8, 16, 14, 14])).shape)
/// // [16, 3, 2, 2] [8, 3, 28, 28]
/// ```
///
/// PyTorch's counterpart is `nn.ConvTranspose2d`: the layout of the weights, the initial values after
/// the same seed and the parameters' names are the same.
public struct ConvTranspose2d<Element: FloatingElement>: Layer {
  /// The kernels, `[in, out / groups, height, width]`.
  public let weight: Parameter<Element>
  /// The biases, `[out]`; nil without them.
  public let bias: Parameter<Element>?
  /// The distance from one window to the next.
  public let stride: Pair
  /// The rows and columns that are removed on each side of the output.
  public let padding: Pair
  /// The rows and columns that are added at its ends.
  public let outputPadding: Pair
  /// The number of groups of channels, each convolved by itself.
  public let groups: Int
  /// The distance from one element of a window to the next.
  public let dilation: Pair

  /// A layer with PyTorch's initial values, uniform in ±1/√(out / groups · kernel elements).
  ///
  /// The weights are drawn first, then the biases, on the host; the parameters are on the default
  /// device. Precondition: `groups` is positive and divides both numbers of channels, and no extent
  /// is negative. Other arguments are checked when the layer is called.
  ///
  /// - Parameters:
  ///   - inputCount: the number of input channels.
  ///   - outputCount: the number of output channels.
  ///   - kernel: the extents of a window.
  ///   - stride: the distance from one window to the next.
  ///   - padding: the rows and columns that are removed on each side of the output.
  ///   - outputPadding: the rows and columns that are added at its ends.
  ///   - groups: the number of groups of channels, each convolved by itself.
  ///   - bias: whether the layer has biases.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - generator: the source of the initial values; the default generator if nil.
  public init(
    _ inputCount: Int, _ outputCount: Int, kernel: Pair, stride: Pair = 1, padding: Pair = 0,
    outputPadding: Pair = 0, groups: Int = 1, bias: Bool = true, dilation: Pair = 1,
    generator: Generator? = nil
  ) {
    let kernels = Kernels<Element>(
      "ConvTranspose2d", inputCount, outputCount, kernel: [kernel.height, kernel.width],
      groups: groups, bias: bias, isTransposed: true, generator)
    (weight, self.bias) = (kernels.weight, kernels.bias)
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.groups = kernels.groups
    self.dilation = dilation
  }

  /// The transposed convolution of `input`.
  ///
  /// Precondition: as for `convTranspose2d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    convTranspose2d(
      input, weight: weight.tensor, bias: bias?.tensor, stride: stride, padding: padding,
      outputPadding: outputPadding, groups: groups, dilation: dilation)
  }
}

extension ConvTranspose2d {
  /// The numbers of channels and the options.
  public var description: String {
    let (inputs, outputs) = (weight.shape[0], weight.shape[1] * groups)
    return "ConvTranspose2d(\(inputs), \(outputs), "
      + "kernel: \(Pair(weight.shape[2], weight.shape[3])), stride: \(stride), "
      + "padding: \(padding), outputPadding: \(outputPadding), groups: \(groups), "
      + "bias: \(bias != nil), dilation: \(dilation))"
  }
}

/// A transposed convolution of sequences: `[batch, in, count] → [batch, out, length]`.
///
/// As `ConvTranspose2d` along one axis. An input without a batch, `[in, count]`, gives
/// `[out, length]`. PyTorch's counterpart is `nn.ConvTranspose1d`, with the same initial values and
/// names.
public struct ConvTranspose1d<Element: FloatingElement>: Layer {
  /// The kernels, `[in, out / groups, kernel]`.
  public let weight: Parameter<Element>
  /// The biases, `[out]`; nil without them.
  public let bias: Parameter<Element>?
  /// The distance from one window to the next.
  public let stride: Int
  /// The elements that are removed at each end of the output.
  public let padding: Int
  /// The elements that are added at its end.
  public let outputPadding: Int
  /// The number of groups of channels, each convolved by itself.
  public let groups: Int
  /// The distance from one element of a window to the next.
  public let dilation: Int

  /// A layer with PyTorch's initial values, uniform in ±1/√(out / groups · kernel).
  ///
  /// The weights are drawn first, then the biases, on the host; the parameters are on the default
  /// device. Precondition: as for `ConvTranspose2d`.
  ///
  /// - Parameters:
  ///   - inputCount: the number of input channels.
  ///   - outputCount: the number of output channels.
  ///   - kernel: the extent of a window.
  ///   - stride: the distance from one window to the next.
  ///   - padding: the elements that are removed at each end of the output.
  ///   - outputPadding: the elements that are added at its end.
  ///   - groups: the number of groups of channels, each convolved by itself.
  ///   - bias: whether the layer has biases.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - generator: the source of the initial values; the default generator if nil.
  public init(
    _ inputCount: Int, _ outputCount: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    outputPadding: Int = 0, groups: Int = 1, bias: Bool = true, dilation: Int = 1,
    generator: Generator? = nil
  ) {
    let kernels = Kernels<Element>(
      "ConvTranspose1d", inputCount, outputCount, kernel: [kernel], groups: groups, bias: bias,
      isTransposed: true, generator)
    (weight, self.bias) = (kernels.weight, kernels.bias)
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.groups = kernels.groups
    self.dilation = dilation
  }

  /// The transposed convolution of `input`.
  ///
  /// Precondition: as for `convTranspose1d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    convTranspose1d(
      input, weight: weight.tensor, bias: bias?.tensor, stride: stride, padding: padding,
      outputPadding: outputPadding, groups: groups, dilation: dilation)
  }
}

extension ConvTranspose1d {
  /// The numbers of channels and the options.
  public var description: String {
    "ConvTranspose1d(\(weight.shape[0]), \(weight.shape[1] * groups), "
      + "kernel: \(weight.shape[2]), stride: \(stride), padding: \(padding), "
      + "outputPadding: \(outputPadding), groups: \(groups), bias: \(bias != nil), "
      + "dilation: \(dilation))"
  }
}
