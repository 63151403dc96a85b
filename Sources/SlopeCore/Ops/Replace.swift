/// Slices, diagonals and parts replaced by other elements.
///
/// Each is a copy of x, in which the verb `scatter` or a copy writes the other elements.
extension Value {
  /// The slices along `axis` at the given indices replaced by those of `source`.
  ///
  /// y[…, indices[i], …] = source[…, i, …], where the last of equal indices counts. `indices` is one-dimensional, the
  /// axis counted from the front, and `source` has this shape but the count of indices along it. x
  /// receives g, but 0 at the indices; source receives the slices of g at the indices, but 0 where
  /// a later one counts.
  func replacing(
    _ indices: Value, axis: Int, with source: Value, _ operation: String, record: Bool = true
  ) -> Value {
    if isFailed || indices.isFailed || source.isFailed { return .failed(dtype) }
    guard inspectDevices([indices, source], operation) else { return .failed(dtype) }
    let (places, elements) = (indices.contiguous, source.contiguous)
    let extent = shape.extents[axis]
    guard !places.isFailed, !elements.isFailed,
      places.isInRange(places, bound: extent, operation),
      let buffer = Value.allocate(shape, dtype, on: backend, for: operation)
    else { return .failed(dtype) }
    let result = Value(Layout(shape), dtype, buffer)
    if count > 0 { backend.copy(self, to: buffer, result.layout) }
    let (outer, inner) = shape.extents(around: axis)
    if elements.count > 0 {
      let rows = elements.detached.reshaped(to: [outer, places.count, inner])
      guard backend.scatter(rows, indices: places, into: buffer, extent: extent) else {
        return .failure(
          operation, "no memory to write to \(shape) on \(backend.name)", dtype: dtype)
      }
    }
    let (ownsGradient, sourceShape) = (isRecorded, source.isRecorded ? source.shape : nil)
    return result.recorded(operation, [self, source], record: record) { g, record in
      let own =
        ownsGradient
        ? g.replacing(places, axis: axis, withZeros: operation, record: record) : nil
      guard let sourceShape else { return [own, nil] }
      let taken = g.taking(places, axis: axis, record: record)
      let zero = Value.full([], g.dtype, bits: 0, on: g.backend)
      let isLast = places.isLastOfEquals(below: extent).reshaped(
        to: Shape(repeating: 1, count: sourceShape.rank, except: axis, places.count))
      return [
        own,
        applyPointwise(
          Functions.select, [isLast, taken, zero], programType: g.dtype, output: g.dtype,
          record: record),
      ]
    }
  }

  /// The slices along an axis at one-dimensional indices replaced by zeros.
  func replacing(_ indices: Value, axis: Int, withZeros operation: String, record: Bool = true)
    -> Value
  {
    var zeros = shape
    zeros.extents[axis] = indices.count
    return replacing(
      indices, axis: axis, with: .full(zeros, dtype, bits: 0, on: backend), operation,
      record: record)
  }

  /// Whether each of these one-dimensional indices is the last that names its place: `[count]`.
  private func isLastOfEquals(below extent: Int) -> Value {
    let positions = Value.range(count, on: backend)
    let last = Value.full([extent], .int64, bits: 0, on: backend)
      .replacing(self, axis: 0, with: positions, "scatter", record: false)
    return applyPointwise(
      Functions.equal, last.taking(self, axis: 0, record: false), positions, output: .bool)
  }

  /// Whether the others are on this value's device; if not, it is reported.
  func inspectDevices(_ others: [Value], _ operation: String) -> Bool {
    for other in others where other.backend !== backend {
      reportFailure(
        operation: operation, "operands on \(backend.name) and \(other.backend.name)")
      return false
    }
    return true
  }

  /// A slice replaced by `source`, which has its shape.
  ///
  /// x receives g, but 0 in the slice; source receives the slice of g.
  func replacing(_ slice: Slice, with source: Value, _ operation: String, record: Bool = true)
    -> Value
  {
    overwritten(by: source, at: slice.applied(to: Layout(shape)), operation, record: record) {
      g, record in
      let zeros = Value.full(slice.counts, g.dtype, bits: 0, on: g.backend)
      return [
        g.replacing(slice, with: zeros, operation, record: record), g.sliced(slice, record: record),
      ]
    }
  }

  /// A diagonal of two axes, counted from the front, replaced by `source`, which has its shape.
  ///
  /// x receives g, but 0 on the diagonal; source receives the diagonal of g.
  func replacingDiagonal(
    offset: Int, _ first: Int, _ second: Int, with source: Value, _ operation: String,
    record: Bool = true
  ) -> Value {
    overwritten(
      by: source, at: Layout(shape).diagonal(offset: offset, first, second), operation,
      record: record
    ) { [shape = source.shape] g, record in
      let zeros = Value.full(shape, g.dtype, bits: 0, on: g.backend)
      let plain = record ? g : g.detached
      return [
        g.replacingDiagonal(offset: offset, first, second, with: zeros, operation, record: record),
        plain.diagonal(offset: offset, first, second),
      ]
    }
  }

  /// A copy, in which `source` is written where a layout over the copy says.
  private func overwritten(
    by source: Value, at place: Layout, _ operation: String, record: Bool,
    pullback: @escaping OperationRecording.Pullback
  ) -> Value {
    if isFailed || source.isFailed { return .failed(dtype) }
    guard inspectDevices([source], operation),
      let buffer = Value.allocate(shape, dtype, on: backend, for: operation)
    else { return .failed(dtype) }
    let result = Value(Layout(shape), dtype, buffer)
    if count > 0 { backend.copy(self, to: buffer, result.layout) }
    if source.count > 0 { backend.copy(source, to: buffer, place) }
    return result.recorded(
      operation, [self, source], record: record, savesValues: false, pullback: pullback)
  }
}

extension Shape {
  /// A shape of equal extents, but one along an axis.
  init(repeating extent: Int, count: Int, except axis: Int, _ other: Int) {
    self.init(repeatElement(extent, count: count))
    extents[axis] = other
  }
}
