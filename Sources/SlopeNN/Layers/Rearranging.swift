public import SlopeCore

/// The elements of all windows of images as columns:
/// `[batch, channels, height, width] → [batch, channels · kernel elements, windows]`.
///
/// `Tensor.unfolded(kernel:dilation:padding:stride:)` as a layer. PyTorch's counterpart is
/// `nn.Unfold`.
public struct UnfoldWindows<Element: FloatingElement>: Layer, Sendable {
  /// The extents of a window.
  public let kernel: Pair
  /// The distance from one element of a window to the next.
  public let dilation: Pair
  /// The zeros around each plane.
  public let padding: Pair
  /// The distance from one window to the next.
  public let stride: Pair

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - kernel: the extents of a window.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - padding: the zeros around each plane.
  ///   - stride: the distance from one window to the next.
  public init(_ kernel: Pair, dilation: Pair = 1, padding: Pair = 0, stride: Pair = 1) {
    self.kernel = kernel
    self.dilation = dilation
    self.padding = padding
    self.stride = stride
  }

  /// The elements of all windows.
  ///
  /// Precondition: as for `Tensor.unfolded(kernel:dilation:padding:stride:)`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.unfolded(kernel: kernel, dilation: dilation, padding: padding, stride: stride)
  }
}

extension UnfoldWindows {
  /// The layer's name and options.
  public var description: String {
    "UnfoldWindows(\(kernel), dilation: \(dilation), padding: \(padding), stride: \(stride))"
  }
}

/// The sums of the elements of windows in images:
/// `[batch, channels · kernel elements, windows] → [batch, channels, height, width]`.
///
/// `Tensor.folded(into:kernel:dilation:padding:stride:)` as a layer. PyTorch's counterpart is
/// `nn.Fold`, a name that a part of a cross-validation has here.
public struct FoldWindows<Element: FloatingElement>: Layer, Sendable {
  /// The height and the width of the output.
  public let plane: Pair
  /// The extents of a window.
  public let kernel: Pair
  /// The distance from one element of a window to the next.
  public let dilation: Pair
  /// The zeros around each plane, which are left out.
  public let padding: Pair
  /// The distance from one window to the next.
  public let stride: Pair

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - plane: the height and the width of the output.
  ///   - kernel: the extents of a window.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - padding: the zeros around each plane, which are left out.
  ///   - stride: the distance from one window to the next.
  public init(
    _ plane: Pair, kernel: Pair, dilation: Pair = 1, padding: Pair = 0, stride: Pair = 1
  ) {
    self.plane = plane
    self.kernel = kernel
    self.dilation = dilation
    self.padding = padding
    self.stride = stride
  }

  /// The sums of the elements of windows.
  ///
  /// Precondition: as for `Tensor.folded(into:kernel:dilation:padding:stride:)`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.folded(
      into: plane, kernel: kernel, dilation: dilation, padding: padding, stride: stride)
  }
}

extension FoldWindows {
  /// The layer's name and options.
  public var description: String {
    "FoldWindows(\(plane), kernel: \(kernel), dilation: \(dilation), padding: \(padding), "
      + "stride: \(stride))"
  }
}

/// Blocks of channels as finer images:
/// `[…, channels · factor², height, width] → […, channels, height · factor, width · factor]`.
///
/// `Tensor.pixelShuffled(_:)` as a layer. PyTorch's counterpart is `nn.PixelShuffle`.
///
/// Source: W. Shi et al., "Real-time single image and video super-resolution using an efficient
/// sub-pixel convolutional neural network", 2016, arXiv:1609.05158.
public struct PixelShuffle<Element: FloatingElement>: Layer, Sendable {
  /// By how much images become larger.
  public let factor: Int

  /// A layer without parameters that makes images `factor` times as large.
  public init(_ factor: Int) { self.factor = factor }

  /// The finer images.
  ///
  /// Precondition: as for `Tensor.pixelShuffled(_:)`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.pixelShuffled(factor)
  }
}

extension PixelShuffle {
  /// The layer's name and factor.
  public var description: String { "PixelShuffle(\(factor))" }
}

