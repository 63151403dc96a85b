/// Elements chosen by their places in planes, as the greatest of windows are.
extension Value {
  /// The elements at `places` of `[rows, extent]`: `[rows, count]`.
  ///
  /// `places` are positions among all elements, `int64`, those of a row in that row. x receives g,
  /// added at the places (`scattered(at:extent:)`).
  func taking(at places: Value, record: Bool = true) -> Value {
    if isFailed || places.isFailed { return .failed(dtype) }
    let taken = detached.reshaped(to: [count], record: false)
      .taking(places.reshaped(to: [places.count], record: false), axis: 0, record: false)
      .reshaped(to: places.shape, record: false)
    return taken.recorded("takePlaces", [self], record: record) {
      [extent = shape.extents[1]] g, record in
      [g.scattered(at: places, extent: extent, record: record)]
    }
  }

  /// Zeros `[rows, extent]`, to which these elements `[rows, count]` are added at `places`.
  ///
  /// x receives the elements of g at the places.
  func scattered(at places: Value, extent: Int, record: Bool = true) -> Value {
    if isFailed || places.isFailed { return .failed(dtype) }
    let result = Shape(rows: shape.extents[0], columns: extent)
    let zeros = Value.full(result, dtype, bits: 0, on: backend)
    let source = contiguous
    if zeros.isFailed || source.isFailed { return .failed(dtype) }
    if source.count > 0 {
      guard
        runScatterAddRows(
          source, places: places, into: zeros.buffer, extent: extent, on: backend, result: result)
      else { return .failed(dtype) }
    }
    return zeros.recorded("scatterPlaces", [self], record: record) { g, record in
      [g.taking(at: places, record: record)]
    }
  }
}
