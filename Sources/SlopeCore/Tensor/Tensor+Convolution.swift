/// The convolution of planes: `[batch, channels, height, width]` and
/// `[outputs, channels / groups, kernel height, kernel width]` give `[batch, outputs, rows, columns]`.
///
/// Output channel o at (i, j) is the sum over its group's channels and the elements of the kernel of
/// input · weight, where the kernel lies from row `i · stride − padding` and column
/// `j · stride − padding` on, plus `bias[o]`. Its elements are `dilation` apart, and outside of the
/// plane the input is 0. There are `(height + 2 · padding − dilation · (kernel − 1) − 1) / stride + 1`
/// rows, and likewise columns. An input `[channels, height, width]` gives `[outputs, rows, columns]`.
///
/// ```swift
/// let image = Tensor<Float>([[1, 2, 3], [4, 5, 6], [7, 8, 9]]).reshaped(to: [1, 1, 3, 3])
/// let edges = Tensor<Float>([[1, -1]]).reshaped(to: [1, 1, 1, 2])
/// print(conv2d(image, weight: edges).squeezed())
/// // tensor([[-1., -1.],
/// //         [-1., -1.],
/// //         [-1., -1.]])
/// ```
///
/// Differentiable to any order. Integers wrap; 16-bit floats are computed in Float and rounded once.
/// Complexity: `2 · weight.count · rows · columns` floating-point operations for each image, and
/// memory for the elements of all windows. PyTorch: `torch.nn.functional.conv2d`.
///
/// Precondition: the shapes are as above; `groups` is positive and divides the channels of input and
/// output; stride and dilation are positive; the kernel fits into the padded plane; all operands are
/// on one device.
///
/// - Parameters:
///   - x: the input.
///   - weight: the kernels.
///   - bias: what is added to each output channel, `[outputs]`; nil for nothing.
///   - stride: the distance from one window to the next.
///   - padding: zeros around each plane.
///   - dilation: the distance from one element of a window to the next.
///   - groups: the number of groups of channels, each convolved by itself.
/// - Returns: the output, `[batch, outputs, rows, columns]`.
public func conv2d<Element: NumericElement>(
  _ x: Tensor<Element>, weight: Tensor<Element>, bias: Tensor<Element>? = nil, stride: Pair = 1,
  padding: ConvolutionPadding = 0, dilation: Pair = 1, groups: Int = 1
) -> Tensor<Element> {
  Tensor(
    Value.convolution(
      x.value, weight.value, bias: bias?.value, axisCount: 2,
      ConvolutionOptions(stride: stride, padding: padding, dilation: dilation, groups: groups)))
}

/// The convolution of sequences: `[batch, channels, length]` and
/// `[outputs, channels / groups, kernel]` give `[batch, outputs, count]`.
///
/// As `conv2d(_:weight:bias:stride:padding:dilation:groups:)` along one axis, with the width of
/// `padding`. An input `[channels, length]` gives `[outputs, count]`. PyTorch:
/// `torch.nn.functional.conv1d`.
///
/// Precondition: as for `conv2d`.
///
/// - Parameters:
///   - x: the input.
///   - weight: the kernels.
///   - bias: what is added to each output channel, `[outputs]`; nil for nothing.
///   - stride: the distance from one window to the next.
///   - padding: zeros before and after each sequence.
///   - dilation: the distance from one element of a window to the next.
///   - groups: the number of groups of channels, each convolved by itself.
/// - Returns: the output, `[batch, outputs, count]`.
public func conv1d<Element: NumericElement>(
  _ x: Tensor<Element>, weight: Tensor<Element>, bias: Tensor<Element>? = nil, stride: Int = 1,
  padding: ConvolutionPadding = 0, dilation: Int = 1, groups: Int = 1
) -> Tensor<Element> {
  Tensor(
    Value.convolution(
      x.value, weight.value, bias: bias?.value, axisCount: 1,
      ConvolutionOptions(
        stride: Pair(1, stride), padding: padding.alongWidth, dilation: Pair(1, dilation),
        groups: groups)))
}

