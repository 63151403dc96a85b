/// Elements in another order, repeated or padded.
///
/// These are made of views, copies and, for triangles, a pointwise select; all but `diagonal` are
/// recorded as those.
extension Value {
  /// Reverses the order along some axes: y[…, i, …] = x[…, n − 1 − i, …].
  ///
  /// A view, recorded as a slice: x receives g, reversed along the same axes.
  func flipped(axes: [Int]?) -> Value {
    guard !isFailed, let axes = checkedAxes(axes, "flip") else { return .failed(dtype) }
    var slice = Slice(all: shape)
    for axis in axes {
      slice.starts[axis] = shape.extents[axis] - 1
      slice.steps[axis] = -1
    }
    return sliced(slice)
  }

  /// Shifts elements along an axis cyclically: y[…, (i + places) mod n, …] = x[…, i, …].
  ///
  /// x receives g, shifted back by the slices and the concatenation that this is made of.
  func rolled(by places: Int, axis: Int) -> Value {
    guard !isFailed, let axis = checkedAxis(axis, "roll") else { return .failed(dtype) }
    let extent = shape.extents[axis]
    guard extent > 0 else { return self }
    let remainder = places % extent
    let shift = remainder < 0 ? remainder + extent : remainder
    if shift == 0 { return self }
    return .concatenate(
      [
        sliced(Slice(shape, axis: axis, from: extent - shift, count: shift)),
        sliced(Slice(shape, axis: axis, from: 0, count: extent - shift)),
      ], axis: axis)
  }

  /// Repeats each slice along an axis `count` times: `[…, n, …] → […, n · count, …]`.
  ///
  /// Copies of a slice are consecutive if `interleaved`; otherwise the whole axis is repeated. x
  /// receives the sum of g over the copies.
  func repeated(_ count: Int, axis: Int, interleaved: Bool, _ operation: String) -> Value {
    guard !isFailed, let axis = checkedAxis(axis, operation) else { return .failed(dtype) }
    guard count >= 0, let extent = Size.product(shape.extents[axis], count) else {
      return .failure(operation, "\(count) times shape \(shape)", dtype: dtype)
    }
    if count == 1 { return self }
    let (outer, inner) = shape.extents(around: axis)
    let (before, after) =
      interleaved
      ? (outer * shape.extents[axis], inner) : (outer, shape.extents[axis] * inner)
    var result = shape
    result.extents[axis] = extent
    return reshaped(to: [before, 1, after]).expanded(to: [before, count, after])
      .reshaped(to: result)
  }

  /// Pads each axis before and after with elements of one value; negative margins crop.
  ///
  /// `[…, n, …] → […, before + n + after, …]`. x receives g where its elements are, and 0 at
  /// elements that were cropped.
  func padded(_ margins: [(before: Int, after: Int)], bits: UInt64) -> Value {
    if isFailed { return self }
    guard margins.count == layout.rank else {
      return .failure(
        "pad", "\(margins.count) pairs for the \(layout.rank) axes of \(shape)", dtype: dtype)
    }
    var kept = Slice(all: shape)
    var place = Slice(all: shape)
    var result = shape
    for (axis, margin) in margins.enumerated() {
      let extent = shape.extents[axis]
      let total = Size.sum(extent, margin.before).flatMap { Size.sum($0, margin.after) }
      // In magnitudes, since the smallest integer has no positive counterpart.
      let before = margin.before < 0 ? margin.before.magnitude : 0
      let after = margin.after < 0 ? margin.after.magnitude : 0
      guard let total, before <= extent, after <= extent.magnitude - before else {
        return .failure(
          "pad", "(\(margin.before), \(margin.after)) along axis \(axis) of \(shape)", dtype: dtype)
      }
      kept.starts[axis] = Int(before)
      kept.counts.extents[axis] = extent - Int(before) - Int(after)
      place.starts[axis] = max(0, margin.before)
      place.counts.extents[axis] = kept.counts.extents[axis]
      result.extents[axis] = total
    }
    return sliced(kept).embedded(in: result, at: place, bits: bits)
  }

