import SlopeCore

extension ReferenceBackend {
  package func unfold(_ source: Value, _ windows: Windows, output: Buffer) {
    let target = Value(
      Layout(windows.unfoldedShape(planes: source.shape[0])), source.dtype, output)
    let zero: Cell = source.dtype.isFloating ? .real(0) : .integer(0)
    for index in Positions(target.shape) {
      target[index] = windows.place(of: index).map { source[$0] } ?? zero
    }
  }

  package func fold(_ source: Value, _ windows: Windows, output: Buffer) {
    let target = Value(Layout(windows.shape(planes: source.shape[0])), source.dtype, output)
    let zero: Cell = source.dtype.isFloating ? .real(0) : .integer(0)
    for index in Positions(target.shape) { target[index] = zero }
    for index in Positions(source.shape) {
      guard let place = windows.place(of: index) else { continue }
      target[place] = ReferencePrimitives.apply(
        "add", [target[place], source[index]],
        source.dtype.isFloating ? source.dtype : source.dtype.referenceComputeType)
    }
  }

  package func scatterAddRows(
    _ source: Value, places: Value, into destination: Buffer, extent: Int
  ) {
    let target = Value(Layout([source.shape[0] * extent]), source.dtype, destination)
    for index in Positions(source.shape) {
      let place: Shape = [Int(places[index].integerValue)]
      target[place] = ReferencePrimitives.apply(
        "add", [target[place], source[index]],
        source.dtype.isFloating ? source.dtype : source.dtype.referenceComputeType)
    }
  }

  package func windowMaxima(
    _ source: Value, ranges: Value, count: Pair, dilation: Pair, output: Buffer
  ) {
    let target = Value(
      Layout([source.shape[0], count.height, count.width]), .int64, output)
    func range(_ place: Int) -> Int { Int(ranges[[place]].integerValue) }
    for index in Positions(target.shape) {
      let (row, column) = (index[1], 2 * count.height + index[2])
      var (greatest, found): (Cell?, Shape) = (nil, [])
      for p in 0..<range(count.height + row) {
        for q in 0..<range(count.width + column) {
          let place: Shape = [
            index[0], range(row) + p * dilation.height, range(column) + q * dilation.width,
          ]
          let cell = source[place]
          if greatest.map({ cell.isAbove($0, source.dtype) }) ?? true {
            (greatest, found) = (cell, place)
          }
        }
      }
      let position = (found[0] * source.shape[1] + found[1]) * source.shape[2] + found[2]
      target[index] = .integer(Int64(position))
    }
  }
}

extension Windows {
  /// The place in the planes of an element of unfolded planes; nil outside of them.
  fileprivate func place(of index: Shape) -> Shape? {
    let y = index[3] * stride.height + index[1] * dilation.height - padding.height
    let x = index[4] * stride.width + index[2] * dilation.width - padding.width
    return (0..<plane.height).contains(y) && (0..<plane.width).contains(x)
      ? [index[0], y, x] : nil
  }
}

extension Cell {
  /// Whether this replaces `other` as the greatest so far: it is greater, or NaN.
  fileprivate func isAbove(_ other: Cell, _ dtype: DType) -> Bool {
    if dtype.isFloating { return realValue.isNaN || realValue > other.realValue }
    return dtype == .uint64
      ? UInt64(bitPattern: integerValue) > UInt64(bitPattern: other.integerValue)
      : integerValue > other.integerValue
  }
}
