/// Pools: one number for each window of a plane. Operands are `[batch, channels, height, width]`,
/// without a batch or, along one axis, without a height.
extension Value {
  /// The greatest element of each window, and its place in the plane if that is wanted.
  ///
  /// The first of equals, the last NaN. x receives g at the places.
  func maxPooled(
    axisCount: Int, _ options: PoolOptions, wantsPlaces: Bool
  ) -> (values: Value, places: Value?) {
    pooledMaxima("maxPool\(axisCount)d", axisCount, wantsPlaces: wantsPlaces) {
      (plane) throws(WindowProblem) in
      let windows = try Windows(plane, pool: options)
      return WindowRanges(
        count: windows.count, dilation: windows.dilation, rows: { windows.ranges(\.height) },
        columns: { windows.ranges(\.width) })
    }
  }

  /// The greatest element of each of as many windows as asked for, and its place in the plane if that
  /// is wanted.
  func adaptiveMaxPooled(
    axisCount: Int, to count: OutputExtents, wantsPlaces: Bool
  ) -> (values: Value, places: Value?) {
    pooledMaxima("adaptiveMaxPool\(axisCount)d", axisCount, wantsPlaces: wantsPlaces) {
      (plane) throws(WindowProblem) in
      let count = try count.resolved(for: plane)
      return WindowRanges(
        count: count, dilation: 1, rows: { WindowRange.parts(plane.height, count.height) },
        columns: { WindowRange.parts(plane.width, count.width) })
    }
  }

  private func pooledMaxima(
    _ name: String, _ axisCount: Int, wantsPlaces: Bool,
    _ ranges: (Pair) throws(WindowProblem) -> WindowRanges
  ) -> (values: Value, places: Value?) {
    let failed: (Value, Value?) = (.failed(dtype), .failed(.int64))
    guard let planes = checkedPlanes(name, axisCount) else { return failed }
    let shape = planes.value.shape
    let plane = Pair(shape.extents[2], shape.extents[3])
    let planeCount = shape.extents[0] * shape.extents[1]
    do throws(WindowProblem) {
      let windows = try ranges(plane)
      // A product that overflows is that of a shape without memory.
      let count = windows.count.product ?? .max
      guard
        hasRoom(for: [planeCount, count], name, dtype: .int64),
        Size.isAvailable(count, of: WindowRange.self, for: name)
      else { return failed }
      let (rows, columns) = (windows.rows(), windows.columns())
      guard (rows + columns).allSatisfy({ $0.count > 0 }) else {
        return (
          .failure(name, "a window has no element of a plane \(plane)", dtype: dtype), failed.1
        )
      }
      let area = plane.height * plane.width
      let flat = planes.value.reshaped(to: [planeCount, area])
      let places = flat.detached.reshaped(to: [planeCount, plane.height, plane.width])
        .windowMaxima(rows: rows, columns: columns, dilation: windows.dilation, for: name)
        .reshaped(to: [planeCount, count])
      let result: Shape = [
        shape.extents[0], shape.extents[1], windows.count.height, windows.count.width,
      ]
      func restored(_ value: Value) -> Value {
        value.reshaped(to: result).withoutPlaneAxes(hasBatch: planes.hasBatch, axisCount)
      }
      let values = restored(flat.taking(at: places))
      guard wantsPlaces else { return (values, nil) }
      let starts = Value.range(
        planeCount, .int64, from: 0 as UInt64, step: UInt64(area), on: backend, for: name)
      let inPlane = applyPointwise(
        Functions.subtract, places, starts.reshaped(to: [planeCount, 1]))
      return (values, restored(inPlane))
    } catch {
      return (.failure(name, error.message, dtype: dtype), failed.1)
    }
  }

