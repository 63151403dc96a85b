public import SlopeCore

/// The folds of a cross-validation of `count` rows: each row is validated once.
///
/// ```swift
/// for fold in kFold(5, folds: 2) { print(fold.training, fold.validation) }
/// // [3, 4] [0, 1, 2]
/// // [0, 1, 2] [3, 4]
/// ```
///
/// The folds are consecutive rows, or rows of a random order if `shuffle` is true; the first folds
/// have a row more where `folds` does not divide `count`. Without shuffling they are those of
/// scikit-learn's `KFold`. Precondition: there are 2 to `count` folds.
///
/// - Parameters:
///   - count: the number of rows.
///   - folds: the number of folds.
///   - shuffle: whether the rows are taken in a random order.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: the folds, none after a failure.
public func kFold(
  _ count: Int, folds: Int = 5, shuffle: Bool = false, generator: Generator? = nil
) -> [Fold] {
  guard Fold.canCut(count, "rows", into: folds, rows: count, for: "kFold") else { return [] }
  var foldOfRow = Array(repeating: 0, count: count)
  for (row, fold) in zip(rowOrder(count, shuffle: shuffle, generator), pieces(count, into: folds)) {
    foldOfRow[row] = fold
  }
  return Fold.all(folds, foldOfRow)
}

/// The folds of a cross-validation of `dataset`: each row is validated once.
///
/// ```swift
/// let data = TensorDataset(Tensor<Float>.arange(5), Tensor<Int>.arange(5))
/// for (training, validation) in kFold(data, folds: 2) { print(training.count, validation[...].1) }
/// // 2 tensor([0, 1, 2])
/// // 3 tensor([3, 4])
/// ```
///
/// The folds are those of the form with a number of rows. Rows are not copied. Precondition: there
/// are 2 folds or more, and no more than rows.
///
/// - Parameters:
///   - dataset: the data set.
///   - folds: the number of folds.
///   - shuffle: whether the rows are taken in a random order.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: the subsets of each fold, none after a failure.
public func kFold<D: Dataset>(
  _ dataset: D, folds: Int = 5, shuffle: Bool = false, generator: Generator? = nil
) -> [(training: Subset<D>, validation: Subset<D>)] {
  kFold(rows(of: dataset, "kFold"), folds: folds, shuffle: shuffle, generator: generator)
    .map { $0.subsets(of: dataset) }
}

/// The folds of a cross-validation in which each fold has the same share of every class.
///
/// ```swift
/// for fold in stratifiedKFold(classes: [3, 3, 3, 3, 8, 8], folds: 2) { print(fold.validation) }
/// // [0, 1, 4]
/// // [2, 3, 5]
/// ```
///
/// Two folds differ by at most one row of a class. Without shuffling they are those of scikit-learn's
/// `StratifiedKFold`; with it, the rows of each class are dealt out in a random order. Precondition:
/// there are 2 folds or more, and no more than the largest class has rows.
///
/// - Parameters:
///   - classes: the class of each row, by any numbers.
///   - folds: the number of folds.
///   - shuffle: whether the rows of a class are taken in a random order.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: the folds, none after a failure.
public func stratifiedKFold(
  classes: [Int], folds: Int = 5, shuffle: Bool = false, generator: Generator? = nil
) -> [Fold] {
  let (numbers, counts, _) = numbered(classes)
  guard
    Fold.canCut(
      counts.max() ?? 0, "rows of the largest class", into: folds, rows: classes.count,
      for: "stratifiedKFold")
  else { return [] }
  // The rows of all classes in turn are dealt out one by one, so that no fold is short of more than
  // one row; then each class takes its places in the order of the folds.
  var first = 0
  var places = counts.map { count in
    var taken = Array(repeating: count / folds, count: folds)
    for place in 0..<count % folds { taken[(first + place) % folds] += 1 }
    first += count
    return taken.enumerated().flatMap { repeatElement($0, count: $1) }[...]
  }
  var foldOfRow = Array(repeating: 0, count: classes.count)
  for row in rowOrder(classes.count, shuffle: shuffle, generator) {
    foldOfRow[row] = places[numbers[row]].popFirst() ?? 0
  }
  return Fold.all(folds, foldOfRow)
}

