extension Tensor where Element: FloatingElement {
  /// The p-norm of each window: `(Σ xᵖ)^(1/p)`, `[…, height, width] → […, rows, columns]`.
  ///
  /// As in PyTorch, powers are those of the elements themselves, and where their sum is negative the
  /// norm is 0. Complexity: O(n · kernel). PyTorch: `torch.nn.functional.lp_pool2d`.
  ///
  /// Precondition: as for `avgPool2d`, and `p` is not 0.
  ///
  /// - Parameters:
  ///   - p: the norm.
  ///   - kernel: the extents of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - ceilMode: whether the last windows may end outside of the plane.
  /// - Returns: the norms.
  public func lpPool2d(
    _ p: Double, kernel: Pair, stride: Pair? = nil, ceilMode: Bool = false
  ) -> Tensor {
    let count = Double(kernel.height) * Double(kernel.width)
    return pow(Element(clamping: p))
      .avgPool2d(kernel, stride: stride, ceilMode: ceilMode).rooted(p, count: count)
  }

  /// The p-norm of each window: `[…, length] → […, count]`.
  ///
  /// As `lpPool2d`, along one axis. PyTorch: `torch.nn.functional.lp_pool1d`.
  ///
  /// - Parameters:
  ///   - p: the norm.
  ///   - kernel: the extent of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - ceilMode: whether the last window may end outside of the sequence.
  /// - Returns: the norms.
  public func lpPool1d(
    _ p: Double, kernel: Int, stride: Int? = nil, ceilMode: Bool = false
  ) -> Tensor {
    pow(Element(clamping: p))
      .avgPool1d(kernel, stride: stride, ceilMode: ceilMode).rooted(p, count: Double(kernel))
  }

  /// The root of the means of `count` powers, times the root of their number.
  private func rooted(_ p: Double, count: Double) -> Tensor {
    if isFailed { return self }
    guard p != 0, !p.isNaN else { return fail("lpPool", "p is \(p)") }
    return (sign() * abs().relu() * Element(clamping: count)).pow(Element(clamping: 1 / p))
  }

  /// Each element divided by a power of the squares of its neighbours along the channels:
  /// `x / (k + alpha · mean(x²))^beta`, `[batch, channels, …] → [batch, channels, …]`.
  ///
  /// The mean is that of `size` channels around the element's, where missing ones are 0. PyTorch:
  /// `torch.nn.functional.local_response_norm`.
  ///
  /// Source: A. Krizhevsky, I. Sutskever and G. E. Hinton, "ImageNet classification with deep
  /// convolutional neural networks", 2012.
  ///
  /// Precondition: there are three axes or more, and `size` is positive.
  ///
  /// - Parameters:
  ///   - size: the number of channels of a mean.
  ///   - alpha: the weight of the mean.
  ///   - beta: the exponent.
  ///   - k: what is added to it.
  /// - Returns: the quotients, in this shape.
  public func localResponseNormalized(
    size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1
  ) -> Tensor {
    if isFailed { return self }
    guard rank >= 3, size > 0 else {
      return fail("localResponseNorm", "\(size) channels of \(shape)")
    }
    if count == 0 { return self }
    // Each place is a sequence of channels.
    let places = count / (shape[0] * shape[1])
    let sequences = square().reshaped(to: [shape[0], shape[1], places]).transposed(1, 2)
      .padded(
        [(0, 0), (0, 0), (size / 2, (size - 1) / 2)], with: Element(clamping: 0))
    let means = sequences.avgPool1d(size, stride: 1).transposed(1, 2).reshaped(to: shape)
    return self
      / (means * Element(clamping: alpha) + Element(clamping: k)).pow(Element(clamping: beta))
  }
}
