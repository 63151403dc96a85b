import Testing

@testable import SlopeCore

/// Order, ties, NaN and zeros; the list of operations compares random operands with the reference.
struct SortTests {
  @Test func numbersAreOrderedAndEqualOnesStay() {
    let x = Tensor<Float>([3, -1, .nan, 0, -0.0, .infinity, -1, -.infinity, -.nan])
    #expect(x.argsort().scalars == [7, 1, 6, 3, 4, 0, 5, 2, 8])
    #expect(x.argsort(descending: true).scalars == [2, 8, 5, 0, 3, 4, 1, 6, 7])
    #expect(x.sorted().scalars[..<7] == [-.infinity, -1, -1, 0, 0, 3, .infinity])
    let halves = Tensor<Float16>([2, -3, 1, .nan, -.infinity])
    #expect(halves.argsort().scalars == [4, 1, 2, 0, 3])
    let brains = Tensor<BFloat16>([2, -3, 1, BFloat16(Double.nan)])
    #expect(brains.argsort().scalars == [1, 2, 0, 3])
    #expect(Tensor<Double>([1e300, -1e300, 5e-324, -5e-324]).argsort().scalars == [1, 3, 2, 0])
  }

  @Test func integersAreOrderedByTheirOwnSign() {
    #expect(Tensor<Int8>([1, -128, 127, -1]).sorted().scalars == [-128, -1, 1, 127])
    #expect(Tensor<UInt8>([1, 128, 127, 255]).sorted().scalars == [1, 127, 128, 255])
    #expect(Tensor<Int16>([1, .min, .max, -1]).sorted().scalars == [.min, -1, 1, .max])
    #expect(Tensor<UInt16>([9, .max, 0]).sorted(descending: true).scalars == [.max, 9, 0])
    #expect(Tensor<Int32>([1, .min, .max, -1]).sorted().scalars == [.min, -1, 1, .max])
    #expect(Tensor<UInt32>([9, .max, 0]).sorted(descending: true).scalars == [.max, 9, 0])
    #expect(Tensor<Int64>([1, .min, .max, -1]).sorted().scalars == [.min, -1, 1, .max])
    #expect(Tensor<UInt64>([9, .max, 0]).sorted(descending: true).scalars == [.max, 9, 0])
    #expect(Tensor<Bool>([true, false, true, false]).argsort().scalars == [1, 3, 0, 2])
  }

  @Test func longRowsAreSortedToo() {
    let x = Tensor<Int32>.randint(-1000, 1000, [3, 5000], generator: Generator(seed: 4))
    let rows = (0..<3).map { Array(x.scalars[5000 * $0..<5000 * ($0 + 1)]) }
    #expect(x.sorted().scalars == rows.flatMap { $0.sorted() })
    let order = x.argsort(descending: true).scalars
    for (row, numbers) in rows.enumerated() {
      let wanted = numbers.indices.sorted {
        (numbers[$1], $0) < (numbers[$0], $1)
      }
      #expect(Array(order[5000 * row..<5000 * (row + 1)]) == wanted)
    }
  }

  @Test func theGradientGoesBackToWhereElementsWere() {
    let x = Parameter(Tensor<Double>([[3, 1, 2], [4, 6, 5]]))
    (x.tensor.sorted(axis: 1) * Tensor([1, 10, 100])).sum().backward()
    #expect(x.grad?.scalars == [100, 1, 10, 1, 100, 10])
    x.grad = nil
    let top = x.tensor.topK(1, axis: 0)
    #expect(top.values.scalars == [4, 6, 5] && top.indices.scalars == [1, 1, 1])
    #expect(top.values.shape == [1, 3] && top.indices.shape == [1, 3])
    top.values.sum().backward()
    #expect(x.grad?.scalars == [0, 0, 0, 1, 1, 1])
    let least = x.tensor.topK(2, largest: false)
    #expect(least.values.scalars == [1, 2, 4, 5] && least.indices.scalars == [1, 2, 0, 2])
  }

  @Test func oddShapesHaveAnOrderToo() {
    #expect(
      Tensor<Float>(3).argsort(axis: 0).scalars == [0] && Tensor<Float>(3).sorted().item() == 3)
    #expect(Tensor<Float>(3).topK(1).values.item() == 3)
    #expect(Tensor<Float>.zeros([2, 0]).sorted().shape == [2, 0])
    #expect(Tensor<Float>.zeros([0, 3]).topK(2).indices.shape == [0, 2])
    #expect(Tensor<Float>([2, 1]).topK(0).values.shape == [0])
    #expect(failure { _ = Tensor<Float>([2, 1]).topK(3) } == "topK: 3 of 2 elements along axis 0")
    #expect(
      failure { _ = Tensor<Float>([2, 1]).topK(-1) } == "topK: -1 of 2 elements along axis 0")
    #expect(failure { _ = Tensor<Float>(1).topK(2) } == "topK: 2 of one element")
    #expect(
      failure { _ = Tensor<Float>([2]).sorted(axis: 1) } == "sort: shape [1] has no axis 1")
    #expect(
      failure { _ = Tensor<Float>([2]).argsort(axis: -2) } == "argsort: shape [1] has no axis -2")
  }
}
