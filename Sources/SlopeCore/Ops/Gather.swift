extension Value {
  /// The slices along `axis` at the given indices: `[…, n, …] → […, indices.count, …]`.
  ///
  /// y[…, i, …] = x[…, indices[i], …]. An index that is out of range is a failure that names its
  /// value, bound and position; an OpenCL device reports it later. Recorded with the indices; x
  /// receives the slices of g, added at the indices (`scattered`).
  func taking(_ indices: Value, axis: Int, operation: String = "gather", record: Bool = true)
    -> Value
  {
    if isFailed || indices.isFailed { return .failed(dtype) }
    // A zero-dimensional value has one element, at index 0.
    if layout.rank == 0, axis == 0 || axis == -1, indices.count == 1 {
      return reshaped(to: [1], record: record)
        .taking(indices, axis: 0, operation: operation, record: record)
        .reshaped(to: [], record: record)
    }
    guard layout.rank > 0, let axis = shape.normalized(axis: axis) else {
      return .failure(operation, "shape \(shape) has no axis \(axis)", dtype: dtype)
    }
    guard indices.layout.rank == 1 else {
      return .failure(
        operation, "indices of shape \(indices.shape) are not one-dimensional", dtype: dtype)
    }
    guard backend === indices.backend else {
      return .failure(
        operation, "operands on \(backend.name) and \(indices.backend.name)", dtype: dtype)
    }
    let places = indices.contiguous
    let source = contiguous
    if places.isFailed || source.isFailed { return .failed(dtype) }
    let extent = shape.extents[axis]
    var result = shape
    result.extents[axis] = places.count
    guard let buffer = Value.allocate(result, dtype, on: backend, for: operation) else {
      return .failed(dtype)
    }
    let (outer, inner) = shape.extents(around: axis)
    if places.count > 0 {
      let bad = backend.gather(
        source.reshaped(to: [outer, extent, inner], record: false), indices: places,
        output: buffer, operation: operation)
      if let bad {
        reportBadIndex(places.index(at: bad), at: bad, bound: extent, operation)
        return .failed(dtype)
      }
    }
    return Value(Layout(result), dtype, buffer).recorded(operation, [self], record: record) {
      [shape = self.shape] g, record in
      [g.scattered(places, axis: axis, into: shape, record: record)]
    }
  }

  /// Zeros of `shape`, to which the slices along `axis` are added at the given indices.
  ///
  /// y[…, indices[i], …] += x[…, i, …]. Recorded with the indices; x receives the slices of g at
  /// the indices (`taking`).
  func scattered(_ indices: Value, axis: Int, into shape: Shape, record: Bool = true) -> Value {
    if isFailed { return self }
    let zeros = Value.full(shape, dtype, bits: 0, on: backend)
    let source = contiguous
    if zeros.isFailed || source.isFailed { return .failed(dtype) }
    let (outer, inner) = shape.extents(around: axis)
    if source.count > 0 {
      guard
        runScatterAdd(
          source.reshaped(to: [outer, indices.count, inner], record: false), indices: indices,
          into: zeros.buffer, extent: shape.extents[axis], on: backend, result: shape)
      else { return .failed(dtype) }
    }
    return zeros.recorded("scatterAdd", [self], record: record) { g, record in
      [g.taking(indices, axis: axis, record: record)]
    }
  }

  /// The element at a position of these contiguous `int64`; waits for the device.
  func index(at position: Int) -> Int64 {
    var index: Int64 = 0
    withUnsafeMutableBytes(of: &index) {
      backend.download(
        buffer, byteOffset: (layout.offset + position) * dtype.byteCount, into: $0)
    }
    return index
  }
}

extension Shape {
  /// The numbers of elements before and after an axis.
  func extents(around axis: Int) -> (outer: Int, inner: Int) {
    var (outer, inner) = (1, 1)
    for index in 0..<axis { outer *= extents[index] }
    for index in (axis + 1)..<Swift.max(rank, axis + 1) { inner *= extents[index] }
    return (outer, inner)
  }
}
