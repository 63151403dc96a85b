import SlopeCore

/// What the batch normalisations of all ranks share: parameters, running statistics, computation.
struct BatchNormalization<Element: FloatingElement> {
  /// The layer's name in messages.
  let name: String
  let epsilon: Double
  let momentum: Double
  let weight: Parameter<Element>?
  let bias: Parameter<Element>?
  let runningMean: ModuleBuffer<Element>
  let runningVariance: ModuleBuffer<Element>
  let batchCount: ModuleBuffer<Element>

  private let mode = TrainingMode()

  init(_ name: String, _ count: Int, epsilon: Double, momentum: Double, affine: Bool) {
    if count < 0 { reportFailure(operation: name, "\(count) features") }
    let shape: Shape = [max(count, 0)]
    self.name = name
    self.epsilon = epsilon
    self.momentum = momentum
    weight = affine ? Parameter(.ones(shape, on: .default)) : nil
    bias = affine ? Parameter(.zeros(shape, on: .default)) : nil
    runningMean = ModuleBuffer(.zeros(shape, on: .default), formerName: "runningMean")
    runningVariance = ModuleBuffer(.ones(shape, on: .default), formerName: "runningVariance")
    batchCount = ModuleBuffer(.zeros([], on: .default), isOptional: true)
  }

  /// The normalised input, whose axis 1 is the features, and whose rank is one of `ranks`.
  func callAsFunction(_ input: Tensor<Element>, ranks: ClosedRange<Int>) -> Tensor<Element> {
    if input.isFailed { return input }
    let count = runningMean.tensor.shape[0]
    guard ranks.contains(input.rank), input.shape[1] == count else {
      return input.fail(name, "\(input.shape) is no batch of \(count) features")
    }
    let running = (mean: runningMean.tensor, variance: runningVariance.tensor)
    guard mode.isTraining else {
      return input.batchNormalized(
        mean: running.mean, variance: running.variance, epsilon: epsilon, weight: weight?.tensor,
        bias: bias?.tensor)
    }
    guard count == 0 || input.count / count > 1 else {
      return input.fail(name, "\(input.shape) has no spread to train with")
    }
    let (result, mean, variance) = input.batchNormalized(
      following: running, share: momentum, epsilon: epsilon, weight: weight?.tensor,
      bias: bias?.tensor)
    // A failed batch leaves the running statistics as they were.
    if !mean.isFailed, !variance.isFailed {
      (runningMean.tensor, runningVariance.tensor) = (mean, variance)
      batchCount.countOne()
    }
    return result
  }

  /// The members under the names of PyTorch's state.
  func mirror(of layer: some Layer<Element>) -> Mirror {
    Mirror(
      layer,
      children: [
        "weight": weight as Any, "bias": bias as Any, "running_mean": runningMean,
        "running_var": runningVariance, "num_batches_tracked": batchCount, "mode": mode,
      ])
  }

  var description: String {
    "\(name)(\(runningMean.tensor.count), epsilon: \(epsilon), momentum: \(momentum), "
      + "affine: \(weight != nil))"
  }
}
