extension Value {
  /// The matrix product: `[…, m, k] · […, k, n] → […, m, n]`.
  ///
  /// Leading axes broadcast; a vector on the left is a row, on the right a column. Recorded with
  /// each operand that the other's gradient needs; left receives `g · rightᵀ`, right receives
  /// `leftᵀ · g`, each summed over the axes along which it was broadcast.
  static func matmul(_ left: Value, _ right: Value, record: Bool = true) -> Value {
    if left.isFailed || right.isFailed { return .failed(left.dtype) }
    guard left.layout.rank > 0, right.layout.rank > 0 else {
      return .failure(
        "matmul", "\(left.shape) × \(right.shape): a zero-dimensional tensor has no axes to sum",
        dtype: left.dtype)
    }
    // A vector becomes a matrix of one row or column, an axis that the result then loses.
    let a =
      left.layout.rank == 1
      ? left.reshaped(to: [1, left.count], record: record) : left
    let b =
      right.layout.rank == 1
      ? right.reshaped(to: [right.count, 1], record: record) : right
    let product = matrixProduct(a, b, names: (left.shape, right.shape), record: record)
    guard !product.isFailed, left.layout.rank == 1 || right.layout.rank == 1 else {
      return product
    }
    var shape = Array(product.shape)
    if right.layout.rank == 1 { shape.removeLast() }
    if left.layout.rank == 1 { shape.remove(at: shape.count - (right.layout.rank == 1 ? 1 : 2)) }
    return product.reshaped(to: Shape(shape), record: record)
  }

  /// `[…, m, k] · […, k, n]`, both of rank two or more.
  private static func matrixProduct(
    _ a: Value, _ b: Value, names: (Shape, Shape), record: Bool
  ) -> Value {
    let (m, k) = (a.shape.extents[a.shape.rank - 2], a.shape.extents[a.shape.rank - 1])
    let n = b.shape.extents[b.shape.rank - 1]
    let inner = b.shape.extents[b.shape.rank - 2]
    guard k == inner else {
      return .failure(
        "matmul", "\(names.0) × \(names.1): inner extents \(k) and \(inner) differ",
        dtype: a.dtype)
    }
    guard let batch = broadcastShape(a.shape.dropLast(2), b.shape.dropLast(2)) else {
      return .failure(
        "matmul", "\(names.0) × \(names.1): leading axes do not broadcast", dtype: a.dtype)
    }
    guard a.backend === b.backend else {
      return .failure(
        "matmul", "operands on \(a.backend.name) and \(b.backend.name)", dtype: a.dtype)
    }
    var shape = batch
    shape.append(m)
    shape.append(n)
    guard
      var buffer = Value.allocate(shape, a.dtype, on: a.backend, for: "matmul")
    else { return .failed(a.dtype) }
    if shape.elementCount > 0 {
      let count = batch.elementCount
      let left = a.stacked(batch: batch, count: count)
      let right = b.stacked(batch: batch, count: count)
      if left.isFailed || right.isFailed { return .failed(a.dtype) }
      if let repeated = left.repeatedProduct(right) {
        if repeated.isFailed { return repeated }
        buffer = repeated.buffer
      } else {
        guard
          runMatmul(
            left, right, bias: nil, output: Output(buffer, a.dtype), on: a.backend, for: "matmul",
            result: resultShape(batch, a, b, ranks: (names.0.rank, names.1.rank)))
        else { return .failed(a.dtype) }
      }
    }
    return Value(Layout(shape), a.dtype, buffer).recorded("matmul", [a, b], record: record) {
      // Each operand is kept only if the gradient of the other needs it.
      [
        left = b.isRecorded ? a : nil, right = a.isRecorded ? b : nil, aShape = a.shape,
        bShape = b.shape, dtype = a.dtype
      ] g, record in
      let forLeft = right.map { right in
        let right = (record ? right : right.detached).matrixTransposed(record: record)
        return gradientProduct(g, right, for: aShape, dtype, record: record)
      }
      let forRight = left.map { left in
        let left = (record ? left : left.detached).matrixTransposed(record: record)
        return gradientProduct(left, g, for: bShape, dtype, record: record)
      }
      return [forLeft, forRight]
    }
  }

  /// The product that an operand of `shape` receives, summed over the axes along which it was
  /// broadcast.
  ///
  /// Products that are summed are not rounded to 16 bits first.
  private static func gradientProduct(
    _ left: Value, _ right: Value, for shape: Shape, _ dtype: DType, record: Bool
  ) -> Value {
    let batch = broadcastShape(left.shape.dropLast(2), right.shape.dropLast(2))
    let wide = batch == shape.dropLast(2) ? dtype : dtype.computeType
    return matmul(
      left.cast(to: wide, record: record), right.cast(to: wide, record: record), record: record
    ).summed(to: shape, dtype: dtype, record: record)
  }

  /// The product's shape as the caller sees it, without the axes that were added to vectors.
  private static func resultShape(
    _ batch: Shape, _ a: Value, _ b: Value, ranks: (left: Int, right: Int)
  ) -> Shape {
    var shape = batch
    if ranks.left > 1 { shape.append(a.shape.extents[a.shape.rank - 2]) }
    if ranks.right > 1 { shape.append(b.shape.extents[b.shape.rank - 1]) }
    return shape
  }

  /// This `[…, rows, columns]` as `[count, rows, columns]`, with leading axes broadcast to `batch`.
  private func stacked(batch: Shape, count: Int) -> Value {
    let rank = layout.rank
    var shape = batch
    shape.append(self.shape.extents[rank - 2])
    shape.append(self.shape.extents[rank - 1])
    let whole = broadcast(to: shape).detached
    let flat: Shape = [count, shape.extents[shape.rank - 2], shape.extents[shape.rank - 1]]
    // A matrix that all of the batch shares is not copied: the batch stride stays 0.
    if (0..<batch.rank).allSatisfy({ whole.layout.strides[$0] == 0 || shape.extents[$0] == 1 }) {
      var strides = InlineArray<8, Int>(repeating: 0)
      strides[1] = whole.layout.strides[shape.rank - 2]
      strides[2] = whole.layout.strides[shape.rank - 1]
      let view = Layout(shape: flat, strides: strides, offset: layout.offset)
      return Value(view, dtype, buffer)
    }
    return whole.reshaped(to: flat, record: false)
  }
}

extension Shape {
  /// The shape without its last `count` axes.
  fileprivate func dropLast(_ count: Int) -> Shape {
    var shape = Shape()
    for axis in 0..<Swift.max(rank - count, 0) { shape.append(extents[axis]) }
    return shape
  }
}
