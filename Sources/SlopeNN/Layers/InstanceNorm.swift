public import SlopeCore

/// Normalises each channel of each image to mean 0 and variance 1.
///
/// `y = (x − mean) / √(variance + ε) · weight + bias` for an input `[rows, channels, height, width]`,
/// or `[channels, height, width]`, in whose shape the output is. Mean and biased variance are those of
/// one channel of one row; weights and biases, if there are any, are the channel's. With
/// `tracksStatistics` evaluation mode uses running statistics, which follow the means over the rows in
/// training mode.
///
/// ```swift
/// let norm = InstanceNorm2d<Float>(1)
/// let image = Tensor<Float>([1, 2, 3, 4]).reshaped(to: [1, 1, 2, 2])
/// print(norm(image).flattened())
/// // tensor([-1.3416, -0.4472,  0.4472,  1.3416])
/// ```
///
/// PyTorch's counterpart is `nn.InstanceNorm2d`, with the same names in `state()`.
///
/// Source: D. Ulyanov, A. Vedaldi and V. Lempitsky, "Instance normalization", 2016, arXiv:1607.08022.
public struct InstanceNorm2d<Element: FloatingElement>: Layer, CustomReflectable {
  private let norm: InstanceNormalization<Element>

  /// The number of channels.
  package var count: Int { norm.count }

  /// ε, which keeps the divisor above zero.
  public var epsilon: Double { norm.epsilon }
  /// The weight of a batch in the running statistics.
  public var momentum: Double { norm.momentum }
  /// The weights, `[channels]`; nil without them.
  public var weight: Parameter<Element>? { norm.weight }
  /// The biases, `[channels]`; nil without them.
  public var bias: Parameter<Element>? { norm.bias }
  /// The running mean, `[channels]`, which starts as 0; nil without running statistics.
  public var runningMean: ModuleBuffer<Element>? { norm.runningMean }
  /// The running variance, `[channels]`, which starts as 1; nil without running statistics.
  public var runningVariance: ModuleBuffer<Element>? { norm.runningVariance }

  /// Normalisation of `count` channels.
  ///
  /// Weights start as 1 and biases as 0, on the default device. Precondition: `count` is not
  /// negative.
  ///
  /// - Parameters:
  ///   - count: the number of channels.
  ///   - epsilon: is added to the variance.
  ///   - momentum: the weight of a batch in the running statistics.
  ///   - affine: whether there are weights and biases.
  ///   - tracksStatistics: whether there are running statistics.
  public init(
    _ count: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = false,
    tracksStatistics: Bool = false
  ) {
    norm = InstanceNormalization(
      "InstanceNorm2d", count, epsilon: epsilon, momentum: momentum, affine: affine,
      tracksStatistics: tracksStatistics)
  }

  /// The normalised input, in its shape; updates the running statistics in training mode.
  ///
  /// Precondition: `input` has three or four axes, the third of which from the end is the layer's
  /// channels, and a channel has more than one element, unless running statistics are used.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    norm(input, axisCount: 2)
  }

  /// The parameters and buffers under PyTorch's names.
  public var customMirror: Mirror { norm.mirror(of: self) }
}

extension InstanceNorm2d {
  /// The number of channels and the options.
  public var description: String { norm.description }
}

/// Normalises each channel of each sequence to mean 0 and variance 1.
///
/// As `InstanceNorm2d`, for an input `[rows, channels, length]` or `[channels, length]`. PyTorch's
/// counterpart is `nn.InstanceNorm1d`, with the same names in `state()`.
public struct InstanceNorm1d<Element: FloatingElement>: Layer, CustomReflectable {
  private let norm: InstanceNormalization<Element>

  /// The number of channels.
  package var count: Int { norm.count }

  /// ε, which keeps the divisor above zero.
  public var epsilon: Double { norm.epsilon }
  /// The weight of a batch in the running statistics.
  public var momentum: Double { norm.momentum }
  /// The weights, `[channels]`; nil without them.
  public var weight: Parameter<Element>? { norm.weight }
  /// The biases, `[channels]`; nil without them.
  public var bias: Parameter<Element>? { norm.bias }
  /// The running mean, `[channels]`, which starts as 0; nil without running statistics.
  public var runningMean: ModuleBuffer<Element>? { norm.runningMean }
  /// The running variance, `[channels]`, which starts as 1; nil without running statistics.
  public var runningVariance: ModuleBuffer<Element>? { norm.runningVariance }

  /// Normalisation of `count` channels.
  ///
  /// Weights start as 1 and biases as 0, on the default device. Precondition: `count` is not
  /// negative.
  ///
  /// - Parameters:
  ///   - count: the number of channels.
  ///   - epsilon: is added to the variance.
  ///   - momentum: the weight of a batch in the running statistics.
  ///   - affine: whether there are weights and biases.
  ///   - tracksStatistics: whether there are running statistics.
  public init(
    _ count: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = false,
    tracksStatistics: Bool = false
  ) {
    norm = InstanceNormalization(
      "InstanceNorm1d", count, epsilon: epsilon, momentum: momentum, affine: affine,
      tracksStatistics: tracksStatistics)
  }

