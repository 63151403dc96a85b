import SlopeCore
import SlopeData
import Testing

/// Expected orders are PyTorch 2.15's for 11 rows in batches of 4 after seed 42.
struct DataLoaderTests {
  private static func rows(_ count: Int) -> TensorDataset<Int, Int> {
    let rows = Tensor<Int>((0..<count).map { $0 })
    return TensorDataset(rows, rows)
  }

  private func epoch(_ loader: DataLoader<TensorDataset<Int, Int>>) -> [[Int]] {
    loader.map { $0.0.scalars }
  }

  @Test func unshuffledBatchesAreInOrderAndTheLastIsShort() {
    let loader = DataLoader(Self.rows(10), batchSize: 4)
    #expect(epoch(loader) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(loader.count == 3)
    #expect(loader.underestimatedCount == 3)
    #expect(epoch(DataLoader(Self.rows(2))) == [[0], [1]])
  }

  @Test func dropLastLeavesOutAShortBatch() {
    let loader = DataLoader(Self.rows(10), batchSize: 4, dropLast: true)
    #expect(epoch(loader) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(loader.count == 2)
    let even = DataLoader(Self.rows(8), batchSize: 4, dropLast: true)
    #expect(epoch(even) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(even.count == 2)
    #expect(DataLoader(Self.rows(8), batchSize: 4).count == 2)
    #expect(epoch(DataLoader(Self.rows(3), batchSize: 4, dropLast: true)) == [])
    #expect(epoch(DataLoader(Self.rows(0), batchSize: 4, shuffle: true)) == [])
  }

  @Test func epochsWithAGeneratorDependOnTheOnesBefore() {
    let loader = DataLoader(
      Self.rows(11), batchSize: 4, shuffle: true, generator: Generator(seed: 42))
    #expect(epoch(loader) == [[9, 5, 2, 10], [0, 7, 6, 8], [4, 1, 3]])
    #expect(epoch(loader) == [[3, 4, 1, 2], [6, 0, 8, 7], [9, 10, 5]])
    #expect(epoch(loader) == [[5, 0, 2, 8], [1, 3, 6, 10], [9, 7, 4]])
  }

  @Test func epochsWithoutAGeneratorDrawFromTheDefaultOne() async {
    await #expect(processExitsWith: .success) {
      manualSeed(42)
      let rows = Tensor<Int>((0..<11).map { $0 })
      for dropLast in [false, true] {
        manualSeed(42)
        let loader = DataLoader(
          TensorDataset(rows, rows), batchSize: 4, shuffle: true, dropLast: dropLast)
        let epochs = (0..<2).map { _ in loader.map { $0.0.scalars } }
        let count = dropLast ? 2 : 3
        precondition(
          epochs[0] == Array([[5, 10, 8, 1], [0, 9, 2, 6], [3, 7, 4]].prefix(count)))
        precondition(
          epochs[1] == Array([[5, 10, 4, 1], [3, 6, 0, 2], [9, 8, 7]].prefix(count)))
      }
    }
  }

  /// PyTorch draws the second permutation when the order is used up: while it collects a short last
  /// batch, or when it looks for another one after a full last batch.
  @Test(arguments: [(11, false, 3), (12, false, 4), (11, true, 3), (12, true, 4)])
  func theSecondPermutationIsDrawnWhenTheOrderIsUsedUp(
    count: Int, dropLast: Bool, drawnInCall: Int
  ) {
    let generator = Generator(seed: 42)
    let before = Generator(seed: 42)
    _ = before.next64()
    _ = before.permutation(count)
    let after = before.copy()
    _ = after.permutation(count)
    let loader = DataLoader(
      Self.rows(count), batchSize: 4, shuffle: true, dropLast: dropLast, generator: generator)
    var iterator = loader.makeIterator()
    for call in 1...5 {
      _ = iterator.next()
      let expected = call < drawnInCall ? before : after
      #expect(generator.copy().next32() == expected.copy().next32(), "call \(call)")
    }
  }

  @Test func unshuffledEpochsDrawTheWorkersSeedOnly() {
    let generator = Generator(seed: 42)
    let expected = Generator(seed: 42)
    _ = expected.next64()
    _ = epoch(DataLoader(Self.rows(11), batchSize: 4, generator: generator))
    #expect(generator.next32() == expected.next32())
  }

  @Test func featuresAndTargetsStayTogetherThroughSubsets() {
    let x = Tensor<Float>((0..<50).map { [Float($0), -Float($0)] })
    let y = Tensor<Int>((0..<50).map { $0 })
    let (part, _) = randomSplit(TensorDataset(x, y), (30, 20), generator: Generator(seed: 3))
    let (inner, _) = randomSplit(part, (21, 9), generator: Generator(seed: 4))
    var seen: [Int] = []
    let loader = DataLoader(inner, batchSize: 8, shuffle: true, generator: Generator(seed: 5))
    for (features, targets) in loader {
      let labels = targets.scalars
      #expect(features.scalars == labels.flatMap { [Float($0), -Float($0)] })
      seen += labels
    }
    let allowed = inner.indices.map { part.indices[$0] }
    #expect(seen.sorted() == allowed.sorted())
    #expect(seen != allowed)
  }

  @Test(arguments: [0, -3])
  func aBatchSizeMustBePositive(batchSize: Int) {
    let error = #expect(throws: TensorError.self) {
      try checked {
        let loader = DataLoader(Self.rows(2), batchSize: batchSize)
        #expect(epoch(loader).count == 2)
      }
    }
    #expect(error?.description == "DataLoader: batchSize \(batchSize) is not positive")
  }

  @Test func aDatasetOfLessThanNoRowsIsRefused() {
    struct Lacking: Dataset {
      let count = -5
      subscript(row: Int) -> [Int] { [row] }
      func taking(_ indices: [Int]) -> [Int] { indices }
    }
    let error = #expect(throws: TensorError.self) {
      try checked {
        let loader = DataLoader(Lacking(), batchSize: 2)
        #expect(loader.count == 0 && Array(loader).isEmpty)
      }
    }
    #expect(error?.description == "DataLoader: a data set of -5 rows")
  }
}
