public import SlopeCore

/// Splits `dataset` at random into parts of `fractions` of its rows.
///
/// ```swift
/// let data = TensorDataset(Tensor<Float>.arange(10), Tensor<Int>.arange(10))
/// let parts = randomSplit(data, [0.5, 0.25, 0.25])
/// print(parts.map(\.count))
/// // [6, 2, 2]
/// let (training, test) = randomSplit(data, (0.8, 0.2))
/// print(training.count, test.count)
/// // 8 2
/// ```
///
/// A part gets ⌊rows · fraction⌋ rows; the remaining rows go to the parts one by one, beginning
/// with the first. The rows are those that PyTorch's `random_split` picks after the same seed. Rows
/// are not copied. Precondition: the fractions are in 0...1 and sum to 1.
///
/// - Parameters:
///   - dataset: the data set to split.
///   - fractions: the fraction of each part.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: one subset for each fraction, without rows after a failure.
public func randomSplit<D: Dataset>(
  _ dataset: D, _ fractions: [Double], generator: Generator? = nil
) -> [Subset<D>] {
  let total = fractions.reduce(0, +)
  let count = rows(of: dataset, "randomSplit")
  guard !fractions.isEmpty, abs(total - 1) <= 1e-9, fractions.allSatisfy((0...1).contains) else {
    reportFailure(
      operation: "randomSplit",
      "fractions \(fractions) sum to \(total), they must lie in 0...1 and sum to 1")
    return fractions.map { _ in Subset(dataset, indices: []) }
  }
  guard hasRoomForOrder(of: count) else {
    return fractions.map { _ in Subset(dataset, indices: []) }
  }
  var counts = fractions.map { Int(Double(count) * $0) }
  for i in 0..<max(0, count - counts.reduce(0, +)) { counts[i % counts.count] += 1 }
  return randomSplit(dataset, counts, generator: generator)
}

/// Splits `dataset` at random into parts of `counts` rows.
///
/// The rows are those that PyTorch's `random_split` picks after the same seed. Rows are not copied.
/// Precondition: no count is negative, and they sum to the number of rows.
///
/// - Parameters:
///   - dataset: the data set to split.
///   - counts: the number of rows of each part.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: one subset for each count, without rows after a failure.
public func randomSplit<D: Dataset>(
  _ dataset: D, _ counts: [Int], generator: Generator? = nil
) -> [Subset<D>] {
  let count = rows(of: dataset, "randomSplit")
  guard counts.allSatisfy((0...count).contains),
    counts.reduce(0, { Size.sum($0 ?? -1, $1) }) == count
  else {
    reportFailure(
      operation: "randomSplit",
      "counts \(counts) of \(count) rows, they must not be negative and sum to it")
    return counts.map { _ in Subset(dataset, indices: []) }
  }
  guard hasRoomForOrder(of: count) else { return counts.map { _ in Subset(dataset, indices: []) } }
  let order = (generator ?? .default).permutation(count)
  var start = 0
  return counts.map { count in
    defer { start += count }
    return Subset(dataset, indices: order[start..<(start + count)].map { Int($0) })
  }
}

/// Whether there is memory for an order of `count` rows and its parts; reports it if not.
private func hasRoomForOrder(of count: Int) -> Bool {
  Size.isAvailable(count, of: (Int, Int).self, for: "randomSplit")
}

/// Splits `dataset` at random into two parts, by fractions of its rows that sum to 1.
///
/// The parts are those of the form with an array of fractions.
public func randomSplit<D: Dataset>(
  _ dataset: D, _ fractions: (Double, Double), generator: Generator? = nil
) -> (Subset<D>, Subset<D>) {
  let parts = randomSplit(dataset, [fractions.0, fractions.1], generator: generator)
  return (parts[0], parts[1])
}

/// Splits `dataset` at random into three parts, by fractions of its rows that sum to 1.
///
/// The parts are those of the form with an array of fractions.
public func randomSplit<D: Dataset>(
  _ dataset: D, _ fractions: (Double, Double, Double), generator: Generator? = nil
) -> (Subset<D>, Subset<D>, Subset<D>) {
  let parts = randomSplit(
    dataset, [fractions.0, fractions.1, fractions.2], generator: generator)
  return (parts[0], parts[1], parts[2])
}

/// Splits `dataset` at random into two parts, by counts that sum to its number of rows.
///
/// The parts are those of the form with an array of counts.
public func randomSplit<D: Dataset>(
  _ dataset: D, _ counts: (Int, Int), generator: Generator? = nil
) -> (Subset<D>, Subset<D>) {
  let parts = randomSplit(dataset, [counts.0, counts.1], generator: generator)
  return (parts[0], parts[1])
}

/// Splits `dataset` at random into three parts, by counts that sum to its number of rows.
///
/// The parts are those of the form with an array of counts.
public func randomSplit<D: Dataset>(
  _ dataset: D, _ counts: (Int, Int, Int), generator: Generator? = nil
) -> (Subset<D>, Subset<D>, Subset<D>) {
  let parts = randomSplit(dataset, [counts.0, counts.1, counts.2], generator: generator)
  return (parts[0], parts[1], parts[2])
}
