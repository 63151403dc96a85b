extension Value {
  /// The cumulative result along an axis: yᵢ = f(…f(f(x₀, x₁), x₂)…, xᵢ) for an associative f.
  ///
  /// Takes log₂(extent) passes over memory, which combine elements 1, 2, 4 … places apart: the same
  /// sums on every device, and rounding errors that grow with the logarithm. Recorded as the
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
