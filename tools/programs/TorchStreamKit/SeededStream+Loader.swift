import SlopeCore
import SlopeData

extension SeededStream {
  /// Compares epochs of a shuffled loader; nil if `name` is not of one.
  func checkLoader(_ name: String, _ epochs: NumberTree) -> StreamReport.Outcome? {
    var words = StreamName(name)
    guard words.take("loader") else { return nil }
    let unknown = StreamReport.Outcome.skipped("no such draw is known")
    let hasOwnGenerator = words.take("own")
    let dropLast = !hasOwnGenerator && words.take("drop")
    if dropLast {
      guard words.take("last") else { return unknown }
    } else {
      guard hasOwnGenerator || words.take("default"), words.take("generator") else {
        return unknown
      }
    }
    guard let epochCount = words.takeCount(), words.take("epochs"), words.isEmpty,
      let first = epochs.members.first, let batchSize = first.members.first?.members.count,
      batchSize > 0
    else { return unknown }

    // Names do not contain the number of rows: without a last batch several are possible.
    let seen = first.members.reduce(0) { $0 + $1.members.count }
    let candidates = dropLast ? seen..<(seen + batchSize) : seen..<(seen + 1)
    var outcome = unknown
    for rowCount in candidates {
      let actual = self.epochs(
        // One more epoch than there should be also shows if there are too few.
        min(epochCount, epochs.members.count + 1), rowCount: rowCount, batchSize: batchSize,
        dropLast: dropLast,
        hasOwnGenerator: hasOwnGenerator)
      outcome = StreamReport.Outcome(actual, epochs, .exact)
      if case .same = outcome { break }
    }
    return outcome
  }

  private func epochs(
    _ count: Int, rowCount: Int, batchSize: Int, dropLast: Bool, hasOwnGenerator: Bool
  ) -> NumberTree {
    manualSeed(seed)
    let rows = Tensor<Int>((0..<rowCount).map { $0 }, on: .cpu)
    let loader = DataLoader(
      TensorDataset(rows, rows), batchSize: batchSize, shuffle: true, dropLast: dropLast,
      generator: hasOwnGenerator ? Generator(seed: seed) : nil)
    return .list(
      (0..<count).map { _ in .list(loader.map { x, _ in NumberTree(x.scalars) }) })
  }
}
