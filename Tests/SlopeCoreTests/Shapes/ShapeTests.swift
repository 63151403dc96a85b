import Testing

@testable import SlopeCore

@Suite struct ShapeTests {
  @Test func isACollectionOfItsExtents() {
    var shape: Shape = [2, 3, 4]
    #expect(shape.rank == 3 && shape.count == 3 && shape.elementCount == 24)
    #expect(Array(shape) == [2, 3, 4] && shape.last == 4 && shape[1] == 3)
    #expect("\(shape)" == "[2, 3, 4]" && "\(Shape([Int]()))" == "[]")
    shape[2] = 5
    #expect(shape == [2, 3, 5])
  }

  @Test(
    arguments: [
      ([], 1), ([0], 0), ([7], 7), ([2, 3, 4], 24), ([.max, 2], .max), ([.max, 2, 0], 0),
      ([0, .max, .max], 0), ([1 << 31, 1 << 31, 4], .max),
    ] as [([Int], Int)])
  func elementCountSaturatesAndZeroWins(extents: [Int], count: Int) {
    #expect(Shape(extents).elementCount == count)
  }

  @Test(
    arguments: [
      ([], [], true), ([3], [3], true), ([3], [1, 3], false), ([3], [3, 1], false),
      ([1], [], false), ([2, 3], [2, 4], false), ([2, 3], [3, 2], false),
    ] as [([Int], [Int], Bool)])
  func equalShapesHaveEqualExtentsInOrder(left: [Int], right: [Int], areEqual: Bool) {
    #expect((Shape(left) == Shape(right)) == areEqual)
    #expect((Shape(left).hashValue == Shape(right).hashValue) == areEqual)
  }

  @Test func eightAxesAreTheMost() {
    #expect(failure { Shape(Array(repeating: 1, count: 8)).rank } == nil)
    #expect(
      failure { Shape(Array(repeating: 1, count: 9)) }
        == "shape: a tensor has at most 8 axes, not 9"
    )
    #expect(Tensor<Float>.ones([1, 2, 1, 2, 1, 2, 1, 2]).sum().item() == 16)
  }

  @Test(
    arguments: [
      ([], 0, 0), ([], -1, 0), ([], 1, nil), ([], -2, nil), ([5], 0, 0), ([5], -1, 0),
      ([5], 1, nil),
      ([2, 3], 1, 1), ([2, 3], -2, 0), ([2, 3], -3, nil), ([2, 3], 2, nil),
    ] as [([Int], Int, Int?)])
  func axesCountFromEitherEnd(extents: [Int], axis: Int, expected: Int?) {
    #expect(Shape(extents).normalized(axis: axis) == expected)
  }

  @Test func anAxisThatIsNotThereStops() async {
    await #expect(processExitsWith: .failure) { _ = ([2, 3] as Shape)[2] }
    await #expect(processExitsWith: .failure) { _ = ([2, 3] as Shape)[-1] }
    await #expect(processExitsWith: .failure) {
      var shape: Shape = [2, 3]
      shape[2] = 1
    }
  }
}
