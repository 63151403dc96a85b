extension Value {
  /// Each element put together with all before it along an axis.
  ///
  /// In log₂(extent) passes over memory, each of which joins what lies 1, 2, 4 … places apart: the same
  /// sums on every device, and rounding errors that grow with the logarithm.
  /// Source: W. D. Hillis and G. L. Steele, "Data parallel algorithms", 1986.
  func scanned(_ function: PointwiseFunction, axis: Int, _ operation: String) -> Value {
    guard !isFailed else { return self }
    // Of one number there is nothing to put together.
    if layout.rank == 0, axis == 0 || axis == -1 { return self }
    guard let axis = checkedAxis(axis, operation) else { return .failed(dtype) }
    let extent = shape.extents[axis]
    // Halves would be rounded at each level.
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
