import SlopeCore

/// Some rows of a data set, in an order of their own.
public struct Subset<Parent: Dataset>: Dataset {
  /// The data set that holds the rows.
  public let parent: Parent

  /// The places of the rows in `parent`.
  public let indices: [Int]

  /// The rows of `parent` at `indices`.
  public init(_ parent: Parent, indices: [Int]) {
    self.parent = parent
    self.indices = indices
  }

  /// The number of rows in the subset.
  public var count: Int { indices.count }

  /// The row at `row` alone, without the axis of rows; a negative one counts from the end.
  public subscript(row: Int) -> Parent.Batch {
    let place = row < 0 ? row + count : row
    guard indices.indices.contains(place) else {
      reportFailure(operation: "Subset", "row \(row) of \(count) rows")
      // Fails again, harmlessly, for a result of the right kind.
      return parent[row < 0 ? -parent.count - 1 : parent.count]
    }
    return parent[indices[place]]
  }

  /// The rows in `range`, which is clipped to the rows that there are.
  public subscript(range: Range<Int>) -> Parent.Batch {
    parent.taking(Array(indices[range.clamped(to: 0..<count)]))
  }

  /// The rows at `indices` of the subset, in that order.
  public func taking(_ indices: [Int]) -> Parent.Batch {
    parent.taking(located(indices))
  }

  /// A function that gives the rows at `order[range]`, read from the parent at once.
  public func reader(order: [Int]) -> (Range<Int>) -> Parent.Batch {
    parent.reader(order: located(order))
  }

  /// The places in `parent` of rows of this subset.
  private func located(_ rows: [Int]) -> [Int] { members(of: indices, at: rows) }
}

/// `indices[row]` for each of `rows`.
///
/// Not a method: a closure in a generic type looks its type up for every row.
private func members(of indices: [Int], at rows: [Int]) -> [Int] {
  rows.map { row in
    guard row >= 0, row < indices.count else {
      reportFailure(operation: "Subset", "row \(row) of \(indices.count) rows")
      // Outside the parent too, so that its result is a failed one.
      return -1
    }
    return indices[row]
  }
}

extension Subset: Sendable where Parent: Sendable {}