  /// The mean of each window.
  ///
  /// Elements outside of the plane count as zeros if `countsPadding`, else not; `divisor` replaces
  /// the number of elements. x receives g divided by it, added for all windows.
  func averagePooled(
    axisCount: Int, _ options: PoolOptions, countsPadding: Bool, divisor: Int?
  ) -> Value {
    let name = "avgPool\(axisCount)d"
    guard let planes = checkedPlanes(name, axisCount) else { return .failed(dtype) }
    guard divisor != 0 else { return .failure(name, "divisor 0", dtype: dtype) }
    let shape = planes.value.shape
    do throws(WindowProblem) {
      let windows = try Windows(Pair(shape.extents[2], shape.extents[3]), pool: options)
      let sums = planes.value.windowSums(windows)
      // Without memory for windows of that size, their sizes may have no product either.
      if sums.isFailed { return .failed(dtype) }
      let number: Value
      if let divisor {
        number = sums.divided(by: divisor, to: dtype)
      } else if countsPadding, !options.ceilMode {
        number = sums.divided(by: windows.kernel.height * windows.kernel.width, to: dtype)
      } else {
        guard Size.isAvailable(windows.count.product ?? .max, of: Double.self, for: name) else {
          return .failed(dtype)
        }
        let counts = windows.elementCounts(countsPadding: countsPadding)
        let divisors = Value.upload(
          counts, shape: [windows.count.height, windows.count.width], dtype: .float64,
          on: CPUBackend.shared
        ).cast(to: sums.dtype).moved(to: backend, record: false)
        number = applyPointwise(
          Functions.divide, [sums, divisors], programType: sums.dtype, output: dtype)
      }
      return number.withoutPlaneAxes(hasBatch: planes.hasBatch, axisCount)
    } catch {
      return .failure(name, error.message, dtype: dtype)
    }
  }

  /// The mean of each of as many windows as asked for.
  ///
  /// x receives g divided by the number of a window's elements, added for all windows.
  func adaptiveAveragePooled(axisCount: Int, to count: OutputExtents) -> Value {
    let name = "adaptiveAvgPool\(axisCount)d"
    guard let planes = checkedPlanes(name, axisCount) else { return .failed(dtype) }
    let shape = planes.value.shape
    let plane = Pair(shape.extents[2], shape.extents[3])
    do throws(WindowProblem) {
      let count = try count.resolved(for: plane)
      let number: Value
      if plane.height % count.height == 0, plane.width % count.width == 0 {
        let kernel = Pair(plane.height / count.height, plane.width / count.width)
        let windows = Windows(plane: plane, kernel: kernel, stride: kernel, count: count)
        number = planes.value.windowSums(windows)
          .divided(by: kernel.height * kernel.width, to: dtype)
      } else {
        // A window is the rows of a range and the columns of another: two sums.
        let wide = planes.value.cast(to: dtype.computeType)
        // As many numbers as elements and windows of each axis.
        guard
          Size.isAvailable(
            Size.sum(plane.height, count.height).flatMap { Size.product($0, 2) } ?? .max,
            of: Int.self, for: name),
          Size.isAvailable(
            Size.sum(plane.width, count.width).flatMap { Size.product($0, 2) } ?? .max,
            of: Int.self, for: name)
        else { return .failed(dtype) }
        number = wide.rangeMeans(WindowRange.parts(plane.height, count.height), axis: 2)
          .rangeMeans(WindowRange.parts(plane.width, count.width), axis: 3).cast(to: dtype)
      }
      return number.withoutPlaneAxes(hasBatch: planes.hasBatch, axisCount)
    } catch {
      return .failure(name, error.message, dtype: dtype)
    }
  }

  // MARK: Parts

  /// This value as `[batch, channels, height, width]`; nil, after a report, if its rank is wrong.
  func checkedPlanes(_ name: String, _ axisCount: Int) -> (value: Value, hasBatch: Bool)? {
    if isFailed { return nil }
    guard (axisCount + 1...axisCount + 2).contains(layout.rank) else {
      reportFailure(
        operation: name,
        "\(shape) is not [batch, channels, \(axisCount == 1 ? "length" : "height, width")]")
      return nil
    }
    let hasBatch = layout.rank == axisCount + 2
    let planes = asPlanes(hasBatch: hasBatch, axisCount)
    return planes.isFailed ? nil : (planes, hasBatch)
  }

  /// The sum of each window of `[batch, channels, height, width]`, in the type of computation.
  private func windowSums(_ windows: Windows) -> Value {
    let planeCount = shape.extents[0] * shape.extents[1]
    let result: Shape = [
      shape.extents[0], shape.extents[1], windows.count.height, windows.count.width,
    ]
    return reshaped(to: windows.shape(planes: planeCount)).unfolded(windows)
      .reduced(.sum, axes: [1, 2], output: dtype.computeType).reshaped(to: result)
  }

