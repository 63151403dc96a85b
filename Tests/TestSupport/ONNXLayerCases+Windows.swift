import SlopeCore
import SlopeNN

/// Layers of sequences and images.
extension ONNXLayerCase {
  static var convolutions: [ONNXLayerCase] {
    [
      random("convolution", [3, 7]) { Conv1d(3, 4, kernel: 3, stride: 2, padding: 1) },
      random("dilated convolution of groups", [4, 9]) {
        Conv1d(4, 6, kernel: 2, padding: 2, dilation: 3, groups: 2, bias: false)
      },
      random("convolution of the same length", [2, 8]) {
        Conv1d(2, 3, kernel: 4, padding: .same, dilation: 3)
      },
      random("convolution of images", [3, 6, 9]) {
        Conv2d(3, 4, kernel: [2, 3], stride: [1, 2], padding: [1, 2], dilation: [3, 2])
      },
      random("convolution of images of the same extents", [2, 5, 6]) {
        Conv2d(2, 2, kernel: [2, 4], padding: .same)
      },
      random("depthwise convolution", [4, 5, 5]) {
        Conv2d(4, 8, kernel: 3, padding: .valid, groups: 4)
      },
      random("transposed convolution", [4, 5]) {
        ConvTranspose1d(4, 6, kernel: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2)
      },
      random("transposed convolution of images", [3, 4, 3]) {
        ConvTranspose2d(
          3, 2, kernel: [2, 3], stride: [3, 2], padding: [1, 2], outputPadding: [2, 1],
          dilation: [2, 3])
      },
      random("transposed convolution without bias", [2, 3, 3]) {
        ConvTranspose2d(2, 3, kernel: 2, bias: false)
      },
      random("windows as columns", [3, 6, 5]) {
        UnfoldWindows([2, 3], dilation: [2, 1], padding: [1, 2], stride: [2, 1])
      },
      random("columns as windows", [12, 15]) {
        FoldWindows([6, 5], kernel: [2, 3], dilation: [2, 1], padding: [1, 1], stride: [2, 1])
      },
      random("columns as windows with a rest", [8, 4]) {
        FoldWindows([6, 7], kernel: 2, stride: [3, 4])
      },
      // Sums of hundreds of numbers need weights of their usual size.
      ONNXLayerCase("LeNet", [1, 28, 28]) {
        let generator = Generator(seed: 3)
        return Sequential([
          Conv2d(1, 6, kernel: 5, padding: 2, generator: generator), ReLU(), MaxPool2d(2),
          Conv2d(6, 16, kernel: 5, generator: generator), Tanh(), AvgPool2d(2), Flatten(),
          Linear(400, 120, generator: generator), ReLU(), Linear(120, 10, generator: generator),
          LogSoftmax(),
        ])
      },
      random("means of windows", [2, 9]) { AvgPool1d(3, stride: 2, padding: 1) },
      random("means of windows without their margins", [9]) {
        AvgPool1d(3, padding: 1, countsPadding: false)
      },
      random("means of the last window, too", [2, 8]) {
        AvgPool1d(3, stride: 2, padding: 1, ceilMode: true)
      },
      random("means of windows of images", [3, 5, 6]) {
        AvgPool2d([3, 2], stride: [2, 1], padding: [1, 0])
      },
      random("means by a divisor", [3, 5, 6]) {
        AvgPool2d([3, 2], padding: 1, countsPadding: false, divisor: 4)
      },
      random("means of the last windows, too, without margins", [2, 5, 6]) {
        AvgPool2d([2, 3], stride: [2, 4], padding: [1, 0], ceilMode: true, countsPadding: false)
      },
      random("means of the last windows by a divisor", [6, 6]) {
        AvgPool2d(3, stride: 2, ceilMode: true, divisor: -5)
      },
    ]
  }

