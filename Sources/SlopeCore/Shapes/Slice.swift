/// A choice of elements along every axis: start, step and count, in range for a certain shape.
struct Slice: Sendable {
  var starts: InlineArray<8, Int>
  var steps: InlineArray<8, Int>
  var counts: Shape

  /// All elements.
  init(all shape: Shape) {
    starts = InlineArray(repeating: 0)
    steps = InlineArray(repeating: 1)
    counts = shape
  }

  /// Consecutive elements along one axis.
  init(_ shape: Shape, axis: Int, from start: Int, count: Int) {
    self.init(all: shape)
    starts[axis] = start
    counts.extents[axis] = count
  }

  func applied(to layout: Layout) -> Layout {
    var strides = layout.strides
    var offset = layout.offset
    for axis in 0..<layout.rank {
      // An empty slice may start one past the end; it must not move the offset out of the buffer.
      if counts.extents[axis] > 0 { offset += starts[axis] * layout.strides[axis] }
      strides[axis] = layout.strides[axis] * steps[axis]
    }
    return Layout(shape: counts, strides: strides, offset: offset)
  }
}
