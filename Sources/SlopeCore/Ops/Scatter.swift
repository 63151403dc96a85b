/// Elements and slices written, added or reduced at indices.
extension Value {
  /// This value with the elements of `source` at `indices` along `axis`, as PyTorch's `scatter`.
  ///
  /// y = x, then y[…, indices[…, i, …], …] = source[…, i, …] in row-major order. x receives g, but
  /// 0 where it was replaced; source receives the elements of g where it was not.
  func scattering(_ source: Value, at indices: Value, axis: Int, _ operation: String) -> Value {
    guard let parts = scatterParts(source, indices, axis: axis, operation) else {
      return .failed(dtype)
    }
    return flat.replacing(parts.places, axis: 0, with: parts.source, operation)
      .reshaped(to: shape)
  }

  /// This value with the elements of `source` reduced into it at `indices` along `axis`.
  func scatterReduced(
    _ source: Value, at indices: Value, axis: Int, by kind: ScatterReduction,
    includingSelf: Bool, _ operation: String
  ) -> Value {
    guard let parts = scatterParts(source, indices, axis: axis, operation) else {
      return .failed(dtype)
    }
    return flat.reducing(
      parts.source, at: parts.places, by: kind, includingSelf: includingSelf, operation
    ).reshaped(to: shape)
  }

  /// The elements of `source` that `indices` cover, and their row-major places in this value.
  private func scatterParts(
    _ source: Value, _ indices: Value, axis: Int, _ operation: String
  ) -> (source: Value, places: Value)? {
    if isFailed || source.isFailed || indices.isFailed { return nil }
    guard inspectDevices([source, indices], operation) else { return nil }
    let (target, source, indices) = (asList, source.asList, indices.asList)
    guard let used = source.corner(indices.shape) else {
      reportFailure(
        operation: operation,
        "indices of shape \(indices.shape) for a source of \(source.shape)")
      return nil
    }
    guard let places = target.places(of: indices, axis: axis, operation) else { return nil }
    return (used.flat, places)
  }

  // MARK: Slices

  /// The operands of an operation on the slices along an axis, checked, and each with at least one
  /// axis.
  ///
  /// Nil, after a report, if the source has not this shape, but the count of indices along the
  /// axis.
  private func sliceParts(
    _ source: Value, _ indices: Value, axis: Int, _ operation: String
  ) -> (target: Value, source: Value, indices: Value, axis: Int)? {
    if isFailed || source.isFailed || indices.isFailed { return nil }
    let (target, list) = (asList, indices.asList)
    guard inspectDevices([source, indices], operation),
      let axis = target.checkedAxis(axis, operation)
    else { return nil }
    guard list.layout.rank == 1 else {
      reportFailure(
        operation: operation, "indices of shape \(indices.shape) are not one-dimensional")
      return nil
    }
    var expected = target.shape
    expected.extents[axis] = list.count
    let rows = target.layout.rank == 1 ? source.asList : source
    guard rows.shape == expected else {
      reportFailure(
        operation: operation,
        "\(list.count) indices and a source of shape \(source.shape) for axis \(axis) of \(shape)")
      return nil
    }
    return (target, rows, list, axis)
  }

  /// This value with the slices of `source` at the given indices along an axis.
  func indexCopied(_ source: Value, at indices: Value, axis: Int) -> Value {
    guard let parts = sliceParts(source, indices, axis: axis, "indexCopy") else {
      return .failed(dtype)
    }
    return parts.target.replacing(
      parts.indices, axis: parts.axis, with: parts.source, "indexCopy"
    ).reshaped(to: shape)
  }

  /// This value with one element, of no axes, in the slices at the given indices along an axis.
  ///
  /// x receives g, but 0 in the slices; the element receives the sum of g over them.
  func indexFilled(_ element: Value, at indices: Value, axis: Int) -> Value {
    if isFailed || indices.isFailed || element.isFailed { return .failed(dtype) }
    guard element.layout.rank == 0 else {
      return .failure(
        "indexFill", "\(element.shape) is the shape of more than one element", dtype: dtype)
    }
    let (target, list) = (asList, indices.asList)
    guard let axis = target.checkedAxis(axis, "indexFill") else { return .failed(dtype) }
    var filled = target.shape
    filled.extents[axis] = list.count
    guard inspectDevices([indices], "indexFill"),
      let parts = target.sliceParts(
        element.expanded(to: filled), list.countedFromEnd(target.shape.extents[axis]), axis: axis,
        "indexFill")
    else { return .failed(dtype) }
    return target.replacing(parts.indices, axis: axis, with: parts.source, "indexFill")
      .reshaped(to: shape)
  }