  /// The diagonal of two axes, which become the last axis: a view.
  ///
  /// y[…, i] = x[…, i, …, i + offset, …], or x[…, i − offset, …, i, …] if `offset` is negative. x
  /// receives g on the diagonal, and 0 elsewhere.
  func diagonal(offset: Int, _ first: Int, _ second: Int) -> Value {
    guard !isFailed, let first = checkedAxis(first, "diagonal"),
      let second = checkedAxis(second, "diagonal")
    else { return .failed(dtype) }
    guard first != second, layout.rank >= 2 else {
      return .failure("diagonal", "axes \(first) and \(second) of \(shape)", dtype: dtype)
    }
    let view = layout.diagonal(offset: offset, first, second)
    return Value(view, dtype, buffer).recorded(
      "diagonal", [self], record: true, savesValues: false
    ) { [shape = self.shape] g, record in
      [g.embeddedAsDiagonal(of: shape, offset: offset, first, second, record: record)]
    }
  }

  /// `[rows, columns]` with ones on a diagonal and zeros elsewhere; not recorded.
  static func ones(
    _ rows: Int, _ columns: Int, offset: Int = 0, _ dtype: DType, on backend: any Backend
  ) -> Value {
    let result = full(Shape(rows: rows, columns: columns), dtype, bits: 0, on: backend)
    let one = full([], dtype, bits: dtype.computeBits(of: 1), on: backend)
    if result.isFailed || one.isFailed { return .failed(dtype) }
    let diagonal = result.layout.diagonal(offset: offset, 0, 1)
    if diagonal.shape[0] > 0 {
      backend.copy(one.expanded(to: diagonal.shape), to: result.buffer, diagonal)
    }
    return result
  }

  /// The elements along the last axis on a diagonal of two new axes, and zeros elsewhere.
  ///
  /// `[…, n] → […, n + |offset|, …, n + |offset|, …]`, where `first` and `second` are axes of the
  /// result. x receives that diagonal of g.
  func diagonalEmbedded(offset: Int, _ first: Int, _ second: Int) -> Value {
    if isFailed { return self }
    let rank = layout.rank + 1
    let places = Shape(repeatElement(1, count: min(rank, Shape.maximumRank)))
    guard rank >= 2, rank <= Shape.maximumRank, let first = places.normalized(axis: first),
      let second = places.normalized(axis: second), first != second
    else {
      return .failure("diag_embed", "\(shape) along axes \(first) and \(second)", dtype: dtype)
    }
    guard let shift = Int(exactly: offset.magnitude),
      let extent = Size.sum(shape.extents[rank - 2], shift)
    else { return .failure("diag_embed", "\(shape) with offset \(offset)", dtype: dtype) }
    var result = Shape()
    var rest = 0
    for axis in 0..<rank {
      if axis == first || axis == second {
        result.append(extent)
      } else {
        result.append(shape.extents[rest])
        rest += 1
      }
    }
    return embeddedAsDiagonal(of: result, offset: offset, first, second, record: true)
  }

  /// Zeros of `shape` with these elements on a diagonal; x receives the diagonal of g.
  private func embeddedAsDiagonal(
    of shape: Shape, offset: Int, _ first: Int, _ second: Int, record: Bool
  ) -> Value {
    let zeros = Value.full(shape, dtype, bits: 0, on: backend)
    if zeros.isFailed || isFailed { return .failed(dtype) }
    backend.copy(
      self, to: zeros.buffer, zeros.layout.diagonal(offset: offset, first, second))
    return zeros.recorded("embed", [self], record: record, savesValues: false) { g, record in
      [g.diagonal(offset: offset, first, second)]
    }
  }

