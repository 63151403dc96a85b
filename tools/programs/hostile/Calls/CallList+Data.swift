import Slope
import SlopeCore
import SlopeData

/// Data sets, loaders and splits.
extension CallList {
  func addDataCalls() {
    typealias Rows = TensorDataset<Float, Int>
    func rows(_ draw: inout Draw) -> Rows {
      let features = draw.tensor(Float.self)
      guard let count = features.shape.first, draw.bool() else {
        return TensorDataset(features, draw.tensor(Int.self))
      }
      return TensorDataset(features, Tensor<Int>.zeros([1]).expanded(to: [count]))
    }
    func use(_ batch: (Tensor<Float>, Tensor<Int>), _ draw: inout Draw) {
      draw.use(batch.0)
      draw.use(batch.1)
    }
    func range(_ draw: inout Draw) -> Range<Int> {
      let (a, b) = (draw.int(), draw.int())
      return min(a, b)..<max(a, b)
    }
    func subset(_ draw: inout Draw) -> Subset<Rows> {
      Subset(rows(&draw), indices: draw.ints(5))
    }
    add("TensorDataset.init(_:_:)") { _ = rows(&$0).count }
    add("TensorDataset.subscript(_:)") { draw in use(rows(&draw)[draw.int()], &draw) }
    add("TensorDataset.subscript(_:)") { draw in use(rows(&draw)[range(&draw)], &draw) }
    add("TensorDataset.taking(_:)") { draw in use(rows(&draw).taking(draw.ints(5)), &draw) }
    add("TensorDataset.reader(order:)") { draw in
      let order = draw.ints(5)
      let read = rows(&draw).reader(order: order)
      use(read(0..<draw.below(order.count + 1)), &draw)
    }
    add("TensorDataset.to(_:)") { draw in
      use(rows(&draw).to(draw.bool() ? .cpu : draw.tensors.device)[...], &draw)
    }
    add("Dataset.subscript(_:)") { draw in use(rows(&draw)[...], &draw) }
    add("Subset.init(_:indices:)") { draw in _ = subset(&draw).count }
    add("Dataset.count") { draw in _ = anyCount(Numbers(count: draw.int())) }
    add("Subset.count") { draw in _ = subset(&draw).count }
    add("Subset.subscript(_:)") { draw in use(subset(&draw)[draw.int()], &draw) }
    add("Subset.subscript(_:)") { draw in use(subset(&draw)[range(&draw)], &draw) }
    add("Subset.taking(_:)") { draw in use(subset(&draw).taking(draw.ints(5)), &draw) }
    add("Subset.reader(order:)") { draw in
      let order = draw.ints(5)
      let read = subset(&draw).reader(order: order)
      use(read(0..<draw.below(order.count + 1)), &draw)
    }
    // A user's data set, with the protocol's default implementations.
    add("Dataset.subscript(_:)") { draw in _ = Numbers(count: draw.int())[range(&draw)].count }
    add("Dataset.subscript(_:)") { draw in _ = Numbers(count: draw.int())[draw.int()].count }
    add("Dataset.subscript(_:)") { draw in _ = Numbers(count: draw.below(9))[...].count }
    add("Dataset.taking(_:)") { draw in _ = Numbers(count: 3).taking(draw.ints(5)).count }
    add("Dataset.reader(order:)") { draw in
      let order = draw.ints(5)
      _ = Numbers(count: 3).reader(order: order)(0..<draw.below(order.count + 1)).count
    }
    add("Dataset.reader(order:)") { draw in
      let read: (Range<Int>) -> [Int] = anyReader(Numbers(count: draw.int()), order: draw.ints(5))
      _ = read(0..<0).count
    }
    addLoaders(rows: rows, use: use)
    addSamplers(rows: rows, use: use)
    addSplits(rows: rows)
    addLabelledSplits(rows: rows)
  }