  static var pools: [ONNXLayerCase] {
    [
      random("maxima", [3, 8]) { MaxPool1d(3, stride: 2, padding: 1) },
      random("maxima of sequences without channels", [9]) { MaxPool1d(2, dilation: 3) },
      random("maxima of images", [2, 6, 7]) {
        MaxPool2d([2, 3], stride: [1, 2], padding: [0, 1], dilation: [2, 1])
      },
      random("maxima of the last windows, too", [2, 6, 8]) {
        MaxPool2d(3, stride: 2, padding: [1, 1], ceilMode: true)
      },
      random("maxima of the last window of dilated ones", [2, 9]) {
        MaxPool1d(2, stride: 4, padding: 1, dilation: 4, ceilMode: true)
      },
      random("maxima of windows that would begin in the margin", [2, 5, 7]) {
        MaxPool2d(2, stride: [2, 2], padding: 1, ceilMode: true)
      },
      random("maxima of images without channels", [4, 5]) { MaxPool2d(2) },
      random("maxima of windows that cover", [3, 7]) { AdaptiveMaxPool1d(3) },
      random("maxima of windows that cover images", [2, 7, 6]) {
        AdaptiveMaxPool2d(rows: 5, columns: 2)
      },
      random("maxima of windows that cover rows", [2, 7, 6]) {
        AdaptiveMaxPool2d(rows: nil, columns: 4)
      },
      random("means of windows that cover", [3, 7]) { AdaptiveAvgPool1d(3) },
      random("means of windows that cover images", [2, 7, 6]) {
        AdaptiveAvgPool2d(rows: 5, columns: 2)
      },
      random("means of windows that cover columns", [2, 7, 6]) {
        AdaptiveAvgPool2d(rows: 4, columns: nil)
      },
      random("means of images", [3, 4, 5]) { AdaptiveAvgPool2d(1) },
      random("means of sequences", [3, 4]) { AdaptiveAvgPool1d(1) },
    ]
  }

  static var paddings: [ONNXLayerCase] {
    [
      random("mirrored margins", [2, 4]) { ReflectionPad1d(left: 1, right: 3) },
      random("mirrored margins and a cut", [2, 5]) { ReflectionPad1d(left: -1, right: 4) },
      random("mirrored margins of images", [2, 4, 5]) {
        ReflectionPad2d(left: 0, right: 3, top: 2, bottom: 1)
      },
      random("repeated margins", [2, 4]) { ReplicationPad1d(left: 1, right: 3) },
      random("repeated margins of images", [2, 4, 5]) {
        ReplicationPad2d(left: 0, right: 7, top: 2, bottom: 1)
      },
      random("repeated margins of images and a cut", [2, 4, 5]) {
        ReplicationPad2d(left: -2, right: 1, top: 2, bottom: -1)
      },
      random("margins of the other end", [2, 4]) { CircularPad1d(left: 1, right: 3) },
      random("margins of images of the other end", [2, 4, 5]) {
        CircularPad2d(left: 2, right: 0, top: 1, bottom: -2)
      },
      random("margins of a number", [2, 4]) { ConstantPad1d(left: 1, right: -1, value: 7) },
      random("margins of images of a number", [4, 5]) {
        ConstantPad2d(left: 2, right: 0, top: 1, bottom: 3, value: -2)
      },
      random("margins of zeros", [3]) { ZeroPad1d(left: 2, right: 1) },
      random("margins of images of zeros", [2, 4, 5]) {
        ZeroPad2d(left: 2, right: 0, top: 1, bottom: 3)
      },
    ]
  }

  static var rearranging: [ONNXLayerCase] {
    [
      random("pixels of channels", [8, 3, 2]) { PixelShuffle(2) },
      random("pixels of channels of volumes", [2, 9, 2, 3]) { PixelShuffle(3) },
      random("channels of pixels", [2, 6, 4]) { PixelUnshuffle(2) },
      random("an axis as two", [3, 8, 2]) { Unflatten(axis: 2, [2, -1]) },
      random("an axis from the end as three", [12]) { Unflatten(axis: -1, [2, 3, 2]) },
      random("nearest elements", [2, 3]) { Upsample(to: [7]) },
      random("nearest elements of images", [2, 3, 5]) { Upsample(by: [2, 1.4]) },
      random("nearest middles", [2, 3, 5]) { Upsample(to: [3, 8], mode: .nearestExact) },
      random("lines", [2, 5]) { Upsample(by: [1.3], mode: .linear) },
      random("lines of an extent that stays", [2, 5]) { Upsample(by: [1.1], mode: .linear) },
      random("lines between corners", [2, 3, 4]) {
        Upsample(to: [5, 7], mode: .linear, alignsCorners: true)
      },
      random("lines of volumes", [2, 3, 2, 4]) { Upsample(to: [4, 3, 2], mode: .linear) },
      random("cubic curves", [2, 4, 3]) { Upsample(by: [2], mode: .cubic) },
      random("cubic curves between corners", [1, 4, 3]) {
        Upsample(to: [6, 3], mode: .cubic, alignsCorners: true)
      },
      random("means of areas", [2, 5, 4]) { Upsample(to: [3, 6], mode: .area) },
    ]
  }
}