  /// The matrices `[…, rows, columns]` with zeros above (`isLower`) or below a diagonal.
  ///
  /// Keeps row i, column j where j − diagonal ≤ i (`isLower`), or i ≤ j − diagonal. x receives g
  /// there, and 0 elsewhere.
  func triangle(diagonal: Int, isLower: Bool) -> Value {
    let operation = isLower ? "tril" : "triu"
    if isFailed { return self }
    guard layout.rank >= 2 else {
      return .failure(operation, "shape \(shape) is no matrix", dtype: dtype)
    }
    let (rows, columns) = (shape.extents[layout.rank - 2], shape.extents[layout.rank - 1])
    // Checked before memory is filled with row numbers.
    guard hasRoom(for: shape, operation) else { return .failed(dtype) }
    let down = Value.range(rows, on: backend).reshaped(to: [rows, 1])
    // Diagonals outside the matrix all give the same result.
    let bound = min(max(diagonal, -rows), columns)
    let across = applyPointwise(
      Functions.subtractScalar, Value.range(columns, on: backend),
      scalar: Int64(bound).computeBits)
    let isKept =
      isLower
      ? applyPointwise(Functions.lessOrEqual, across, down, output: .bool)
      : applyPointwise(Functions.lessOrEqual, down, across, output: .bool)
    let zero = Value.full([], dtype, bits: 0, on: backend)
    return applyPointwise(
      Functions.select, [isKept, self, zero], programType: dtype, output: dtype)
  }

  // MARK: Axes

  /// A valid axis, counted from the front; nil, after a report, if there is none.
  func checkedAxis(_ axis: Int, _ operation: String) -> Int? {
    if layout.rank > 0, let index = shape.normalized(axis: axis) { return index }
    reportFailure(operation: operation, "shape \(shape) has no axis \(axis)")
    return nil
  }

  /// Valid axes, each once, or all axes for nil.
  ///
  /// Nil, after a report, if one is not valid.
  func checkedAxes(_ axes: [Int]?, _ operation: String) -> [Int]? {
    guard let axes else { return Array(0..<layout.rank) }
    // A tensor without axes accepts 0 and −1.
    if layout.rank == 0, axes == [0] || axes == [-1] { return [] }
    var found: [Int] = []
    for axis in axes {
      guard let index = checkedAxis(axis, operation) else { return nil }
      if found.contains(index) {
        reportFailure(operation: operation, "axis \(axis) of shape \(shape) is named twice")
        return nil
      }
      found.append(index)
    }
    return found
  }
}

extension Shape {
  /// The rows and columns before a diagonal of two axes, and its length.
  fileprivate func diagonal(offset: Int, _ first: Int, _ second: Int) -> (
    down: Int, across: Int, count: Int
  ) {
    let (rows, columns) = (extents[first], extents[second])
    let down = offset < 0 ? Swift.min(rows, 0 &- Swift.max(offset, -Int.max)) : 0
    let across = Swift.min(columns, Swift.max(0, offset))
    return (down, across, Swift.min(rows - down, columns - across))
  }
}

extension Layout {
  /// A diagonal of two axes as the last axis.
  ///
  /// It starts `offset` columns to the right of the first element, or −`offset` rows below it.
  func diagonal(offset: Int, _ first: Int, _ second: Int) -> Layout {
    let (down, across, count) = shape.diagonal(offset: offset, first, second)
    var extents = Shape()
    var steps = InlineArray<8, Int>(repeating: 0)
    for axis in 0..<rank where axis != first && axis != second {
      steps[extents.rank] = strides[axis]
      extents.append(shape.extents[axis])
    }
    steps[extents.rank] = strides[first] + strides[second]
    extents.append(count)
    // An empty diagonal must not move the offset out of the buffer.
    let start = count > 0 ? down * strides[first] + across * strides[second] : 0
    return Layout(shape: extents, strides: steps, offset: self.offset + start)
  }
}