/// The transposed convolution of planes: `[batch, channels, rows, columns]` and
/// `[channels, outputs / groups, kernel height, kernel width]` give `[batch, outputs, height, width]`.
///
/// Each element of the input, times the kernel, is added to the output from row
/// `i · stride − padding` on: what the input of a `conv2d` with these arguments receives as a
/// gradient. The height is `(rows − 1) · stride − 2 · padding + dilation · (kernel − 1) +
/// outputPadding + 1`. An input `[channels, rows, columns]` gives `[outputs, height, width]`.
///
/// Differentiable to any order. Complexity: `2 · weight.count · rows · columns` floating-point
/// operations for each image, and memory for the elements of all windows. PyTorch:
/// `torch.nn.functional.conv_transpose2d`.
///
/// Precondition: the shapes are as above; `groups` is positive and divides the channels of input and
/// output; stride and dilation are positive; `outputPadding` is less than one of them; the output has
/// elements; all operands are on one device.
///
/// - Parameters:
///   - x: the input.
///   - weight: the kernels.
///   - bias: what is added to each output channel, `[outputs]`; nil for nothing.
///   - stride: the distance from one window to the next.
///   - padding: rows and columns that are removed on each side of the output.
///   - outputPadding: rows and columns that are added at its ends.
///   - groups: the number of groups of channels, each convolved by itself.
///   - dilation: the distance from one element of a window to the next.
/// - Returns: the output, `[batch, outputs, height, width]`.
public func convTranspose2d<Element: NumericElement>(
  _ x: Tensor<Element>, weight: Tensor<Element>, bias: Tensor<Element>? = nil, stride: Pair = 1,
  padding: Pair = 0, outputPadding: Pair = 0, groups: Int = 1, dilation: Pair = 1
) -> Tensor<Element> {
  Tensor(
    Value.transposedConvolution(
      x.value, weight.value, bias: bias?.value, axisCount: 2,
      ConvolutionOptions(
        stride: stride, padding: .margins(padding), dilation: dilation, groups: groups),
      outputPadding: outputPadding))
}

/// The transposed convolution of sequences: `[batch, channels, count]` and
/// `[channels, outputs / groups, kernel]` give `[batch, outputs, length]`.
///
/// As `convTranspose2d` along one axis. An input `[channels, count]` gives `[outputs, length]`.
/// PyTorch: `torch.nn.functional.conv_transpose1d`.
///
/// Precondition: as for `convTranspose2d`.
///
/// - Parameters:
///   - x: the input.
///   - weight: the kernels.
///   - bias: what is added to each output channel, `[outputs]`; nil for nothing.
///   - stride: the distance from one window to the next.
///   - padding: elements that are removed at each end of the output.
///   - outputPadding: elements that are added at its end.
///   - groups: the number of groups of channels, each convolved by itself.
///   - dilation: the distance from one element of a window to the next.
/// - Returns: the output, `[batch, outputs, length]`.
public func convTranspose1d<Element: NumericElement>(
  _ x: Tensor<Element>, weight: Tensor<Element>, bias: Tensor<Element>? = nil, stride: Int = 1,
  padding: Int = 0, outputPadding: Int = 0, groups: Int = 1, dilation: Int = 1
) -> Tensor<Element> {
  Tensor(
    Value.transposedConvolution(
      x.value, weight.value, bias: bias?.value, axisCount: 1,
      ConvolutionOptions(
        stride: Pair(1, stride), padding: .margins(Pair(0, padding)), dilation: Pair(1, dilation),
        groups: groups),
      outputPadding: Pair(0, outputPadding)))
}

extension ConvolutionPadding {
  /// The same of sequences, which are planes of height 1.
  fileprivate var alongWidth: ConvolutionPadding {
    if case .margins(let pair) = self { return .margins(Pair(0, pair.width)) }
    return self
  }
}
