import SlopeCore
import SlopeData
import Testing

/// Expected folds without shuffling are those of scikit-learn 1.9.
@Suite struct KFoldTests {
  private static let classes = [5, 5, -2, 5, 9, 9, -2, 5, 5, 9, 5, 5, -2]
  private static let groups = [4, 4, 1, 7, 7, 7, 1, 1, 2, 9, 9, 2, 4]

  /// Each row is validated once, and trained on in all other folds.
  private func expectWhole(_ folds: [Fold], _ count: Int, _ number: Int) {
    #expect(folds.count == number)
    #expect(folds.flatMap(\.validation).sorted() == Array(0..<count))
    for fold in folds {
      #expect(fold.validation == fold.validation.sorted())
      let validation = Set(fold.validation)
      #expect(fold.training == (0..<count).filter { !validation.contains($0) })
    }
  }

  @Test func foldsAreConsecutiveRows() {
    let folds = kFold(11, folds: 3)
    #expect(folds.map(\.validation) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10]])
    #expect(kFold(4, folds: 4).map(\.validation) == [[0], [1], [2], [3]])
    #expect(kFold(10).count == 5)
    expectWhole(folds, 11, 3)
  }

  @Test func shuffledFoldsAreCutFromOnePermutation() {
    let folds = kFold(10, folds: 3, shuffle: true, generator: Generator(seed: 42))
    // `randperm` after seed 42: 2, 6, 1, 8, 4, 5, 0, 9, 3, 7.
    #expect(folds.map(\.validation) == [[1, 2, 6, 8], [0, 4, 5], [3, 7, 9]])
    expectWhole(folds, 10, 3)
  }

  @Test func stratifiedFoldsAreThoseOfScikitLearn() {
    #expect(
      stratifiedKFold(classes: Self.classes, folds: 3).map(\.validation)
        == [[0, 1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])
    #expect(
      stratifiedKFold(classes: Self.classes, folds: 4).map(\.validation)
        == [[0, 1, 2, 4], [3, 6, 7], [5, 8, 10], [9, 11, 12]])
  }

  @Test func groupFoldsAreThoseOfScikitLearn() {
    #expect(
      groupKFold(groups: Self.groups, folds: 2).map(\.validation)
        == [[2, 3, 4, 5, 6, 7], [0, 1, 8, 9, 10, 11, 12]])
    #expect(
      groupKFold(groups: Self.groups, folds: 3).map(\.validation)
        == [[3, 4, 5, 9, 10], [0, 1, 8, 11, 12], [2, 6, 7]])
    #expect(
      groupKFold(groups: Self.groups, folds: 5).map(\.validation)
        == [[3, 4, 5], [0, 1, 12], [2, 6, 7], [9, 10], [8, 11]])
  }

  @Test(arguments: 0..<30, [false, true])
  func foldsAreWholeAndEven(seed: UInt64, shuffle: Bool) {
    let random = Generator(seed: seed)
    func below(_ bound: Int) -> Int { Int(random.next32() % UInt32(bound)) }
    func generator() -> Generator { Generator(seed: seed) }
    let number = 2 + below(4)
    let classes = (0..<(60 + below(200))).map { _ in below(5) * 1_000_003 }
    let count = classes.count
    let plain = kFold(count, folds: number, shuffle: shuffle, generator: generator())
    let stratified = stratifiedKFold(
      classes: classes, folds: number, shuffle: shuffle, generator: generator())
    let grouped = groupKFold(
      groups: classes, folds: number, shuffle: shuffle, generator: generator())
    for folds in [plain, stratified, grouped] { expectWhole(folds, count, number) }
    for folds in [plain, stratified] {
      let sizes = folds.map(\.validation.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
    for label in Set(classes) {
      let inFolds = stratified.map { fold in fold.validation.count { classes[$0] == label } }
      #expect((inFolds.max() ?? 0) - (inFolds.min() ?? 0) <= 1)
      #expect(grouped.count { $0.validation.contains { classes[$0] == label } } == 1)
    }
    #expect(
      stratifiedKFold(classes: classes, folds: number, shuffle: shuffle, generator: generator())
        == stratified)
    #expect(shuffle == (stratified != stratifiedKFold(classes: classes, folds: number)))
  }

  @Test func shuffledGroupsAreCutWhateverTheirSizes() {
    let groups = Array(0..<7) + Array(repeating: 7, count: 20)
    let folds = groupKFold(groups: groups, folds: 3, shuffle: true, generator: Generator(seed: 1))
    #expect(folds.map { Set($0.validation.map { groups[$0] }).count } == [3, 3, 2])
    let other = groupKFold(groups: groups, folds: 3, shuffle: true, generator: Generator(seed: 2))
    #expect(folds != other)
  }

  @Test func dataSetsAreCutAsRows() {
    let rows = Tensor<Int>.arange(13)
    let data = TensorDataset(rows, rows)
    func pairs(
      _ folds: [(
        training: Subset<TensorDataset<Int, Int>>, validation: Subset<TensorDataset<Int, Int>>
      )]
    ) -> [Fold] {
      folds.map { Fold(training: $0.training.indices, validation: $0.validation.indices) }
    }
    func generator() -> Generator { Generator(seed: 4) }
    #expect(
      pairs(kFold(data, folds: 3, shuffle: true, generator: generator()))
        == kFold(13, folds: 3, shuffle: true, generator: generator()))
    #expect(
      pairs(
        stratifiedKFold(
          data, classes: Self.classes, folds: 3, shuffle: true, generator: generator()))
        == stratifiedKFold(
          classes: Self.classes, folds: 3, shuffle: true, generator: generator()))
    #expect(
      pairs(groupKFold(data, groups: Self.groups, folds: 3, shuffle: true, generator: generator()))
        == groupKFold(groups: Self.groups, folds: 3, shuffle: true, generator: generator()))
  }

  @Test func mistakesAreReported() {
    func message(_ body: () -> Bool) -> String? {
      let error = #expect(throws: TensorError.self) { try checked { #expect(body()) } }
      return error?.description
    }
    let data = TensorDataset(Tensor<Int>.arange(3), Tensor<Int>.arange(3))
    #expect(
      message { kFold(4, folds: 5).isEmpty } == "kFold: 5 folds of 4 rows, there must be 2 to 4")
    #expect(message { kFold(4, folds: 1).isEmpty } != nil)
    #expect(message { kFold(-1, folds: 2).isEmpty } != nil)
    #expect(
      message { kFold(.max, folds: .max).isEmpty }
        == "kFold: no memory for \(Int.max) folds of \(Int.max) rows")
    #expect(message { kFold(1 << 55, folds: 2).isEmpty }?.contains("no memory for") == true)
    #expect(
      message { stratifiedKFold(classes: [1, 1, 2, 2], folds: 3).isEmpty }
        == "stratifiedKFold: 3 folds of 2 rows of the largest class, there must be 2 to 2")
    #expect(
      message { groupKFold(groups: [1, 1, 2, 2], folds: 3).isEmpty }
        == "groupKFold: 3 folds of 2 groups, there must be 2 to 2")
    #expect(
      message { stratifiedKFold(data, classes: [1], folds: 2).isEmpty }
        == "stratifiedKFold: 1 classes for 3 rows")
    #expect(
      message { groupKFold(data, groups: [1], folds: 2).isEmpty }
        == "groupKFold: 1 groups for 3 rows")
    #expect(stratifiedKFold(classes: [1, 1, 2], folds: 2).count == 2)
  }
}
