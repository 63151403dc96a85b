public import SlopeCore

/// The greatest element of each window of images:
/// `[…, height, width] → […, rows, columns]`.
///
/// `Tensor.maxPool2d` as a layer; it has no parameters. PyTorch's counterpart is `nn.MaxPool2d`.
///
/// ```swift
/// print(MaxPool2d<Float>(2)(Tensor<Float>.zeros([8, 3, 32, 32])).shape)
/// // [8, 3, 16, 16]
/// ```
public struct MaxPool2d<Element: FloatingElement>: Layer, Sendable {
  /// The extents of a window.
  public let kernel: Pair
  /// The distance from one window to the next.
  public let stride: Pair
  /// The elements before and after each axis, which do not count.
  public let padding: Pair
  /// The distance from one element of a window to the next.
  public let dilation: Pair
  /// Whether the last windows may end outside of the padded plane.
  public let ceilMode: Bool

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - kernel: the extents of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after each axis, which do not count.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - ceilMode: whether the last windows may end outside of the padded plane.
  public init(
    _ kernel: Pair, stride: Pair? = nil, padding: Pair = 0, dilation: Pair = 1,
    ceilMode: Bool = false
  ) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.dilation = dilation
    self.ceilMode = ceilMode
  }

  /// The greatest element of each window.
  ///
  /// Precondition: as for `Tensor.maxPool2d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.maxPool2d(
      kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }
}

extension MaxPool2d {
  /// The layer's name and options.
  public var description: String {
    "MaxPool2d(\(kernel), stride: \(stride), padding: \(padding), dilation: \(dilation), "
      + "ceilMode: \(ceilMode))"
  }
}

/// The greatest element of each window of sequences: `[…, length] → […, count]`.
///
/// `Tensor.maxPool1d` as a layer; it has no parameters. PyTorch's counterpart is `nn.MaxPool1d`.
public struct MaxPool1d<Element: FloatingElement>: Layer, Sendable {
  /// The extent of a window.
  public let kernel: Int
  /// The distance from one window to the next.
  public let stride: Int
  /// The elements before and after, which do not count.
  public let padding: Int
  /// The distance from one element of a window to the next.
  public let dilation: Int
  /// Whether the last window may end outside of the padded sequence.
  public let ceilMode: Bool

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - kernel: the extent of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after, which do not count.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - ceilMode: whether the last window may end outside of the padded sequence.
  public init(
    _ kernel: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
  ) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.dilation = dilation
    self.ceilMode = ceilMode
  }

  /// The greatest element of each window.
  ///
  /// Precondition: as for `Tensor.maxPool1d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.maxPool1d(
      kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }
}

extension MaxPool1d {
  /// The layer's name and options.
  public var description: String {
    "MaxPool1d(\(kernel), stride: \(stride), padding: \(padding), dilation: \(dilation), "
      + "ceilMode: \(ceilMode))"
  }
}
