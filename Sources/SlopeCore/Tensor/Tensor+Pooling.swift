/// Pools: one number for each window of planes `[batch, channels, height, width]`, or
/// `[channels, height, width]`.
///
/// Windows of `kernel` elements begin every `stride` elements (nil: every `kernel`), `padding`
/// elements before the plane. There are
/// `(height + 2 · padding − dilation · (kernel − 1) − 1) / stride + 1` rows of them, rounded down, or
/// up if `ceilMode`, as far as they begin inside of the plane or its margin before. The forms of
/// one axis take `[batch, channels, length]` or `[channels, length]`.
///
/// Precondition of each: the rank is right; kernel, stride and dilation are positive; padding is at
/// most half of the window; there is a window.
extension Tensor where Element: NumericElement {
  /// The greatest element of each window: `[…, height, width] → […, rows, columns]`.
  ///
  /// A window with NaN gives NaN. What is outside of the plane does not count. The gradient goes to
  /// the first of equal elements. Complexity: O(n · kernel). PyTorch:
  /// `torch.nn.functional.max_pool2d`.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, 2, 5], [4, 3, 0]]).reshaped(to: [1, 2, 3])
  /// print(x.maxPool2d([2, 2], stride: 1))   // tensor([[[4., 5.]]])
  /// ```
  ///
  /// - Parameters:
  ///   - kernel: the extents of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after each axis.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - ceilMode: whether the last windows may end outside of the padded plane.
  /// - Returns: the greatest elements.
  public func maxPool2d(
    _ kernel: Pair, stride: Pair? = nil, padding: Pair = 0, dilation: Pair = 1,
    ceilMode: Bool = false
  ) -> Tensor {
    maxPooled2d(kernel, stride, padding, dilation, ceilMode, wantsIndices: false).values
  }

  /// The greatest element of each window, and its position `row · width + column` in the plane.
  ///
  /// As `maxPool2d`; the positions are those of the first of equals, of the last NaN, and what
  /// `maxUnpool2d` takes. PyTorch: `max_pool2d` with `return_indices`.
  ///
  /// - Parameters:
  ///   - kernel: the extents of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after each axis.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - ceilMode: whether the last windows may end outside of the padded plane.
  /// - Returns: the greatest elements and their positions.
  public func maxPool2dWithIndices(
    _ kernel: Pair, stride: Pair? = nil, padding: Pair = 0, dilation: Pair = 1,
    ceilMode: Bool = false
  ) -> (values: Tensor, indices: Tensor<Int>) {
    maxPooled2d(kernel, stride, padding, dilation, ceilMode, wantsIndices: true)
  }

  private func maxPooled2d(
    _ kernel: Pair, _ stride: Pair?, _ padding: Pair, _ dilation: Pair, _ ceilMode: Bool,
    wantsIndices: Bool
  ) -> (values: Tensor, indices: Tensor<Int>) {
    Self.pooled(
      value.maxPooled(
        axisCount: 2,
        PoolOptions(
          kernel: kernel, stride: stride ?? kernel, padding: padding, dilation: dilation,
          ceilMode: ceilMode),
        wantsPlaces: wantsIndices))
  }

  private static func pooled(
    _ result: (values: Value, places: Value?)
  ) -> (values: Tensor, indices: Tensor<Int>) {
    (Tensor(result.values), result.places.map { Tensor<Int>($0) } ?? .failed)
  }

  /// The greatest element of each window: `[…, length] → […, count]`.
  ///
  /// As `maxPool2d`, along one axis. PyTorch: `torch.nn.functional.max_pool1d`.
  ///
  /// - Parameters:
  ///   - kernel: the extent of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - ceilMode: whether the last window may end outside of the padded sequence.
  /// - Returns: the greatest elements.
  public func maxPool1d(
    _ kernel: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
  ) -> Tensor {
    maxPooled1d(kernel, stride, padding, dilation, ceilMode, wantsIndices: false).values
  }

  /// The greatest element of each window, and its position in the sequence.
  ///
  /// As `maxPool2dWithIndices`, along one axis.
  ///
  /// - Parameters:
  ///   - kernel: the extent of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after.
  ///   - dilation: the distance from one element of a window to the next.
  ///   - ceilMode: whether the last window may end outside of the padded sequence.
  /// - Returns: the greatest elements and their positions.
  public func maxPool1dWithIndices(
    _ kernel: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
  ) -> (values: Tensor, indices: Tensor<Int>) {
    maxPooled1d(kernel, stride, padding, dilation, ceilMode, wantsIndices: true)
  }

  private func maxPooled1d(
    _ kernel: Int, _ stride: Int?, _ padding: Int, _ dilation: Int, _ ceilMode: Bool,
    wantsIndices: Bool
  ) -> (values: Tensor, indices: Tensor<Int>) {
    Self.pooled(
      value.maxPooled(
        axisCount: 1,
        PoolOptions(
          kernel: Pair(1, kernel), stride: Pair(1, stride ?? kernel), padding: Pair(0, padding),
          dilation: Pair(1, dilation), ceilMode: ceilMode),
        wantsPlaces: wantsIndices))
  }

