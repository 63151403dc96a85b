extension Value {
  /// Concatenates values along `axis`; all other extents must agree.
  ///
  /// `[…, n₁, …], […, n₂, …], … → […, n₁ + n₂ + …, …]`. Recorded with the slice that each value
  /// occupies in the result y; xᵢ receives that slice of g.
  static func concatenate(_ values: [Value], axis: Int, record: Bool = true) -> Value {
    guard let first = values.first else {
      return .failure("concatenate", "there is nothing to put together")
    }
    for value in values where value.isFailed { return .failed(first.dtype) }
    // As in PyTorch, an empty list (`[0]`) can be concatenated with any shape.
    if first.layout.rank > 1 || first.shape == [0],
      let whole = values.first(where: { $0.layout.rank > 1 })?.shape,
      let axis = whole.normalized(axis: axis), values.contains(where: { $0.shape == [0] })
    {
      var empty = whole
      empty.extents[axis] = 0
      return concatenate(
        values.map { $0.shape == [0] ? $0.reshaped(to: empty, record: record) : $0 }, axis: axis,
        record: record)
    }
    guard first.layout.rank > 0, let axis = first.shape.normalized(axis: axis) else {
      return .failure(
        "concatenate", "shape \(first.shape) has no axis \(axis)", dtype: first.dtype)
    }
    var shape = first.shape
    shape.extents[axis] = 0
    for value in values {
      var expected = first.shape
      if value.layout.rank == expected.rank { expected.extents[axis] = value.shape.extents[axis] }
      guard value.shape == expected else {
        return .failure(
          "concatenate",
          "shapes \(first.shape) and \(value.shape) differ beside axis \(axis)",
          dtype: first.dtype)
      }
      guard value.backend === first.backend else {
        return .failure(
          "concatenate", "operands on \(first.backend.name) and \(value.backend.name)",
          dtype: first.dtype)
      }
      guard let sum = Size.sum(shape.extents[axis], value.shape.extents[axis]) else {
        return .failure(
          "concatenate", "\(values.count) extents along axis \(axis) have no sum",
          dtype: first.dtype)
      }
      shape.extents[axis] = sum
    }
    guard
      let buffer = Value.allocate(shape, first.dtype, on: first.backend, for: "concatenate")
    else { return .failed(first.dtype) }
    let whole = Layout(shape)
    var slices: [Slice] = []
    var start = 0
    for value in values {
      var slice = Slice(all: value.shape)
      slice.starts[axis] = start
      start += value.shape.extents[axis]
      slices.append(slice)
      first.backend.copy(value, to: buffer, slice.applied(to: whole))
    }
    return Value(whole, first.dtype, buffer).recorded(
      "concatenate", values, record: record, savesValues: false
    ) {
      [slices] g, record in slices.map { g.sliced($0, record: record) }
    }
  }
}
