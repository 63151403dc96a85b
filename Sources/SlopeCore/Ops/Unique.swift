/// Distinct elements or slices, found on the host, since the shape of the result depends on them.
extension Value {
  /// The distinct elements, the number of each element's among them, and their counts.
  ///
  /// If `isSorted`, those of the whole value in ascending order; otherwise one for each run of
  /// equal neighbours. NaN equals nothing. Not recorded; waits for the device.
  func distinct(isSorted: Bool, _ operation: String) -> DistinctParts {
    let list = detached.contiguous.moved(to: CPUBackend.shared, record: false).flat
    if list.isFailed { return DistinctParts(failed: dtype) }
    let order = isSorted ? list.argsorted(axis: 0, descending: false, operation) : nil
    let sorted = order.map { list.taking($0, axis: 0) } ?? list
    let runs = Runs(sorted.differsFromNext, of: list.count, order: order, operation)
    guard let runs else { return DistinctParts(failed: dtype) }
    return DistinctParts(
      values: list.taking(runs.firsts, axis: 0).moved(to: backend, record: false),
      inverse: runs.inverse.moved(to: backend, record: false).reshaped(to: shape),
      counts: runs.counts.moved(to: backend, record: false))
  }

  /// The distinct slices along an axis, in the order of their elements if `isSorted`.
  func distinct(axis: Int, isSorted: Bool, _ operation: String) -> DistinctParts {
    guard !isFailed, let axis = checkedAxis(axis, operation) else {
      return DistinctParts(failed: dtype)
    }
    let extent = shape.extents[axis]
    let (outer, inner) = shape.extents(around: axis)
    guard extent == 0 || outer * inner > 0 else {
      reportFailure(
        operation: operation, "slices along axis \(axis) of \(shape) have no elements")
      return DistinctParts(failed: dtype)
    }
    let host = detached.contiguous.moved(to: CPUBackend.shared, record: false)
    if host.isFailed { return DistinctParts(failed: dtype) }
    let axes = [axis] + (0..<layout.rank).filter { $0 != axis }
    let rows = host.permuted(axes).contiguous.reshaped(to: [extent, outer * inner])
    // Not for one row or none, which may have any number of columns.
    let order = isSorted && extent > 1 ? rows.orderOfRows(operation) : nil
    if rows.isFailed || order?.isFailed == true { return DistinctParts(failed: dtype) }
    let sorted = order.map { rows.taking($0, axis: 0) } ?? rows
    let runs = Runs(sorted.differsFromNext, of: extent, order: order, operation)
    guard let runs else { return DistinctParts(failed: dtype) }
    return DistinctParts(
      values: host.taking(runs.firsts, axis: axis).moved(to: backend, record: false),
      inverse: runs.inverse.moved(to: backend, record: false),
      counts: runs.counts.moved(to: backend, record: false))
  }

  /// The positions that sort the rows of this matrix by their first elements, then the next.
  private func orderOfRows(_ operation: String) -> Value {
    var order = Value.range(shape.extents[0], on: backend)
    // Stable, so sorting by the last column first leaves ties in its order.
    for column in (0..<shape.extents[1]).reversed() {
      if order.isFailed { return order }
      let keys = sliced(Slice(shape, axis: 1, from: column, count: 1))
        .reshaped(to: [shape.extents[0]]).taking(order, axis: 0)
      order = order.taking(keys.argsorted(axis: 0, descending: false, operation), axis: 0)
    }
    return order
  }

  /// Whether each slice along the first axis but the last differs from the next: Bool `[n − 1]`.
  private var differsFromNext: Value {
    let next = max(shape.extents[0] - 1, 0)
    let differs = applyPointwise(
      Functions.notEqual,
      sliced(Slice(shape, axis: 0, from: min(1, shape.extents[0]), count: next)),
      sliced(Slice(shape, axis: 0, from: 0, count: next)), output: .bool)
    guard layout.rank == 2, next > 0 else { return differs.isFailed ? differs : differs.flat }
    return differs.reduced(.maximum, axes: [1])
  }
}

/// The results of a search for distinct elements.
struct DistinctParts {
  let values: Value
  let inverse: Value
  let counts: Value

  init(values: Value, inverse: Value, counts: Value) {
    (self.values, self.inverse, self.counts) = (values, inverse, counts)
  }

  init(failed dtype: DType) {
    self.init(values: .failed(dtype), inverse: .failed(.int64), counts: .failed(.int64))
  }
}

/// Runs of equal neighbours in a sequence: where each begins, which one an element is in, and their
/// lengths.
private struct Runs {
  let firsts: Value
  let inverse: Value
  let counts: Value

  /// The runs of `count` elements; nil if memory is lacking.
  ///
  /// `differs` says of each but the last whether the next begins a run. With an `order`, first
  /// elements and numbers are those of the elements before they were brought into it.
  init?(_ differs: Value, of count: Int, order: Value?, _ operation: String) {
    guard !differs.isFailed, order?.isFailed != true else { return nil }
    let plain = differs.contiguous
    let total = plain.reduced(.sum)
    if plain.isFailed || total.isFailed { return nil }
    let runCount = count > 0 ? Int(total.index(at: 0)) + 1 : 0
    let host = CPUBackend.shared
    /// Calls `body` for each element with its position before it was sorted.
    func forEach(_ body: (_ origin: Int, _ begins: Bool) -> Void) {
      plain.withBytes { differs in
        order.withPointer { start in
          let origins = start?.assumingMemoryBound(to: Int64.self)
          for position in 0..<count {
            body(
              origins.map { Int($0[position]) } ?? position,
              position == 0 || differs[position - 1] != 0)
          }
        }
      }
    }
    inverse = Value.filled([count], .int64, on: host, for: operation) {
      (numbers: UnsafeMutableBufferPointer<Int64>) in
      var run: Int64 = -1
      forEach { origin, begins in
        if begins { run += 1 }
        numbers[origin] = run
      }
    }
    firsts = Value.filled([runCount], .int64, on: host, for: operation) {
      (firsts: UnsafeMutableBufferPointer<Int64>) in
      var run = 0
      forEach { origin, begins in
        guard begins else { return }
        firsts[run] = Int64(origin)
        run += 1
      }
    }
    counts = Value.filled([runCount], .int64, on: host, for: operation) {
      (counts: UnsafeMutableBufferPointer<Int64>) in
      var run = -1
      forEach { _, begins in
        if begins {
          run += 1
          counts[run] = 0
        }
        counts[run] += 1
      }
    }
    if inverse.isFailed || firsts.isFailed || counts.isFailed { return nil }
  }
}
