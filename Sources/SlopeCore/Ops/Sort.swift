extension Value {
  /// The positions that sort the elements along an axis: `int64`, of this shape; not recorded.
  func argsorted(axis: Int, descending: Bool, _ operation: String = "argsort") -> Value {
    if isFailed { return .failed(.int64) }
    if layout.rank == 0, axis == 0 || axis == -1 {
      return .full([], .int64, bits: 0, on: backend)
    }
    guard let axis = checkedAxis(axis, operation) else { return .failed(.int64) }
    let last = layout.rank - 1
    guard axis == last else {
      var order = Array(0...last)
      order.swapAt(axis, last)
      return detached.permuted(order).argsorted(axis: last, descending: descending, operation)
        .permuted(order)
    }
    let source = contiguous
    guard !source.isFailed,
      let buffer = Value.allocate(shape, .int64, on: backend, for: operation)
    else { return .failed(.int64) }
    if count > 0 {
      let extent = shape.extents[axis]
      let matrix = source.detached.reshaped(to: [count / extent, extent])
      guard backend.argsort(matrix, descending: descending, output: buffer) else {
        return .failure(operation, "no memory to sort \(shape) on \(backend.name)", dtype: .int64)
      }
    }
    return Value(Layout(shape), .int64, buffer)
  }

  /// The sorted elements along an axis, and their positions: `[…, n, …] → […, kept ?? n, …]`.
  ///
  /// y[…, i, …] = x[…, positions[…, i, …], …], the first `kept` of them. x receives g at these
  /// positions, and 0 at elements that were not kept.
  func sorted(
    axis: Int, descending: Bool, keeping kept: Int? = nil, _ operation: String
  ) -> (values: Value, positions: Value) {
    let order = argsorted(axis: axis, descending: descending, operation)
    if order.isFailed || isFailed { return (.failed(dtype), .failed(.int64)) }
    if layout.rank == 0 {
      guard kept ?? 1 <= 1, kept ?? 1 >= 0 else {
        return (.failure(operation, "\(kept ?? 1) of one element", dtype: dtype), .failed(.int64))
      }
      return (self, order)
    }
    guard let place = shape.normalized(axis: axis) else {
      return (.failed(dtype), .failed(.int64))
    }
    let extent = shape.extents[place]
    guard let kept else { return (takingAlong(order, axis: place), order) }
    guard (0...extent).contains(kept) else {
      return (
        .failure(operation, "\(kept) of \(extent) elements along axis \(place)", dtype: dtype),
        .failed(.int64)
      )
    }
    let first = order.sliced(Slice(shape, axis: place, from: 0, count: kept)).contiguous
    return (takingAlong(first, axis: place), first)
  }
}
