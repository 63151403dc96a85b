extension Value {
  /// Zeros, with these elements where maxima were: `[batch, channels, rows, columns]` →
  /// `[batch, channels, height, width]`.
  ///
  /// `places` are positions in a plane, of this shape. Of several elements at a place the last
  /// remains. x receives the elements of g at the places. Waits for the device.
  func maxUnpooled(_ places: Value, axisCount: Int, into plane: Pair) -> Value {
    let name = "maxUnpool\(axisCount)d"
    guard let planes = checkedPlanes(name, axisCount), !places.isFailed else {
      return .failed(dtype)
    }
    guard places.shape == shape, backend === places.backend else {
      return .failure(
        name, "places \(places.shape) on \(places.backend.name) for \(shape) on \(backend.name)",
        dtype: dtype)
    }
    let extents = planes.value.shape
    let result: Shape = [extents.extents[0], extents.extents[1], plane.height, plane.width]
    guard plane.allSatisfy({ $0 > 0 }), let area = plane.product,
      let total = result.representableCount
    else { return .failure(name, "planes \(plane) of \(shape)", dtype: dtype) }
    let planeCount = extents.extents[0] * extents.extents[1]
    let flatPlaces = places.contiguous.reshaped(to: [places.count], record: false)
    guard hasRoom(for: result, name, dtype: .int64), !flatPlaces.isFailed else {
      return .failed(dtype)
    }
    if count > 0,
      let bad = backend.checkIndices(
        flatPlaces, bound: area, exempt: 0, subject: "index", operation: name)
    {
      reportBadIndex(flatPlaces.index(at: bad), at: bad, bound: area, name)
      return .failed(dtype)
    }
    let starts = Value.range(
      planeCount, .int64, from: 0 as UInt64, step: UInt64(area), on: backend, for: name)
    let perPlane = count / max(planeCount, 1)
    let all = applyPointwise(
      Functions.add, flatPlaces.reshaped(to: [planeCount, perPlane]),
      starts.reshaped(to: [planeCount, 1]))
    let host = all.moved(to: CPUBackend.shared, record: false)
    if host.isFailed { return .failed(dtype) }
    // Which element is at each place; the one after all of them is 0.
    let sources = Value.filled([total], .int64, on: backend, for: name) {
      (sources: UnsafeMutableBufferPointer<Int64>) in
      sources.initialize(repeating: Int64(count))
      host.withBytes { bytes in
        let places = bytes.bindMemory(to: Int64.self)
        for (position, place) in places.enumerated() where sources.indices.contains(Int(place)) {
          sources[Int(place)] = Int64(position)
        }
      }
    }
    if sources.isFailed { return .failed(dtype) }
    let elements = detached.reshaped(to: [count], record: false)
    let zero = Value.full([1], dtype, bits: 0, on: backend)
    return Value.concatenate([elements, zero], axis: 0, record: false)
      .taking(sources, axis: 0, operation: name, record: false)
      .reshaped(to: [planeCount, area], record: false)
      .recorded(name, [planes.value], record: true) { [shape = extents] g, record in
        [
          g.reshaped(to: [planeCount, area], record: record).taking(at: all, record: record)
            .reshaped(to: shape, record: record)
        ]
      }
      .reshaped(to: result).withoutPlaneAxes(hasBatch: planes.hasBatch, axisCount)
  }
}
