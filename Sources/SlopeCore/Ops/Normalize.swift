extension Tensor where E: FloatingElement {
  /// Each vector of the last axes with mean 0 and (biased) variance 1, scaled and shifted.
  package func layerNormalized(
    axisCount: Int, epsilon: Double, weight: Tensor?, bias: Tensor?
  ) -> Tensor {
    if isFailed { return self }
    let axes = Array(rank - axisCount..<rank)
    return normalized(
      mean: mean(axes: axes, keepingDimensions: true),
      variance: variance(axes: axes, correction: 0, keepingDimensions: true),
      epsilon: epsilon, weight: weight, bias: bias)
  }

  /// The axes of a batch `[rows, features]` or `[rows, features, length]` beside that of the features.
  private var batchAxes: [Int] { rank == 2 ? [0] : [0, 2] }

  /// The mean and the biased variance of each feature of a batch.
  package var featureStatistics: (mean: Tensor, variance: Tensor) {
    (mean(axes: batchAxes), variance(axes: batchAxes, correction: 0))
  }

  /// The unbiased variance of each feature of a batch.
  package var featureVariance: Tensor { variance(axes: batchAxes) }

  /// Each feature of a batch less its mean, divided by the root of its variance, scaled and shifted; all
  /// of them `[features]`.
  package func batchNormalized(
    mean: Tensor, variance: Tensor, epsilon: Double, weight: Tensor?, bias: Tensor?
  ) -> Tensor {
    // A column stands beside the features of a batch with a length.
    func column(_ tensor: Tensor) -> Tensor {
      rank == 2 ? tensor : tensor.reshaped(to: [tensor.count, 1])
    }
    return normalized(
      mean: column(mean), variance: column(variance), epsilon: epsilon,
      weight: weight.map(column), bias: bias.map(column))
  }

  /// `(x − mean) / √(variance + ε) · weight + bias` in one pass; all broadcast to this shape.
  private func normalized(
    mean: Tensor, variance: Tensor, epsilon: Double, weight: Tensor?, bias: Tensor?
  ) -> Tensor {
    var inputs = [value, mean.value, variance.value]
    if let weight { inputs.append(weight.value) }
    if let bias { inputs.append(bias.value) }
    for input in inputs where !input.isFailed && broadcastShape(input.shape, shape) != shape {
      return fail("normalize", "\(input.shape) does not broadcast to \(shape)")
    }
    let function = Functions.normalize[(weight == nil ? 0 : 1) + (bias == nil ? 0 : 2)]
    let scalars: [1 of UInt64] = [E.dtype.computeBits(of: epsilon)]
    return Tensor(
      pointwise(
        function, inputs.span, scalars: scalars.span, programType: E.dtype, shape: shape,
        output: E.dtype, on: value.backend, record: true))
  }

  /// Zeros with probability `p`, the others times 1 ÷ (1 − p), as PyTorch draws them on the CPU.
  package func dropout(p: Double, generator: Generator) -> Tensor {
    if isFailed { return self }
    let mask = Value.filled(shape, E.dtype, on: value.backend, for: "dropout") {
      (memory: UnsafeMutableBufferPointer<E>) in
      let factors = generator.dropoutMask(probability: p, count: memory.count)
      _ = memory.initialize(from: factors.map { E(clamping: Double($0)) })
    }
    return Tensor(pointwise(Functions.multiply, value, mask))
  }
}

extension Functions {
  /// Without factors and summands, with factors, with summands, with both.
  fileprivate static let normalize = [(false, false), (true, false), (false, true), (true, true)]
    .map { hasWeight, hasBias in
      let count = 3 + (hasWeight ? 1 : 0) + (hasBias ? 1 : 0)
      return PointwiseFunction("normalize", inputs: count, scalars: 1) { operands in
        var result = (operands[0] - operands[1]) * (operands[2] + operands[count]).rsqrt()
        if hasWeight { result = result * operands[3] }
        if hasBias { result = result + operands[count - 1] }
        return result
      }
    }
}
