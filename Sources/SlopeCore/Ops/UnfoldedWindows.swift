/// The elements of windows of planes side by side, and the sums of what overlaps.
///
/// Each is the other's adjoint.
extension Value {
  /// The elements of all windows: `[planes, height, width]` →
  /// `[planes, kernel height, kernel width, rows, columns]`, 0 outside of the plane.
  ///
  /// x receives g, added where the elements come from (`folded`).
  func unfolded(_ windows: Windows, record: Bool = true) -> Value {
    if isFailed { return self }
    let shape = windows.unfoldedShape(planes: shape.extents[0])
    guard let buffer = Value.allocate(shape, dtype, on: backend, for: "unfold") else {
      return .failed(dtype)
    }
    let source = contiguous
    if source.isFailed { return source }
    if shape.elementCount > 0 { backend.unfold(source, windows, output: buffer) }
    return Value(Layout(shape), dtype, buffer).recorded(
      "unfold", [self], record: record, savesValues: false
    ) { g, record in [g.folded(windows, record: record)] }
  }

  /// The sums of the elements of windows that are in the same place, the adjoint of `unfolded`.
  ///
  /// A 16-bit float is rounded once. x receives the elements of g (`unfolded`).
  func folded(_ windows: Windows, record: Bool = true) -> Value {
    if isFailed { return self }
    let shape = windows.shape(planes: shape.extents[0])
    let wide = dtype.isFloating ? dtype.computeType : dtype
    guard let buffer = Value.allocate(shape, wide, on: backend, for: "fold") else {
      return .failed(dtype)
    }
    let source = cast(to: wide, record: false).contiguous
    if source.isFailed { return .failed(dtype) }
    if shape.elementCount > 0 {
      guard runFold(source, windows, output: buffer, on: backend, result: shape) else {
        return .failed(dtype)
      }
    }
    return Value(Layout(shape), wide, buffer).cast(to: dtype, record: false).recorded(
      "fold", [self], record: record, savesValues: false
    ) { g, record in [g.unfolded(windows, record: record)] }
  }

  /// The place of each window's greatest element among those of all planes, as `int64`:
  /// `[planes, height, width] → [planes, rows, columns]`; not recorded.
  ///
  /// The first of equals, the last NaN. `rows` and `columns` are the ranges of the windows, whose
  /// elements are `dilation` apart; none is empty or leaves the plane.
  func windowMaxima(
    rows: [WindowRange], columns: [WindowRange], dilation: Pair, for operation: String
  ) -> Value {
    if isFailed { return .failed(.int64) }
    let shape: Shape = [shape.extents[0], rows.count, columns.count]
    guard let buffer = Value.allocate(shape, .int64, on: backend, for: operation) else {
      return .failed(.int64)
    }
    let numbers =
      rows.map(\.start) + rows.map(\.count) + columns.map(\.start) + columns.map(\.count)
    let ranges = Value.upload(numbers, shape: [numbers.count], dtype: .int64, on: backend)
    let source = contiguous
    if source.isFailed || ranges.isFailed { return .failed(.int64) }
    if shape.elementCount > 0 {
      backend.windowMaxima(
        source, ranges: ranges, count: Pair(rows.count, columns.count), dilation: dilation,
        output: buffer)
    }
    return Value(Layout(shape), .int64, buffer)
  }
}

/// The elements of a window along one axis: where the first is, and how many there are.
struct WindowRange: Sendable, Hashable {
  var start: Int
  var count: Int
}
