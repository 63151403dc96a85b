import SlopeCore
import SlopeData
import Testing

@Suite struct StratifiedSplitTests {
  /// The rows of each class in each part: `[part][class]`, classes in ascending order.
  private func table(_ classes: [Int], _ parts: [[Int]]) -> [[Int]] {
    let labels = Set(classes).sorted()
    return parts.map { part in labels.map { label in part.count { classes[$0] == label } } }
  }

  private func split(_ counts: [Int], _ fractions: [Double]) -> [[Int]] {
    let classes = counts.enumerated().flatMap { Array(repeating: $0, count: $1) }
    return table(
      classes, stratifiedSplit(classes: classes, fractions, generator: Generator(seed: 5)))
  }

  @Test func eachClassIsCutByTheFractions() {
    #expect(split([10, 20, 30], [0.5, 0.3, 0.2]) == [[5, 10, 15], [3, 6, 9], [2, 4, 6]])
    #expect(split([100], [0.29, 0.71]) == [[29], [71]])
    #expect(split([10, 10], [1]) == [[10, 10]])
    #expect(split([3, 4], [0, 1]) == [[0, 0], [3, 4]])
    #expect(split([], [0.5, 0.5]) == [[], []])
  }

  @Test func whatIsLeftGoesToThePartsThatLackMost() {
    #expect(split([7], [0.8, 0.2]) == [[6], [1]])
    #expect(split([7, 7], [0.8, 0.2]) == [[6, 5], [1, 2]])
    #expect(split([50, 50, 50], [0.7, 0.15, 0.15]) == [[35, 35, 35], [8, 7, 8], [7, 8, 7]])
    // Without carrying, each class would leave the last part empty.
    #expect(split(Array(repeating: 3, count: 10), [0.8, 0.2]).map { $0.reduce(0, +) } == [24, 6])
  }

  @Test func theFirstPartHasEveryClass() {
    #expect(split([9, 1, 1, 1], [0.25, 0.75]) == [[2, 1, 1, 1], [7, 0, 0, 0]])
    #expect(split([2], [0.3, 0.4, 0.3]) == [[1], [1], [0]])
    #expect(split([1, 1], [0, 1]) == [[0, 0], [1, 1]])
  }

  @Test(arguments: 0..<40)
  func partsAreWholeAndWithinOneRowOfTheFractions(seed: UInt64) {
    let random = Generator(seed: seed)
    func below(_ bound: Int) -> Int { Int(random.next32() % UInt32(bound)) }
    let classes = (0..<(1 + below(300))).map { _ in below(1 + below(12)) * 1_000_000_007 - 5 }
    let shares = (0..<(1 + below(4))).map { _ in Double(1 + below(9)) }
    let fractions = shares.map { $0 / shares.reduce(0, +) }
    let parts = stratifiedSplit(classes: classes, fractions, generator: Generator(seed: seed))
    #expect(parts.flatMap { $0 }.sorted() == Array(classes.indices))
    for label in Set(classes) {
      let count = classes.count { $0 == label }
      for (part, fraction) in zip(parts, fractions) {
        let found = part.count { classes[$0] == label }
        #expect(abs(Double(found) - Double(count) * fraction) < 1 + 1e-6)
      }
      #expect(parts[0].contains { classes[$0] == label })
    }
    #expect(stratifiedSplit(classes: classes, fractions, generator: Generator(seed: seed)) == parts)
    let others = (100..<103).map {
      stratifiedSplit(classes: classes, fractions, generator: Generator(seed: $0))
    }
    #expect(classes.count < 10 || Set(others + [parts]).count > 1)
  }

  @Test func oneClassIsSplitAtRandom() {
    let rows = Tensor<Int>.arange(20)
    let data = TensorDataset(rows, rows)
    let classes = Array(repeating: 3, count: 20)
    let (a, b) = stratifiedSplit(
      data, classes: classes, (0.75, 0.25), generator: Generator(seed: 42))
    let (c, d) = randomSplit(data, (0.75, 0.25), generator: Generator(seed: 42))
    #expect(a.indices == c.indices && b.indices == d.indices)
  }

  @Test func dataSetsAreSplitAsRows() {
    let rows = Tensor<Int>.arange(12)
    let data = TensorDataset(rows, rows)
    let classes = (0..<12).map { $0 % 3 }
    func generator() -> Generator { Generator(seed: 8) }
    let parts = stratifiedSplit(classes: classes, [0.5, 0.25, 0.25], generator: generator())
    let (a, b, c) = stratifiedSplit(
      data, classes: classes, (0.5, 0.25, 0.25), generator: generator())
    #expect([a.indices, b.indices, c.indices] == parts)
    #expect(a[...].1.scalars == a.indices)
  }

  @Test func mistakesAreReported() {
    let rows = Tensor<Int>.arange(3)
    let data = TensorDataset(rows, rows)
    func message(_ body: () -> [Int]) -> String? {
      let error = #expect(throws: TensorError.self) { try checked { #expect(body() == [0, 0]) } }
      return error?.description
    }
    #expect(
      message { stratifiedSplit(data, classes: [1, 2], [0.5, 0.5]).map(\.count) }
        == "stratifiedSplit: 2 classes for 3 rows")
    #expect(
      message { stratifiedSplit(classes: [1, 2], [0.5, 0.4]).map(\.count) }
        == "stratifiedSplit: fractions [0.5, 0.4] sum to 0.9, they must lie in 0...1 and sum to 1")
    #expect(message { stratifiedSplit(classes: [1], [1.5, -0.5]).map(\.count) } != nil)
    // A sum that is off by rounding is 1.
    #expect(split([10], [0.5, 0.5 + 5e-10]) == [[5], [5]])
    #expect(message { stratifiedSplit(classes: [1], [0.5, 0.5 + 1e-8]).map(\.count) } != nil)
    #expect(message { stratifiedSplit(classes: [1], [0.5, 0.5 - 1e-8]).map(\.count) } != nil)
  }
}
