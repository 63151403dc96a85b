import SlopeCore

/// The rows of one round of a cross-validation.
///
/// Each row is in one of the two; both are in ascending order.
public struct Fold: Sendable, Hashable {
  /// The numbers of the rows to train on.
  public let training: [Int]

  /// The numbers of the rows to validate on, which are in this fold alone.
  public let validation: [Int]

  /// A fold of the given rows.
  public init(training: [Int], validation: [Int]) {
    self.training = training
    self.validation = validation
  }
}

extension Fold {
  /// The folds `0..<folds` of a cross-validation, given the fold that validates on each row.
  static func all(_ folds: Int, _ foldOfRow: [Int]) -> [Fold] {
    (0..<folds).map { fold in
      var (training, validation): ([Int], [Int]) = ([], [])
      training.reserveCapacity(foldOfRow.count)
      for (row, place) in foldOfRow.enumerated() {
        if place == fold { validation.append(row) } else { training.append(row) }
      }
      return Fold(training: training, validation: validation)
    }
  }

  /// Whether `count` things can be cut into `folds` and their rows fit into memory; reports it if
  /// not.
  static func canCut(
    _ count: Int, _ kind: String, into folds: Int, rows: Int, for operation: String
  ) -> Bool {
    guard folds >= 2, folds <= count else {
      reportFailure(
        operation: operation, "\(folds) folds of \(count) \(kind), there must be 2 to \(count)")
      return false
    }
    guard let numbers = Size.product(rows, folds), let size = Size.sum(numbers, rows) else {
      reportFailure(operation: operation, "no memory for \(folds) folds of \(rows) rows")
      return false
    }
    return Size.isAvailable(size, of: Int.self, for: operation)
  }

  /// This fold's rows of a data set.
  func subsets<D: Dataset>(of dataset: D) -> (training: Subset<D>, validation: Subset<D>) {
    (Subset(dataset, indices: training), Subset(dataset, indices: validation))
  }
}

/// The rows `0..<count` in order or, if they are shuffled, in an order that is drawn.
func rowOrder(_ count: Int, shuffle: Bool, _ generator: Generator?) -> [Int] {
  shuffle ? (generator ?? .default).permutation(count).map { Int($0) } : Array(0..<count)
}

/// The piece of each of `count` things that are cut into `pieces`, the first ones larger by one where
/// it does not come out even.
func pieces(_ count: Int, into pieces: Int) -> [Int] {
  let (size, larger) = count.quotientAndRemainder(dividingBy: pieces)
  return (0..<pieces).flatMap { repeatElement($0, count: $0 < larger ? size + 1 : size) }
}
