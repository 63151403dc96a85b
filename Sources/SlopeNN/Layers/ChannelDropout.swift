public import SlopeCore

/// Zeros random channels in training mode, and scales the others.
///
/// In training mode each channel of each image becomes 0 with probability `p`, and the others are
/// multiplied by 1 ÷ (1 − p). In evaluation mode the output is the input itself. The output has the
/// input's shape, `[batch, channels, height, width]`; with three axes the second is the channels.
///
/// PyTorch's counterpart is `nn.Dropout2d`: after one seed the same channels are dropped. As in
/// `Dropout`, a generator of the algorithm `philox` draws on the device.
///
/// Source: J. Tompson, R. Goroshin, A. Jain, Y. LeCun and C. Bregler, "Efficient object localization
/// using convolutional networks", 2014, arXiv:1411.4280.
public struct Dropout2d<Element: FloatingElement>: Layer {
  /// The probability that a channel becomes zero.
  public let p: Double

  private let mode = TrainingMode()
  private let generator: Generator?

  /// A layer that drops channels with probability `p`, in training mode.
  ///
  /// Precondition: `p` is in 0...1.
  ///
  /// - Parameters:
  ///   - p: the probability that a channel becomes zero.
  ///   - generator: the source of the masks; the default generator if nil.
  public init(p: Double = 0.5, generator: Generator? = nil) {
    if !(0...1).contains(p) { reportFailure(operation: "Dropout2d", "p \(p) is not in 0...1") }
    self.p = p
    self.generator = generator
  }

  /// The input with random channels zeroed, in training mode; else the input itself.
  ///
  /// Precondition: there are two axes or more.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.channelDropout("Dropout2d", mode, p: p, generator)
  }
}

extension Dropout2d {
  /// The layer's name and probability.
  public var description: String { "Dropout2d(p: \(p))" }
}

/// Zeros random channels of sequences in training mode, and scales the others.
///
/// As `Dropout2d`, for `[batch, channels, length]` or `[channels, length]`. PyTorch's counterpart is
/// `nn.Dropout1d`.
public struct Dropout1d<Element: FloatingElement>: Layer {
  /// The probability that a channel becomes zero.
  public let p: Double

  private let mode = TrainingMode()
  private let generator: Generator?

  /// A layer that drops channels with probability `p`, in training mode.
  ///
  /// Precondition: `p` is in 0...1.
  ///
  /// - Parameters:
  ///   - p: the probability that a channel becomes zero.
  ///   - generator: the source of the masks; the default generator if nil.
  public init(p: Double = 0.5, generator: Generator? = nil) {
    if !(0...1).contains(p) { reportFailure(operation: "Dropout1d", "p \(p) is not in 0...1") }
    self.p = p
    self.generator = generator
  }

  /// The input with random channels zeroed, in training mode; else the input itself.
  ///
  /// Precondition: there are two or three axes.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    if input.isFailed { return input }
    guard (2...3).contains(input.rank) else {
      return input.fail("Dropout1d", "\(input.shape) has not two or three axes")
    }
    guard input.rank == 2 else {
      return input.channelDropout("Dropout1d", mode, p: p, generator)
    }
    return input.unsqueezed(at: 0).channelDropout("Dropout1d", mode, p: p, generator)
      .squeezed(at: 0)
  }
}

extension Dropout1d {
  /// The layer's name and probability.
  public var description: String { "Dropout1d(p: \(p))" }
}

extension Tensor where Element: FloatingElement {
  /// The elements times a mask with one number for each of the first two axes.
  fileprivate func channelDropout(
    _ name: String, _ mode: TrainingMode, p: Double, _ generator: Generator?
  ) -> Tensor {
    if isFailed { return self }
    guard rank >= 2 else { return fail(name, "\(shape) has no channels") }
    guard mode.isTraining, p > 0 else { return self }
    let channels = Shape(
      Array(shape.prefix(2)) + Array(repeating: 1, count: rank - 2))
    return self * Tensor.ones(channels, on: device).dropout(p: p, generator: generator ?? .default)
  }
}
