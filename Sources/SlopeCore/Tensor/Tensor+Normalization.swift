extension Tensor where Element: FloatingElement {
  /// Each vector along the last `axisCount` axes, normalized to mean 0 and (biased) variance 1,
  /// then scaled and shifted.
  package func layerNormalized(
    axisCount: Int, epsilon: Double, weight: Tensor?, bias: Tensor?
  ) -> Tensor {
    if isFailed { return self }
    let (mean, variance) = statistics(axes: Array(rank - axisCount..<rank))
    return normalized(
      mean: mean, variance: variance, epsilon: epsilon, weight: weight, bias: bias)
  }

  /// Each vector along the last `axisCount` axes divided by the root of its mean square plus
  /// epsilon, then scaled.
  package func rootMeanSquareNormalized(
    axisCount: Int, epsilon: Double, weight: Tensor?
  ) -> Tensor {
    if isFailed { return self }
    let wide = Element.dtype.computeType
    let elements: [1 of Value] = [value]
    let meanSquare = reduced(
      .mean, Functions.of(.square), elements.span, programType: wide, nest: shape,
      axes: Array(rank - axisCount..<rank), keepingAxes: true, output: wide, record: true)
    let inputs = [value, meanSquare] + (weight.map { [$0.value] } ?? [])
    let scalars: [1 of UInt64] = [Element.dtype.computeBits(of: epsilon)]
    return Tensor(
      applyPointwise(
        Functions.scaleByRoot[inputs.count - 2], inputs.span, scalars: scalars.span,
        programType: Element.dtype, shape: shape, output: Element.dtype, on: value.backend,
        record: true))
  }

  /// Each feature of a batch `[rows, features, …]`, normalized to mean 0 and (biased) variance 1,
  /// then scaled and shifted; and the new running statistics.
  ///
  /// The running statistics move toward those of the batch, with the unbiased variance, by the
  /// fraction `share`.
  package func batchNormalized(
    following running: (mean: Tensor, variance: Tensor), share: Double, epsilon: Double,
    weight: Tensor?, bias: Tensor?
  ) -> (result: Tensor, mean: Tensor, variance: Tensor) {
    let (mean, variance) = statistics(axes: [0] + Array(2..<rank))
    let result = normalized(
      mean: mean, variance: variance, epsilon: epsilon, weight: weight.map(column),
      bias: bias.map(column))
    func moved(_ old: Tensor, towards new: Value, by part: Double) -> Tensor {
      let new = new.reshaped(to: old.shape, record: false)
      let scalars: [2 of UInt64] = [
        Element.dtype.computeBits(of: 1 - share), Element.dtype.computeBits(of: part),
      ]
      let inputs: [2 of Value] = [old.value, new]
      return Tensor(
        applyPointwise(
          Functions.follow, inputs.span, scalars: scalars.span, programType: Element.dtype,
          shape: old.shape, output: Element.dtype, on: value.backend, record: false))
    }
    let rows = Double(count) / Double(Swift.max(shape[1], 1))
    return (
      result, moved(running.mean, towards: mean, by: share),
      moved(running.variance, towards: variance, by: share * rows / (rows - 1))
    )
  }

  /// Each feature of a batch normalized with a given mean and variance, then scaled and shifted.
  ///
  /// Mean, variance, weight and bias are `[features]`.
  package func batchNormalized(
    mean: Tensor, variance: Tensor, epsilon: Double, weight: Tensor?, bias: Tensor?
  ) -> Tensor {
    normalized(
      mean: column(mean).value, variance: column(variance).value, epsilon: epsilon,
      weight: weight.map(column), bias: bias.map(column))
  }

  /// `[features]` in a shape that broadcasts to the batch, which may have further axes.
  private func column(_ tensor: Tensor) -> Tensor {
    if rank == 2 { return tensor }
    return tensor.reshaped(to: Shape([tensor.count] + Array(repeating: 1, count: rank - 2)))
  }

  /// The mean and the biased variance over axes, which stay with extent 1, not rounded to 16 bits.
  private func statistics(axes: [Int]) -> (mean: Value, variance: Value) {
    let wide = Element.dtype.computeType
    return (
      value.reduced(.mean, axes: axes, keepingAxes: true, output: wide),
      value.variance(axes: axes, correction: 0, keepingAxes: true, output: wide)
    )
  }

  /// `(x − mean) / √(variance + ε) · weight + bias` in one pass; all operands broadcast to this
  /// shape.
  private func normalized(
    mean: Value, variance: Value, epsilon: Double, weight: Tensor?, bias: Tensor?
  ) -> Tensor {
    var inputs = [value, mean, variance]
    if let weight { inputs.append(weight.value) }
    if let bias { inputs.append(bias.value) }
    for input in inputs where !input.isFailed && broadcastShape(input.shape, shape) != shape {
      return fail("normalize", "\(input.shape) does not broadcast to \(shape)")
    }
    let function = Functions.normalize[(weight == nil ? 0 : 1) + (bias == nil ? 0 : 2)]
    let scalars: [1 of UInt64] = [Element.dtype.computeBits(of: epsilon)]
    return Tensor(
      applyPointwise(
        function, inputs.span, scalars: scalars.span, programType: Element.dtype, shape: shape,
        output: Element.dtype, on: value.backend, record: true))
  }

  /// Zeros with probability `p`, the other elements multiplied by 1 / (1 − p), as PyTorch draws
  /// them on the CPU, or as the device draws them by Philox.
  package func dropout(p: Double, generator: Generator) -> Tensor {
    if isFailed { return self }
    if let draw = generator.draw(.mask(keep: 1 - p), Element.dtype, count: count) {
      return Tensor(value.masked(draw))
    }
    let mask = Value.filledByFloats(shape, Element.dtype, on: value.backend, for: "dropout") {
      generator.fillDropoutMask($0, probability: p)
    }
    return Tensor(applyPointwise(Functions.multiply, value, mask))
  }
}

extension Functions {
  /// The weighted sum of running statistics and those of a batch.
  fileprivate static let follow = PointwiseFunction("follow", inputs: 2, scalars: 2) {
    $0[0] * $0[2] + $0[1] * $0[3]
  }
  /// `x / √(meanSquare + ε)`, without weights and with them.
  fileprivate static let scaleByRoot = [false, true].map { hasWeight in
    PointwiseFunction("rmsNorm", inputs: hasWeight ? 3 : 2, scalars: 1) { operands in
      let result = operands[0] * (operands[1] + operands[hasWeight ? 3 : 2]).rsqrt()
      return hasWeight ? result * operands[2] : result
    }
  }
  /// Without weights and biases, with weights, with biases, with both.
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
