/// Counts of elements by bins. None has a gradient, except for weights of `bincount`.
extension Tensor where Element: FloatingElement {
  /// The counts of elements in `bins` bins of equal width, and the edges of the bins: `[bins]` and
  /// `[bins + 1]`.
  ///
  /// A bin contains its lower edge, and the last one its upper edge, too. Elements outside `range`,
  /// by default from the smallest to the largest, and NaN are not counted; a range of one number is
  /// widened by ½ on both sides. With `weights`, of this shape, the weights of the elements are
  /// added up instead. With `density` the counts are divided by their sum and the widths of the
  /// bins. 16-bit floats are counted exactly and rounded once.
  ///
  /// Waits for the device if there is no range. Complexity: O(n · log(bins)). Precondition: `bins`
  /// is positive, and the bounds are finite and in order.
  public func histogram(
    bins: Int = 100, range: (lower: Element, upper: Element)? = nil, weights: Tensor? = nil,
    density: Bool = false
  ) -> (counts: Tensor, edges: Tensor) {
    guard let bounds = bounds(range, margin: 0.5, bins: bins, "histogram") else {
      return (.failed, .failed)
    }
    let edges = Tensor(
      Value.linspace(
        bins + 1, Element.dtype, from: bounds.lower, to: bounds.upper, on: value.backend))
    return histogram(edges: edges, weights: weights, density: density)
  }

  /// The counts of elements in the bins between the given edges, and the edges: `[bins]` and
  /// `[bins + 1]`.
  ///
  /// As `histogram(bins:range:weights:density:)`; does not wait for the device. Complexity: O(n ·
  /// log(bins)). Precondition: `edges` has rank 1 and at least two elements, in ascending order,
  /// and `weights` has this shape.
  public func histogram(
    edges: Tensor, weights: Tensor? = nil, density: Bool = false
  ) -> (counts: Tensor, edges: Tensor) {
    let failed = (counts: Tensor.failed, edges: Tensor.failed)
    if isFailed || edges.isFailed || weights?.isFailed == true { return failed }
    guard edges.rank == 1, edges.count >= 2 else {
      return (fail("histogram", "edges of shape \(edges.shape) have no bins between them"), .failed)
    }
    guard weights == nil || weights?.shape == shape else {
      return (
        fail("histogram", "weights of shape \(weights?.shape ?? []) for elements of \(shape)"),
        .failed
      )
    }
    guard value.inspectDevices([edges.value] + (weights.map { [$0.value] } ?? []), "histogram")
    else { return failed }
    let bins = edges.count - 1
    let (x, edges) = (detached().flattened(), edges.detached())
    let isInside = (x .>= edges[0]).logicalAnd(x .<= edges[-1])
    let bin = Tensor<Int>(edges.value.searched(for: x.value, .right, "histogram")) - 1
    var counts = counted(
      bin.value, isInside.value, weights: weights?.detached().flattened().value, bins)
    if density {
      counts = counts / counts.sum() / (edges[1...] - edges[..<bins])
    }
    return (counts, edges)
  }

  /// The counts of elements in `bins` bins of equal width from `low` to `high`, as PyTorch's
  /// `histc`: `[bins]`.
  ///
  /// Elements outside and NaN are not counted. If both bounds are equal, they are the smallest and
  /// the largest element, and if these are equal, too, they are moved apart by 1 each. Other than
  /// in `histogram`, a bin is found by one division, so that an element next to an edge may be on
  /// either side of it. Waits for the device if the bounds are equal. Complexity: O(n).
  /// Precondition: `bins` is positive, and the bounds are finite and in order.
  public func histc(bins: Int = 100, min low: Element = 0, max high: Element = 0) -> Tensor {
    guard
      let bounds = bounds(low == high ? nil : (low, high), margin: 1, bins: bins, "histc")
    else { return .failed }
    let (first, last) = (Element(bounds.lower), Element(bounds.upper))
    let x = value.detached.flat
    // Each step is rounded to the element type, as in PyTorch.
    let scaled = [
      (Functions.subtractScalar, first), (Functions.multiplyScalar, Element(Double(bins))),
      (Functions.divideScalar, Element(last.doubleValue - first.doubleValue)),
    ].reduce(x) { applyPointwise($1.0, $0, scalar: $1.1.computeBits) }
    let list = Tensor(x)
    let isInside = (list .>= first).logicalAnd(list .<= last)
    return counted(scaled.cast(to: .int64), isInside.value, weights: nil, bins)
  }

