extension Value {
  /// A convolution, plus a bias for each output channel if there is one.
  ///
  /// `[batch, channels, height, width]` and `[outputs, channels / groups, kernel height, kernel width]`
  /// give `[batch, outputs, rows, columns]`. Along one axis instead of two (`axisCount` 1) the
  /// operands have no height; without a batch the input has no first axis.
  static func convolution(
    _ x: Value, _ weight: Value, bias: Value?, axisCount: Int, _ options: ConvolutionOptions
  ) -> Value {
    convolution("conv\(axisCount)d", x, weight, bias, axisCount) {
      (x, weight) throws(WindowProblem) in
      let plan = try Convolution(
        "conv\(axisCount)d", input: x.shape, weight: weight.shape, options)
      try plan.check(bias: bias, count: plan.shape.outputs)
      return plan.output(x, weight, bias: bias)
    }
  }

  /// The transposed convolution: what a convolution's input receives for an output's gradient.
  ///
  /// `[batch, channels, rows, columns]` and `[channels, outputs / groups, kernel height, kernel width]`
  /// give `[batch, outputs, height, width]`.
  static func transposedConvolution(
    _ x: Value, _ weight: Value, bias: Value?, axisCount: Int, _ options: ConvolutionOptions,
    outputPadding: Pair
  ) -> Value {
    convolution("convTranspose\(axisCount)d", x, weight, bias, axisCount) {
      (x, weight) throws(WindowProblem) in
      let plan = try Convolution(
        "conv\(axisCount)d", transposing: x.shape, weight: weight.shape, options,
        outputPadding: outputPadding)
      try plan.check(bias: bias, count: plan.shape.inputs)
      let result = plan.input(x, weight)
      return bias.map { applyPointwise(Functions.add, result, $0.reshaped(to: [$0.count, 1, 1])) }
        ?? result
    }
  }

  private static func convolution(
    _ name: String, _ x: Value, _ weight: Value, _ bias: Value?, _ axisCount: Int,
    _ compute: (_ x: Value, _ weight: Value) throws(WindowProblem) -> Value
  ) -> Value {
    if x.isFailed || weight.isFailed || bias?.isFailed == true { return .failed(x.dtype) }
    guard weight.layout.rank == axisCount + 2,
      (axisCount + 1...axisCount + 2).contains(x.layout.rank)
    else {
      return .failure(name, "input \(x.shape) and weight \(weight.shape)", dtype: x.dtype)
    }
    for operand in [weight, bias].compactMap({ $0 }) where operand.backend !== x.backend {
      return .failure(
        name, "operands on \(x.backend.name) and \(operand.backend.name)", dtype: x.dtype)
    }
    let hasBatch = x.layout.rank == axisCount + 2
    do throws(WindowProblem) {
      return try compute(
        x.asPlanes(hasBatch: hasBatch, axisCount), weight.asPlanes(hasBatch: true, axisCount)
      ).withoutPlaneAxes(hasBatch: hasBatch, axisCount)
    } catch {
      return .failure(name, error.message, dtype: x.dtype)
    }
  }

  /// `[batch, channels, height, width]` of an operand that may have no batch, or no height.
  func asPlanes(hasBatch: Bool, _ axisCount: Int) -> Value {
    var extents = Array(shape)
    if !hasBatch { extents.insert(1, at: 0) }
    if axisCount == 1 { extents.insert(1, at: 2) }
    return reshaped(to: Shape(extents))
  }

  /// The reverse of `asPlanes`.
  func withoutPlaneAxes(hasBatch: Bool, _ axisCount: Int) -> Value {
    if isFailed { return self }
    var extents = Array(shape)
    if axisCount == 1 { extents.remove(at: 2) }
    if !hasBatch { extents.remove(at: 0) }
    return reshaped(to: Shape(extents))
  }
}

extension Convolution {
  /// Throws if there is not one bias for each of `count` channels.
  fileprivate func check(bias: Value?, count: Int) throws(WindowProblem) {
    guard let bias, bias.shape != [count] else { return }
    throw WindowProblem("bias \(bias.shape) for \(count) channels")
  }
}
