import SlopeCore
import SlopeData
import Testing

/// Expected indices are PyTorch 2.15's `random_split` after seed 42.
struct RandomSplitTests {
  private static func rows(_ count: Int) -> TensorDataset<Int, Int> {
    let rows = Tensor<Int>((0..<count).map { $0 })
    return TensorDataset(rows, rows)
  }

  @Test func countsCutOnePermutationInOrder() {
    let (a, b) = randomSplit(Self.rows(10), (7, 3), generator: Generator(seed: 42))
    #expect(a.indices == [2, 6, 1, 8, 4, 5, 0])
    #expect(b.indices == [9, 3, 7])
    let (c, d, e) = randomSplit(Self.rows(10), (2, 0, 8), generator: Generator(seed: 42))
    #expect(c.indices == [2, 6])
    #expect(d.indices == [])
    #expect(e.indices == [1, 8, 4, 5, 0, 9, 3, 7])
  }

  @Test func fractionsGiveTheRemainderFromTheFirst() {
    let (a, b, c) = randomSplit(Self.rows(11), (0.6, 0.2, 0.2), generator: Generator(seed: 42))
    #expect(a.indices == [6, 8, 9, 2, 1, 10, 0])
    #expect(b.indices == [7, 3])
    #expect(c.indices == [5, 4])
    let (d, e) = randomSplit(Self.rows(11), (0.5, 0.5), generator: Generator(seed: 42))
    #expect([d.count, e.count] == [6, 5])
  }

  @Test(
    arguments: [
      (10, [0.33, 0.33, 0.34], [4, 3, 3]),
      (2, [0.9, 0.05, 0.05], [2, 0, 0]),
      (7, [0.25, 0.25, 0.25, 0.25], [2, 2, 2, 1]),
      (5, [1], [5]),
      (0, [0.5, 0.5], [0, 0]),
    ] as [(Int, [Double], [Int])])
  func fractionsAreFloorsPlusTheRemainder(count: Int, fractions: [Double], expected: [Int]) {
    let parts = randomSplit(Self.rows(count), fractions, generator: Generator(seed: 1))
    #expect(parts.map(\.count) == expected)
    #expect(parts.flatMap(\.indices).sorted() == Array(0..<count))
  }

  @Test func withoutAGeneratorTheDefaultOneIsUsed() async {
    await #expect(processExitsWith: .success) {
      manualSeed(42)
      let rows = Tensor<Int>((0..<10).map { $0 })
      let parts = randomSplit(TensorDataset(rows, rows), [7, 3])
      precondition(parts[1].indices == [9, 3, 7])
    }
  }

  @Test(arguments: [[7, 4], [7], [11, -1], []])
  func countsMustSumToTheRows(counts: [Int]) {
    let error = #expect(throws: TensorError.self) {
      try checked {
        let parts = randomSplit(Self.rows(10), counts)
        #expect(parts.map(\.count) == counts.map { _ in 0 })
      }
    }
    #expect(
      error?.description
        == "randomSplit: counts \(counts) of 10 rows, they must not be negative and sum to it")
  }

  @Test(arguments: [[0.5, 0.4], [0.6, 0.5], [1.5, -0.5], [.nan, 1], []])
  func fractionsMustSumToOne(fractions: [Double]) {
    #expect(throws: TensorError.self) {
      try checked {
        let parts = randomSplit(Self.rows(10), fractions)
        #expect(parts.map(\.count) == fractions.map { _ in 0 })
      }
    }
  }
}
