/// Differences of neighbours along an axis, and integrals by the trapezoidal rule.
extension Tensor {
  /// The differences of neighbours along an axis, `order` times: `[…, n, …] → […, n − order, …]`.
  ///
  /// y[…, i, …] = x[…, i + 1, …] − x[…, i, …], of Bool whether the two differ. What `prepending` and
  /// `appending` hold comes before and after the elements first. There is nothing left where `order`
  /// is n or more; order 0 is the tensor itself. Complexity: O(n · order). Precondition: the axis
  /// exists, `order` is not negative, and the other extents of what is added are the same.
  public func differences(
    order: Int = 1, axis: Int = -1, prepending: Tensor? = nil, appending: Tensor? = nil
  ) -> Tensor {
    if isFailed { return self }
    guard order >= 0 else { return fail("differences", "order \(order) is negative") }
    guard rank > 0, let place = shape.normalized(axis: axis) else {
      return fail("differences", "shape \(shape) has no axis \(axis)")
    }
    if order == 0 { return self }
    let parts = [prepending, self, appending].compactMap { $0 }
    var result = parts.count == 1 ? self : concatenate(parts, axis: place)
    if result.isFailed { return .failed }
    guard order < result.shape[place] else {
      return Tensor(result.value.sliced(Slice(result.shape, axis: place, from: 0, count: 0)))
    }
    let function = Element.dtype == .bool ? Functions.logicalXor : Functions.subtract
    for _ in 0..<order where !result.isFailed {
      let neighbours = result.neighbours(along: place)
      result = Tensor(applyPointwise(function, neighbours.after, neighbours.before))
    }
    return result
  }

  /// All elements along an axis but the last, and all but the first.
  fileprivate func neighbours(along axis: Int) -> (before: Value, after: Value) {
    let count = Swift.max(shape[axis] - 1, 0)
    return (
      value.sliced(Slice(shape, axis: axis, from: 0, count: count)),
      value.sliced(
        Slice(shape, axis: axis, from: Swift.min(1, shape[axis]), count: count))
    )
  }
}

extension Tensor where Element: FloatingElement {
  /// The integral along an axis of values at equal distances, by the trapezoidal rule.
  ///
  /// `Σ spacing · (x[i] + x[i + 1]) / 2`; 0 where there are fewer than two values. The axis is
  /// removed. Complexity: O(n). Precondition: the axis exists.
  public func trapezoid(spacing: Double = 1, axis: Int = -1) -> Tensor {
    integral(axis, "trapezoid") { place in
      let sum = self.sumOfMeans(place)
      return applyPointwise(
        Functions.multiplyScalar, sum, scalar: sum.dtype.computeBits(of: spacing),
        output: Element.dtype)
    }
  }

  /// The integral along an axis of values at `points`, by the trapezoidal rule.
  ///
  /// `Σ (points[i + 1] − points[i]) · (x[i] + x[i + 1]) / 2`; 0 where there are fewer than two
  /// values. The points have the same extent along the axis; they broadcast to the other axes, and
  /// a list of points holds for all of these. The axis is removed. Complexity: O(n). Precondition:
  /// the axis exists, and the points fit.
  public func trapezoid(at points: Tensor, axis: Int = -1) -> Tensor {
    integral(axis, "trapezoid", points) { place in
      guard let (operands, nest) = self.trapezoids(points, place) else {
        return .failed(Element.dtype)
      }
      return reduced(
        .sum, Functions.trapezoidBetween, operands.span, programType: Element.dtype, nest: nest,
        axes: [place - self.rank], keepingAxes: false, output: Element.dtype, record: true)
    }
  }

