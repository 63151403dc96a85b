/// Covariances, correlations and distances of vectors.
extension Tensor where Element: FloatingElement {
  /// The covariances of variables: `[variables, observations] → [variables, variables]`.
  ///
  /// `Σ wₖ (xᵢₖ − mean xᵢ)(xⱼₖ − mean xⱼ) / d`, with weighted means and weights of 1 by default. The
  /// divisor d is at least 0: the sum of the weights less `correction`, which is multiplied by
  /// Σ wₖ aₖ / Σ wₖ where observations have `weights` a. A vector is one variable, whose variance
  /// has the shape `[]`. Complexity: that of a matrix product, in Double for Float where the device
  /// has it. Precondition: at most two axes; frequencies and weights are lists of one for each
  /// observation, not negative.
  ///
  /// - Parameters:
  ///   - correction: 1 for the unbiased estimate, 0 for the mean product.
  ///   - frequencies: how often each observation occurred.
  ///   - weights: how important each observation is.
  /// - Returns: the covariance of each two variables.
  public func covariance(
    correction: Int = 1, frequencies: Tensor<Int>? = nil, weights: Tensor? = nil
  ) -> Tensor {
    let wide = value.spreadType
    guard let rows = observations("covariance") else { return .failed }
    let count = rows.shape[1]
    var factors: Value?
    for list in [frequencies?.value, weights?.value].compactMap({ $0 }) {
      guard !list.isFailed, list.shape == [count] else {
        return list.isFailed
          ? .failed : fail("covariance", "weights of shape \(list.shape) for \(count) observations")
      }
      let list = list.cast(to: wide)
      factors = factors.map { applyPointwise(Functions.multiply, $0, list) } ?? list
    }
    guard let factors else {
      let deviations = rows.deviations(from: rows.reduced(.mean, axes: [1], keepingAxes: true))
      let divisor = Swift.max(Double(count) - Double(correction), 0)
      return finished(
        applyPointwise(
          Functions.divideScalar, .matmul(deviations, deviations.matrixTransposed()),
          scalar: wide.computeBits(of: divisor)))
    }
    let total = factors.reduced(.sum)
    let weighted = applyPointwise(Functions.multiply, rows, factors)
    let mean = applyPointwise(
      Functions.divide, weighted.reduced(.sum, axes: [1], keepingAxes: true), total)
    let deviations = rows.deviations(from: mean)
    let products = Value.matmul(
      applyPointwise(Functions.multiply, deviations, factors), deviations.matrixTransposed())
    var lost = Value.full(
      [], wide, bits: wide.computeBits(of: Double(correction)), on: value.backend)
    if let weights {
      let square = applyPointwise(Functions.multiply, factors, weights.value.cast(to: wide))
        .reduced(.sum)
      lost = applyPointwise(
        Functions.multiply, lost, applyPointwise(Functions.divide, square, total))
    }
    return finished(
      applyPointwise(
        Functions.dividedByDifference, [products, total, lost], programType: wide, output: wide))
  }

  /// The correlations of variables: `[variables, observations] → [variables, variables]`.
  ///
  /// Products of the deviations from the mean divided by their lengths, in −1 … 1; NaN where a
  /// variable does not vary. A vector is one variable, and its result has the shape `[]`.
  /// Complexity: that of a matrix product. Precondition: at most two axes.
  public func correlation() -> Tensor {
    // The sum of a mean is in range, whatever its order.
    guard
      let rows = observations("correlation")?.scaledTowardsOne(axes: [1], "correlation")
    else { return .failed }
    let deviations = rows.deviations(from: rows.reduced(.mean, axes: [1], keepingAxes: true))
    let units = applyPointwise(
      Functions.divide, deviations, deviations.norm(2, axes: [1], keepingAxes: true))
    let result = Value.matmul(units, units.matrixTransposed())
    let bounds: [2 of UInt64] = [
      result.dtype.computeBits(of: -1), result.dtype.computeBits(of: 1),
    ]
    return finished(applyPointwise(Functions.clamp, result, scalars: bounds.span))
  }

  /// One row for each variable, in the type of variances; nil, after a report, for more axes.
  private func observations(_ operation: String) -> Value? {
    if isFailed { return nil }
    guard rank <= 2 else {
      reportFailure(operation: operation, "shape \(shape) has more than two axes")
      return nil
    }
    let wide = value.cast(to: value.spreadType)
    return rank == 2 ? wide : wide.reshaped(to: [1, count])
  }

  /// The result of rows in the shape and type that the caller expects.
  private func finished(_ matrix: Value) -> Tensor {
    Tensor((rank == 2 && shape[0] != 1 ? matrix : matrix.reshaped(to: [])).cast(to: Element.dtype))
  }

  /// The distances between vectors: `[…, n, k], […, m, k] → […, n, m]`.
  ///
  /// The p-norms of all differences, without overflow or cancellation. Equal vectors have the
  /// distance 0, and a gradient of 0. Complexity: O(n · m · k) time and memory. Precondition: both
  /// have rank 2 or more and the same last extent, the other axes broadcast, and `p` is not
  /// negative.
  public func distances(to other: Tensor, p: Double = 2) -> Tensor {
    if isFailed || other.isFailed { return .failed }
    guard p >= 0 else { return fail("distances", "p is \(p)") }
    guard rank >= 2, other.rank >= 2, shape[rank - 1] == other.shape[other.rank - 1] else {
      return fail("distances", "\(shape) and \(other.shape): vectors of different lengths")
    }
    let differences = unsqueezed(at: rank - 1) - other.unsqueezed(at: other.rank - 2)
    if differences.isFailed { return .failed }
    // The largest difference of none is 0.
    return shape[rank - 1] == 0 ? differences.sum(axis: -1) : differences.norm(p, axis: -1)
  }

  /// The slices along an axis, those with a p-norm above `maximum` scaled to it.
  ///
  /// They are multiplied by `maximum / (norm + 1e-7)`. Complexity: O(n). Precondition: there are two
  /// axes or more, `p` is positive, and `maximum` is not negative.
  public func renormalized(_ p: Double = 2, axis: Int, maximum: Double) -> Tensor {
    if isFailed { return self }
    guard p > 0, maximum >= 0 else {
      return fail("renormalized", "p is \(p), the maximum \(maximum)")
    }
    guard rank >= 2, let place = shape.normalized(axis: axis) else {
      return fail("renormalized", "shape \(shape), axis \(axis)")
    }
    if count == 0 { return self }
    let wide = Element.dtype.computeType
    let others = (0..<rank).filter { $0 != place }
    let norms = Tensor<Element.Computed>(value.cast(to: wide))
      .norm(p, axes: others, keepingAxes: true).value
    let inputs: [2 of Value] = [value, norms]
    let scalars: [1 of UInt64] = [wide.computeBits(of: maximum)]
    return Tensor(
      applyPointwise(
        Functions.renormalize, inputs.span, scalars: scalars.span, programType: wide, shape: shape,
        output: Element.dtype, on: value.backend, record: true))
  }
}

extension Value {
  fileprivate func deviations(from mean: Value) -> Value {
    applyPointwise(Functions.subtract, self, mean)
  }
}

extension Functions {
  /// `a / max(b − c, 0)`.
  fileprivate static let dividedByDifference = PointwiseFunction("covariance", inputs: 3) {
    $0[0] / .maximum($0[1] - $0[2], 0)
  }
  fileprivate static let renormalize = PointwiseFunction("renorm", inputs: 2, scalars: 1) {
    let (x, norm, limit) = ($0[0], $0[1], $0[2])
    return Expression.select(limit .< norm, x * (limit / (norm + 1e-7)), x)
  }
}
