public import SlopeCore

/// Splits rows at random into parts of `fractions` of them, each with the same share of every class.
///
/// ```swift
/// let classes = [0, 0, 0, 0, 0, 0, 1, 1, 1, 7]
/// let parts = stratifiedSplit(classes: classes, [0.7, 0.3], generator: Generator(seed: 0))
/// print(parts.map { part in part.map { classes[$0] }.sorted() })
/// // [[0, 0, 0, 0, 1, 1, 7], [0, 0, 1]]
/// ```
///
/// Of a class of n rows a part gets ⌊n · fraction⌋ or one more: what is left of a class goes to the
/// parts that lack the most rows so far (the method of the largest remainder, its remainders carried
/// from class to class), so that the parts have the right sizes too. The first part, unless its
/// fraction is 0, has a row of every class: a class of one row is in it. The rows of a part are in
/// random order.
///
/// Precondition: the fractions are in 0...1 and sum to 1.
///
/// - Parameters:
///   - classes: the class of each row, by any numbers.
///   - fractions: the fraction of each part.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: the row numbers of each part; none after a failure.
public func stratifiedSplit(
  classes: [Int], _ fractions: [Double], generator: Generator? = nil
) -> [[Int]] {
  var parts = fractions.map { _ in [Int]() }
  guard let shares = Fractions(fractions, for: "stratifiedSplit"),
    Size.isAvailable(classes.count, of: (Int, Int, Int, Int).self, for: "stratifiedSplit")
  else { return parts }
  let (numbers, counts, _) = numbered(classes)
  // What each part still takes of each class.
  var places = stratified(counts, shares)
  for row in (generator ?? .default).permutation(classes.count) {
    let number = numbers[Int(row)]
    guard let part = places[number].firstIndex(where: { $0 > 0 }) else { continue }
    places[number][part] -= 1
    parts[part].append(Int(row))
  }
  return parts
}

/// The number of rows of each class that each part gets.
private func stratified(_ counts: [Int], _ fractions: Fractions) -> [[Int]] {
  // The rows that each part should have had by now, less those that it has.
  var lack = fractions.values.map { _ in 0.0 }
  return counts.map { count in
    var (taken, rest) = fractions.quotas(of: count)
    for part in taken.indices { lack[part] += rest[part] }
    func give(_ part: Int) {
      taken[part] += 1
      lack[part] -= 1
      rest[part] = 0
    }
    var left = count - taken.reduce(0, +)
    if left > 0, taken[0] == 0, rest[0] > 0 {
      give(0)
      left -= 1
    }
    for _ in 0..<left {
      // The first of equals, up to rounding; a part whose quota is whole gets no more.
      let open = taken.indices.filter { rest[$0] > 1e-9 }
      let most = open.map { lack[$0] }.max() ?? 0
      give(open.first { lack[$0] > most - 1e-9 } ?? 0)
    }
    return taken
  }
}

/// Splits `dataset` at random into parts of `fractions` of its rows, each with the same share of
/// every class.
///
/// The rows are those of the form without a data set. They are not copied. Precondition: the
/// fractions are in 0...1 and sum to 1, and there is a class for each row.
///
/// - Parameters:
///   - dataset: the data set to split.
///   - classes: the class of each row, by any numbers.
///   - fractions: the fraction of each part.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: one subset for each fraction, without rows after a failure.
public func stratifiedSplit<D: Dataset>(
  _ dataset: D, classes: [Int], _ fractions: [Double], generator: Generator? = nil
) -> [Subset<D>] {
  let isComplete = hasLabel(ofEachRow: classes, dataset, "classes", "stratifiedSplit")
  let parts =
    isComplete
    ? stratifiedSplit(classes: classes, fractions, generator: generator)
    : fractions.map { _ in [] }
  return parts.map { Subset(dataset, indices: $0) }
}

/// Splits `dataset` at random into two parts, each with the same share of every class, by fractions
/// of its rows that sum to 1.
///
/// The parts are those of the form with an array of fractions.
public func stratifiedSplit<D: Dataset>(
  _ dataset: D, classes: [Int], _ fractions: (Double, Double), generator: Generator? = nil
) -> (Subset<D>, Subset<D>) {
  let parts = stratifiedSplit(
    dataset, classes: classes, [fractions.0, fractions.1], generator: generator)
  return (parts[0], parts[1])
}

/// Splits `dataset` at random into three parts, each with the same share of every class, by
/// fractions of its rows that sum to 1.
///
/// The parts are those of the form with an array of fractions.
public func stratifiedSplit<D: Dataset>(
  _ dataset: D, classes: [Int], _ fractions: (Double, Double, Double), generator: Generator? = nil
) -> (Subset<D>, Subset<D>, Subset<D>) {
  let parts = stratifiedSplit(
    dataset, classes: classes, [fractions.0, fractions.1, fractions.2], generator: generator)
  return (parts[0], parts[1], parts[2])
}