  /// The normalised input, in its shape; updates the running statistics in training mode.
  ///
  /// Precondition: `input` has two or three axes, the second of which from the end is the layer's
  /// channels, and a channel has more than one element, unless running statistics are used.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    norm(input, axisCount: 1)
  }

  /// The parameters and buffers under PyTorch's names.
  public var customMirror: Mirror { norm.mirror(of: self) }
}

extension InstanceNorm1d {
  /// The number of channels and the options.
  public var description: String { norm.description }
}

/// What the instance normalisations of all ranks share.
private struct InstanceNormalization<Element: FloatingElement> {
  /// The layer's name in messages.
  let name: String
  let count: Int
  let epsilon: Double
  let momentum: Double
  let weight: Parameter<Element>?
  let bias: Parameter<Element>?
  let runningMean: ModuleBuffer<Element>?
  let runningVariance: ModuleBuffer<Element>?
  /// In PyTorch's state, too; there it stays 0.
  private let batchCount: ModuleBuffer<Element>?
  private let mode = TrainingMode()

  init(
    _ name: String, _ count: Int, epsilon: Double, momentum: Double, affine: Bool,
    tracksStatistics: Bool
  ) {
    if count < 0 { reportFailure(operation: name, "\(count) channels") }
    self.name = name
    self.count = max(count, 0)
    self.epsilon = epsilon
    self.momentum = momentum
    let shape: Shape = [self.count]
    weight = affine ? Parameter(.ones(shape, on: .default)) : nil
    bias = affine ? Parameter(.zeros(shape, on: .default)) : nil
    runningMean = tracksStatistics ? ModuleBuffer(.zeros(shape, on: .default)) : nil
    runningVariance = tracksStatistics ? ModuleBuffer(.ones(shape, on: .default)) : nil
    batchCount =
      tracksStatistics ? ModuleBuffer(.zeros([], on: .default), isOptional: true) : nil
  }

  func callAsFunction(_ input: Tensor<Element>, axisCount: Int) -> Tensor<Element> {
    if input.isFailed { return input }
    guard (axisCount + 1...axisCount + 2).contains(input.rank),
      input.shape[input.rank - axisCount - 1] == count
    else { return input.fail(name, "\(input.shape) has no \(count) channels") }
    let rows = input.rank == axisCount + 2 ? input.shape[0] : 1
    if input.count == 0 { return input }
    let places = input.count / (rows * count)
    let running = runningMean.flatMap { mean in
      runningVariance.map { (mean: mean.tensor, variance: $0.tensor) }
    }
    if let running, !mode.isTraining {
      return input.reshaped(to: [rows, count, places])
        .batchNormalized(
          mean: running.mean, variance: running.variance, epsilon: epsilon,
          weight: weight?.tensor, bias: bias?.tensor
        )
        .reshaped(to: input.shape)
    }
    guard places > 1 else {
      return input.fail(name, "\(input.shape) has one element for each channel")
    }
    if let running { follow(input.reshaped(to: [1, rows * count, places]), rows: rows, running) }
    return input.instanceNormalized(
      axisCount: axisCount, weight: weight?.tensor, bias: bias?.tensor, epsilon: epsilon)
  }

  /// Moves the running statistics towards the mean over the rows, each with channels of its own.
  private func follow(
    _ channels: Tensor<Element>, rows: Int,
    _ running: (mean: Tensor<Element>, variance: Tensor<Element>)
  ) {
    if channels.isFailed { return }
    let (_, mean, variance) = channels.detached().batchNormalized(
      following: (running.mean.tiled([rows]), running.variance.tiled([rows])), share: momentum,
      epsilon: epsilon, weight: nil, bias: nil)
    let (newMean, newVariance) = (
      mean.reshaped(to: [rows, count]).mean(axis: 0),
      variance.reshaped(to: [rows, count]).mean(axis: 0)
    )
    // A failed batch leaves the running statistics as they were.
    guard !newMean.isFailed, !newVariance.isFailed else { return }
    runningMean?.tensor = newMean
    runningVariance?.tensor = newVariance
  }

  /// The members under the names of PyTorch's state.
  func mirror(of layer: some Layer<Element>) -> Mirror {
    Mirror(
      layer,
      children: [
        "weight": weight as Any, "bias": bias as Any, "running_mean": runningMean as Any,
        "running_var": runningVariance as Any, "num_batches_tracked": batchCount as Any,
        "mode": mode,
      ])
  }

  var description: String {
    "\(name)(\(count), epsilon: \(epsilon), momentum: \(momentum), affine: \(weight != nil), "
      + "tracksStatistics: \(runningMean != nil))"
  }
}