  private func addSamplers(
    rows: @escaping (inout Draw) -> TensorDataset<Float, Int>,
    use: @escaping ((Tensor<Float>, Tensor<Int>), inout Draw) -> Void
  ) {
    func sampler(_ draw: inout Draw) -> any Sampler {
      if draw.bool() { return Given(rows: draw.ints(5), count: draw.int()) }
      return WeightedRandomSampler(
        weights: (0..<draw.below(5)).map { _ in draw.number() }, count: draw.int(),
        replacement: draw.bool(), generator: draw.bool() ? nil : Generator(seed: draw.word()))
    }
    func loader(_ draw: inout Draw) -> DataLoader<TensorDataset<Float, Int>> {
      DataLoader(
        rows(&draw), batchSize: draw.int(), sampler: sampler(&draw), dropLast: draw.bool(),
        generator: draw.bool() ? nil : Generator(seed: draw.word()))
    }
    add("WeightedRandomSampler.init(weights:count:replacement:generator:)") { draw in
      _ = sampler(&draw).count
    }
    add("WeightedRandomSampler.epoch()") { draw in
      _ =
        WeightedRandomSampler(
          weights: [draw.number(), 1, draw.number()], count: draw.int(), replacement: draw.bool()
        ).epoch().count
    }
    add("Sampler.generators") { draw in _ = sampler(&draw).generators.count }
    add("Sampler.generators") { _ in _ = Given(rows: [], count: 0).generators.count }
    add("WeightedRandomSampler.generators") { draw in
      _ =
        WeightedRandomSampler(weights: [1], count: 1, generator: draw.bool() ? nil : .default)
        .generators.count
    }
    add("Sampler.epoch()") { draw in _ = sampler(&draw).epoch().count }
    add("Sampler.count") { draw in _ = sampler(&draw).count }
    add("DataLoader.init(_:batchSize:sampler:dropLast:generator:)") { draw in
      for (place, batch) in loader(&draw).enumerated() {
        use(batch, &draw)
        if place == 3 { break }
      }
    }
    add("DataLoader.count") { _ = loader(&$0).count }
  }

  /// Splits and folds by classes and groups.
  private func addLabelledSplits(rows: @escaping (inout Draw) -> TensorDataset<Float, Int>) {
    func fractions(_ draw: inout Draw) -> [Double] {
      draw.one(of: [
        [0.5, 0.5], [0.5, 0.25, 0.25], [1], [0, 1], [], [.nan, 1], [-0.5, 1.5], [0.4],
      ])
    }
    func labels(_ count: Int, _ draw: inout Draw) -> [Int] {
      draw.bool() ? draw.ints(9) : (0..<min(count, 1000)).map { _ in draw.below(4) }
    }
    typealias Rows = TensorDataset<Float, Int>
    func labelled(_ draw: inout Draw) -> (Rows, [Int]) {
      let data = rows(&draw)
      return (data, labels(data.count, &draw))
    }
    add("stratifiedSplit(classes:_:generator:)") { draw in
      _ = stratifiedSplit(classes: draw.ints(9), fractions(&draw)).count
    }
    add("stratifiedSplit(_:classes:_:generator:)") { draw in
      let (data, classes) = labelled(&draw)
      _ = stratifiedSplit(data, classes: classes, fractions(&draw)).count
    }
    add("stratifiedSplit(_:classes:_:generator:)") { draw in
      let (data, classes) = labelled(&draw)
      _ = stratifiedSplit(data, classes: classes, (draw.number(), 0.5)).0.count
    }
    add("stratifiedSplit(_:classes:_:generator:)") { draw in
      let (data, classes) = labelled(&draw)
      _ = stratifiedSplit(data, classes: classes, (draw.number(), 0.5, draw.number())).0.count
    }
    add("groupSplit(groups:_:generator:)") { draw in
      _ = groupSplit(groups: draw.ints(9), fractions(&draw)).count
    }
    add("groupSplit(_:groups:_:generator:)") { draw in
      let (data, groups) = labelled(&draw)
      _ = groupSplit(data, groups: groups, fractions(&draw)).count
    }
    add("groupSplit(_:groups:_:generator:)") { draw in
      let (data, groups) = labelled(&draw)
      _ = groupSplit(data, groups: groups, (draw.number(), 0.5)).0.count
    }
    add("groupSplit(_:groups:_:generator:)") { draw in
      let (data, groups) = labelled(&draw)
      _ = groupSplit(data, groups: groups, (draw.number(), 0.5, draw.number())).0.count
    }
    add("kFold(_:folds:shuffle:generator:)") { draw in
      _ = kFold(draw.int(), folds: draw.int(), shuffle: draw.bool()).count
    }
    add("kFold(_:folds:shuffle:generator:)") { draw in
      _ = kFold(Numbers(count: draw.int()), folds: draw.int(), shuffle: draw.bool()).count
    }
    add("stratifiedKFold(classes:folds:shuffle:generator:)") { draw in
      _ = stratifiedKFold(classes: draw.ints(9), folds: draw.int(), shuffle: draw.bool()).count
    }
    add("stratifiedKFold(_:classes:folds:shuffle:generator:)") { draw in
      let (data, classes) = labelled(&draw)
      _ = stratifiedKFold(data, classes: classes, folds: draw.int(), shuffle: draw.bool()).count
    }
    add("groupKFold(groups:folds:shuffle:generator:)") { draw in
      _ = groupKFold(groups: draw.ints(9), folds: draw.int(), shuffle: draw.bool()).count
    }
    add("groupKFold(_:groups:folds:shuffle:generator:)") { draw in
      let (data, groups) = labelled(&draw)
      _ = groupKFold(data, groups: groups, folds: draw.int(), shuffle: draw.bool()).count
    }
    add("Fold.init(training:validation:)") { draw in
      _ = Fold(training: draw.ints(), validation: draw.ints()).training.count
    }
  }