  private func divided(by divisor: Int, to dtype: DType) -> Value {
    applyPointwise(
      Functions.divideScalar, self, scalar: self.dtype.computeBits(of: Double(divisor)),
      output: dtype)
  }

  /// The mean of each range of an axis.
  private func rangeMeans(_ ranges: [WindowRange], axis: Int) -> Value {
    if isFailed { return self }
    let length = ranges.map(\.count).max() ?? 1
    var places: [Int64] = []
    var factors: [Double] = []
    for range in ranges {
      for offset in 0..<length {
        // An element beyond the range is another one of it, which does not count.
        places.append(Int64(range.start + min(offset, range.count - 1)))
        factors.append(offset < range.count ? 1 : 0)
      }
    }
    var (split, alongAxis) = (Shape(), Shape())
    for index in 0..<layout.rank {
      split.append(index == axis ? ranges.count : shape.extents[index])
      alongAxis.append(index == axis ? ranges.count : 1)
      if index == axis {
        split.append(length)
        alongAxis.append(length)
      }
    }
    func uploaded(_ numbers: [Double], _ shape: Shape) -> Value {
      Value.upload(numbers, shape: shape, dtype: .float64, on: CPUBackend.shared)
        .cast(to: dtype).moved(to: backend, record: false)
    }
    let indices = Value.upload(places, shape: [places.count], dtype: .int64, on: backend)
    let elements = taking(indices, axis: axis).reshaped(to: split)
    let zero = Value.full([], dtype, bits: 0, on: backend)
    let counted = applyPointwise(
      Functions.select, [uploaded(factors, alongAxis).cast(to: .bool), elements, zero],
      programType: dtype, output: dtype)
    alongAxis.extents[axis + 1] = 1
    var divisors = Shape()
    for index in 0...axis { divisors.append(alongAxis.extents[index]) }
    for index in axis + 1..<layout.rank { divisors.append(alongAxis.extents[index + 1]) }
    return applyPointwise(
      Functions.divide, counted.reduced(.sum, axes: [axis + 1], output: dtype),
      uploaded(ranges.map { Double($0.count) }, divisors))
  }
}

/// The windows of a pool of maxima: ranges of rows and of columns, made when there is memory.
private struct WindowRanges {
  let count: Pair
  let dilation: Pair
  let rows: () -> [WindowRange]
  let columns: () -> [WindowRange]
}

extension WindowRange {
  /// An axis as `count` ranges of nearly equal extents, which may overlap by an element.
  ///
  /// Precondition: `count · extent` is an `Int`.
  static func parts(_ extent: Int, _ count: Int) -> [WindowRange] {
    (0..<count).map { index in
      let start = index * extent / count
      return WindowRange(start: start, count: ((index + 1) * extent - 1) / count + 1 - start)
    }
  }
}

extension Windows {
  /// By what the sums of windows are divided, row by row.
  fileprivate func elementCounts(countsPadding: Bool) -> [Double] {
    func counts(_ axis: KeyPath<Pair, Int>) -> [Double] {
      let (extent, margin) = (plane[keyPath: axis], padding[keyPath: axis])
      return (0..<count[keyPath: axis]).map { window in
        let start = window * stride[keyPath: axis] - margin
        let end = min(start + kernel[keyPath: axis], extent + margin)
        return Double(countsPadding ? end - start : max(min(end, extent) - max(start, 0), 1))
      }
    }
    let columns = counts(\.width)
    return counts(\.height).flatMap { rows in columns.map { rows * $0 } }
  }
}

/// The extents of an output, of which nil stands for those of the input.
struct OutputExtents {
  var height: Int?
  var width: Int?

  func resolved(for plane: Pair) throws(WindowProblem) -> Pair {
    let count = Pair(height ?? plane.height, width ?? plane.width)
    guard count.allSatisfy({ $0 > 0 }), plane.allSatisfy({ $0 > 0 }),
      Size.product(count.height, plane.height) != nil,
      Size.product(count.width, plane.width) != nil
    else { throw WindowProblem("\(count) windows of a plane \(plane)") }
    return count
  }
}
