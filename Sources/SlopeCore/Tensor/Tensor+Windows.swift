extension Tensor {
  /// All parts of `size` elements along `axis`, one every `step` elements, along a new last axis:
  /// `[…, n, …] → […, (n − size) / step + 1, …, size]`.
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, 2, 3, 4, 5])
  /// print(x.unfolded(axis: 0, size: 3, step: 2))
  /// // tensor([[1., 2., 3.],
  /// //         [3., 4., 5.]])
  /// ```
  ///
  /// Returns a view, in which parts may overlap: no elements are copied. The gradient of an element is
  /// the sum over the parts that have it. PyTorch: `Tensor.unfold`.
  ///
  /// Precondition: the axis exists, `size` is in 0...n, `step` is positive, and the rank is less than
  /// 8.
  public func unfolded(axis: Int, size: Int, step: Int) -> Tensor {
    Tensor(value.slidingWindows(axis: axis, size: size, step: step))
  }
}

extension Tensor where Element: NumericElement {
  /// The elements of all windows of planes as columns:
  /// `[batch, channels, height, width] → [batch, channels · kernel elements, windows]`.
  ///
  /// What a convolution multiplies by its weight. Row `(c · kernelHeight + p) · kernelWidth + q` has
  /// the element (p, q) of each window of channel c: 0 outside of the plane. Without a batch,
  /// `[channels, height, width]`, the result has none. Returns a copy. Complexity: O(n) in the size of
  /// the result. PyTorch: `torch.nn.functional.unfold`.
  ///
  /// Precondition: the rank is right; kernel, stride and dilation are positive, padding is not
  /// negative; the window fits into the padded plane.
  ///
  /// - Parameters:
  ///   - kernel: the extents of a window.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - padding: the zeros around each plane.
  ///   - stride: the distance from one window to the next.
  /// - Returns: the columns.
  public func unfolded(
    kernel: Pair, dilation: Pair = 1, padding: Pair = 0, stride: Pair = 1
  ) -> Tensor {
    Tensor(
      value.unfoldedColumns(kernel: kernel, dilation: dilation, padding: padding, stride: stride))
  }

  /// The sums of the elements of windows that are in one place of a plane:
  /// `[batch, channels · kernel elements, windows] → [batch, channels, height, width]`.
  ///
  /// The reverse of `unfolded(kernel:dilation:padding:stride:)` where windows do not overlap, and
  /// always its gradient. Without a batch the result has none. Returns a copy. Complexity: O(n).
  /// PyTorch: `torch.nn.functional.fold`.
  ///
  /// Precondition: as for `unfolded`, and the last extents are those of unfolded planes.
  ///
  /// - Parameters:
  ///   - plane: the height and the width of the output.
  ///   - kernel: the extents of a window.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - padding: the zeros around each plane, which are left out.
  ///   - stride: the distance from one window to the next.
  /// - Returns: the planes.
  public func folded(
    into plane: Pair, kernel: Pair, dilation: Pair = 1, padding: Pair = 0, stride: Pair = 1
  ) -> Tensor {
    Tensor(
      value.foldedColumns(
        into: plane, kernel: kernel, dilation: dilation, padding: padding, stride: stride))
  }

  /// Blocks of channels as finer planes: `[…, channels · factor², height, width]` →
  /// `[…, channels, height · factor, width · factor]`.
  ///
  /// `y[…, c, i · factor + p, j · factor + q] = x[…, (c · factor + p) · factor + q, i, j]`. Returns a
  /// copy. Complexity: O(n). PyTorch: `torch.nn.functional.pixel_shuffle`.
  ///
  /// Precondition: `factor` is positive, and its square divides the third extent from the end.
  public func pixelShuffled(_ factor: Int) -> Tensor {
    if isFailed { return self }
    guard rank >= 3, factor > 0, let block = Size.product(factor, factor),
      shape[rank - 3] % block == 0,
      let height = Size.product(shape[rank - 2], factor),
      let width = Size.product(shape[rank - 1], factor)
    else { return fail("pixelShuffle", "factor \(factor) for \(shape)") }
    let outer = Array(shape.dropLast(3))
    let channels = shape[rank - 3] / block
    return reshaped(
      to: [outer.reduce(1, &*), channels, factor, factor, shape[rank - 2], shape[rank - 1]]
    ).permuted([0, 1, 4, 2, 5, 3]).reshaped(to: Shape(outer + [channels, height, width]))
  }

  /// Finer planes as blocks of channels, the reverse of `pixelShuffled(_:)`:
  /// `[…, channels, height · factor, width · factor] → […, channels · factor², height, width]`.
  ///
  /// Returns a copy. Complexity: O(n). PyTorch: `torch.nn.functional.pixel_unshuffle`.
  ///
  /// Precondition: `factor` is positive and divides the last two extents.
  public func pixelUnshuffled(_ factor: Int) -> Tensor {
    if isFailed { return self }
    guard rank >= 3, factor > 0, shape[rank - 2] % factor == 0,
      shape[rank - 1] % factor == 0,
      let channels = Size.product(factor, factor).flatMap({ Size.product($0, shape[rank - 3]) })
    else { return fail("pixelUnshuffle", "factor \(factor) for \(shape)") }
    let outer = Array(shape.dropLast(3))
    let (height, width) = (shape[rank - 2] / factor, shape[rank - 1] / factor)
    return reshaped(
      to: [outer.reduce(1, &*), shape[rank - 3], height, factor, width, factor]
    ).permuted([0, 1, 3, 5, 2, 4]).reshaped(to: Shape(outer + [channels, height, width]))
  }

  /// The channels dealt out to groups: `[batch, channels, …] → [batch, channels, …]`.
  ///
  /// Channel `c · groups + g` of the result is channel `g · channels / groups + c`. Returns a copy.
  /// Complexity: O(n). PyTorch: `torch.nn.functional.channel_shuffle`.
  ///
  /// Precondition: there are three axes or more, and `groups` is positive and divides the channels.
  public func channelShuffled(groups: Int) -> Tensor {
    if isFailed { return self }
    guard rank >= 3, groups > 0, shape[1] % groups == 0 else {
      return fail("channelShuffle", "\(groups) groups of the channels of \(shape)")
    }
    let places = shape.dropFirst(2).reduce(1, &*)
    return reshaped(to: [shape[0], groups, shape[1] / groups, places])
      .transposed(1, 2).reshaped(to: shape)
  }
}
