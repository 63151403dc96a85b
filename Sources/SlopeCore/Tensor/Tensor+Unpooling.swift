extension Tensor where Element: FloatingElement {
  /// Planes of zeros, with these elements where the greatest of windows were:
  /// `[…, rows, columns] → […, height, width]`.
  ///
  /// The reverse of `maxPool2dWithIndices`, except for the elements that are not the greatest. Of
  /// several elements at one place the last remains. Returns a copy. Waits for the device.
  /// Complexity: O(n). PyTorch: `torch.nn.functional.max_unpool2d`.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, 2, 5], [4, 3, 0]]).reshaped(to: [1, 2, 3])
  /// let (values, indices) = x.maxPool2dWithIndices([2, 3])
  /// print(values.maxUnpool2d(indices, kernel: [2, 3]).squeezed())
  /// // tensor([[0., 0., 5.],
  /// //         [0., 0., 0.]])
  /// ```
  ///
  /// Precondition: the tensor has three or four axes, the indices its shape and device, and each is in
  /// the plane; kernel and stride are positive; the plane's extents differ by less than the stride
  /// from those that the windows cover.
  ///
  /// - Parameters:
  ///   - indices: the places `row · width + column` in the planes of the result.
  ///   - kernel: the extents of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after each axis.
  ///   - plane: the height and the width of the result; nil for those that the windows cover.
  /// - Returns: the planes.
  public func maxUnpool2d(
    _ indices: Tensor<Int>, kernel: Pair, stride: Pair? = nil, padding: Pair = 0,
    to plane: Pair? = nil
  ) -> Tensor {
    if isFailed || indices.isFailed { return .failed }
    guard rank >= 3,
      let plane = unpooledExtents(
        Pair(shape[rank - 2], shape[rank - 1]), kernel, stride ?? kernel, padding, plane)
    else { return fail("maxUnpool2d", "kernel \(kernel) for \(shape)") }
    return Tensor(value.maxUnpooled(indices.value, axisCount: 2, into: plane))
  }

  /// Sequences of zeros, with these elements where the greatest of windows were:
  /// `[…, count] → […, length]`.
  ///
  /// As `maxUnpool2d`, along one axis. PyTorch: `torch.nn.functional.max_unpool1d`.
  ///
  /// - Parameters:
  ///   - indices: the places in the sequences of the result.
  ///   - kernel: the extent of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after.
  ///   - length: the length of the result; nil for that which the windows cover.
  /// - Returns: the sequences.
  public func maxUnpool1d(
    _ indices: Tensor<Int>, kernel: Int, stride: Int? = nil, padding: Int = 0, to length: Int? = nil
  ) -> Tensor {
    if isFailed || indices.isFailed { return .failed }
    guard rank >= 2,
      let plane = unpooledExtents(
        Pair(1, shape[rank - 1]), Pair(1, kernel), Pair(1, stride ?? kernel), Pair(0, padding),
        length.map { Pair(1, $0) })
    else { return fail("maxUnpool1d", "kernel \(kernel) for \(shape)") }
    return Tensor(value.maxUnpooled(indices.value, axisCount: 1, into: plane))
  }

  /// The extents that windows cover, or those asked for; nil if these make no sense.
  private func unpooledExtents(
    _ count: Pair, _ kernel: Pair, _ stride: Pair, _ padding: Pair, _ wanted: Pair?
  ) -> Pair? {
    func extent(_ axis: KeyPath<Pair, Int>) -> Int? {
      guard count[keyPath: axis] > 0, kernel[keyPath: axis] > 0, stride[keyPath: axis] > 0,
        padding[keyPath: axis] >= 0, let margins = Size.product(2, padding[keyPath: axis]),
        let covered = Size.product(count[keyPath: axis] - 1, stride[keyPath: axis])
          .flatMap({ Size.sum($0, kernel[keyPath: axis]) }).map({ $0 - margins })
      else { return nil }
      guard let wanted = wanted?[keyPath: axis] else { return covered }
      // Windows of that extent are as many.
      let (distance, overflows) = wanted.subtractingReportingOverflow(covered)
      return !overflows && distance.magnitude < stride[keyPath: axis].magnitude ? wanted : nil
    }
    return extent(\.height).flatMap { height in extent(\.width).map { Pair(height, $0) } }
  }
}
