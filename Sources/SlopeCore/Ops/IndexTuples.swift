/// Places named by several index tensors together, and indices counted from the end.
extension Value {
  /// These `int64` indices, of which those from −`bound` to −1 count from the end.
  ///
  /// Others that are negative stay as they are, so that a message names them.
  func countedFromEnd(_ bound: Int) -> Value {
    applyPointwise(Functions.indexFromEnd, self, scalar: Int64(bound).computeBits)
  }

  /// The row-major places in the first axes of this value that index tensors name together.
  ///
  /// The indices, one tensor for each axis, broadcast to `shape`, and negative ones count from the
  /// end. Nil, after a report, if there are more of them than axes, they do not broadcast, or one
  /// is out of range.
  func places(at indices: [Value], _ operation: String) -> (places: Value, shape: Shape)? {
    guard !isFailed, !indices.contains(where: \.isFailed), inspectDevices(indices, operation) else {
      return nil
    }
    guard !indices.isEmpty, indices.count <= layout.rank else {
      reportFailure(
        operation: operation, "\(indices.count) tensors of indices for shape \(shape)")
      return nil
    }
    var common: Shape = []
    for tensor in indices {
      guard let shape = broadcastShape(common, tensor.shape) else {
        let shapes = indices.map { "\($0.shape)" }.joined(separator: ", ")
        reportFailure(operation: operation, "indices of shapes \(shapes) do not broadcast")
        return nil
      }
      common = shape
    }
    guard hasRoom(for: common, operation, dtype: .int64) else { return nil }
    var places = Value.full([], .int64, bits: 0, on: backend)
    for (axis, tensor) in indices.enumerated() {
      let extent = shape.extents[axis]
      let counted = tensor.countedFromEnd(extent).contiguous
      guard !counted.isFailed, isInRange(counted.flat, bound: extent, operation) else {
        return nil
      }
      let before = applyPointwise(
        Functions.multiplyScalar, places, scalar: Int64(extent).computeBits)
      places = applyPointwise(Functions.add, before, counted)
    }
    let whole = places.expanded(to: common).flat
    return whole.isFailed ? nil : (whole, common)
  }

  /// This value with its first axes as one: `[a, b, …] → [a · b, …]`.
  func joiningFirst(_ axes: Int) -> Value {
    reshaped(to: Shape([shape.prefix(axes).reduce(1, *)] + shape.dropFirst(axes)))
  }

  /// The positions of places along an axis each, from row-major places in a shape: one for each
  /// axis.
  func coordinates(in shape: Shape) -> [Value] {
    let strides = Layout(shape).strides
    return (0..<shape.rank).map { axis in
      let scalars: [2 of UInt64] = [
        Int64(strides[axis]).computeBits, Int64(shape.extents[axis]).computeBits,
      ]
      return applyPointwise(Functions.coordinate, self, scalars: scalars.span)
    }
  }
}

extension Functions {
  /// An index, or the bound more than one that counts from the end.
  fileprivate static let indexFromEnd = PointwiseFunction("index", inputs: 1, scalars: 1) {
    let (index, bound) = ($0[0], $0[1])
    return Expression.select(
      Expression.apply(.logicalAnd, index .< 0, -bound .<= index), index + bound, index)
  }

  /// The position along an axis of a row-major place, by the axis' stride and extent.
  fileprivate static let coordinate = PointwiseFunction("coordinate", inputs: 1, scalars: 2) {
    Expression.apply(.remainder, $0[0] / $0[1], $0[2])
  }
}