  /// The greatest element of each of `rows · columns` windows, which cover the plane:
  /// `[…, height, width] → […, rows, columns]`.
  ///
  /// Window i has the rows from `i · height / rows`, rounded down, to `(i + 1) · height / rows`,
  /// rounded up. With `indices` their positions `row · width + column` in the plane. PyTorch:
  /// `torch.nn.functional.adaptive_max_pool2d`.
  ///
  /// Precondition: the numbers are positive, and the plane has elements.
  ///
  /// - Parameters:
  ///   - rows: the height of the output; nil for that of the input.
  ///   - columns: the width of the output; nil for that of the input.
  /// - Returns: the greatest elements and their positions.
  public func adaptiveMaxPool2d(
    rows: Int?, columns: Int?
  ) -> (values: Tensor, indices: Tensor<Int>) {
    Self.pooled(
      value.adaptiveMaxPooled(
        axisCount: 2, to: OutputExtents(height: rows, width: columns), wantsPlaces: true))
  }

  /// The greatest element of each of `count` windows, which cover the sequence:
  /// `[…, length] → […, count]`.
  ///
  /// As `adaptiveMaxPool2d`, along one axis. PyTorch: `torch.nn.functional.adaptive_max_pool1d`.
  ///
  /// Precondition: `count` is positive, and the sequence has elements.
  public func adaptiveMaxPool1d(_ count: Int) -> (values: Tensor, indices: Tensor<Int>) {
    Self.pooled(
      value.adaptiveMaxPooled(
        axisCount: 1, to: OutputExtents(height: nil, width: count), wantsPlaces: true))
  }
}

extension Tensor where Element: FloatingElement {
  /// The mean of each window: `[…, height, width] → […, rows, columns]`.
  ///
  /// 16-bit floats are summed in Float and rounded once. Complexity: O(n · kernel). PyTorch:
  /// `torch.nn.functional.avg_pool2d`.
  ///
  /// - Parameters:
  ///   - kernel: the extents of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after each axis, which are 0.
  ///   - ceilMode: whether the last windows may end outside of the padded plane.
  ///   - countsPadding: whether the elements of the padding count; PyTorch's `count_include_pad`.
  ///   - divisor: by what a sum is divided instead of the number of its elements; not 0.
  /// - Returns: the means.
  public func avgPool2d(
    _ kernel: Pair, stride: Pair? = nil, padding: Pair = 0, ceilMode: Bool = false,
    countsPadding: Bool = true, divisor: Int? = nil
  ) -> Tensor {
    Tensor(
      value.averagePooled(
        axisCount: 2,
        PoolOptions(
          kernel: kernel, stride: stride ?? kernel, padding: padding, ceilMode: ceilMode),
        countsPadding: countsPadding, divisor: divisor))
  }

  /// The mean of each window: `[…, length] → […, count]`.
  ///
  /// As `avgPool2d`, along one axis. PyTorch: `torch.nn.functional.avg_pool1d`.
  ///
  /// - Parameters:
  ///   - kernel: the extent of a window.
  ///   - stride: the distance from one window to the next; nil for `kernel`.
  ///   - padding: the elements before and after, which are 0.
  ///   - ceilMode: whether the last window may end outside of the padded sequence.
  ///   - countsPadding: whether the elements of the padding count; PyTorch's `count_include_pad`.
  /// - Returns: the means.
  public func avgPool1d(
    _ kernel: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false,
    countsPadding: Bool = true
  ) -> Tensor {
    Tensor(
      value.averagePooled(
        axisCount: 1,
        PoolOptions(
          kernel: Pair(1, kernel), stride: Pair(1, stride ?? kernel), padding: Pair(0, padding),
          ceilMode: ceilMode),
        countsPadding: countsPadding, divisor: nil))
  }

  /// The mean of each of `rows · columns` windows, which cover the plane:
  /// `[…, height, width] → […, rows, columns]`.
  ///
  /// Window i has the rows from `i · height / rows`, rounded down, to `(i + 1) · height / rows`,
  /// rounded up. PyTorch: `torch.nn.functional.adaptive_avg_pool2d`.
  ///
  /// Precondition: the numbers are positive, and the plane has elements.
  ///
  /// - Parameters:
  ///   - rows: the height of the output; nil for that of the input.
  ///   - columns: the width of the output; nil for that of the input.
  /// - Returns: the means.
  public func adaptiveAvgPool2d(rows: Int?, columns: Int?) -> Tensor {
    Tensor(
      value.adaptiveAveragePooled(
        axisCount: 2, to: OutputExtents(height: rows, width: columns)))
  }

  /// The mean of each of `count` windows, which cover the sequence: `[…, length] → […, count]`.
  ///
  /// As `adaptiveAvgPool2d`, along one axis. PyTorch: `torch.nn.functional.adaptive_avg_pool1d`.
  ///
  /// Precondition: `count` is positive, and the sequence has elements.
  public func adaptiveAvgPool1d(_ count: Int) -> Tensor {
    Tensor(
      value.adaptiveAveragePooled(
        axisCount: 1, to: OutputExtents(height: nil, width: count)))
  }
}