  /// This value with the slices of `source` added at indices along an axis, in their order.
  ///
  /// 16-bit floats are added in Float. x receives g, source its slices.
  func indexAdded(_ source: Value, at indices: Value, axis: Int) -> Value {
    guard let parts = sliceParts(source, indices, axis: axis, "indexAdd") else {
      return .failed(dtype)
    }
    return parts.target.adding(parts.source, at: parts.indices, axis: parts.axis, "indexAdd")
      .reshaped(to: shape)
  }

  /// This value with slices added at one-dimensional indices.
  func adding(_ source: Value, at indices: Value, axis: Int, _ operation: String) -> Value {
    let plain = indices.contiguous
    guard !plain.isFailed, plain.isInRange(plain, bound: shape.extents[axis], operation) else {
      return .failed(dtype)
    }
    let wide = dtype.isFloating ? dtype.computeType : dtype
    let added = source.cast(to: wide).scattered(plain, axis: axis, into: shape)
    return applyPointwise(Functions.add, cast(to: wide), added).cast(to: dtype)
  }

  /// This value with the slices of `source` reduced into it at indices along an axis.
  func indexReduced(
    _ source: Value, at indices: Value, axis: Int, by kind: ScatterReduction, includingSelf: Bool
  ) -> Value {
    guard let parts = sliceParts(source, indices, axis: axis, "indexReduce") else {
      return .failed(dtype)
    }
    let along = Shape(
      repeating: 1, count: parts.source.layout.rank, except: parts.axis, parts.indices.count)
    return parts.target.scatterReduced(
      parts.source, at: parts.indices.reshaped(to: along).expanded(to: parts.source.shape),
      axis: parts.axis, by: kind, includingSelf: includingSelf, "indexReduce"
    ).reshaped(to: shape)
  }

  /// These rows `[n, …]` with the rows `[count, …]` of `source` reduced into them at `[count]`
  /// rows.
  func rowsReduced(
    _ source: Value, at rows: Value, by kind: ScatterReduction, _ operation: String
  ) -> Value {
    var along = Shape(repeatElement(1, count: source.layout.rank))
    along.extents[0] = rows.count
    return scatterReduced(
      source, at: rows.reshaped(to: along).expanded(to: source.shape), axis: 0, by: kind,
      includingSelf: true, operation)
  }

  // MARK: Places

  /// The elements at row-major places, of the shape of `indices`; negative ones count from the end.
  func taking(at indices: Value, _ operation: String) -> Value {
    if isFailed || indices.isFailed { return .failed(dtype) }
    guard inspectDevices([indices], operation) else { return .failed(dtype) }
    return flat.taking(indices.countedFromEnd(count), axis: 0, operation: operation)
  }

  /// This value with the elements of `source` at row-major places, or added to those there.
  func putting(_ source: Value, at indices: Value, accumulating: Bool) -> Value {
    if isFailed || source.isFailed || indices.isFailed { return .failed(dtype) }
    guard inspectDevices([source, indices], "put") else { return .failed(dtype) }
    guard source.count == indices.count else {
      return .failure(
        "put", "\(source.count) elements for \(indices.count) places", dtype: dtype)
    }
    let places = indices.countedFromEnd(count).flat
    let changed =
      accumulating
      ? flat.adding(source.flat, at: places, axis: 0, "put")
      : flat.replacing(places, axis: 0, with: source.flat, "put")
    return changed.reshaped(to: shape)
  }

  /// The slices at places that index tensors name together in the first axes.
  ///
  /// `[a, b, …]` and two tensors of shape `indices` give `[indices, …]`.
  func taking(at indices: [Value], _ operation: String) -> Value {
    guard let (places, common) = places(at: indices, operation) else { return .failed(dtype) }
    let rows = joiningFirst(indices.count)
    guard let result = rows.shape.replacing(0, by: common) else {
      return .failure(
        operation, "indices of shape \(common) for \(shape) give too many axes", dtype: dtype)
    }
    return rows.taking(places, axis: 0, operation: operation).reshaped(to: result)
  }

  /// This value with `source`, which broadcasts, at places that index tensors name together.
  func putting(_ source: Value, at indices: [Value], accumulating: Bool, _ operation: String)
    -> Value
  {
    if isFailed || source.isFailed { return .failed(dtype) }
    guard inspectDevices([source], operation),
      let (places, common) = places(at: indices, operation)
    else { return .failed(dtype) }
    let rows = joiningFirst(indices.count)
    guard let target = rows.shape.replacing(0, by: common),
      broadcastShape(source.shape, target) == target
    else {
      return .failure(
        operation, "a source of shape \(source.shape) for indices of shape \(common) in \(shape)",
        dtype: dtype)
    }
    var list = rows.shape
    list.extents[0] = places.count
    let parts = source.expanded(to: target).reshaped(to: list)
    let changed =
      accumulating
      ? rows.adding(parts, at: places, axis: 0, operation)
      : rows.replacing(places, axis: 0, with: parts, operation)
    return changed.reshaped(to: shape)
  }
}
