import SlopeCore

/// Some rows of a data set, in any order.
///
/// It refers to the parent and copies nothing of it; a subset of a subset is one too. `randomSplit`
/// returns subsets. PyTorch's counterpart is `Subset`.
public struct Subset<Parent: Dataset>: Dataset {
  /// The data set that holds the rows.
  public let parent: Parent

  /// The indices of the rows in `parent`.
  public let indices: [Int]

  /// The rows of `parent` at `indices`, which are checked when they are read.
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
      // Fails again, for a result of the right type.
      return parent[row < 0 ? -parent.count - 1 : parent.count]
    }
    return parent[indices[place]]
  }

  /// The rows in `range`, which is clipped to `0..<count`, by the parent's `taking(_:)`.
  public subscript(range: Range<Int>) -> Parent.Batch {
    parent.taking(Array(indices[range.clamped(to: 0..<count)]))
  }

  /// The rows at `indices` of the subset, in that order, by the parent's `taking(_:)`.
  public func taking(_ indices: [Int]) -> Parent.Batch {
    parent.taking(located(indices))
  }

  /// A function that returns the rows at `order[range]`, read by the parent's reader.
  public func reader(order: [Int]) -> (Range<Int>) -> Parent.Batch {
    parent.reader(order: located(order))
  }

  /// The indices in `parent` of rows of this subset.
  private func located(_ rows: [Int]) -> [Int] { members(of: indices, at: rows) }
}

/// `indices[row]` for each of `rows`.
///
/// Not a method, since a closure in a generic type looks up the type's metadata for every row.
private func members(of indices: [Int], at rows: [Int]) -> [Int] {
  rows.map { row in
    guard row >= 0, row < indices.count else {
      reportFailure(operation: "Subset", "row \(row) of \(indices.count) rows")
      // Out of range in the parent too, so that its result is a failed one.
      return -1
    }
    return indices[row]
  }
}

extension Subset: Sendable where Parent: Sendable {}
