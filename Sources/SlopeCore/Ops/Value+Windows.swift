extension Value {
  /// The elements of all windows of planes as columns:
  /// `[batch, channels, height, width] → [batch, channels · kernel elements, windows]`.
  ///
  /// x receives g, added where the elements come from (`foldedColumns`).
  func unfoldedColumns(kernel: Pair, dilation: Pair, padding: Pair, stride: Pair) -> Value {
    guard let planes = checkedPlanes("unfold", 2) else { return .failed(dtype) }
    let shape = planes.value.shape
    let planeCount = shape.extents[0] * shape.extents[1]
    do throws(WindowProblem) {
      let windows = try Windows(
        Pair(shape.extents[2], shape.extents[3]), kernel: kernel, stride: stride, padding: padding,
        dilation: dilation)
      guard let elements = kernel.product.flatMap({ Size.product($0, shape.extents[1]) }),
        let places = windows.count.product
      else { throw WindowProblem("kernel \(kernel) for \(self.shape)") }
      let columns = planes.value.reshaped(to: windows.shape(planes: planeCount))
        .unfolded(windows).reshaped(to: [shape.extents[0], elements, places])
      return planes.hasBatch ? columns : columns.reshaped(to: [elements, places])
    } catch {
      return .failure("unfold", error.message, dtype: dtype)
    }
  }

  /// The sums of the elements of windows that are in one place of a plane:
  /// `[batch, channels · kernel elements, windows] → [batch, channels, height, width]`.
  ///
  /// x receives the elements of g (`unfoldedColumns`).
  func foldedColumns(
    into plane: Pair, kernel: Pair, dilation: Pair, padding: Pair, stride: Pair
  ) -> Value {
    if isFailed { return self }
    do throws(WindowProblem) {
      guard (2...3).contains(layout.rank) else {
        throw WindowProblem("\(shape) is not [batch, channels · kernel elements, windows]")
      }
      guard plane.allSatisfy({ $0 > 0 }) else { throw WindowProblem("a plane \(plane)") }
      let windows = try Windows(
        plane, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
      let hasBatch = layout.rank == 3
      let batch = hasBatch ? shape.extents[0] : 1
      let (rows, columns) = (shape.extents[layout.rank - 2], shape.extents[layout.rank - 1])
      guard let elements = kernel.product, rows % elements == 0, columns == windows.count.product
      else {
        throw WindowProblem(
          "\(shape) is not the elements of \(windows.count) windows \(kernel) of planes \(plane)")
      }
      let channels = rows / elements
      let planes = reshaped(to: windows.unfoldedShape(planes: batch * channels)).folded(windows)
      let result = [batch, channels, plane.height, plane.width]
      return planes.reshaped(to: Shape(hasBatch ? result : Array(result.dropFirst())))
    } catch {
      return .failure("fold", error.message, dtype: dtype)
    }
  }

  /// All parts of `size` elements along an axis, one every `step` elements, along a new last axis.
  ///
  /// `[…, n, …] → […, (n − size) / step + 1, …, size]`: a view, in which parts overlap. x receives
  /// the sum of g over the parts that have an element.
  func slidingWindows(axis: Int, size: Int, step: Int) -> Value {
    if isFailed { return self }
    // A tensor without axes has one element along axis 0.
    let source = asList
    guard let axis = source.checkedAxis(axis, "unfold") else { return .failed(dtype) }
    let extent = source.shape.extents[axis]
    guard size >= 0, size <= extent, step > 0, source.layout.rank < Shape.maximumRank else {
      return .failure(
        "unfold", "parts of \(size) elements every \(step) along axis \(axis) of \(shape)",
        dtype: dtype)
    }
    let count = (extent - size) / step + 1
    var (parts, strides) = (source.shape, source.layout.strides)
    let stride = strides[axis]
    parts.extents[axis] = count
    strides[axis] = count > 1 ? stride * step : stride
    strides[parts.rank] = stride
    parts.append(size)
    guard parts.representableCount != nil else {
      return .failure("unfold", "\(parts) is larger than a tensor can be", dtype: dtype)
    }
    let view = Layout(shape: parts, strides: strides, offset: source.layout.offset)
    let result = Value(view, dtype, buffer).recorded(
      "unfold", [source], record: true, savesValues: false
    ) { [shape = source.shape] g, record in
      [g.addedWindows(into: shape, axis: axis, step: step, record: record)]
    }
    return layout.rank == 0 ? result.reshaped(to: [size]) : result
  }

  /// The sum of parts along `axis` where they were in a value of `shape`; x receives the parts of g.
  private func addedWindows(into shape: Shape, axis: Int, step: Int, record: Bool) -> Value {
    // Windows of a plane of one row: the other axes are planes.
    let rank = shape.rank
    let others = (0..<rank).filter { $0 != axis }
    let (count, size) = (self.shape.extents[axis], self.shape.extents[rank])
    var planes = Shape(others.map { shape.extents[$0] })
    let planeCount = planes.elementCount
    let windows = Windows(
      plane: Pair(1, shape.extents[axis]), kernel: Pair(1, size), stride: Pair(1, step),
      count: Pair(1, count))
    planes.append(shape.extents[axis])
    var order = Array(0..<rank)
    order.remove(at: rank - 1)
    order.insert(rank - 1, at: axis)
    return permuted(others + [rank, axis], record: record)
      .reshaped(to: windows.unfoldedShape(planes: planeCount), record: record)
      .folded(windows, record: record)
      .reshaped(to: planes, record: record)
      .permuted(order, record: record)
  }
}
