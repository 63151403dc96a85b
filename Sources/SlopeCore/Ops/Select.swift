/// Elements chosen by positions along an axis, or by a mask.
extension Value {
  /// The elements at `indices` along `axis`, as PyTorch's `gather`: `indices.shape`.
  ///
  /// y[…, i, …] = x[…, indices[…, i, …], …]. `indices` has the same rank, and no larger extent
  /// along any other axis. Recorded as a gather from the flattened x, which receives g added at the
  /// indices.
  func takingAlong(_ indices: Value, axis: Int) -> Value {
    if isFailed || indices.isFailed { return .failed(dtype) }
    if layout.rank == 0 || indices.layout.rank == 0 {
      return asList.takingAlong(indices.asList, axis: axis).reshaped(to: indices.shape)
    }
    guard let places = places(of: indices, axis: axis, "gather") else { return .failed(dtype) }
    return flat.taking(places, axis: 0).reshaped(to: indices.shape)
  }

  /// This value with the elements of `source` added at `indices` along `axis`, in row-major order.
  ///
  /// y = x, then y[…, indices[…, i, …], …] += source[…, i, …]. x receives g; source receives the
  /// elements of g at the indices.
  func scatterAdded(_ source: Value, at indices: Value, axis: Int) -> Value {
    if isFailed || source.isFailed || indices.isFailed { return .failed(dtype) }
    if layout.rank == 0 || indices.layout.rank == 0 || source.layout.rank == 0 {
      return asList.scatterAdded(source.asList, at: indices.asList, axis: axis).reshaped(to: shape)
    }
    guard let source = source.corner(indices.shape) else {
      return .failure(
        "scatterAdd", "indices of shape \(indices.shape) for a source of \(source.shape)",
        dtype: dtype)
    }
    guard let places = places(of: indices, axis: axis, "scatterAdd") else { return .failed(dtype) }
    // The sum is rounded to 16 bits once.
    let wide = dtype.isFloating ? dtype.computeType : dtype
    let added = source.flat.cast(to: wide).scattered(places, axis: 0, into: [count])
      .reshaped(to: shape)
    return applyPointwise(Functions.add, self, added)
  }

  /// The elements in row-major order along one axis.
  var flat: Value { reshaped(to: [count]) }

  /// A zero-dimensional value as a list of one element; any other as it is.
  var asList: Value { layout.rank == 0 ? reshaped(to: [1]) : self }

  /// The first elements along each axis; nil if there are not as many.
  ///
  /// None for a part without elements, of any shape. There is at least one axis.
  func corner(_ part: Shape) -> Value? {
    if part.elementCount == 0 { return sliced(Slice(shape, axis: 0, from: 0, count: 0)) }
    guard part.rank == layout.rank else { return nil }
    var result = self
    for axis in 0..<part.rank where part.extents[axis] != shape.extents[axis] {
      guard part.extents[axis] < shape.extents[axis] else { return nil }
      result = result.sliced(
        Slice(result.shape, axis: axis, from: 0, count: part.extents[axis]))
    }
    return result
  }

  /// The row-major positions of the elements that `indices` name along an axis: `[indices.count]`.
  ///
  /// Nil, after a report, if one is out of range or the shapes do not fit; no indices fit every
  /// shape.
  func places(of indices: Value, axis: Int, _ operation: String) -> Value? {
    guard !isFailed, !indices.isFailed, let axis = checkedAxis(axis, operation) else { return nil }
    // PyTorch's rule: without indices nothing is read, whatever their shape.
    if indices.count == 0, backend === indices.backend { return indices.contiguous.flat }
    var fits = indices.layout.rank == layout.rank
    for other in 0..<layout.rank where fits && other != axis {
      fits = indices.shape.extents[other] <= shape.extents[other]
    }
    guard fits else {
      reportFailure(
        operation: operation,
        "indices of shape \(indices.shape) do not fit \(shape) along axis \(axis)")
      return nil
    }
    guard backend === indices.backend else {
      reportFailure(
        operation: operation, "operands on \(backend.name) and \(indices.backend.name)")
      return nil
    }
    let plain = indices.contiguous
    guard !plain.isFailed, isInRange(plain.flat, bound: shape.extents[axis], operation) else {
      return nil
    }
    guard hasRoom(for: indices.shape, operation, dtype: .int64) else { return nil }
    let steps = Layout(shape).strides
    var places = applyPointwise(
      Functions.multiplyScalar, plain, scalar: Int64(steps[axis]).computeBits)
    for other in 0..<layout.rank where other != axis && indices.shape.extents[other] > 1 {
      var along = Shape(repeatElement(1, count: layout.rank))
      along.extents[other] = indices.shape.extents[other]
      let offsets = applyPointwise(
        Functions.multiplyScalar, Value.range(along.extents[other], on: backend),
        scalar: Int64(steps[other]).computeBits)
      places = applyPointwise(Functions.add, places, offsets.reshaped(to: along))
    }
    return places.isFailed ? nil : places.flat
  }

  /// Whether contiguous `int64` indices are in `0..<bound`, as far as is known now.
  ///
  /// One that is not is reported, by an OpenCL device later.
  func isInRange(_ indices: Value, bound: Int, _ operation: String) -> Bool {
    guard indices.count > 0 else { return true }
    // `exempt: 0` exempts nothing that is out of range, unless the bound is 0.
    let bad =
      bound == 0
      ? 0
      : backend.checkIndices(
        indices, bound: bound, exempt: 0, subject: "index", operation: operation)
    guard let bad else { return true }
    reportBadIndex(indices.index(at: bad), at: bad, bound: bound, operation)
    return false
  }

  /// The row-major positions of the true elements of this Bool value: `[count]`.
  ///
  /// Waits for the device; not recorded.
  var truePositions: Value {
    let host = contiguous.moved(to: CPUBackend.shared, record: false)
    if host.isFailed { return .failed(.int64) }
    let sum = host.reduced(.sum)
    if sum.isFailed { return .failed(.int64) }
    let total = Int(sum.index(at: 0))
    return .filled([total], .int64, on: backend, for: "selected") {
      (positions: UnsafeMutableBufferPointer<Int64>) in
      host.withBytes { truths in
        var found = 0
        for position in 0..<truths.count where truths[position] != 0 {
          positions.initializeElement(at: found, to: Int64(position))
          found += 1
        }
      }
    }
  }

  /// One-hot rows for these `int64` class indices: `[…] → […, classCount]`.
  ///
  /// y[…, c] = 1 where c is the class index, else 0. Not recorded.
  func oneHot(classCount: Int) -> Value {
    if isFailed { return self }
    let rank = layout.rank
    guard classCount >= 0, rank < Shape.maximumRank else {
      return .failure("oneHot", "\(classCount) classes for labels of \(shape)", dtype: dtype)
    }
    let labels = contiguous
    guard !labels.isFailed, labels.isInRange(labels.flat, bound: classCount, "oneHot") else {
      return .failed(dtype)
    }
    var (column, table) = (shape, shape)
    column.append(1)
    table.append(classCount)
    guard hasRoom(for: table, "oneHot", dtype: .int64) else { return .failed(dtype) }
    return applyPointwise(
      Functions.equal, labels.reshaped(to: column), Value.range(classCount, on: backend),
      output: .int64)
  }
}
