import Testing

@testable import SlopeCore

/// Tensors made of numbers alone; expected values are PyTorch's.
struct SequencesTests {
  @Test func onesOnADiagonal() {
    #expect(show(Tensor<Int>.eye(2, 3)) == "[2, 3] 1 0 0 0 1 0")
    #expect(show(Tensor<Int>.eye(3, offset: 1)) == "[3, 3] 0 1 0 0 0 1 0 0 0")
    #expect(show(Tensor<Int>.eye(2, 3, offset: -1)) == "[2, 3] 0 0 0 1 0 0")
    #expect(show(Tensor<Int>.eye(2, offset: 5)) == "[2, 2] 0 0 0 0")
    #expect(Tensor<Int>.eye(2, offset: .min).scalars == [0, 0, 0, 0])
    #expect(failure { Tensor<Int>.eye(1 << 62, offset: 1 << 61) }?.contains("no memory") == true)
    #expect(Tensor<Int>.eye(2, offset: .max).scalars == [0, 0, 0, 0])
    #expect(Tensor<Bool>.eye(2).scalars == [true, false, false, true])
    #expect(failure { Tensor<Bool>.eye(-1) } == "eye: -1 × -1 is not a shape")
  }

  @Test(arguments: [
    (0, 10, 4, [0, 3, 6, 10]), (10, -3, 6, [10, 7, 4, 2, 0, -3]), (-7, 8, 4, [-7, -2, 3, 8]),
    (5, 9, 1, [5]), (250, 3, 4, [250, 167, 85, 3]), (1, 2, 0, []), (3, 9, 2, [3, 9]),
  ])
  func integersBetweenTwo(start: Int, end: Int, count: Int, expected: [Int]) {
    #expect(Tensor<Int>.linspace(start, end, count: count).scalars == expected)
  }

  @Test func numbersBetweenTwo() {
    #expect(Tensor<Float>.linspace(5, -1, count: 4).scalars == [5, 3, 1, -1])
    #expect(Tensor<Float>.linspace(5, -1, count: 1).scalars == [5])
    #expect(Tensor<UInt8>.linspace(250, 3, count: 4).scalars == [250, 167, 85, 3])
    #expect(failure { Tensor<Int>.linspace(0, 1, count: -1) } == "linspace: -1 is not a count")
  }

  @Test func powersOfABase() {
    #expect(Tensor<Double>.logspace(0, 3, count: 4).scalars == [1, 10, 100, 1000])
    #expect(Tensor<Int>.logspace(4, 0, count: 5, base: 2).scalars == [16, 8, 4, 2, 1])
    #expect(Tensor<Int>.logspace(0, 2, count: 4, base: 3).scalars == [1, 2, 4, 9])
    #expect(Tensor<Double>.logspace(2, 9, count: 1).scalars == [100])
    #expect(Tensor<Float16>.logspace(0, 1, count: 0).shape == [0])
    #expect(failure { Tensor<Float>.logspace(0, 1, count: -2) } == "logspace: -2 is not a count")
  }

  @Test func theShapeOfAnother() {
    let x = Tensor<Int>([[1, 2, 3]])
    #expect(
      show(Tensor.zeros(like: x)) == "[1, 3] 0 0 0" && show(Tensor.ones(like: x)) == "[1, 3] 1 1 1")
    #expect(show(Tensor.full(like: x, 7)) == "[1, 3] 7 7 7")
    #expect(Tensor.ones(like: Tensor<Bool>([false])).scalars == [true])
    #expect(Tensor.zeros(like: Tensor<Bool>([true])).scalars == [false])
  }
}
