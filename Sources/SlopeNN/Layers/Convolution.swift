public import SlopeCore

/// A convolution of images: `[batch, in, height, width] → [batch, out, rows, columns]`.
///
/// Each output channel is the sum over the input channels of their windows times a kernel, plus a
/// bias: `conv2d(_:weight:bias:stride:padding:dilation:groups:)`. An input without a batch,
/// `[in, height, width]`, gives `[out, rows, columns]`.
///
/// ```swift
/// let layer = Conv2d<Float>(3, 16, kernel: 3, padding: 1)
/// print(layer.weight.shape, layer(Tensor<Float>.zeros([8, 3, 32, 32])).shape)
/// // [16, 3, 3, 3] [8, 16, 32, 32]
/// ```
///
/// PyTorch's counterpart is `nn.Conv2d`: the layout of the weights, the initial values after the same
/// seed and the parameters' names are the same.
public struct Conv2d<Element: FloatingElement>: Layer {
  /// The kernels, `[out, in / groups, height, width]`.
  public let weight: Parameter<Element>
  /// The biases, `[out]`; nil without them.
  public let bias: Parameter<Element>?
  /// The distance from one window to the next.
  public let stride: Pair
  /// The zeros around each plane.
  public let padding: ConvolutionPadding
  /// The distance from one element of a window to the next.
  public let dilation: Pair
  /// The number of groups of channels, each convolved by itself.
  public let groups: Int

  /// A layer with PyTorch's initial values, uniform in ±1/√(in / groups · kernel elements).
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
  ///   - padding: the zeros around each plane.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - groups: the number of groups of channels, each convolved by itself.
  ///   - bias: whether the layer has biases.
  ///   - generator: the source of the initial values; the default generator if nil.
  public init(
    _ inputCount: Int, _ outputCount: Int, kernel: Pair, stride: Pair = 1,
    padding: ConvolutionPadding = 0, dilation: Pair = 1, groups: Int = 1, bias: Bool = true,
    generator: Generator? = nil
  ) {
    let kernels = Kernels<Element>(
      "Conv2d", inputCount, outputCount, kernel: [kernel.height, kernel.width], groups: groups,
      bias: bias, isTransposed: false, generator)
    (weight, self.bias) = (kernels.weight, kernels.bias)
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = kernels.groups
  }

  /// The convolution of `input`.
  ///
  /// Precondition: as for `conv2d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    conv2d(
      input, weight: weight.tensor, bias: bias?.tensor, stride: stride, padding: padding,
      dilation: dilation, groups: groups)
  }
}

extension Conv2d {
  /// The numbers of channels and the options.
  public var description: String {
    let (inputs, outputs) = (weight.shape[1] * groups, weight.shape[0])
    return "Conv2d(\(inputs), \(outputs), kernel: \(Pair(weight.shape[2], weight.shape[3])), "
      + "stride: \(stride), padding: \(padding), dilation: \(dilation), groups: \(groups), "
      + "bias: \(bias != nil))"
  }
}

/// A convolution of sequences: `[batch, in, length] → [batch, out, count]`.
///
/// As `Conv2d` along one axis. An input without a batch, `[in, length]`, gives `[out, count]`.
/// PyTorch's counterpart is `nn.Conv1d`, with the same initial values and names.
public struct Conv1d<Element: FloatingElement>: Layer {
  /// The kernels, `[out, in / groups, kernel]`.
  public let weight: Parameter<Element>
  /// The biases, `[out]`; nil without them.
  public let bias: Parameter<Element>?
  /// The distance from one window to the next.
  public let stride: Int
  /// The zeros before and after each sequence.
  public let padding: ConvolutionPadding
  /// The distance from one element of a window to the next.
  public let dilation: Int
  /// The number of groups of channels, each convolved by itself.
  public let groups: Int

  /// A layer with PyTorch's initial values, uniform in ±1/√(in / groups · kernel).
  ///
  /// The weights are drawn first, then the biases, on the host; the parameters are on the default
  /// device. Precondition: as for `Conv2d`.
  ///
  /// - Parameters:
  ///   - inputCount: the number of input channels.
  ///   - outputCount: the number of output channels.
  ///   - kernel: the extent of a window.
  ///   - stride: the distance from one window to the next.
  ///   - padding: the zeros before and after each sequence.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - groups: the number of groups of channels, each convolved by itself.
  ///   - bias: whether the layer has biases.
  ///   - generator: the source of the initial values; the default generator if nil.
  public init(
    _ inputCount: Int, _ outputCount: Int, kernel: Int, stride: Int = 1,
    padding: ConvolutionPadding = 0, dilation: Int = 1, groups: Int = 1, bias: Bool = true,
    generator: Generator? = nil
  ) {
    let kernels = Kernels<Element>(
      "Conv1d", inputCount, outputCount, kernel: [kernel], groups: groups, bias: bias,
      isTransposed: false, generator)
    (weight, self.bias) = (kernels.weight, kernels.bias)
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = kernels.groups
  }

  /// The convolution of `input`.
  ///
  /// Precondition: as for `conv1d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    conv1d(
      input, weight: weight.tensor, bias: bias?.tensor, stride: stride, padding: padding,
      dilation: dilation, groups: groups)
  }
}

extension Conv1d {
  /// The numbers of channels and the options.
  public var description: String {
    "Conv1d(\(weight.shape[1] * groups), \(weight.shape[0]), kernel: \(weight.shape[2]), "
      + "stride: \(stride), padding: \(padding), dilation: \(dilation), groups: \(groups), "
      + "bias: \(bias != nil))"
  }
}

/// The parameters of a convolution: PyTorch's shapes and initial values.
struct Kernels<Element: FloatingElement> {
  let weight: Parameter<Element>
  let bias: Parameter<Element>?
  let groups: Int

  /// `[out, in / groups, …]`, or of a transposed convolution `[in, out / groups, …]`.
  init(
    _ name: String, _ inputCount: Int, _ outputCount: Int, kernel: [Int], groups: Int, bias: Bool,
    isTransposed: Bool, _ generator: Generator?
  ) {
    let fits =
      groups > 0 && inputCount >= 0 && outputCount >= 0 && kernel.allSatisfy { $0 >= 0 }
      && inputCount % groups == 0 && outputCount % groups == 0
    if !fits {
      reportFailure(
        operation: name,
        "\(inputCount) and \(outputCount) channels in \(groups) groups, kernel \(kernel)")
    }
    let (inputs, outputs) = fits ? (inputCount, outputCount) : (0, 0)
    self.groups = fits ? groups : 1
    let kernel = fits ? kernel : kernel.map { _ in 0 }
    let first = isTransposed ? inputs : outputs
    let shape = Shape([first, (isTransposed ? outputs : inputs) / self.groups] + kernel)
    // PyTorch computes Kaiming's bound with slope √5 instead of 1/√n, which rounds differently.
    weight = Parameter(
      Initializer.kaimingUniform(a: 5.0.squareRoot()).tensor(shape, generator: generator))
    let fan = shape.dropFirst().reduce(1) { $0 * Double($1) }
    let bound = fan == 0 ? 0 : 1 / fan.squareRoot()
    // Without a fan PyTorch draws nothing, and its biases are what memory had.
    self.bias =
      bias
      ? Parameter(
        (fan == 0 ? .zeros : Initializer.uniform(from: -bound, to: bound))
          .tensor([outputs], generator: generator))
      : nil
  }
}