  /// The integrals up to each value along an axis, at equal distances: `[…, n, …] → […, n − 1, …]`.
  ///
  /// The running sums of `spacing · (x[i] + x[i + 1]) / 2`. Complexity: O(n). Precondition: the axis
  /// exists.
  public func cumulativeTrapezoid(spacing: Double = 1, axis: Int = -1) -> Tensor {
    integral(axis, "cumulativeTrapezoid") { place in
      let parts = self.neighbours(along: place)
      let wide = Element.dtype.computeType
      let sums = applyPointwise(Functions.meanOfTwo, parts.before, parts.after, output: wide)
        .cumulativeSum(axis: place)
      return applyPointwise(
        Functions.multiplyScalar, sums, scalar: wide.computeBits(of: spacing),
        output: Element.dtype)
    }
  }

  /// The integrals up to each value along an axis, at `points`: `[…, n, …] → […, n − 1, …]`.
  ///
  /// The running sums of `(points[i + 1] − points[i]) · (x[i] + x[i + 1]) / 2`, with the points as
  /// in `trapezoid(at:axis:)`. Complexity: O(n). Precondition: the axis exists, and the points fit.
  public func cumulativeTrapezoid(at points: Tensor, axis: Int = -1) -> Tensor {
    integral(axis, "cumulativeTrapezoid", points) { place in
      guard let (operands, _) = self.trapezoids(points, place) else {
        return .failed(Element.dtype)
      }
      return applyPointwise(
        Functions.trapezoidBetween, operands, programType: Element.dtype,
        output: Element.dtype.computeType
      ).cumulativeSum(axis: place - self.rank).cast(to: Element.dtype)
    }
  }

  /// Checks the axis, and that the points fit, before `body` computes with the axis' number.
  private func integral(
    _ axis: Int, _ operation: String, _ points: Tensor? = nil, _ body: (_ axis: Int) -> Value
  ) -> Tensor {
    if isFailed || points?.isFailed == true { return .failed }
    guard rank > 0, let place = shape.normalized(axis: axis) else {
      return fail(operation, "shape \(shape) has no axis \(axis)")
    }
    if let points {
      let other = points.rank == 1 ? 0 : points.rank - (rank - place)
      guard points.rank > 0, other >= 0, points.shape[other] == shape[place] else {
        return fail(operation, "points of shape \(points.shape) along axis \(place) of \(shape)")
      }
    }
    return Tensor(body(place))
  }

  /// The sum of the means of neighbours along an axis, in the type of the computation.
  private func sumOfMeans(_ axis: Int) -> Value {
    let parts = neighbours(along: axis)
    let operands: [2 of Value] = [parts.before, parts.after]
    return reduced(
      .sum, Functions.meanOfTwo, operands.span, programType: Element.dtype,
      nest: parts.before.shape, axes: [axis], keepingAxes: false,
      output: Element.dtype.computeType, record: true)
  }

  /// Neighbouring values and neighbouring points, and the shape to which they broadcast.
  ///
  /// Nil, after a report, if they do not.
  private func trapezoids(_ points: Tensor, _ axis: Int) -> (operands: [Value], nest: Shape)? {
    var points = points
    if points.rank == 1 {
      points = points.reshaped(
        to: Shape([points.count] + Array(repeating: 1, count: rank - 1 - axis)))
    }
    let values = neighbours(along: axis)
    let places = points.neighbours(along: points.rank - (rank - axis))
    guard let nest = broadcastShape(values.before.shape, places.before.shape) else {
      reportFailure(
        operation: "trapezoid", "points of shape \(points.shape) do not broadcast to \(shape)")
      return nil
    }
    return ([values.before, values.after, places.before, places.after], nest)
  }
}

extension Functions {
  /// Halves are added, whose sum does not overflow.
  fileprivate static let meanOfTwo = PointwiseFunction("trapezoid", inputs: 2) {
    $0[0] * 0.5 + $0[1] * 0.5
  }
  /// Two values, then the points where they are.
  fileprivate static let trapezoidBetween = PointwiseFunction("trapezoid", inputs: 4) {
    ($0[3] - $0[2]) * ($0[0] * 0.5 + $0[1] * 0.5)
  }
}