  /// The bounds of bins as Doubles; nil, after a report.
  private func bounds(
    _ range: (lower: Element, upper: Element)?, margin: Double, bins: Int, _ operation: String
  ) -> (lower: Double, upper: Double)? {
    if isFailed { return nil }
    guard bins > 0, bins < Int.max else {
      _ = fail(operation, "\(bins) bins")
      return nil
    }
    var (lower, upper) = (range?.lower.doubleValue ?? 0, range?.upper.doubleValue ?? 0)
    if range == nil {
      if count > 0 {
        let plain = detached()
        let extremes = (plain.min(), plain.max())
        if extremes.0.isFailed || extremes.1.isFailed { return nil }
        (lower, upper) = (extremes.0.item().doubleValue, extremes.1.item().doubleValue)
      } else if operation == "histogram" {
        upper = 1
      }
    }
    guard lower.isFinite, upper.isFinite, lower <= upper else {
      _ = fail(operation, "no bins from \(lower) to \(upper)")
      return nil
    }
    return lower == upper ? (lower - margin, upper + margin) : (lower, upper)
  }

  /// The counts by bins, or the sums of weights, of the elements inside; bins past the last are the
  /// last.
  private func counted(_ bin: Value, _ isInside: Value, weights: Value?, _ bins: Int) -> Tensor {
    let places = applyPointwise(
      Functions.bin,
      [isInside, bin, Value.full([], .int64, bits: UInt64(bins - 1), on: value.backend)],
      programType: .int64, output: .int64)
    guard let weights else {
      let counts = isInside.cast(to: .int64).scattered(places, axis: 0, into: [bins])
      return Tensor(counts.cast(to: Element.dtype))
    }
    let wide = Element.dtype.computeType
    let zero = Value.full([], wide, bits: 0, on: value.backend)
    let used = applyPointwise(
      Functions.select, [isInside, weights, zero], programType: wide, output: wide)
    return Tensor(used.scattered(places, axis: 0, into: [bins]).cast(to: Element.dtype))
  }
}

extension Tensor where Element: IntegerElement {
  /// How often each number from 0 to the largest element occurs: `[max(largest + 1,
  /// minimumCount)]`.
  ///
  /// Waits for the device: the shape of the result depends on the elements. Complexity: O(n) in the
  /// sizes of both. Precondition: this tensor has rank 1 and no negative elements, and
  /// `minimumCount` is not negative.
  public func bincount(minimumCount: Int = 0) -> Tensor<Int> {
    guard let bins = binCount(minimumCount) else { return .failed }
    let ones = Value.full(shape, .int64, bits: 1, on: value.backend)
    return Tensor<Int>(ones.scattered(value.cast(to: .int64), axis: 0, into: [bins]))
  }

  /// The sums of the weights of the elements that are 0, 1 and so on.
  ///
  /// As `bincount(minimumCount:)`. 16-bit weights are added in Float and rounded once. The gradient
  /// of a weight is that of its sum. Complexity: O(n) in the sizes of both. Precondition: as there,
  /// and `weights` has this shape.
  public func bincount<Weight: FloatingElement>(
    weights: Tensor<Weight>, minimumCount: Int = 0
  ) -> Tensor<Weight> {
    guard !weights.isFailed, let bins = binCount(minimumCount) else { return .failed }
    guard weights.shape == shape else {
      return weights.fail(
        "bincount", "weights of shape \(weights.shape) for elements of \(shape)")
    }
    guard value.inspectDevices([weights.value], "bincount") else { return .failed }
    let sums = weights.value.cast(to: Weight.dtype.computeType)
      .scattered(value.cast(to: .int64), axis: 0, into: [bins])
    return Tensor<Weight>(sums.cast(to: Weight.dtype))
  }

  /// The number of bins; nil, after a report.
  private func binCount(_ minimum: Int) -> Int? {
    if isFailed { return nil }
    guard rank == 1, minimum >= 0 else {
      _ = fail(
        "bincount",
        rank == 1 ? "at least \(minimum) bins" : "elements of \(shape) are not one-dimensional")
      return nil
    }
    guard count > 0 else { return minimum }
    let (least, largest) = (min(), max())
    if least.isFailed || largest.isFailed { return nil }
    let low = least.item()
    guard low >= 0 else {
      _ = fail("bincount", "a negative element, \(low)")
      return nil
    }
    let high = largest.item()
    guard let last = Int(exactly: high), let bins = Size.sum(last, 1) else {
      _ = fail("bincount", "no memory for \(high) bins")
      return nil
    }
    return Swift.max(bins, minimum)
  }
}

extension Functions {
  /// A bin in range, for an element outside 0.
  fileprivate static let bin = PointwiseFunction("histogram", inputs: 3) {
    Expression.select($0[0], Expression.minimum($0[1], $0[2]), 0)
  }
}
