public import SlopeCore

/// Normalises over the last axes to mean 0 and variance 1, then scales and shifts.
///
/// `y = (x − mean) / √(variance + ε) · weight + bias`, with the mean and the biased variance of
/// each block of the last axes, which have the extents `shape`. The output has the input's shape.
/// It computes the same in training and evaluation.
///
/// ```swift
/// let norm = LayerNorm<Float>(4)
/// print(norm(Tensor([[1, 2, 3, 4]])).detached())
/// // tensor([[-1.3416, -0.4472,  0.4472,  1.3416]])
/// ```
///
/// PyTorch's counterpart is `nn.LayerNorm`. The mean and the variance of 16-bit floats are kept in
/// Float.
///
/// Source: J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016, arXiv:1607.06450.
public struct LayerNorm<Element: FloatingElement>: Layer {
  /// The extents of the last axes, over which the mean and the variance are taken.
  public let shape: Shape
  /// ε, which keeps the divisor above zero.
  public let epsilon: Double
  /// The weights, of shape `shape`; nil without them.
  public let weight: Parameter<Element>?
  /// The biases, of shape `shape`; nil without them.
  public let bias: Parameter<Element>?

  /// Normalisation over last axes of the given extents.
  ///
  /// Weights start as 1 and biases as 0, on the default device.
  ///
  /// - Parameters:
  ///   - shape: the extents of the last axes; at least one when the layer is called.
  ///   - epsilon: is added to the variance.
  ///   - affine: whether there are weights and biases.
  ///   - bias: false for weights alone.
  public init(_ shape: Shape, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.shape = shape
    self.epsilon = epsilon
    weight = affine ? Parameter(.ones(shape, on: .default)) : nil
    self.bias = affine && bias ? Parameter(.zeros(shape, on: .default)) : nil
  }

  /// Normalisation over a last axis of extent `count`.
  public init(_ count: Int, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.init([count], epsilon: epsilon, affine: affine, bias: bias)
  }

  /// The normalised input, in its shape.
  ///
  /// Precondition: the last extents of `input` are `shape`, which has at least one.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    guard input.isFailed || input.shape.suffix(shape.count).elementsEqual(shape), shape.count > 0
    else {
      return input.fail("LayerNorm", "\(input.shape) does not end with \(shape)")
    }
    return input.layerNormalized(
      axisCount: shape.count, epsilon: epsilon, weight: weight?.tensor, bias: bias?.tensor)
  }
}

extension LayerNorm {
  /// The extents that are normalised over, and which parameters there are.
  public var description: String {
    "LayerNorm(\(shape), epsilon: \(epsilon), affine: \(weight != nil), bias: \(bias != nil))"
  }
}

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
/// PyTorch's counterpart is `nn.BatchNorm1d`. The running statistics are called `runningMean` and
/// `runningVariance` in `state()`, where PyTorch has `running_mean` and `running_var`, and batches
/// are not counted.
///
/// Source: S. Ioffe and C. Szegedy, "Batch normalization", 2015, arXiv:1502.03167.
public struct BatchNorm1d<Element: FloatingElement>: Layer {
  /// ε, which keeps the divisor above zero.
  public let epsilon: Double
  /// The weight of a batch in the running statistics.
  public let momentum: Double
  /// The weights, `[features]`; nil without them.
  public let weight: Parameter<Element>?
  /// The biases, `[features]`; nil without them.
  public let bias: Parameter<Element>?
  /// The running mean, `[features]`; starts as 0.
  public let runningMean: ModuleBuffer<Element>
  /// The running variance, `[features]`; starts as 1.
  public let runningVariance: ModuleBuffer<Element>

  private let mode = TrainingMode()

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
    if count < 0 { reportFailure(operation: "BatchNorm1d", "\(count) features") }
    let shape: Shape = [max(count, 0)]
    self.epsilon = epsilon
    self.momentum = momentum
    weight = affine ? Parameter(.ones(shape, on: .default)) : nil
    bias = affine ? Parameter(.zeros(shape, on: .default)) : nil
    runningMean = ModuleBuffer(.zeros(shape, on: .default))
    runningVariance = ModuleBuffer(.ones(shape, on: .default))
  }

  /// The normalised input, in its shape; updates the running statistics in training mode.
  ///
  /// Precondition: axis 1 of `input` is the layer's features, and in training mode there are at
  /// least two elements of each feature. After a failure the running statistics are what they were.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    if input.isFailed { return input }
    let count = runningMean.tensor.shape[0]
    guard input.rank == 2 || input.rank == 3, input.shape[1] == count else {
      return input.fail("BatchNorm1d", "\(input.shape) is no batch of \(count) features")
    }
    let running = (mean: runningMean.tensor, variance: runningVariance.tensor)
    guard mode.isTraining else {
      return input.batchNormalized(
        mean: running.mean, variance: running.variance, epsilon: epsilon, weight: weight?.tensor,
        bias: bias?.tensor)
    }
    guard count == 0 || input.count / count > 1 else {
      return input.fail("BatchNorm1d", "\(input.shape) has no spread to train with")
    }
    let (result, mean, variance) = input.batchNormalized(
      following: running, share: momentum, epsilon: epsilon, weight: weight?.tensor,
      bias: bias?.tensor)
    // A failed batch leaves the running statistics as they were.
    if !mean.isFailed, !variance.isFailed {
      (runningMean.tensor, runningVariance.tensor) = (mean, variance)
    }
    return result
  }
}

extension BatchNorm1d {
  /// The number of features and the options.
  public var description: String {
    "BatchNorm1d(\(runningMean.tensor.count), epsilon: \(epsilon), momentum: \(momentum), "
      + "affine: \(weight != nil))"
  }
}
