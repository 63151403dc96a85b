public import SlopeCore

/// Each vector of the last axes with mean 0 and variance 1, then scaled and shifted:
/// `(x − mean) / √(variance + ε) · weight + bias`, with the biased variance.
///
/// Source: J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016, arXiv:1607.06450.
public struct LayerNorm<Element: FloatingElement>: Layer {
  /// The extents of the last axes, over which is normalised.
  public let shape: Shape
  /// ε, which keeps the divisor from zero.
  public let epsilon: Double
  /// The factors, of `shape`; nil without them.
  public let weight: Parameter<Element>?
  /// The summands, of `shape`; nil without them.
  public let bias: Parameter<Element>?

  /// Normalisation over axes of the given extents; factors start as 1, summands as 0.
  public init(_ shape: Shape, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.shape = shape
    self.epsilon = epsilon
    weight = affine ? Parameter(.ones(shape, on: .default)) : nil
    self.bias = affine && bias ? Parameter(.zeros(shape, on: .default)) : nil
  }

  /// Normalisation over the last axis.
  public init(_ count: Int, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.init([count], epsilon: epsilon, affine: affine, bias: bias)
  }

  /// `input` normalised. Precondition: its last extents are `shape`.
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
  /// What is normalised, and whether there are factors.
  public var description: String {
    "LayerNorm(\(shape), epsilon: \(epsilon), affine: \(weight != nil), bias: \(bias != nil))"
  }
}

/// Each feature of a batch `[rows, features]` or `[rows, features, length]` with mean 0 and variance 1,
/// then scaled and shifted. While training the batch's own mean and biased variance count, and running ones
/// move towards them (the unbiased variance); after `eval()` the running ones count.
///
/// Source: S. Ioffe and C. Szegedy, "Batch normalization", 2015, arXiv:1502.03167.
public struct BatchNorm1d<Element: FloatingElement>: Layer {
  /// ε, which keeps the divisor from zero.
  public let epsilon: Double
  /// The share of a batch in the running statistics.
  public let momentum: Double
  /// The factors, `[features]`; nil without them.
  public let weight: Parameter<Element>?
  /// The summands, `[features]`; nil without them.
  public let bias: Parameter<Element>?
  /// The running mean, `[features]`.
  public let runningMean: ModuleBuffer<Element>
  /// The running variance, `[features]`.
  public let runningVariance: ModuleBuffer<Element>

  private let mode = TrainingMode()

  /// Normalisation of `count` features.
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

  /// `input` normalised.
  ///
  /// Precondition: its axis 1 has the layer's features; while training there are at least two numbers of
  /// each feature.
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
    // A batch that failed leaves them as they were.
    if !mean.isFailed, !variance.isFailed {
      (runningMean.tensor, runningVariance.tensor) = (mean, variance)
    }
    return result
  }
}

extension BatchNorm1d {
  /// How many features are normalised, and how.
  public var description: String {
    "BatchNorm1d(\(runningMean.tensor.count), epsilon: \(epsilon), momentum: \(momentum), "
      + "affine: \(weight != nil))"
  }
}
