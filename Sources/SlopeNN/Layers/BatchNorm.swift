public import SlopeCore

/// Normalises each feature of a batch to mean 0 and variance 1, then scales and shifts.
///
/// `y = (x − mean) / √(variance + ε) · weight + bias`, per feature, for an input `[rows, features]`
/// or `[rows, features, length]`. The output has the input's shape. In training mode mean and
/// variance are those of the batch (the biased variance), and the running statistics move towards
/// them (towards the unbiased variance): `running ← (1 − momentum) · running + momentum · batch`.
/// In evaluation mode the running statistics are used, and do not change.
///
/// ```swift
/// let norm = BatchNorm1d<Float>(2)
/// print(norm(Tensor([[1, 2], [3, 6]])).detached())
/// // tensor([[-1.0000, -1.0000],
/// //         [ 1.0000,  1.0000]])
/// print(norm.runningMean.tensor, norm.runningVariance.tensor)
/// // tensor([0.2000, 0.4000]) tensor([1.1000, 1.7000])
/// norm.eval()
/// ```
///
/// PyTorch's counterpart is `nn.BatchNorm1d`, with the same names in `state()`: `weight`, `bias`,
/// `running_mean`, `running_var` and `num_batches_tracked`. A state without the last can be loaded,
/// and so can one with the names `runningMean` and `runningVariance` of earlier versions.
///
/// Source: S. Ioffe and C. Szegedy, "Batch normalization", 2015, arXiv:1502.03167.
public struct BatchNorm1d<Element: FloatingElement>: Layer, CustomReflectable {
  private let norm: BatchNormalization<Element>

  /// ε, which keeps the divisor above zero.
  public var epsilon: Double { norm.epsilon }
  /// The weight of a batch in the running statistics.
  public var momentum: Double { norm.momentum }
  /// The weights, `[features]`; nil without them.
  public var weight: Parameter<Element>? { norm.weight }
  /// The biases, `[features]`; nil without them.
  public var bias: Parameter<Element>? { norm.bias }
  /// The running mean, `[features]`; starts as 0.
  public var runningMean: ModuleBuffer<Element> { norm.runningMean }
  /// The running variance, `[features]`; starts as 1.
  public var runningVariance: ModuleBuffer<Element> { norm.runningVariance }
  /// The number of batches that the running statistics have followed, `[]`; starts as 0.
  public var batchCount: ModuleBuffer<Element> { norm.batchCount }

  /// Normalisation of `count` features.
  ///
  /// Weights start as 1 and biases as 0, on the default device. Precondition: `count` is not
  /// negative.
  ///
  /// - Parameters:
  ///   - count: the number of features.
  ///   - epsilon: is added to the variance.
  ///   - momentum: the weight of a batch in the running statistics.
  ///   - affine: whether there are weights and biases.
  public init(
    _ count: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = true
  ) {
    norm = BatchNormalization(
      "BatchNorm1d", count, epsilon: epsilon, momentum: momentum, affine: affine)
  }

  /// The normalised input, in its shape; updates the running statistics in training mode.
  ///
  /// Precondition: axis 1 of `input` is the layer's features, and in training mode there are at
  /// least two elements of each feature. After a failure the running statistics are what they were.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    norm(input, ranks: 2...3)
  }

  /// The parameters and buffers under PyTorch's names.
  public var customMirror: Mirror { norm.mirror(of: self) }
}

extension BatchNorm1d {
  /// The number of features and the options.
  public var description: String { norm.description }
}

/// Normalises each channel of a batch of images to mean 0 and variance 1, then scales and shifts.
///
/// `y = (x − mean) / √(variance + ε) · weight + bias`, per channel, for an input
/// `[rows, channels, height, width]`, in whose shape the output is. In training mode mean and
/// variance are those of the channel's `rows · height · width` elements (the biased variance), and
/// the running statistics move towards them (towards the unbiased variance):
/// `running ← (1 − momentum) · running + momentum · batch`. In evaluation mode the running
/// statistics are used, and do not change.
///
/// ```swift
/// let norm = BatchNorm2d<Float>(1)
/// let image = Tensor<Float>([1, 2, 3, 4]).reshaped(to: [1, 1, 2, 2])
/// print(norm(image).detached().flattened())
/// // tensor([-1.3416, -0.4472,  0.4472,  1.3416])
/// print(norm.runningMean.tensor, norm.runningVariance.tensor)
/// // tensor([0.2500]) tensor([1.0667])
/// ```
///
/// PyTorch's counterpart is `nn.BatchNorm2d`, with the same names in `state()`, as for
/// `BatchNorm1d`.
///
/// Source: S. Ioffe and C. Szegedy, "Batch normalization", 2015, arXiv:1502.03167.
public struct BatchNorm2d<Element: FloatingElement>: Layer, CustomReflectable {
  private let norm: BatchNormalization<Element>

  /// ε, which keeps the divisor above zero.
  public var epsilon: Double { norm.epsilon }
  /// The weight of a batch in the running statistics.
  public var momentum: Double { norm.momentum }
  /// The weights, `[channels]`; nil without them.
  public var weight: Parameter<Element>? { norm.weight }
  /// The biases, `[channels]`; nil without them.
  public var bias: Parameter<Element>? { norm.bias }
  /// The running mean, `[channels]`; starts as 0.
  public var runningMean: ModuleBuffer<Element> { norm.runningMean }
  /// The running variance, `[channels]`; starts as 1.
  public var runningVariance: ModuleBuffer<Element> { norm.runningVariance }
  /// The number of batches that the running statistics have followed, `[]`; starts as 0.
  public var batchCount: ModuleBuffer<Element> { norm.batchCount }

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
  public init(
    _ count: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = true
  ) {
    norm = BatchNormalization(
      "BatchNorm2d", count, epsilon: epsilon, momentum: momentum, affine: affine)
  }

  /// The normalised input, in its shape; updates the running statistics in training mode.
  ///
  /// Precondition: `input` has four axes, of which axis 1 is the layer's channels, and in training
  /// mode there are at least two elements of each channel. After a failure the running statistics
  /// are what they were.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    norm(input, ranks: 4...4)
  }

  /// The parameters and buffers under PyTorch's names.
  public var customMirror: Mirror { norm.mirror(of: self) }
}

extension BatchNorm2d {
  /// The number of channels and the options.
  public var description: String { norm.description }
}