/// Finer images as blocks of channels:
/// `[…, channels, height · factor, width · factor] → […, channels · factor², height, width]`.
///
/// `Tensor.pixelUnshuffled(_:)` as a layer. PyTorch's counterpart is `nn.PixelUnshuffle`.
public struct PixelUnshuffle<Element: FloatingElement>: Layer, Sendable {
  /// By how much images become smaller.
  public let factor: Int

  /// A layer without parameters that makes images one `factor`th as large.
  public init(_ factor: Int) { self.factor = factor }

  /// The blocks of channels.
  ///
  /// Precondition: as for `Tensor.pixelUnshuffled(_:)`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.pixelUnshuffled(factor)
  }
}

extension PixelUnshuffle {
  /// The layer's name and factor.
  public var description: String { "PixelUnshuffle(\(factor))" }
}

/// One axis as several: `[…, n, …] → […] + shape + […]`.
///
/// The reverse of `Flatten`. One extent may be −1, for what the others leave. PyTorch's counterpart is
/// `nn.Unflatten`.
///
/// ```swift
/// print(Unflatten<Float>(axis: 1, [3, -1])(Tensor<Float>.zeros([2, 12])).shape)
/// // [2, 3, 4]
/// ```
public struct Unflatten<Element: FloatingElement>: Layer, Sendable {
  /// The axis; negative from the end.
  public let axis: Int
  /// The extents that take its place.
  public let shape: Shape

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - axis: the axis; negative from the end.
  ///   - shape: the extents that take its place.
  public init(axis: Int, _ shape: Shape) {
    self.axis = axis
    self.shape = shape
  }

  /// The input with several axes for one; a view if the strides allow it, otherwise a copy.
  ///
  /// Precondition: the axis exists and has as many elements as the shape, and the result at most
  /// eight axes.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.unflattened(axis: axis, to: shape)
  }
}

extension Unflatten {
  /// The layer's name, axis and extents.
  public var description: String { "Unflatten(axis: \(axis), \(shape))" }
}

/// Images, sequences or volumes with other extents.
///
/// `Tensor.interpolated(to:mode:alignsCorners:)` as a layer, or with factors
/// `interpolated(by:mode:alignsCorners:)`. PyTorch's counterpart is `nn.Upsample`.
///
/// ```swift
/// let layer = Upsample<Float>(by: [2], mode: .linear)
/// print(layer(Tensor<Float>.zeros([1, 3, 8, 8])).shape)
/// // [1, 3, 16, 16]
/// ```
public struct Upsample<Element: FloatingElement>: Layer, Sendable {
  /// The new extents of the axes from the third on; nil if there are factors.
  public let extents: [Int]?
  /// The factors of the present ones, one for each axis or one for all; empty if there are extents.
  public let factors: [Double]
  /// How elements are computed.
  public let mode: InterpolationMode
  /// Whether the outermost elements stay in their places.
  public let alignsCorners: Bool

  /// A layer without parameters whose output has the given extents.
  ///
  /// - Parameters:
  ///   - extents: the new extents of the axes from the third on.
  ///   - mode: how elements are computed.
  ///   - alignsCorners: whether the outermost elements stay in their places.
  public init(
    to extents: [Int], mode: InterpolationMode = .nearest, alignsCorners: Bool = false
  ) {
    self.extents = extents
    factors = []
    self.mode = mode
    self.alignsCorners = alignsCorners
  }

  /// A layer without parameters whose output is larger by factors.
  ///
  /// - Parameters:
  ///   - factors: one for each axis from the third on, or one for all of them.
  ///   - mode: how elements are computed.
  ///   - alignsCorners: whether the outermost elements stay in their places.
  public init(
    by factors: [Double], mode: InterpolationMode = .nearest, alignsCorners: Bool = false
  ) {
    extents = nil
    self.factors = factors
    self.mode = mode
    self.alignsCorners = alignsCorners
  }

  /// The input with other extents.
  ///
  /// Precondition: as for `Tensor.interpolated(to:mode:alignsCorners:)`.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    extents.map { input.interpolated(to: $0, mode: mode, alignsCorners: alignsCorners) }
      ?? input.interpolated(by: factors, mode: mode, alignsCorners: alignsCorners)
  }
}

extension Upsample {
  /// The layer's name and options.
  public var description: String {
    let size = extents.map { "to: \($0)" } ?? "by: \(factors)"
    return "Upsample(\(size), mode: \(mode), alignsCorners: \(alignsCorners))"
  }
}
