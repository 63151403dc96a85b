public import SlopeCore

/// Splits rows at random into parts of about `fractions` of them, no group in two parts.
///
/// ```swift
/// let patients = [5, 5, 5, 8, 8, 2, 2, 2, 9, 9]
/// let parts = groupSplit(groups: patients, [0.7, 0.3], generator: Generator(seed: 0))
/// print(parts.map { part in part.map { patients[$0] }.sorted() })
/// // [[5, 5, 5, 8, 8, 9, 9], [2, 2, 2]]
/// ```
///
/// Rows that belong together, such as those of one patient, must not be in both training and test: a
/// model would recognise them. The groups are dealt out from the largest to the smallest, those of
/// one size in random order, each to the part that is least full in proportion to its fraction, and
/// the last ones to parts that would remain empty. The rows of a part are in random order.
///
/// Precondition: the fractions are in 0...1 and sum to 1.
///
/// - Parameters:
///   - groups: the group of each row, by any numbers.
///   - fractions: the fraction of each part.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: the row numbers of each part; none after a failure.
public func groupSplit(
  groups: [Int], _ fractions: [Double], generator: Generator? = nil
) -> [[Int]] {
  var parts = fractions.map { _ in [Int]() }
  guard let shares = Fractions(fractions, for: "groupSplit"),
    Size.isAvailable(groups.count, of: (Int, Int, Int, Int).self, for: "groupSplit")
  else { return parts }
  let order = (generator ?? .default).permutation(groups.count).map { Int($0) }
  // Numbered in random order, so that groups of one size are too.
  let (numbers, counts, _) = numbered(order.map { groups[$0] })
  let partOfGroup = dealt(counts, shares)
  for (row, number) in zip(order, numbers) { parts[partOfGroup[number]].append(row) }
  return parts
}

/// The part of each group, given the groups' sizes.
private func dealt(_ sizes: [Int], _ fractions: Fractions) -> [Int] {
  let parts = fractions.values.indices.filter { fractions.values[$0] > 0 }
  var filled = fractions.values.map { _ in 0.0 }
  var result = sizes.map { _ in parts[0] }
  let bySize = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
  for (place, group) in bySize.enumerated() {
    let size = Double(sizes[group])
    let empty = parts.filter { filled[$0] == 0 }
    let candidates = empty.count < bySize.count - place ? parts : empty
    // Compared in the middle of the group, as in Webster's apportionment: whether a part that it
    // would overfill by half is less full.
    let fullness = candidates.map { (filled[$0] + size / 2) / fractions.values[$0] }
    let least = fullness.min() ?? 0
    let part = zip(candidates, fullness).first { $1 <= least * (1 + 1e-12) }?.0 ?? parts[0]
    filled[part] += size
    result[group] = part
  }
  return result
}

/// Splits `dataset` at random into parts of about `fractions` of its rows, no group in two parts.
///
/// The rows are those of the form without a data set. They are not copied. Precondition: the
/// fractions are in 0...1 and sum to 1, and there is a group for each row.
///
/// - Parameters:
///   - dataset: the data set to split.
///   - groups: the group of each row, by any numbers.
///   - fractions: the fraction of each part.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: one subset for each fraction, without rows after a failure.
public func groupSplit<D: Dataset>(
  _ dataset: D, groups: [Int], _ fractions: [Double], generator: Generator? = nil
) -> [Subset<D>] {
  let isComplete = hasLabel(ofEachRow: groups, dataset, "groups", "groupSplit")
  let parts =
    isComplete
    ? groupSplit(groups: groups, fractions, generator: generator) : fractions.map { _ in [] }
  return parts.map { Subset(dataset, indices: $0) }
}

/// Splits `dataset` at random into two parts, no group in both, by fractions of its rows that sum to
/// 1.
///
/// The parts are those of the form with an array of fractions.
public func groupSplit<D: Dataset>(
  _ dataset: D, groups: [Int], _ fractions: (Double, Double), generator: Generator? = nil
) -> (Subset<D>, Subset<D>) {
  let parts = groupSplit(
    dataset, groups: groups, [fractions.0, fractions.1], generator: generator)
  return (parts[0], parts[1])
}

/// Splits `dataset` at random into three parts, no group in two of them, by fractions of its rows
/// that sum to 1.
///
/// The parts are those of the form with an array of fractions.
public func groupSplit<D: Dataset>(
  _ dataset: D, groups: [Int], _ fractions: (Double, Double, Double), generator: Generator? = nil
) -> (Subset<D>, Subset<D>, Subset<D>) {
  let parts = groupSplit(
    dataset, groups: groups, [fractions.0, fractions.1, fractions.2], generator: generator)
  return (parts[0], parts[1], parts[2])
}
