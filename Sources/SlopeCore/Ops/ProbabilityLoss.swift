/// A loss of scores against a probability for each class.
///
/// With y = logSoftmax(scores), a row with targets t among K classes has the loss
/// `−Σₖ v(k)·s(k)·yₖ`, where s = (1 − ε)·t + ε/K is the smoothed target and v(k) the weight of
/// class k, 1 without weights. A mean is divided by the number of rows, whatever the weights. A class
/// with v·s = 0 adds nothing, also where its probability is 0.
package struct ProbabilityLoss: Sendable {
  /// The operation's name in messages.
  package var operation: String
  /// The fraction ε of the target that is spread evenly over the classes.
  package var labelSmoothing: Double
  /// Whether the result is one number, the sum or the mean over the rows.
  package var isReduced: Bool
  package var isMean: Bool

  package init(_ operation: String, labelSmoothing: Double, isReduced: Bool, isMean: Bool) {
    self.operation = operation
    self.labelSmoothing = labelSmoothing
    self.isReduced = isReduced
    self.isMean = isMean
  }

  /// The loss of `scores` against `targets`, both `[batch, classes, …]` or `[classes]`: `[]` or
  /// `[batch, …]`.
  ///
  /// `weights` are those of the classes, `[classes]`, or nil. Recorded as its parts: scores and
  /// targets have a gradient, weights have none. Precondition: the shapes are equal, and there is an
  /// axis of classes.
  func loss(_ scores: Value, _ targets: Value, weights: Value?) -> Value {
    let (dtype, backend, shape) = (scores.dtype, scores.backend, scores.shape)
    let axis = shape.rank == 1 ? 0 : 1
    let classes = shape.extents[axis]
    if let weights, !weights.isFailed, weights.shape != [classes] {
      return .failure(
        operation, "weight \(weights.shape) for \(classes) classes: its shape must be [\(classes)]",
        dtype: dtype)
    }
    let logarithms = scores.softmax(axis: axis, logarithm: true)
    var operands = [logarithms, labelSmoothing > 0 ? smoothed(targets, classes) : targets]
    if let weights {
      var alongAxis = Shape(repeatElement(1, count: shape.rank))
      alongAxis.extents[axis] = classes
      operands.append(weights.detached.reshaped(to: alongAxis, record: false))
    }
    if isMean {
      let rows = isReduced && classes > 0 ? shape.elementCount / classes : 0
      guard rows > 0 else { return meanOfNothing(operands, dtype) }
      let type = dtype.computeType
      operands.append(Value.full([], type, bits: type.computeBits(of: Double(rows)), on: backend))
    }
    let function =
      switch (weights != nil, isMean) {
      case (false, false): Self.sum
      case (false, true): Self.mean
      case (true, false): Self.weightedSum
      case (true, true): Self.weightedMean
      }
    return SlopeCore.reduced(
      .sum, function, operands.span, programType: dtype, nest: shape,
      axes: isReduced ? nil : [axis], keepingAxes: false, output: dtype, record: true)
  }

  private func smoothed(_ targets: Value, _ classes: Int) -> Value {
    let scalars: [2 of UInt64] = [
      targets.dtype.computeBits(of: 1 - labelSmoothing),
      targets.dtype.computeBits(of: labelSmoothing / Double(max(classes, 1))),
    ]
    return applyPointwise(Self.smoothing, targets, scalars: scalars.span)
  }

  private func meanOfNothing(_ operands: [Value], _ dtype: DType) -> Value {
    guard !operands.contains(where: \.isFailed), passesMeanOfNothing(dtype, for: operation) else {
      return .failed(dtype)
    }
    return Value.full([], dtype, bits: dtype.computeBits(of: .nan), on: operands[0].backend)
  }

  // MARK: Formulas

  private static let smoothing = PointwiseFunction("labelSmoothing", inputs: 1, scalars: 2) { x in
    x[0] * x[1] + x[2]
  }

  private static let sum = traced(isWeighted: false, isMean: false)
  private static let mean = traced(isWeighted: false, isMean: true)
  private static let weightedSum = traced(isWeighted: true, isMean: false)
  private static let weightedMean = traced(isWeighted: true, isMean: true)

  /// Traced over y, target(, weight)(, rows).
  private static func traced(isWeighted: Bool, isMean: Bool) -> PointwiseFunction {
    let inputs = 2 + (isWeighted ? 1 : 0) + (isMean ? 1 : 0)
    return PointwiseFunction("crossEntropy", inputs: inputs) { x in
      let (y, zero) = (x[0], Expression(0))
      let weight = isWeighted ? x[1] * x[2] : x[1]
      // A class of weight 0 may have probability 0, and 0 · −∞ is NaN. Elsewhere y keeps its place,
      // so that the target receives −y where it is 0.
      let isImpossible = Expression.select(
        y .== Expression(-Double.infinity), weight .== zero, zero)
      let result = -Expression.select(isImpossible, zero, y) * weight
      return isMean ? result / x[inputs - 1] : result
    }
  }
}