/// The folds of a cross-validation of `dataset` in which each fold has the same share of every class.
///
/// The folds are those of the form without a data set. Rows are not copied. Precondition: there is a
/// class for each row, and there are 2 folds or more, and no more than the largest class has rows.
///
/// - Parameters:
///   - dataset: the data set.
///   - classes: the class of each row, by any numbers.
///   - folds: the number of folds.
///   - shuffle: whether the rows of a class are taken in a random order.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: the subsets of each fold, none after a failure.
public func stratifiedKFold<D: Dataset>(
  _ dataset: D, classes: [Int], folds: Int = 5, shuffle: Bool = false, generator: Generator? = nil
) -> [(training: Subset<D>, validation: Subset<D>)] {
  guard hasLabel(ofEachRow: classes, dataset, "classes", "stratifiedKFold") else { return [] }
  return stratifiedKFold(classes: classes, folds: folds, shuffle: shuffle, generator: generator)
    .map { $0.subsets(of: dataset) }
}

/// The folds of a cross-validation in which no group is both trained and validated on.
///
/// ```swift
/// for fold in groupKFold(groups: [5, 5, 5, 8, 8, 2], folds: 2) { print(fold.validation) }
/// // [0, 1, 2]
/// // [3, 4, 5]
/// ```
///
/// The groups are dealt out from the largest to the smallest, each to the fold with the fewest rows,
/// of groups of one size the one with the largest number first, as by scikit-learn's `GroupKFold`.
/// With `shuffle` the groups are cut into folds in a random order, whatever their sizes.
/// Precondition: there are 2 folds or more, and no more than groups.
///
/// - Parameters:
///   - groups: the group of each row, by any numbers.
///   - folds: the number of folds.
///   - shuffle: whether the groups are taken in a random order.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: the folds, none after a failure.
public func groupKFold(
  groups: [Int], folds: Int = 5, shuffle: Bool = false, generator: Generator? = nil
) -> [Fold] {
  let (numbers, counts, labels) = numbered(groups)
  guard
    Fold.canCut(counts.count, "groups", into: folds, rows: groups.count, for: "groupKFold")
  else { return [] }
  var foldOfGroup = Array(repeating: 0, count: counts.count)
  if shuffle {
    let order = rowOrder(counts.count, shuffle: true, generator)
    for (group, fold) in zip(order, pieces(counts.count, into: folds)) {
      foldOfGroup[group] = fold
    }
  } else {
    var rows = Array(repeating: 0, count: folds)
    for group in counts.indices.sorted(by: {
      (counts[$0], labels[$0]) > (counts[$1], labels[$1])
    }) {
      let lightest = rows.indices.min { rows[$0] < rows[$1] } ?? 0
      rows[lightest] += counts[group]
      foldOfGroup[group] = lightest
    }
  }
  return Fold.all(folds, numbers.map { foldOfGroup[$0] })
}

/// The folds of a cross-validation of `dataset` in which no group is both trained and validated on.
///
/// The folds are those of the form without a data set. Rows are not copied. Precondition: there is a
/// group for each row, and there are 2 folds or more, and no more than groups.
///
/// - Parameters:
///   - dataset: the data set.
///   - groups: the group of each row, by any numbers.
///   - folds: the number of folds.
///   - shuffle: whether the groups are taken in a random order.
///   - generator: the source of the order; the default generator if nil.
/// - Returns: the subsets of each fold, none after a failure.
public func groupKFold<D: Dataset>(
  _ dataset: D, groups: [Int], folds: Int = 5, shuffle: Bool = false, generator: Generator? = nil
) -> [(training: Subset<D>, validation: Subset<D>)] {
  guard hasLabel(ofEachRow: groups, dataset, "groups", "groupKFold") else { return [] }
  return groupKFold(groups: groups, folds: folds, shuffle: shuffle, generator: generator)
    .map { $0.subsets(of: dataset) }
}
