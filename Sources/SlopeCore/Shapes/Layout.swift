/// The positions of a value's elements in its buffer: shape, strides and offset, counted in
/// elements.
package struct Layout: Sendable {
  package var shape: Shape
  package var strides: InlineArray<8, Int>
  package var offset: Int
  /// The number of elements.
  package var count: Int
  /// Whether the elements are consecutive in row-major order.
  package var isContiguous: Bool

  /// Row-major elements from the start of the buffer.
  package init(_ shape: Shape) {
    self.shape = shape
    strides = InlineArray(repeating: 0)
    offset = 0
    count = shape.elementCount
    isContiguous = true
    var stride = 1
    var axis = shape.rank
    while axis > 0 {
      axis -= 1
      strides[axis] = stride
      stride &*= max(shape.extents[axis], 1)
    }
  }

  /// A view, which is contiguous if its strides say so.
  package init(shape: Shape, strides: InlineArray<8, Int>, offset: Int) {
    self.shape = shape
    self.strides = strides
    self.offset = offset
    count = shape.elementCount
    isContiguous = true
    var expected = 1
    var axis = shape.rank
    while axis > 0 {
      axis -= 1
      let extent = shape.extents[axis]
      if extent != 1, strides[axis] != expected {
        isContiguous = count == 0
        return
      }
      expected &*= extent
    }
  }

  package var rank: Int { shape.rank }

  /// The strides that read this layout as if it had `shape`: 0 along axes that are broadcast.
  ///
  /// Precondition: the layout broadcasts to `shape`.
  package func strides(broadcastTo shape: Shape) -> InlineArray<8, Int> {
    var result = InlineArray<8, Int>(repeating: 0)
    let shift = shape.rank - rank
    for axis in 0..<rank where self.shape.extents[axis] != 1 || shape.extents[axis + shift] == 1 {
      result[axis + shift] = strides[axis]
    }
    return result
  }

  /// The view with its axes in the given order.
  package func permuted(_ axes: [Int]) -> Layout {
    var shape = Shape()
    var strides = InlineArray<8, Int>(repeating: 0)
    for (index, axis) in axes.enumerated() {
      shape.append(self.shape.extents[axis])
      strides[index] = self.strides[axis]
    }
    return Layout(shape: shape, strides: strides, offset: offset)
  }

  /// The same elements in another shape without a copy, or nil if the strides do not allow it.
  package func reshaped(to target: Shape) -> Layout? {
    if isContiguous {
      var layout = Layout(target)
      layout.offset = offset
      return layout
    }
    // Each group of target axes must lie inside one group of source axes of uniform stride.
    var strides = InlineArray<8, Int>(repeating: 0)
    var groups: [(extent: Int, stride: Int)] = []
    for axis in 0..<rank where shape.extents[axis] != 1 {
      let (extent, stride) = (shape.extents[axis], self.strides[axis])
      if let last = groups.last, last.stride == stride * extent {
        groups[groups.count - 1] = (last.extent * extent, stride)
      } else {
        groups.append((extent, stride))
      }
    }
    var axis = target.rank - 1
    for group in groups.reversed() {
      var remaining = group.extent
      var stride = group.stride
      while remaining > 1 {
        guard axis >= 0, remaining % target.extents[axis] == 0 else { return nil }
        strides[axis] = stride
        stride *= target.extents[axis]
        remaining /= target.extents[axis]
        axis -= 1
      }
    }
    return Layout(shape: target, strides: strides, offset: offset)
  }
}

/// The shape to which both broadcast, as NumPy defines it; nil if there is none.
package func broadcastShape(_ left: Shape, _ right: Shape) -> Shape? {
  var shape = left.rank >= right.rank ? left : right
  let other = left.rank >= right.rank ? right : left
  let shift = shape.rank - other.rank
  for axis in 0..<other.rank {
    let (a, b) = (shape.extents[axis + shift], other.extents[axis])
    if a == b || b == 1 { continue }
    guard a == 1 else { return nil }
    shape.extents[axis + shift] = b
  }
  return shape
}