  private func addLoaders(
    rows: @escaping (inout Draw) -> TensorDataset<Float, Int>,
    use: @escaping ((Tensor<Float>, Tensor<Int>), inout Draw) -> Void
  ) {
    func loader(_ draw: inout Draw) -> DataLoader<TensorDataset<Float, Int>> {
      DataLoader(
        rows(&draw), batchSize: draw.int(), shuffle: draw.bool(), dropLast: draw.bool(),
        generator: draw.bool() ? nil : Generator(seed: draw.word()))
    }
    add("DataLoader.init(_:batchSize:shuffle:dropLast:generator:)") { draw in
      for (place, batch) in loader(&draw).enumerated() {
        use(batch, &draw)
        if place == 3 { break }
      }
    }
    add("DataLoader.count") { _ = loader(&$0).count }
    add("DataLoader.underestimatedCount") { _ = loader(&$0).underestimatedCount }
    add("DataLoader.makeIterator()") { _ = loader(&$0).makeIterator() }
    add("DataLoader.Iterator.next()") { draw in
      var iterator = loader(&draw).makeIterator()
      while let batch = iterator.next(), draw.bool() { use(batch, &draw) }
    }
    add("DataLoader.Iterator.next()") { draw in
      let numbers = DataLoader(Numbers(count: draw.int()), batchSize: draw.int(), shuffle: true)
      var iterator = numbers.makeIterator()
      _ = iterator.next()?.count
    }
  }

  private func addSplits(rows: @escaping (inout Draw) -> TensorDataset<Float, Int>) {
    func fraction(_ draw: inout Draw) -> Double {
      draw.one(of: [0, 0.5, 0.25, 1, 0.1, -0.5, .nan, .infinity, 1e300])
    }
    add("randomSplit(_:_:generator:)") { draw in
      _ = randomSplit(rows(&draw), [fraction(&draw), fraction(&draw), 0.5]).count
    }
    add("randomSplit(_:_:generator:)") { draw in
      let (a, b) = randomSplit(rows(&draw), (fraction(&draw), fraction(&draw)))
      _ = a.count &+ b.count
    }
    add("randomSplit(_:_:generator:)") { draw in
      let parts = randomSplit(rows(&draw), (fraction(&draw), fraction(&draw), 0.5))
      _ = parts.0.count
    }
    add("randomSplit(_:_:generator:)") { draw in
      _ = randomSplit(rows(&draw), draw.ints()).count
    }
    add("randomSplit(_:_:generator:)") { draw in
      let (data, first) = (rows(&draw), draw.int())
      let rest = draw.bool() ? data.count &- first : draw.int()
      _ = randomSplit(data, (first, rest)).0.count
    }
    add("randomSplit(_:_:generator:)") { draw in
      _ = randomSplit(rows(&draw), (draw.int(), draw.int(), draw.int())).0.count
    }
    add("randomSplit(_:_:generator:)") { draw in
      _ = randomSplit(Numbers(count: draw.int()), [0.5, 0.5]).count
    }
  }
}

/// The numbers from 0, as a data set with only what the protocol requires.
private struct Numbers: Dataset {
  let count: Int
  subscript(row: Int) -> [Int] { [row] }
  func taking(_ indices: [Int]) -> [Int] { indices }
}

/// A user's sampler, which may draw anything.
private struct Given: Sampler {
  let rows: [Int]
  let count: Int
  func epoch() -> [Int] { rows }
}

private func anyCount(_ dataset: some Dataset) -> Int { dataset.count }

private func anyReader<D: Dataset>(_ dataset: D, order: [Int]) -> (Range<Int>) -> D.Batch {
  dataset.reader(order: order)
}
