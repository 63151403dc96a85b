/// Views: other layouts over the same memory, and their gradients.
extension Value {
  /// The same elements in row-major order in another shape; copies only if the strides require it.
  ///
  /// x receives g in its own shape.
  func reshaped(to shape: Shape, record: Bool = true) -> Value {
    if isFailed || shape == self.shape { return self }
    guard shape.representableCount == count else {
      return .failure(
        "reshape", "\(self.shape) has \(count) elements, \(shape) has \(shape.elementCount)",
        dtype: dtype)
    }
    let view: Value
    if let layout = layout.reshaped(to: shape) {
      view = Value(layout, dtype, buffer)
    } else {
      let copy = contiguous
      if copy.isFailed { return copy }
      view = Value(Layout(shape), dtype, copy.buffer)
    }
    return view.recorded(
      "reshape", [self], record: record, savesValues: false
    ) { [shape = self.shape] g, record in
      [g.reshaped(to: shape, record: record)]
    }
  }

  /// The view with axes in the given order, which the caller has checked; x receives g permuted
  /// back.
  func permuted(_ axes: [Int], record: Bool = true) -> Value {
    if isFailed { return self }
    return Value(layout.permuted(axes), dtype, buffer).recorded(
      "permute", [self], record: record, savesValues: false
    ) {
      g, record in
      var inverse = axes
      for (position, axis) in axes.enumerated() { inverse[axis] = position }
      return [g.permuted(inverse, record: record)]
    }
  }

  /// The view with the last two axes exchanged: `[…, m, n] → […, n, m]`; x receives g so exchanged.
  func matrixTransposed(record: Bool = true) -> Value {
    var axes = Array(0..<layout.rank)
    if axes.count >= 2 { axes.swapAt(axes.count - 1, axes.count - 2) }
    return permuted(axes, record: record)
  }

  /// A view of a larger shape that repeats elements along new axes and those of extent 1.
  ///
  /// x receives the sum of g over the repeated axes.
  func expanded(to shape: Shape, record: Bool = true) -> Value {
    if isFailed || shape == self.shape { return self }
    guard broadcastShape(self.shape, shape) == shape, shape.representableCount != nil else {
      return .failure("expand", "\(self.shape) does not broadcast to \(shape)", dtype: dtype)
    }
    let view = Layout(
      shape: shape, strides: layout.strides(broadcastTo: shape), offset: layout.offset)
    return Value(view, dtype, buffer).recorded(
      "expand", [self], record: record, savesValues: false
    ) {
      [shape = self.shape, dtype] g, record in
      [g.summed(to: shape, dtype: dtype, record: record)]
    }
  }

  /// The view that a checked slice describes; x receives g where the slice is, and 0 elsewhere.
  func sliced(_ slice: Slice, record: Bool = true) -> Value {
    if isFailed { return self }
    let view = Value(slice.applied(to: layout), dtype, buffer)
    guard record, isRecorded, let recording else { return view }
    return view.recorded(by: SliceRecording(slice, of: recording))
  }

  /// A value of `shape` with these elements where `slice` is, and `bits` elsewhere.
  ///
  /// `bits` is an element of the compute type. x receives the slice of g.
  func embedded(
    in shape: Shape, at slice: Slice, bits: UInt64, record: Bool = true
  ) -> Value {
    if isFailed { return self }
    let whole = Value.full(shape, dtype, bits: bits, on: backend)
    if whole.isFailed { return whole }
    backend.copy(self, to: whole.buffer, slice.applied(to: whole.layout))
    return whole.recorded(
      "embed", [self], record: record, savesValues: false
    ) { g, record in
      [g.sliced(slice, record: record)]
    }
  }

  /// Whether there is memory for a result now; if there is none, that is reported.
  ///
  /// Asked before other memory is filled for the result.
  func hasRoom(for shape: Shape, _ operation: String, dtype: DType? = nil) -> Bool {
    Value.allocate(shape, dtype ?? self.dtype, on: backend, for: operation) != nil
  }
}
