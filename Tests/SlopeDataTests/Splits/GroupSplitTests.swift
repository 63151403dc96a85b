import SlopeCore
import SlopeData
import Testing

@Suite struct GroupSplitTests {
  /// The number of rows in each part, for groups of these sizes.
  private func sizes(_ groups: [Int], _ fractions: [Double]) -> [Int] {
    let labels = groups.enumerated().flatMap { Array(repeating: $0, count: $1) }
    return groupSplit(groups: labels, fractions, generator: Generator(seed: 2)).map(\.count)
  }

  @Test func partsComeNearTheFractions() {
    #expect(sizes(Array(repeating: 1, count: 10), [0.7, 0.3]) == [7, 3])
    #expect(sizes(Array(repeating: 2, count: 10), [0.6, 0.2, 0.2]) == [12, 4, 4])
    #expect(sizes([5, 3, 2], [0.6, 0.2, 0.2]) == [5, 3, 2])
    #expect(sizes([1, 1, 1, 7], [0.7, 0.3]) == [7, 3])
    #expect(sizes([4, 4], [0, 1]) == [0, 8])
    #expect(sizes([], [0.5, 0.5]) == [0, 0])
  }

  @Test func noPartStaysEmptyWhileThereAreGroups() {
    #expect(sizes([1, 1, 1], [0.8, 0.1, 0.1]) == [1, 1, 1])
    #expect(sizes([9, 1], [0.98, 0.02]) == [9, 1])
    #expect(sizes([3], [0.5, 0.5]) == [3, 0])
  }

  @Test(arguments: 0..<40)
  func groupsStayWhole(seed: UInt64) {
    let random = Generator(seed: seed)
    func below(_ bound: Int) -> Int { Int(random.next32() % UInt32(bound)) }
    let groups = (0..<(1 + below(300))).map { _ in below(1 + below(60)) * 999_999_937 - 9 }
    let shares = (0..<(1 + below(4))).map { _ in Double(1 + below(9)) }
    let fractions = shares.map { $0 / shares.reduce(0, +) }
    let parts = groupSplit(groups: groups, fractions, generator: Generator(seed: seed))
    #expect(parts.flatMap { $0 }.sorted() == Array(groups.indices))
    let seen = parts.map { part in Set(part.map { groups[$0] }) }
    #expect(seen.reduce(0) { $0 + $1.count } == Set(groups).count)
    let largest = Set(groups).map { group in groups.count { $0 == group } }.max() ?? 0
    for (part, fraction) in zip(parts, fractions) {
      #expect(abs(Double(part.count) - fraction * Double(groups.count)) <= Double(largest) + 1)
    }
    #expect(groupSplit(groups: groups, fractions, generator: Generator(seed: seed)) == parts)
  }

  @Test func groupsOfOneSizeAreDealtAtRandom() {
    let groups = Array(0..<20)
    let parts = (0..<5).map {
      groupSplit(groups: groups, [0.5, 0.5], generator: Generator(seed: $0))[0].sorted()
    }
    #expect(Set(parts).count == 5)
  }

  @Test func dataSetsAreSplitAsRows() {
    let rows = Tensor<Int>.arange(12)
    let data = TensorDataset(rows, rows)
    let groups = (0..<12).map { $0 / 2 }
    func generator() -> Generator { Generator(seed: 8) }
    let parts = groupSplit(groups: groups, [0.5, 0.25, 0.25], generator: generator())
    let (a, b, c) = groupSplit(data, groups: groups, (0.5, 0.25, 0.25), generator: generator())
    #expect([a.indices, b.indices, c.indices] == parts)
    let (d, e) = groupSplit(data, groups: groups, (0.5, 0.5), generator: generator())
    #expect(
      [d.indices, e.indices] == groupSplit(groups: groups, [0.5, 0.5], generator: generator()))
  }

  @Test func mistakesAreReported() {
    let rows = Tensor<Int>.arange(3)
    func message(_ body: () -> [Int]) -> String? {
      let error = #expect(throws: TensorError.self) { try checked { #expect(body() == [0, 0]) } }
      return error?.description
    }
    #expect(
      message { groupSplit(TensorDataset(rows, rows), groups: [1], [0.5, 0.5]).map(\.count) }
        == "groupSplit: 1 groups for 3 rows")
    #expect(
      message { groupSplit(groups: [1], [0.5, 0.25]).map(\.count) }
        == "groupSplit: fractions [0.5, 0.25] sum to 0.75, they must lie in 0...1 and sum to 1")
  }
}
