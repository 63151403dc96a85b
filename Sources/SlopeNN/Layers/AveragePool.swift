public import SlopeCore

/// The mean of each window of images: `[…, height, width] → […, rows, columns]`.
///
/// `Tensor.avgPool2d` as a layer; it has no parameters. PyTorch's counterpart is `nn.AvgPool2d`.
public struct AvgPool2d<Element: FloatingElement>: Layer, Sendable {
  /// The extents of a window.
  public let kernel: Pair
  /// The distance from one window to the next.
  public let stride: Pair
  /// The elements before and after each axis, which are 0.
  public let padding: Pair
  /// Whether the last windows may end outside of the padded plane.
  public let ceilMode: Bool
  /// Whether the elements of the padding count.
  public let countsPadding: Bool
  /// By what a sum is divided; nil for the number of its elements.
  public let divisor: Int?

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - kernel: the extents of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after each axis, which are 0.
  ///   - ceilMode: whether the last windows may end outside of the padded plane.
  ///   - countsPadding: whether the elements of the padding count.
  ///   - divisor: by what a sum is divided instead of the number of its elements; not 0.
  public init(
    _ kernel: Pair, stride: Pair? = nil, padding: Pair = 0, ceilMode: Bool = false,
    countsPadding: Bool = true, divisor: Int? = nil
  ) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.ceilMode = ceilMode
    self.countsPadding = countsPadding
    self.divisor = divisor
  }

  /// The mean of each window.
  ///
  /// Precondition: as for `Tensor.avgPool2d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.avgPool2d(
      kernel, stride: stride, padding: padding, ceilMode: ceilMode, countsPadding: countsPadding,
      divisor: divisor)
  }
}

extension AvgPool2d {
  /// The layer's name and options.
  public var description: String {
    "AvgPool2d(\(kernel), stride: \(stride), padding: \(padding), ceilMode: \(ceilMode), "
      + "countsPadding: \(countsPadding))"
  }
}

/// The mean of each window of sequences: `[…, length] → […, count]`.
///
/// `Tensor.avgPool1d` as a layer; it has no parameters. PyTorch's counterpart is `nn.AvgPool1d`.
public struct AvgPool1d<Element: FloatingElement>: Layer, Sendable {
  /// The extent of a window.
  public let kernel: Int
  /// The distance from one window to the next.
  public let stride: Int
  /// The elements before and after, which are 0.
  public let padding: Int
  /// Whether the last window may end outside of the padded sequence.
  public let ceilMode: Bool
  /// Whether the elements of the padding count.
  public let countsPadding: Bool

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - kernel: the extent of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after, which are 0.
  ///   - ceilMode: whether the last window may end outside of the padded sequence.
  ///   - countsPadding: whether the elements of the padding count.
  public init(
    _ kernel: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false,
    countsPadding: Bool = true
  ) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.ceilMode = ceilMode
    self.countsPadding = countsPadding
  }

  /// The mean of each window.
  ///
  /// Precondition: as for `Tensor.avgPool1d`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.avgPool1d(
      kernel, stride: stride, padding: padding, ceilMode: ceilMode, countsPadding: countsPadding)
  }
}

extension AvgPool1d {
  /// The layer's name and options.
  public var description: String {
    "AvgPool1d(\(kernel), stride: \(stride), padding: \(padding), ceilMode: \(ceilMode), "
      + "countsPadding: \(countsPadding))"
  }
}
