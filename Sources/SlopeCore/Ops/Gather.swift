extension Value {
  /// The slices along `axis` at the given indices: `[…, n, …] → […, indices.shape, …]`.
  ///
  /// y[…, i, …] = x[…, indices[i], …]; indices of several axes give as many. An index that is out
  /// of range is a failure that names its value, bound and position; an OpenCL device reports it
  /// later. Recorded with the indices; x receives the slices of g, added at the indices
  /// (`scattered`).
  func taking(_ indices: Value, axis: Int, operation: String = "gather", record: Bool = true)
    -> Value
  {
    if isFailed || indices.isFailed { return .failed(dtype) }
    guard indices.layout.rank == 1 else {
      return takingSeveral(indices, axis: axis, operation, record: record)
    }
    // A zero-dimensional value has one element, at index 0.
    if layout.rank == 0, axis == 0 || axis == -1, indices.count == 1 {
      return reshaped(to: [1], record: record)
        .taking(indices, axis: 0, operation: operation, record: record)
        .reshaped(to: [], record: record)
    }
    guard layout.rank > 0, let axis = shape.normalized(axis: axis) else {
      return .failure(operation, "shape \(shape) has no axis \(axis)", dtype: dtype)
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

  /// `taking` with indices of no axes or of several, whose shape stands for the axis in the result.
  private func takingSeveral(_ indices: Value, axis: Int, _ operation: String, record: Bool)
    -> Value
  {
    guard let place = layout.rank == 0 ? 0 : checkedAxis(axis, operation),
      let result = shape.replacing(place, by: indices.shape)
    else {
      return isFailed || indices.layout.rank + layout.rank <= Shape.maximumRank
        ? .failed(dtype)
        : .failure(
          operation, "indices of shape \(indices.shape) for \(shape) give too many axes",
          dtype: dtype)
    }
    return taking(
      indices.reshaped(to: [indices.count]), axis: axis, operation: operation, record: record
    ).reshaped(to: result, record: record)
  }

  /// Zeros of `shape`, to which the slices along `axis` are added at the given indices.
  ///
  /// y[…, indices[i], …] += x[…, i, …]. Recorded with the indices; x receives the slices of g at
  /// the indices (`taking`).
  ///
  /// 16-bit floats are added in Float and rounded once.
  func scattered(_ indices: Value, axis: Int, into shape: Shape, record: Bool = true) -> Value {
    if isFailed { return self }
    if dtype.isFloating, dtype.computeType != dtype {
      return cast(to: dtype.computeType, record: record)
        .scattered(indices, axis: axis, into: shape, record: record)
        .cast(to: dtype, record: record)
    }
    let zeros = Value.full(shape, dtype, bits: 0, on: backend)
    let (source, indices) = (contiguous, indices.contiguous)
    if zeros.isFailed || source.isFailed || indices.isFailed { return .failed(dtype) }
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
  /// This shape with other axes instead of one; nil if they are too many.
  func replacing(_ axis: Int, by axes: Shape) -> Shape? {
    guard rank - Swift.min(rank, 1) + axes.rank <= Shape.maximumRank else { return nil }
    return Shape(prefix(axis) + Array(axes) + dropFirst(axis + 1))
  }

  /// The numbers of elements before and after an axis.
  func extents(around axis: Int) -> (outer: Int, inner: Int) {
    var (outer, inner) = (1, 1)
    for index in 0..<axis { outer *= extents[index] }
    for index in (axis + 1)..<Swift.max(rank, axis + 1) { inner *= extents[index] }
    return (outer, inner)
  }
}
