import Testing

@testable import SlopeCore

/// Shape, strides and offset of a layout.
private func layout(_ shape: [Int], _ strides: [Int], offset: Int = 0) -> Layout {
  var inline = InlineArray<8, Int>(repeating: 0)
  for (axis, stride) in strides.enumerated() { inline[axis] = stride }
  return Layout(shape: Shape(shape), strides: inline, offset: offset)
}

private func strides(_ layout: Layout) -> [Int] { (0..<layout.rank).map { layout.strides[$0] } }

@Suite struct LayoutTests {
  @Test(
    arguments: [
      ([], []), ([5], [1]), ([2, 3, 4], [12, 4, 1]), ([2, 0, 3], [3, 3, 1]), ([4, 1], [1, 1]),
    ] as [([Int], [Int])])
  func rowMajorStrides(shape: [Int], expected: [Int]) {
    let made = Layout(Shape(shape))
    #expect(strides(made) == expected && made.offset == 0 && made.isContiguous)
    #expect(made.count == shape.reduce(1, *) && made.rank == shape.count)
  }

  @Test(
    arguments: [
      ([], [], true), ([3], [1], true), ([3], [2], false), ([1], [7], true),
      ([2, 3], [3, 1], true),
      ([2, 3], [1, 2], false), ([2, 3], [4, 1], false), ([2, 1, 3], [3, 9, 1], true),
      ([1, 3], [99, 1], true), ([2, 3], [0, 1], false), ([3], [-1], false),
      ([0, 3], [5, 7], true),
      ([2, 3, 4], [12, 4, 1], true), ([2, 3, 4], [4, 4, 1], false),
      ([2, 3, 4], [12, 3, 1], false),
    ] as [([Int], [Int], Bool)])
  func viewsKnowWhetherTheyAreContiguous(shape: [Int], strides: [Int], expected: Bool) {
    #expect(layout(shape, strides).isContiguous == expected)
  }

  @Test(
    arguments: [
      ([3], [1], [2, 3], [0, 1]), ([3, 1], [1, 1], [2, 3, 4], [0, 1, 0]),
      ([1, 3], [3, 1], [1, 3], [3, 1]), ([1, 3], [3, 1], [5, 3], [0, 1]),
      ([], [], [2, 2], [0, 0]),
      ([2, 3], [1, 2], [4, 2, 3], [0, 1, 2]),
    ] as [([Int], [Int], [Int], [Int])])
  func broadcastAxesHaveNoStride(
    shape: [Int], source: [Int], target: [Int], expected: [Int]
  ) {
    let found = layout(shape, source).strides(broadcastTo: Shape(target))
    #expect(target.indices.map { found[$0] } == expected)
  }

  @Test func permutingMovesExtentsAndStrides() {
    let view = layout([2, 3, 4], [12, 4, 1], offset: 5).permuted([2, 0, 1])
    #expect(view.shape == [4, 2, 3] && strides(view) == [1, 12, 4] && view.offset == 5)
    #expect(!view.isContiguous)
  }

  @Test(
    arguments: [
      // Contiguous: always.
      ([2, 3], [3, 1], [3, 2], [2, 1]), ([6], [1], [1, 2, 3], [6, 3, 1]),
      // A transposed matrix cannot be flattened, but axes of extent 1 can be inserted and its axes
      // split.
      ([2, 3], [1, 2], [6], nil), ([2, 3], [1, 2], [3, 2], nil),
      ([2, 3], [1, 2], [2, 1, 3], [1, 1, 2]), ([4, 3], [1, 4], [2, 2, 3], [2, 1, 4]),
      ([3, 4], [1, 3], [3, 2, 2], [1, 6, 3]), ([2, 3], [1, 2], [1, 2, 3], [0, 1, 2]),
      // Rows with gaps: the inner axes can be merged, the outer ones cannot.
      ([2, 3, 4], [24, 4, 1], [2, 12], [24, 1]), ([2, 3, 4], [24, 4, 1], [6, 4], nil),
      ([2, 3, 4], [24, 4, 1], [2, 2, 6], [24, 6, 1]), ([2, 3, 4], [24, 4, 1], [4, 6], nil),
      ([2, 3, 4], [24, 4, 1], [2, 3, 2, 2], [24, 4, 2, 1]),
      // Every second element, reversed, repeated.
      ([6], [2], [2, 3], [6, 2]), ([4], [-1], [2, 2], [-2, -1]), ([2, 3], [0, 0], [6], [0]),
      ([2, 3], [0, 1], [6], nil), ([4, 1, 2], [2, 99, 4], [4, 2], [2, 4]),
      ([2, 2, 3], [3, 12, 1], [4, 3], nil), ([2, 3], [6, 2], [6], [2]),
    ] as [([Int], [Int], [Int], [Int]?)])
  func reshapingAViewCopiesOnlyIfStridesDemandIt(
    shape: [Int], source: [Int], target: [Int], expected: [Int]?
  ) {
    let view = layout(shape, source, offset: 3).reshaped(to: Shape(target))
    #expect(view.map { strides($0) } == expected)
    if let view { #expect(view.offset == 3 && view.shape == Shape(target)) }
  }

  @Test(
    arguments: [
      ([], [], []), ([3], [], [3]), ([], [3], [3]), ([2, 3], [3], [2, 3]), ([3], [2, 3], [2, 3]),
      ([2, 1], [1, 3], [2, 3]), ([1], [0], [0]), ([0], [1], [0]), ([2, 1, 4], [3, 1], [2, 3, 4]),
      ([2], [3], nil), ([2, 3], [2], nil), ([0], [2], nil), ([3, 2], [2, 2], nil),
    ] as [([Int], [Int], [Int]?)])
  func shapesBroadcastAsInNumPy(left: [Int], right: [Int], expected: [Int]?) {
    #expect(broadcastShape(Shape(left), Shape(right)) == expected.map { Shape($0) })
  }
}
