/// Running results along an axis, of the same shape.
extension Value {
  /// The running sum along an axis: yᵢ = x₀ + … + xᵢ, rounded once.
  ///
  /// Without xᵢ if `isExclusive`; from the end of the axis if `isReversed`. Recorded without values:
  /// x receives the running sum of g from the other end.
  func cumulativeSum(
    axis: Int, isExclusive: Bool = false, isReversed: Bool = false, record: Bool = true
  ) -> Value {
    if isFailed { return self }
    let operation = "cumulativeSum"
    if layout.rank == 0, axis == 0 || axis == -1 {
      return reshaped(to: [1], record: record)
        .cumulativeSum(
          axis: 0, isExclusive: isExclusive, isReversed: isReversed, record: record
        ).reshaped(to: [], record: record)
    }
    guard let axis = checkedAxis(axis, operation) else { return .failed(dtype) }
    let source = contiguous
    guard !source.isFailed,
      let buffer = Value.allocate(shape, dtype, on: backend, for: operation)
    else { return .failed(dtype) }
    if count > 0 {
      let (outer, inner) = shape.extents(around: axis)
      guard
        runScan(
          source.reshaped(to: [outer, shape.extents[axis], inner], record: false),
          isExclusive: isExclusive, isReversed: isReversed, output: buffer, on: backend,
          for: operation, result: shape)
      else { return .failed(dtype) }
    }
    return Value(Layout(shape), dtype, buffer).recorded(
      operation, [self], record: record, savesValues: false
    ) { g, record in
      [
        g.cumulativeSum(
          axis: axis, isExclusive: isExclusive, isReversed: !isReversed, record: record)
      ]
    }
  }

  /// The cumulative result along an axis: yᵢ = f(…f(f(x₀, x₁), x₂)…, xᵢ) for an associative f.
  ///
  /// Takes log₂(extent) passes over memory, which combine elements 1, 2, 4 … places apart: the same
  /// results on every device, and rounding errors that grow with the logarithm. Recorded as the
  /// slices, functions and concatenations that it is made of; x receives what their pullbacks give.
  /// Source: W. D. Hillis and G. L. Steele, "Data parallel algorithms", 1986.
  func scanned(_ function: PointwiseFunction, axis: Int, _ operation: String) -> Value {
    guard !isFailed else { return self }
    // A zero-dimensional value has nothing to accumulate.
    if layout.rank == 0, axis == 0 || axis == -1 { return self }
    guard let axis = checkedAxis(axis, operation) else { return .failed(dtype) }
    let extent = shape.extents[axis]
    // 16-bit floats would be rounded at each pass.
    var result = cast(to: dtype.isFloating ? dtype.computeType : dtype)
    var distance = 1
    while distance < extent {
      let part = { (from: Int, count: Int) in
        result.sliced(Slice(result.shape, axis: axis, from: from, count: count))
      }
      let joined = applyPointwise(
        function, part(0, extent - distance), part(distance, extent - distance))
      result = .concatenate([part(0, distance), joined], axis: axis)
      distance *= 2
    }
    return result.cast(to: dtype)
  }
}
